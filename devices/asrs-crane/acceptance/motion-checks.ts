import type { CraneStatusBlock } from '../fields.ts';
import { type Check, type Context, NotRun, needEnabled } from './context.ts';
import type { Frame } from './session.ts';

const eventSlots = 5;

async function mayMove(context: Context): Promise<CraneStatusBlock> {
  if (!context.mayMove) throw new NotRun('needs --allow-motion: the crane would move');
  return await needEnabled(context);
}

/** Follows one mission through every snapshot until it has ended. */
async function followMission(
  { session, fail, motionLimitMs }: Context,
  fields: Partial<Frame>,
): Promise<CraneStatusBlock> {
  const before = await session.status();
  const seq = before.seqAnswered + 1;
  await session.send({ enable: true, lhd: 1, seq, missionId: seq, ...fields });
  let isLost = false;
  const isEnded = (now: CraneStatusBlock) => {
    if (now.seqAnswered < seq) return false;
    if (now.answer !== 'accepted' && now.seqAnswered === seq) return true;
    if (now.activeMissionId !== seq && now.lastMissionId !== seq) isLost = true;
    return now.activeMissionId !== seq && now.lastMissionId === seq;
  };
  const { status, tookMs } = await session.until(isEnded, motionLimitMs, { enable: true });
  if (status.seqAnswered === seq && status.answer !== 'accepted') {
    throw new NotRun(`the mission was refused with ${status.answer}`);
  }
  if (tookMs === undefined) throw new NotRun(`the mission did not end in ${motionLimitMs} ms`);
  session.time(`mission ${fields.command ?? ''}`, tookMs);
  if (isLost) {
    fail(
      'RESULT_AFTER_PHASE',
      `A snapshot showed mission ${seq} neither as active nor as last: write lastMissionId and lastResult before activeMissionId becomes 0.`,
    );
  }
  checkEvents(fail, before, status, seq);
  return status;
}

/** Every number since the last acknowledged one has its slot, and the end has been told. */
function checkEvents(
  fail: Context['fail'],
  before: CraneStatusBlock,
  now: CraneStatusBlock,
  missionId: number,
): void {
  const numbers = now.events.map(({ eventSeq }) => eventSeq);
  const first = Math.max(before.eventHead + 1, now.eventHead - eventSlots + 1, 1);
  for (let number = first; number <= now.eventHead; number++) {
    if (numbers.includes(number)) continue;
    fail(
      'EVENT_LOST',
      `eventHead is ${now.eventHead}, but event ${number} is in no slot: numbers must have no hole, and stand in slot number modulo ${eventSlots}.`,
    );
    return;
  }
  const isTold = now.events.some(
    (event) => event.eventType === 'ended' && event.eventMissionId === missionId,
  );
  if (!isTold) fail('EVENT_MISSING', `Mission ${missionId} has ended without an event ended.`);
}

const home: Check = {
  point: 5,
  title: 'home: accepted, result before phase, its event told, and not run again',
  async run(context) {
    const { session, fail } = context;
    await mayMove(context);
    const ended = await followMission(context, { command: 'home' });
    if (ended.lastResult !== 'done') {
      fail('MISSION_ENDED_OTHERWISE', `home ended with ${ended.lastResult}.`);
    }
    const seq = ended.lastMissionId;
    const frame = { enable: true, lhd: 1, command: 'home', seq, missionId: seq };
    await session.send(frame);
    const { tookMs } = await session.until(
      (now) => now.activeMissionId !== 0 || now.eventHead !== ended.eventHead,
      session.patienceMs,
    );
    if (tookMs !== undefined) {
      fail(
        'DUPLICATE_REEXECUTED',
        `Mission ${seq} began a second time when its frame was repeated.`,
      );
    }
  },
};

const move: Check = {
  point: 10,
  title: 'move: busy, hold and go on, cancel, missionEnded',
  async run(context) {
    const { session, moveTo, fail, motionLimitMs } = context;
    if (context.mayMove && moveTo === undefined) throw new NotRun('needs --move-to');
    const { seqAnswered } = await mayMove(context);
    const seq = seqAnswered + 1;
    const to = moveTo as NonNullable<typeof moveTo>;
    await session.send({
      ...{ enable: true, lhd: 1, command: 'move', seq, missionId: seq },
      ...{ toKind: to.kind, toBay: to.bay, toLevel: to.level, toDepth: to.depth },
    });
    const begun = await session.until((now) => now.seqAnswered === seq, session.patienceMs);
    if (begun.status.answer !== 'accepted') {
      throw new NotRun(`move was refused with ${begun.status.answer}`);
    }
    const answerTo = async (number: number, fields: Partial<Frame>) => {
      await session.send({ enable: true, lhd: 1, seq: number, ...fields });
      const answered = await session.until((now) => now.seqAnswered === number, session.patienceMs);
      return answered.status.answer;
    };
    const busy = await answerTo(seq + 1, { command: 'home', missionId: seq + 1 });
    if (busy !== 'busy')
      fail('REJECT_WRONG', `A second mission is answered with ${busy}, not busy.`);
    await session.send({ enable: false });
    const held = await session.until((now) => !now.enabled && now.standstill, motionLimitMs, {
      enable: false,
    });
    if (held.tookMs === undefined) {
      fail('HOLD_MISSING', 'With enable 0 the crane does not come to standstill.');
    } else session.time('enable 0 to standstill', held.tookMs);
    const cancel = await answerTo(seq + 2, { command: 'cancel', missionId: seq });
    const isLate = held.status.lastMissionId === seq;
    const expected = isLate ? ['missionEnded'] : ['accepted', 'tooLate', 'missionEnded'];
    if (!expected.includes(cancel)) {
      fail('REJECT_WRONG', `cancel of the mission in hand is answered with ${cancel}.`);
    }
    const gone = await session.until((now) => now.activeMissionId !== seq, motionLimitMs, {
      enable: true,
    });
    if (gone.status.lastMissionId !== seq) {
      fail('RESULT_AFTER_PHASE', `Mission ${seq} is gone and was not shown as the last one.`);
    }
    checkEvents(fail, begun.status, gone.status, seq);
    const late = await answerTo(seq + 3, { command: 'cancel', missionId: seq });
    if (late !== 'missionEnded') {
      fail(
        'REJECT_WRONG',
        `cancel of an ended mission is answered with ${late}, not missionEnded.`,
      );
    }
  },
};

const buffer: Check = {
  point: 12,
  title: 'events that nobody acknowledges are kept, and missions refused before one is lost',
  async run(context) {
    const { session, fail, note } = context;
    const { eventHead, eventsLost } = await mayMove(context);
    for (let i = 0; i <= eventSlots; i++) {
      const before = await session.status();
      const seq = before.seqAnswered + 1;
      const frame = { enable: true, lhd: 1, command: 'home', seq, missionId: seq };
      await session.send(frame);
      const { status } = await session.until(
        (now) => now.seqAnswered === seq && now.activeMissionId !== seq,
        context.motionLimitMs,
        { enable: true },
      );
      if (status.answer !== 'eventBufferFull') continue;
      note(`eventBufferFull after ${status.eventHead - eventHead} events.`);
      if (status.eventsLost !== eventsLost) fail('EVENT_LOST', 'eventsLost has counted.');
      if (!status.eventBufferHigh) fail('EVENT_LOST', 'eventBufferHigh is not set.');
      await session.send({ enable: true, eventAck: status.eventHead });
      return;
    }
    fail('REJECT_MISSING', 'Missions are accepted with fewer than three free slots.');
  },
};

/** Needs no mission: enable goes by itself when frames stop. */
const watchdog: Check = {
  point: 9,
  title: 'without frames for lifeLostMs the PLC holds',
  async run(context) {
    const { session, fail, note } = context;
    await needEnabled(context);
    const limitMs = session.limit('lifeLostMs');
    const { status, tookMs } = await session.until(
      ({ enabled }) => !enabled,
      limitMs + session.patienceMs,
    );
    if (tookMs === undefined) {
      fail(
        'HOLD_MISSING',
        `enabled is still 1 after ${limitMs + session.patienceMs} ms without a frame.`,
      );
    } else {
      note(`enabled went to 0 after ${Math.round(tookMs)} ms.`);
      if (tookMs < limitMs / 2)
        fail(
          'HOLD_MISSING',
          `enabled went to 0 after ${Math.round(tookMs)} ms, far before lifeLostMs.`,
        );
      if (!status.standstill)
        fail('HOLD_MISSING', 'standstill is not set without a mission and without enable.');
    }
  },
};

export const motionChecks: readonly Check[] = [watchdog, home, move, buffer];
