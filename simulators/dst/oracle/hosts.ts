import type { ActSeen, Evidence, HostSeen, MessageSeen, ReplySeen } from '../evidence.ts';
import { invariantOf } from './invariant.ts';
import { craneFrames } from './registers.ts';
import { all, asText, bodiesOf, doubles, isSameText, text } from './rows.ts';

const statuses = new Set([
  ...['queued', 'active', 'held', 'needsOperator', 'canceling', 'completed', 'canceled', 'failed'],
]);

export const toldOnce = invariantOf(
  'I7',
  'Every event reaches the host once, in order and without a gap',
  ['hosts'],
  (evidence) => {
    const owed = all(evidence.db, 'SELECT sequence, name, data FROM outbox ORDER BY sequence');
    const gaps = owed.flatMap(({ sequence }, i) =>
      Number(sequence) === i + 1
        ? []
        : [`event ${i + 1} is missing: ${sequence} stands in its place`],
    );
    const told = evidence.hosts.flatMap((host) => toldTo(evidence, host, owed));
    return [...gaps, ...leapt(evidence.messages ?? []), ...told];
  },
);

/** On one connection each event follows the one before. A host may want some again; none is left out. */
function leapt(messages: readonly MessageSeen[]): string[] {
  const last = new Map<number, number>();
  return messages.flatMap(({ kind, connection, step, sequence = 0 }) => {
    if (kind !== 'event') return [];
    const before = last.get(connection);
    last.set(connection, sequence);
    return before === undefined || sequence <= before + 1
      ? []
      : [`event ${sequence} left in step ${step} right after ${before}`];
  });
}

function toldTo(
  { db, isAtRest }: Evidence,
  { host, received, marks }: HostSeen,
  owed: ReturnType<typeof all>,
): string[] {
  const found = received.flatMap(({ sequence, name, data }, i) => {
    const event = owed[i];
    const isSame =
      Number(event?.['sequence']) === sequence &&
      event?.['name'] === name &&
      isSameText(String(event['data']), asText(data));
    return isSame
      ? []
      : [`${host} has booked event ${sequence} (${name}), and is owed ${event?.['sequence']}`];
  });
  if (isAtRest && received.length < owed.length) {
    found.push(`${host} has booked ${received.length} events of ${owed.length}`);
  }
  marks.forEach((mark, i) => {
    const before = marks[i - 1] ?? 0;
    if (mark < before) found.push(`${host} has acknowledged ${mark} after ${before}`);
    if (mark > owed.length) found.push(`${host} has acknowledged ${mark} events of ${owed.length}`);
  });
  const [book] = bodiesOf(db, 'host', `host = '${host}'`);
  const stored = Number(book?.['ackThrough'] ?? 0);
  const highest = Math.max(0, ...marks);
  if (stored > highest)
    found.push(`${host} is booked to have acknowledged ${stored}, and said ${highest}`);
  return found;
}

const orderOf = ({ command }: ReplySeen): string | undefined =>
  text((command.data ?? {}) as Record<string, unknown>, 'order');
const isAccepted = ({ reply }: ReplySeen): boolean => reply.result === 'accepted';

export const noOrderLost = invariantOf(
  'I8',
  'Every accepted order has one known status for ever, and is committed before it is accepted',
  ['replies', 'commits'],
  ({ db, replies, commits }) => {
    const rows = new Map(bodiesOf(db, 'transport_order').map((row) => [row['order'], row]));
    const kept = commits.flatMap(({ step, outcome, commit }) =>
      outcome === 'failed' ? [] : commit.rows.order.map(([key]) => ({ key: key as string, step })),
    );
    const early = replies.flatMap((seen) => {
      const order = orderOf(seen);
      if (seen.command.name !== 'order.create' || !isAccepted(seen) || order === undefined)
        return [];
      const isKept = kept.some(({ key, step }) => key === order && step < seen.step);
      return isKept
        ? []
        : [`${order} was accepted in step ${seen.step}, and no commit before has it`];
    });
    const lost = [...new Set(kept.map(({ key }) => key))].flatMap((order) => {
      const status = text(rows.get(order) ?? {}, 'status');
      if (status === undefined) return [`${order} was committed, and is in no book`];
      return statuses.has(status) ? [] : [`${order} is ${status}, which no host knows`];
    });
    return [...early, ...lost];
  },
);

export const oneEffect = invariantOf(
  'I13',
  'One key has one effect: the same again gets the same answer, something else is refused',
  ['commits'],
  ({ commits, replies = [], acts = [] }) => {
    const counted = commits.filter(({ outcome }) => outcome !== 'failed');
    const causes = counted.flatMap(({ step, commit }) =>
      commit.causes.map((cause) => ({ key: cause, step })),
    );
    const answers = counted.flatMap(({ step, commit }) =>
      commit.answered.map(({ host, id }) => ({ key: `command ${host}/${id}`, step })),
    );
    const twice = doubles([...causes, ...answers], ({ key }) => key).map(
      ([key, both]) =>
        `${key} had an effect in steps ${both.map(({ step }) => step).join(' and ')}`,
    );
    return [...twice, ...answeredDifferently(replies), ...clickedTwice(acts)];
  },
);

/** What was refused may be decided anew; what was done is done for whoever clicks once more. */
const clickedTwice = (acts: readonly ActSeen[]): string[] =>
  doubles(acts, ({ act }) => `${act.operator}/${act.key}`).flatMap(([key, both]) => {
    const doneAt = both.findIndex(({ outcome }) => outcome.ok);
    const isRefused = doneAt >= 0 && both.slice(doneAt + 1).some(({ outcome }) => !outcome.ok);
    return isRefused ? [`${key} was done, and the same click again refused`] : [];
  });

function answeredDifferently(replies: readonly ReplySeen[]): string[] {
  const keyed = doubles(replies, ({ command }) => `${command.host}/${command.id}`);
  return keyed.flatMap(([key, [first, ...later]]) =>
    later.flatMap((again) => {
      const isSame = isSameText(asText(first?.command.data), asText(again.command.data));
      const [was, is] = [first?.reply.result, again.reply.result];
      if (isSame && was !== is) return [`${key} was ${was}, and the same again ${is}`];
      const isTaken = !isSame && is === 'accepted';
      return isTaken ? [`${key} was used again for something else, and accepted`] : [];
    }),
  );
}

export const honest = invariantOf(
  'I24',
  'What was acknowledged to a host, a person or a PLC is on disk, and was before',
  ['commits'],
  ({ db, site, commits, replies = [], acts = [], frames = [], messages = [] }) => {
    const heard = new Map<string, number>();
    for (const { step, outcome, commit } of commits) {
      if (outcome === 'failed') continue;
      for (const cause of commit.causes) heard.set(cause, heard.get(cause) ?? step);
      for (const { host, id } of commit.answered) heard.set(`command ${host}/${id}`, step);
    }
    const stored = new Set(all(db, 'SELECT cause FROM inbox').map(({ cause }) => String(cause)));
    for (const { host, id } of all(db, 'SELECT host, id FROM answered'))
      stored.add(`command ${host}/${id}`);
    const isKept = (key: string, before: number) =>
      stored.has(key) && (heard.get(key) ?? Number.POSITIVE_INFINITY) < before;
    const queries = new Set(['order.query', 'stock.query', 'event.resend']);
    const told = [
      ...replies
        .filter((seen) => isAccepted(seen) && !queries.has(seen.command.name))
        .map(({ command, step }) => ({ key: `command ${command.host}/${command.id}`, step })),
      ...acts
        .filter(({ outcome }) => outcome.ok)
        .map(({ act, step }) => ({ key: `operator/${act.operator}/${act.key}`, step })),
      ...craneFrames(site, frames).flatMap(({ device, step, said }) =>
        said.eventAck === 0 || said.command === 'resync'
          ? []
          : [{ key: `${device}/event/${said.eventAck}`, step }],
      ),
    ];
    const unkept = told.flatMap(({ key, step }) =>
      isKept(key, step) ? [] : [`${key} was acknowledged in step ${step}, and was not on disk`],
    );
    return [...unkept, ...early(messages, replies)];
  },
);

/** A host that sends more of them is told to come again: it is answered, and nothing is decided. */
const commandsPerS = 250;

/** The broker forgets a command with its PUBACK: only what is decided, and answered, is acknowledged. */
function early(messages: readonly MessageSeen[], replies: readonly ReplySeen[]): string[] {
  const decided = new Map<string, number>();
  for (const { command, step } of replies) {
    const key = `${command.host}/${command.id}`;
    decided.set(key, decided.get(key) ?? step);
  }
  const pubacks = messages.filter(({ kind }) => kind === 'puback');
  return pubacks.flatMap((puback) => {
    const { step, command = '' } = puback;
    const at = decided.get(command);
    return at === undefined || at < step || isOneTooMany(puback, pubacks)
      ? []
      : [`the PUBACK of ${command} left in step ${step}, and it was decided in step ${at}`];
  });
}

function isOneTooMany(puback: MessageSeen, all: readonly MessageSeen[]): boolean {
  const hostOf = ({ command = '' }: MessageSeen) => command.split('/', 1)[0];
  const before = all.filter(
    (each) =>
      each.generation === puback.generation &&
      hostOf(each) === hostOf(puback) &&
      each.step < puback.step &&
      each.atMs > puback.atMs - 1_000,
  );
  return before.length >= commandsPerS;
}
