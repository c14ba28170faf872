import type { CraneStatusBlock } from '../fields.ts';
import { type Check, type Context, NotRun, needEnabled, type TestPlace } from './context.ts';
import type { Frame } from './session.ts';

const from = ({ kind, bay, level, depth }: TestPlace): Partial<Frame> => ({
  ...{ fromKind: kind, fromBay: bay, fromLevel: level, fromDepth: depth },
});
const to = ({ kind, bay, level, depth }: TestPlace): Partial<Frame> => ({
  ...{ toKind: kind, toBay: bay, toLevel: level, toDepth: depth },
});

/** The load of the test and where it may be put. @throws {NotRun} */
async function needLoad(context: Context) {
  if (!context.mayMove) throw new NotRun('needs --allow-motion: the crane would move');
  const { loads } = context;
  if (loads === undefined) throw new NotRun('needs --load: one load and two free places');
  return { loads, status: await needEnabled(context) };
}

/** Sends a mission and waits until it has ended, or is in one of `phases`. */
async function begin(
  { session, motionLimitMs }: Context,
  fields: Partial<Frame>,
  phases: readonly string[] = [],
): Promise<{ readonly seq: number; readonly status: CraneStatusBlock }> {
  const { seqAnswered, eventHead } = await session.status();
  const seq = seqAnswered + 1;
  session.levels = { ...session.levels, eventAck: eventHead };
  await session.send({ enable: true, lhd: 1, loadHandle: 1, seq, missionId: seq, ...fields });
  const isRefused = (now: CraneStatusBlock) => now.seqAnswered === seq && now.answer !== 'accepted';
  const { status, tookMs } = await session.until(
    (now) => isRefused(now) || now.lastMissionId === seq || phases.includes(now.phase),
    motionLimitMs,
    { enable: true },
  );
  const name = String(fields.command);
  if (isRefused(status)) throw new NotRun(`${name} was refused with ${status.answer}`);
  if (tookMs === undefined) throw new NotRun(`${name} takes longer than ${motionLimitMs} ms`);
  return { seq, status };
}

/** What a change may be answered while the crane goes on: where it stands has moved meanwhile. */
const phases: readonly { readonly phase: string; readonly answers: readonly string[] }[] = [
  { phase: 'toSource', answers: ['accepted'] },
  { phase: 'picking', answers: ['accepted'] },
  { phase: 'carrying', answers: ['accepted', 'tooLate'] },
  { phase: 'depositing', answers: ['tooLate', 'missionEnded'] },
];

const change: Check = {
  point: 10,
  title: 'changeDestination in every phase: answered by phase, and the load ends where it says',
  async run(context) {
    const { loads } = await needLoad(context);
    let [source, target, other] = loads;
    for (const { phase, answers } of phases) {
      const endsAt = await changeIn(context, { phase, answers, source, target, other });
      const rest = [source, target, other].filter((place) => place !== endsAt);
      [source, target, other] = [endsAt, ...rest] as [TestPlace, TestPlace, TestPlace];
    }
    // It has ended: there is nothing left to change.
    const { session, fail } = context;
    const { seqAnswered, lastMissionId } = await session.status();
    const seq = seqAnswered + 1;
    const frame = { command: 'changeDestination', seq, missionId: lastMissionId, ...to(target) };
    await session.send({ enable: true, ...frame });
    const late = await session.until((now) => now.seqAnswered === seq, session.patienceMs);
    if (late.status.answer !== 'missionEnded') {
      fail('REJECT_WRONG', `changeDestination of an ended mission: ${late.status.answer}.`);
    }
  },
};

interface Change {
  readonly phase: string;
  readonly answers: readonly string[];
  readonly source: TestPlace;
  readonly target: TestPlace;
  readonly other: TestPlace;
}

/** One transfer whose destination is changed in one phase. @returns where the load is now */
async function changeIn(context: Context, { phase, answers, source, target, other }: Change) {
  const { session, fail, note, motionLimitMs } = context;
  const transfer = { command: 'transfer', ...from(source), ...to(target) };
  const { seq, status } = await begin(context, transfer, [phase]);
  const isSeen = status.phase === phase;
  if (!isSeen) note(`The phase ${phase} was over before it could be read.`);
  const frame = { command: 'changeDestination', seq: seq + 1, missionId: seq, ...to(other) };
  await session.send({ enable: true, ...frame });
  const answered = await session.until((now) => now.seqAnswered === seq + 1, session.patienceMs);
  const { answer } = answered.status;
  if (isSeen && !answers.includes(answer)) {
    const expected = answers.join(' or ');
    fail('REJECT_WRONG', `changeDestination while ${phase}: ${answer}, not ${expected}.`);
  }
  const { status: last, tookMs } = await session.until(
    (now) => now.lastMissionId === seq && now.activeMissionId !== seq,
    motionLimitMs,
    { enable: true },
  );
  if (tookMs === undefined) throw new NotRun(`the transfer did not end in ${motionLimitMs} ms`);
  const wanted = answer === 'accepted' ? other : target;
  if (isAt(last, wanted)) return wanted;
  fail(
    'DESTINATION_IGNORED',
    `Changed while ${phase} (${answer}), the load ended at ${shown(last)}, not at ${text(wanted)}.`,
  );
  const seen = [source, target, other].find((place) => isAt(last, place));
  if (seen === undefined) throw new NotRun('the load is at none of the three places');
  return seen;
}

const isAt = (last: CraneStatusBlock, { kind, bay, level, depth }: TestPlace): boolean =>
  last.lastKind === kind &&
  last.lastBay === bay &&
  last.lastLevel === level &&
  last.lastDepth === depth;
const text = ({ kind, bay, level, depth }: TestPlace): string =>
  [kind, bay, level, depth].join('/');
const shown = ({
  lastKind: kind,
  lastBay: bay,
  lastLevel: level,
  lastDepth: depth,
}: CraneStatusBlock) => text({ kind, bay, level, depth });

const look: Check = {
  point: 11,
  title: 'check: measures whether a place holds a load, and moves none',
  async run(context) {
    const { loads } = await needLoad(context);
    const { session, fail } = context;
    for (const place of loads) {
      const before = await session.status();
      const { status } = await begin(context, { command: 'check', ...from(place) });
      if (status.lastResult !== 'done') {
        fail('MISSION_ENDED_OTHERWISE', `check ended with ${status.lastResult}.`);
      } else if (!status.fromProbed) {
        fail('CHECK_BLIND', `check of ${text(place)} ended done without fromProbed.`);
      }
      if (status.lhd1Load !== before.lhd1Load) {
        fail('CHECK_BLIND', `check of ${text(place)} has moved a load.`);
      }
    }
  },
};

const devices: Check = {
  point: 13,
  title: 'each load handling device up to lhdCount is known, and none above it',
  async run(context) {
    const { session, fail } = context;
    const { lhdCount } = await needEnabled(context);
    if (lhdCount !== 1 && lhdCount !== 2) {
      return fail('LHD_WRONG', `lhdCount is ${lhdCount}, not 1 or 2.`);
    }
    for (const lhd of [1, 2, 3]) {
      const { seqAnswered } = await session.status();
      const seq = seqAnswered + 1;
      // Names no place: also a PLC that accepts it by mistake has nowhere to go.
      await session.send({ enable: true, command: 'transfer', lhd, seq, missionId: seq });
      const { status } = await session.until((now) => now.seqAnswered === seq, session.patienceMs);
      const isKnown = lhd <= lhdCount;
      const isRight = isKnown
        ? status.answer === 'outOfRange'
        : ['noSuchLhd', 'outOfRange'].includes(status.answer);
      if (isRight) continue;
      const seen = `a transfer to nowhere with LHD ${lhd} is answered with ${status.answer}`;
      fail('LHD_WRONG', `lhdCount is ${lhdCount}, and ${seen}.`);
    }
  },
};

export const loadChecks: readonly Check[] = [change, look, devices];
