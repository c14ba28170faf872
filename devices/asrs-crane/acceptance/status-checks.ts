import { type Check, type Context, needMode } from './context.ts';
import type { Session } from './session.ts';

async function checkLife({ session, fail, note }: Context): Promise<void> {
  const { clock } = session;
  const limitMs = session.limit('plcLifeMs');
  const startedAtMs = clock.monotonicMs();
  let { life } = await session.status();
  let seenAtMs = clock.monotonicMs();
  let longestMs = 0;
  let steps = 0;
  while (clock.monotonicMs() - startedAtMs < 4 * limitMs) {
    const askedAtMs = clock.monotonicMs();
    const { life: now } = await session.status();
    if (now === life) {
      // From one reading to another of the same value it stood still for certain.
      longestMs = Math.max(longestMs, askedAtMs - seenAtMs);
    } else {
      if (steps > 0) session.time('step of life', clock.monotonicMs() - seenAtMs);
      seenAtMs = clock.monotonicMs();
      life = now;
      steps++;
    }
    await session.wait(2);
  }
  note(`${steps} steps of life; it never stood still for more than ${Math.round(longestMs)} ms.`);
  if (steps === 0) {
    fail(
      'LIFE_FROZEN',
      `life does not move in ${4 * limitMs} ms: the control task has to count it, at least every ${limitMs} ms.`,
    );
  } else if (longestMs > limitMs) {
    fail('LIFE_SLOW', `life stood still for ${Math.round(longestMs)} ms; plcLifeMs is ${limitMs}.`);
  }
}

const roundTrips = 20;

async function checkAnswerTime({ session, fail, note }: Context): Promise<void> {
  const limitMs = session.limit('plcAnswerMs');
  let longestMs = 0;
  // A PLC that is too slow is so at once; the others are looked at longer.
  for (let i = 0; i < roundTrips && (longestMs <= limitMs || i < 3); i++) {
    await session.send();
    const { tookMs, provenMs } = await session.until(
      ({ lifeEcho }) => lifeEcho === session.life,
      session.patienceMs,
    );
    if (tookMs === undefined) {
      fail('FRAME_IGNORED', `lifeEcho did not follow life ${session.life}.`);
      return;
    }
    session.time('frame to lifeEcho', tookMs);
    longestMs = Math.max(longestMs, provenMs);
  }
  note(
    `Up to ${roundTrips} round trips; none took longer than ${Math.round(longestMs)} ms by the PLC.`,
  );
  if (longestMs > limitMs) {
    fail(
      'ANSWER_SLOW',
      `A frame was shown as taken after ${Math.round(longestMs)} ms; plcAnswerMs is ${limitMs}.`,
    );
  }
}

const same = (a: readonly number[], b: readonly number[]) => a.every((word, at) => word === b[at]);

/** In normal operation: one snapshot number means one content. */
export async function checkGuards({ session, reads, fail, note }: Context): Promise<boolean> {
  let before: readonly number[] = [];
  let torn = 0;
  for (let i = 0; i < reads; i++) {
    if (i % 10 === 0) await session.send();
    const words = await session.words();
    if (!session.isWhole(words)) torn++;
    else if (before[0] === words[0] && before.length > 0 && !same(before, words)) {
      fail(
        'SNAPSHOT_TORN',
        `Two readings with snapshot number ${words[0]} differ: guardB must be written first, then the body, then guardA, out of a buffer.`,
      );
      return false;
    } else before = words;
  }
  note(`${reads} readings, ${torn} across an update and seen as such.`);
  return true;
}

/** Place of the first register that is not of the test pattern; -1: the whole block is. */
function firstWrong(words: readonly number[]): number {
  const [guard = 0] = words;
  const last = words.length - 1;
  return words.findIndex((word, at) => at > 0 && at < last && word !== ((guard + at) & 0xffff));
}

/** With the pattern, every register of a mixed block shows. */
async function checkPattern(context: Context): Promise<void> {
  const { session, fail } = context;
  await needMode(context, 'other');
  await session.send({ selfTest: true });
  if (await showsPattern(session, true)) await readPattern(context);
  else {
    fail(
      'SELF_TEST_MISSING',
      'selfTest is 1, the mode is not autoRemote, but no test pattern is shown.',
    );
  }
  await session.send();
  // Readings with the pattern make no sense as values.
  if (!(await showsPattern(session, false))) {
    fail('SELF_TEST_MISSING', 'The test pattern stays after a frame with selfTest 0.');
  }
}

/** Waits until the test pattern is there, or gone. */
async function showsPattern(session: Session, isWanted: boolean): Promise<boolean> {
  const untilMs = session.clock.monotonicMs() + session.patienceMs;
  for (;;) {
    const words = await session.words();
    if ((session.isWhole(words) && firstWrong(words) < 0) === isWanted) return true;
    if (session.clock.monotonicMs() >= untilMs) return false;
    await session.wait(5);
  }
}

async function readPattern({ session, reads, fail, note }: Context): Promise<void> {
  const guards = new Set<number | undefined>();
  let torn = 0;
  for (let i = 0; i < reads; i++) {
    if (i % 100 === 99) await session.send({ selfTest: true });
    const words = await session.words();
    if (!session.isWhole(words)) torn++;
    else if (firstWrong(words) < 0) guards.add(words[0]);
    else {
      fail(
        'SNAPSHOT_TORN',
        `A block with equal guards is mixed at register ${firstWrong(words)}: guardB must be written first, then the body, then guardA, out of a buffer.`,
      );
      return;
    }
  }
  note(
    `${reads} readings, ${guards.size} snapshots, ${torn} readings across an update and seen as such.`,
  );
  if (guards.size < 2) fail('SELF_TEST_MISSING', 'The test pattern must be new in every scan.');
}

export const lifeChecks: readonly Check[] = [
  { point: 4, title: 'life of the control task goes on', run: checkLife },
  { point: 4, title: 'a frame is shown as taken within plcAnswerMs', run: checkAnswerTime },
];

export const snapshotChecks: readonly Check[] = [
  { point: 2, title: 'no mixed test pattern is taken for whole', run: checkPattern },
];
