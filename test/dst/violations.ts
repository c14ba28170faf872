import type { CommitSeen, Evidence, FrameSeen } from '../../simulators/dst/evidence.ts';
import type { Truth } from '../../simulators/world/world.ts';
import {
  bySql,
  command,
  commits,
  frames,
  isCommand,
  setBody,
  type Violation,
  violation,
} from './violation.ts';
import { bookViolations, hostViolations } from './violations-books.ts';

const emptyFloor: Truth = { totes: [], violations: [], forgotten: 0 };

/** Every commit is noted as one that the store has refused. */
const noneKept = commits((seen) => ({ ...seen, outcome: 'failed' }));

const runs = (starts: number, deposits: number) => (): Partial<Evidence> => ({
  executions: [{ crane: 'crane-1', missionId: 1, starts, picks: 1, deposits }],
});

const otherMission = `INSERT INTO mission SELECT 'crane-1/9', crane, 9, NULL, NULL,
  json_set(body, '$.seq', 9, '$.state', 'accepted') FROM mission WHERE seq = 1`;
const reopened = setBody('mission', 'state', "'accepted'", 'seq = 1');

const stockViolations = [
  violation(
    'I1',
    'a movement from where it was not',
    bySql("UPDATE movement SET from_id = 'A01-LHD' WHERE no = 1"),
  ),
  violation(
    'I1',
    'a place that no movement leads to',
    bySql(setBody('load_unit', 'place', "'IN-01'", "load_unit = 'T-2'")),
  ),
  violation(
    'I1',
    'a load unit that is in no book any more',
    bySql("DELETE FROM load_unit WHERE load_unit = 'T-2'"),
  ),
  violation('I1', 'goods that have become more by themselves', ({ commits: seen = [] }) => {
    const [unit] = seen
      .flatMap(({ commit }) => commit.rows.loadUnit)
      .filter(([name]) => name === 'T-2');
    const [first] = seen;
    if (unit?.[1] === undefined || first === undefined) return {};
    const more = {
      ...unit[1],
      lines: unit[1].lines.map((line) => ({ ...line, qty: line.qty + 1 })),
    };
    const loadUnit = [[unit[0], more]] as const;
    const rows = { ...first.commit.rows, loadUnit } as unknown as CommitSeen['commit']['rows'];
    const empty = { causes: [], movements: [], events: [], answered: [], reasons: [] };
    return {
      commits: [...seen, { ...first, step: 1e6, commit: { ...first.commit, ...empty, rows } }],
    };
  }),
  violation(
    'I2',
    'one code on two load units',
    bySql(setBody('load_unit', 'lpn', "'T-2'", "load_unit = 'T-1'")),
    'putaway',
  ),
  violation(
    'I2',
    'one number at the PLCs for two',
    bySql(setBody('load_unit', 'handle', '1', 'TRUE')),
    'putaway',
  ),
  violation(
    'I3',
    'two in one cell',
    bySql(setBody('load_unit', 'place', "'A01-L-001-01-2'", 'TRUE')),
    'putaway',
  ),
  violation(
    'I3',
    'a place that the site does not have',
    bySql(setBody('load_unit', 'place', "'A01-L-099-01-2'", 'TRUE')),
    'putaway',
  ),
  violation('I6', 'a tote somewhere else', ({ truth = emptyFloor }) => ({
    truth: {
      ...truth,
      totes: truth.totes.map((tote) => ({ ...tote, location: 'IN-01' as never })),
    },
  })),
  violation(
    'I6',
    'a plate that has gone over to a tote somewhere else',
    ({ truth = emptyFloor }) => ({
      truth: {
        ...truth,
        totes: truth.totes.flatMap((tote) => [
          { ...tote, location: 'OUTSIDE' as never },
          { ...tote, id: `${tote.id}-twin`, location: 'IN-01' as never },
        ]),
      },
    }),
    'putaway',
  ),
  violation('I6', 'a tote with the plate of one that has left', ({ truth = emptyFloor }) => ({
    truth: {
      ...truth,
      totes: truth.totes.flatMap((tote) =>
        tote.location === 'OUTSIDE'
          ? [tote, { ...tote, id: `${tote.id}-twin`, location: 'IN-01' as never }]
          : tote,
      ),
    },
  })),
  violation(
    'I6',
    'a plate torn from a tote that stands somewhere else',
    ({ truth = emptyFloor }) => ({
      truth: {
        ...truth,
        totes: truth.totes.flatMap((tote) => [
          { ...tote, location: 'OUTSIDE' as never },
          {
            ...tote,
            id: `${tote.id}-twin`,
            codes: [],
            torn: tote.codes,
            location: 'IN-01' as never,
          },
        ]),
      },
    }),
    'putaway',
  ),
  violation('I6', 'a tote that nobody knows', ({ truth = emptyFloor }) => ({
    truth: {
      ...truth,
      totes: [
        ...truth.totes,
        { id: 'x', codes: ['X'], location: 'PICK-01' as never, isForeign: true },
      ],
    },
  })),
  violation('I10', 'two totes that have met', ({ truth = emptyFloor }) => ({
    truth: {
      ...truth,
      violations: [{ simMs: 1, kind: 'collision', detail: 'T-1 met T-2' }],
    },
  })),
];

const status = (words: Readonly<Record<number, number>>, isLast = false) =>
  frames((frame, all) => {
    const isStatus = ({ kind, address }: FrameSeen) => kind === 'read' && address === 2000;
    const last = all.findLast(isStatus);
    if (isLast ? frame !== last : !isStatus(frame)) return frame;
    return { ...frame, words: frame.words.map((word, i) => words[i] ?? word) };
  });

/** The last reading of a crane has come over another connection, and says an epoch that was accepted before. */
export const fallenOver = (connections: number) =>
  frames((frame, all) => {
    const last = all.findLast(({ kind, address }) => kind === 'read' && address === 2000);
    if (frame !== last) return frame;
    const words = frame.words.map((word, i) => (i === 10 ? 0 : word));
    return { ...frame, connection: frame.connection + connections, words };
  });

const stopped = ({ frames: seen = [] }: Evidence): Partial<Evidence> => {
  const first = seen.find(({ kind, address }) => kind === 'read' && address === 2000);
  if (first === undefined) return {};
  const words = first.words.map((word, i) => (i === 16 ? 6 : word));
  return { frames: [{ ...first, step: 0, words }, ...seen], acts: [] };
};

const isOneWrite = ({ kind, address }: FrameSeen) => kind === 'write' && address === 1000;

/** A PLC that acts on the first frame of the run, after one of a higher epoch. */
const taken = [
  violation('I11', 'a frame of a lower epoch that a PLC has taken', ({ frames: seen = [] }) => ({
    taken: seen
      .filter(isOneWrite)
      .slice(0, 1)
      .map((frame) => ({ ...frame, accepted: 99 })),
  })),
];

const machineViolations = [
  violation('I4', 'a mission that ran twice', runs(2, 1)),
  violation('I4', 'a mission that is done and never ran', () => ({ executions: [] })),
  violation('I4', 'a mission that is done and put nothing down', runs(1, 0)),
  violation(
    'I4',
    'a mission that was not taken and ran',
    bySql(
      "UPDATE mission SET verdict = 'notTaken'",
      setBody('mission', 'verdict', "'notTaken'", 'TRUE'),
    ),
  ),
  violation('I5', 'a command before its commit', command({ step: 0 })),
  violation('I5', 'a command to another cell than the committed one', command({}, { 27: 1 })),
  violation('I5', 'a command that only a failed commit has', noneKept),
  violation('I9', 'two open missions of one crane', bySql(reopened, otherMission)),
  violation(
    'I9',
    'two that ask a crane for one load unit',
    bySql(
      `INSERT INTO crane_request VALUES ('a', '{"workflow":"a","loadUnit":"T-2","from":"X"}'),
     ('b', '{"workflow":"b","loadUnit":"T-2","from":"X"}')`,
    ),
  ),
  violation(
    'I11',
    'one number for two commands',
    frames((frame) =>
      isCommand(frame)
        ? [
            frame,
            {
              ...frame,
              step: frame.step + 0.5,
              words: frame.words.map((word, i) => (i === 27 ? 9 : word)),
            },
          ]
        : frame,
    ),
  ),
  violation(
    'I11',
    'a new number below an old one',
    frames((frame, all) =>
      frame === all.find(isCommand)
        ? [
            {
              ...frame,
              step: frame.step - 0.5,
              words: frame.words.map((word, i) => (i === 17 ? 7 : word)),
            },
            frame,
          ]
        : frame,
    ),
  ),
  violation('I11', 'two starts under one epoch', ({ starts = [] }) => ({
    starts: starts.flatMap((start) => [start, { ...start, generation: start.generation + 1 }]),
  })),
  violation('I11', 'an epoch of the PLC that falls', status({ 10: 0 }, true)),
  violation('I11', 'an epoch that has fallen when the next connection reads it', fallenOver(1)),
  ...taken,
  violation('I12', 'a frame from the day before', command({ wallMs: 86_400_000 })),
  violation('I12', 'a frame for another start of the PLC', command({}, { 10: 77 })),
  violation('I12', 'a frame on a connection that nobody has read', command({ connection: 99 })),
  violation('I18', 'a write beyond our registers', command({ address: 1001 })),
  violation('I18', 'a motion in manual mode', status({ 16: 1 })),
  violation('I18', 'a motion after an emergency stop that nobody has released', stopped),
];

/** At least one for each invariant, most of them for each thing that it compares. */
export const violations: readonly Violation[] = [
  ...[...stockViolations, ...machineViolations, ...hostViolations, ...bookViolations],
];
