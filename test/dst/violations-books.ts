import type { CommitSeen, Evidence, MessageSeen, RestSeen } from '../../simulators/dst/evidence.ts';
import { bySql, commits, setBody, violation } from './violation.ts';

const aMessage = { step: 0, atMs: 0, generation: 1, connection: 1 };
const noRest: RestSeen = { tookMs: 0, limitMs: 1, commits: 0, commitsMax: 1 };

export const hostViolations = [
  violation('I7', 'an event that the host has not got', ({ hosts = [] }) => ({
    hosts: hosts.map((host) => ({ ...host, received: host.received.slice(1) })),
  })),
  violation('I7', 'events in another order', ({ hosts = [] }) => ({
    hosts: hosts.map((host) => ({ ...host, received: host.received.toReversed() })),
  })),
  violation('I7', 'an event that leaves before another one', () => ({
    messages: [1, 3, 2].map((sequence) => ({ ...aMessage, kind: 'event', sequence })),
  })),
  violation('I7', 'the last event left out', ({ hosts = [] }) => ({
    hosts: hosts.map((host) => ({ ...host, received: host.received.slice(0, -1) })),
  })),
  violation('I7', 'a mark that falls', ({ hosts = [] }) => ({
    hosts: hosts.map((host) => ({ ...host, marks: [3, 2] })),
  })),
  violation(
    'I7',
    'a mark that the host has never sent',
    bySql(setBody('host', 'ackThrough', '1000', 'TRUE')),
  ),
  violation('I7', 'a gap in what is owed', bySql('DELETE FROM outbox WHERE sequence = 2')),
  violation('I8', 'an order that is accepted before it is on disk', ({ replies = [] }) => ({
    replies: replies.map((reply) => ({ ...reply, step: 0 })),
  })),
  violation('I8', 'an order that is gone', bySql('DELETE FROM transport_order')),
  violation(
    'I8',
    'an order with a status of its own',
    bySql(setBody('transport_order', 'status', "'lost'", 'TRUE')),
  ),
  violation(
    'I13',
    'one cause with two effects',
    commits((seen, i) => (i > 2 ? [seen, seen] : seen)),
  ),
  violation('I13', 'another answer to the same', ({ replies = [] }) => ({
    replies: replies.flatMap((reply) => [reply, { ...reply, reply: { result: 'refused' } }]),
  })),
  violation('I13', 'another command under a used id', ({ replies = [] }) => ({
    replies: replies.flatMap((reply) => [
      reply,
      { ...reply, command: { ...reply.command, data: {} } },
    ]),
  })),
  violation('I13', 'a second click that is refused', ({ acts = [] }) => ({
    acts: acts.flatMap((seen) => [
      seen,
      { ...seen, outcome: { ok: false, code: 'CONFLICT', reason: 'It is settled already.' } },
    ]),
  })),
  violation('I24', 'an accepted command that is not on disk', bySql('DELETE FROM answered')),
  violation(
    'I24',
    'an event of a PLC that is acknowledged and not kept',
    bySql('DELETE FROM inbox'),
  ),
  violation('I24', 'an acknowledgement before the commit', ({ frames: seen = [] }) => ({
    frames: seen.map((frame) =>
      frame.words[13] === 2 && frame.address === 1000 ? { ...frame, step: 0 } : frame,
    ),
  })),
  violation('I24', 'a PUBACK before the decision', ({ replies = [] }) => ({
    messages: replies.map(({ command }) => ({
      ...{ ...aMessage, kind: 'puback', command: `${command.host}/${command.id}` },
    })),
  })),
  violation(
    'I24',
    'the same, of the last that a host may send in a second',
    ({ replies = [] }) => ({
      messages: replies.slice(0, 1).flatMap(({ command: { host, id } }) =>
        Array.from({ length: 250 }, (_, i): MessageSeen => {
          const command = i < 249 ? `${host}/rubbish-${i}` : `${host}/${id}`;
          return { ...aMessage, step: i - 250, kind: 'puback', command };
        }),
      ),
    }),
  ),
  violation('I24', 'a click that was answered and is not kept', ({ acts = [] }) => ({
    acts: acts.map((seen) => ({ ...seen, act: { ...seen.act, key: 'another' } })),
  })),
];

/** Each label is unknown, and its load unit has another one. */
const again = ({ commit }: CommitSeen): CommitSeen['commit']['rows']['label'] =>
  commit.rows.label.flatMap(([name, row]) => {
    if (row === undefined) return [];
    const other = { ...row, label: `${name}-2` };
    return [
      [name, { ...row, status: 'unknown' as const }],
      [`${name}-2`, other],
    ];
  });

const askedBefore = (seen: CommitSeen): CommitSeen['commit']['rows'] => {
  const label = again(seen);
  const about = label.map(([, row]) => row?.loadUnit)[0];
  const question = {
    code: 'LABEL_UNKNOWN',
    state: 'open',
    loadUnit: about,
    workflow: 'induct/before',
  };
  return { ...seen.commit.rows, label, discrepancy: [['1', question as never]] };
};

const label = ({ labels = [] }: Evidence) => labels.flatMap((seen) => [seen, seen]);

/** The clock is put back by an hour while nobody runs, and the next start takes the first deadline back by two. */
function takenBackTooFar({ commits: seen = [], starts = [] }: Evidence): Partial<Evidence> {
  const hourMs = 3_600_000;
  const at = seen.findIndex(({ commit }) => commit.rows.timer.some(([, row]) => row));
  const set = seen[at] as CommitSeen;
  const generation = set.generation + 1;
  const wallMs = set.commit.atMs - hourMs;
  const timers = set.commit.rows.timer.flatMap(([key, row]) =>
    row ? [[key, { ...row, dueMs: row.dueMs - 2 * hourMs }] as const] : [],
  );
  const moves: CommitSeen = {
    ...{ ...set, step: set.step + 0.5, generation },
    commit: {
      ...{ ...set.commit, atMs: wallMs, causes: [], movements: [] },
      reasons: [{ subject: 'clock', atMs: wallMs, text: 'It was put back.' }],
      rows: { ...set.commit.rows, timer: timers },
    },
  };
  const { atMs, step } = set;
  const commits = [...seen.slice(0, at + 1), moves];
  return {
    ...{ commits, perturbed: commits },
    starts: starts.map((start) => ({ ...start, atMs, step: step + 0.25, generation, wallMs })),
    overdue: timers.map(([, row]) => ({ ...row, step: step + 0.75, atMs, generation, wallMs })),
  };
}

export const bookViolations = [
  violation(
    'I14',
    'a label that has come out twice',
    (clean) => ({ labels: label(clean) }),
    'putaway',
  ),
  violation(
    'I14',
    'a second copy under another name',
    (clean) => ({
      labels: label(clean).map((seen, i) => ({ ...seen, jobId: i === 0 ? seen.jobId : 'L-9' })),
    }),
    'putaway',
  ),
  violation(
    'I14',
    'another label while nobody knows about the first',
    commits((seen) => ({
      ...seen,
      commit: { ...seen.commit, rows: { ...seen.commit.rows, label: again(seen) } },
    })),
    'putaway',
  ),
  violation(
    'I14',
    'another label while people were asked about an older one alone',
    commits((seen) => ({ ...seen, commit: { ...seen.commit, rows: askedBefore(seen) } })),
    'putaway',
  ),
  violation('I14', 'a label that is in no book', bySql('DELETE FROM label'), 'putaway'),
  violation(
    'I15',
    'a workflow that nobody wakes',
    bySql(
      `INSERT INTO workflow VALUES ('putaway/T-9', 'putaway@1', '{"workflow":"putaway/T-9","snapshot":{}}')`,
    ),
  ),
  violation(
    'I15',
    'a mission in doubt that nobody is asked about',
    bySql(
      `INSERT INTO workflow VALUES ('w', 'putaway@1', '{"workflow":"w","snapshot":{}}')`,
      `UPDATE mission SET moving = crane, body = json_set(body, '$.workflow', 'w', '$.state', 'doubt')`,
    ),
  ),
  violation('I16', 'a movement that is gone', bySql('DELETE FROM movement WHERE no = 2')),
  violation(
    'I16',
    'a movement that was changed',
    bySql("UPDATE movement SET by_id = 'nobody' WHERE no = 2"),
  ),
  violation('I16', 'a history that may be changed', bySql()),
  violation('I17', 'a queue beyond its limit', () => ({
    gauges: [{ name: 'inbox', value: 11, max: 10 }],
  })),
  violation('I19', 'a run without an end', ({ rest = noRest }) => ({
    rest: { ...rest, tookMs: undefined },
  })),
  violation('I19', 'a loop that is always busy', ({ rest = noRest }) => ({
    rest: { ...rest, commits: 1e6 },
  })),
  violation(
    'I19',
    'an order that waits for nobody',
    bySql(
      "UPDATE transport_order SET status = 'active'",
      setBody('transport_order', 'status', "'active'", 'TRUE'),
    ),
  ),
  violation('I20', 'a click that no commit names', ({ acts = [] }) => ({
    acts: acts.map((seen) => ({ ...seen, act: { ...seen.act, operator: 'somebody' } })),
  })),
  violation('I20', 'a click that leaves no trace', ({ commits = [] }) => ({
    commits: commits.map((seen) => {
      const { causes, rows } = seen.commit;
      if (!causes.some((cause) => cause.startsWith('operator/'))) return seen;
      const silent = { ...rows, discrepancy: [], mode: [], station: [] };
      const nothing = { reasons: [], movements: [], events: [], rows: silent };
      return { ...seen, commit: { ...seen.commit, ...nothing } };
    }),
  })),
  violation(
    'I20',
    'a question that nobody has settled',
    bySql(
      `INSERT INTO discrepancy VALUES ('9', 'resolved', '{"no":9,"code":"X","state":"resolved"}')`,
    ),
  ),
  violation('I22', 'a deadline that is over before its time', ({ commits: seen = [] }) => ({
    overdue: seen.flatMap(({ step, atMs, commit }) =>
      commit.rows.timer.flatMap(([, row]) =>
        row ? [{ ...row, step: step + 0.5, atMs, generation: 1, wallMs: commit.atMs }] : [],
      ),
    ),
  })),
  violation('I22', 'a start that takes deadlines back too far', takenBackTooFar),
  violation('I22', 'a decision that follows the wall clock', ({ commits: seen = [] }) => ({
    perturbed: seen.slice(1),
  })),
  violation('I23', 'two starts that read one image differently', ({ starts = [] }) => ({
    starts: starts.map((start, i) => (i === 0 ? { ...start, state: 'another' } : start)),
  })),
  violation('I23', 'a belief that is not on disk', ({ memory }) => {
    const sku = new Map([['B', { sku: 'B' }]]);
    return { memory: new Map([...(memory ?? []), ['sku', sku]]) };
  }),
  violation(
    'I23',
    'a row that no commit has written',
    bySql(setBody('sku', 'unit', "'kg'", 'TRUE')),
  ),
];
