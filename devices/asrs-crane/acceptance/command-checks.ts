import { type Check, type Context, NotRun, needEnabled, needMode } from './context.ts';
import type { Frame } from './session.ts';

interface Refused {
  readonly title: string;
  /** Names that are right. A command may break several rules; the contract does not order them. */
  readonly rejects: readonly string[];
  readonly fields: (seq: number) => Partial<Frame>;
  readonly mode: 'enabled' | 'held' | 'other' | 'any';
}

// None of these names a place: also a PLC that accepts one by mistake has nowhere to go.
const refused: readonly Refused[] = [
  {
    title: 'a command that is not built in',
    rejects: ['unknownCommand'],
    fields: (seq) => ({ command: 'code-9', missionId: seq, lhd: 1 }),
    mode: 'enabled',
  },
  {
    title: 'a mission whose missionId differs from seq',
    rejects: ['missionIdInvalid', 'outOfRange'],
    fields: (seq) => ({ command: 'move', missionId: seq + 1, lhd: 1 }),
    mode: 'enabled',
  },
  {
    title: 'a transfer from nowhere to nowhere',
    rejects: ['outOfRange'],
    fields: (seq) => ({ command: 'transfer', missionId: seq, lhd: 1 }),
    mode: 'enabled',
  },
  {
    title: 'a mission for LHD 0',
    rejects: ['noSuchLhd', 'outOfRange'],
    fields: (seq) => ({ command: 'transfer', missionId: seq, lhd: 0 }),
    mode: 'enabled',
  },
  {
    title: 'a mission while enable is 0',
    rejects: ['notEnabled', 'outOfRange'],
    fields: (seq) => ({ command: 'transfer', missionId: seq, lhd: 1, enable: false }),
    mode: 'held',
  },
  {
    title: 'a mission outside autoRemote',
    rejects: ['notAutoRemote'],
    fields: (seq) => ({ command: 'transfer', missionId: seq, lhd: 1 }),
    mode: 'other',
  },
  {
    title: 'cancel of a mission that never was',
    rejects: ['missionUnknown'],
    fields: () => ({ command: 'cancel', missionId: 0xfffffffe }),
    mode: 'any',
  },
  {
    title: 'changeDestination of a mission that never was',
    rejects: ['missionUnknown'],
    fields: () => ({ command: 'changeDestination', missionId: 0xfffffffe }),
    mode: 'any',
  },
  {
    title: 'resync while the memory is whole',
    rejects: ['alreadySynchronized'],
    fields: () => ({ command: 'resync' }),
    mode: 'any',
  },
];

async function checkRefused(context: Context, { title, rejects, fields, mode }: Refused) {
  const { session, fail, note } = context;
  if (mode === 'other') await needMode(context, 'other');
  if (mode === 'enabled') await needEnabled(context);
  if (mode === 'held') await needMode(context, 'autoRemote');
  const before = await session.status();
  if (!before.retentiveOk) throw new NotRun('needs retentiveOk 1: see point 8');
  const seq = before.seqAnswered + 1;
  await session.send({ enable: mode === 'enabled', seq, ...fields(seq) });
  const { status, tookMs } = await session.until(
    (now) => now.seqAnswered === seq,
    session.patienceMs,
  );
  if (tookMs === undefined) fail('REJECT_MISSING', `There is no answer to ${title}.`);
  else if (status.answer === 'accepted') {
    fail('REJECT_MISSING', `It is accepted: ${title}; expected ${rejects.join(' or ')}.`);
    await session.send({ enable: false, command: 'cancel', missionId: seq, seq: seq + 1 });
  } else if (!rejects.includes(status.answer)) {
    fail(
      'REJECT_WRONG',
      `${title} is answered with ${status.answer}, not ${rejects.join(' or ')}.`,
    );
  } else {
    session.time('command to answer', tookMs);
    note(`${status.answer} after ${Math.round(tookMs)} ms.`);
  }
}

/** Rejects that need a load, a fault or a valid place: without hands or motion nobody can provoke them. */
const elsewhere: Check = {
  point: 6,
  title:
    'loadNotAllowed, stationNotReady, faultLatched, notHomed, pathConflict, lhdOccupied, lhdEmpty',
  async run({ ask }) {
    const done = await ask(
      'Provoke at the machine, one by one: a load that is too heavy, a station that is not ready, a latched fault, axes not referenced, a transfer with a load on the LHD, a deposit without. Confirm when each was rejected.',
    );
    if (!done) throw new NotRun('needs loads and faults that a person prepares');
  },
};

export const commandChecks: readonly Check[] = [
  ...refused.map(
    (row): Check => ({
      point: 6,
      title: `refused: ${row.title}`,
      run: (context) => checkRefused(context, row),
    }),
  ),
  elsewhere,
];

/** A new PLC, or one whose memory was cleared: only resync is taken, and only with the right count of events. */
export async function checkResync({ session, fail }: Context): Promise<void> {
  const before = await session.status();
  if (before.retentiveOk) throw new NotRun('needs a PLC whose memory was lost: this one is whole');
  await session.send({ command: 'cancel', missionId: 0xfffffffe, seq: before.seqAnswered + 1 });
  const refusedFrame = await session.until(
    (now) => now.ignoredCount !== before.ignoredCount || now.seqAnswered !== before.seqAnswered,
    session.patienceMs,
  );
  const { seqAnswered, ignoredReason } = refusedFrame.status;
  if (seqAnswered !== before.seqAnswered) {
    fail(
      'MEMORY_LOSS_HIDDEN',
      'With retentiveOk 0 a cancel was answered: a reject claims that nothing moved.',
    );
  } else if (ignoredReason !== 'notSynchronized') {
    fail(
      'IGNORED_REASON_WRONG',
      `A cancel with retentiveOk 0 shows as ${ignoredReason}, not notSynchronized.`,
    );
  }
  const resync = async (seq: number, missionId: number) => {
    await session.send({ command: 'resync', seq, missionId, eventAck: 1000 });
    const answered = await session.until((now) => now.seqAnswered === seq, session.patienceMs);
    return answered.status;
  };
  const seq = Math.max(seqAnswered, 1) + 1000;
  const wrong = await resync(seq, before.eventHead + 7);
  if (wrong.answer !== 'handledSince') {
    fail(
      'RESYNC_WRONG',
      `resync with an old number of events is answered with ${wrong.answer}, not handledSince.`,
    );
  }
  const now = await resync(seq + 1, wrong.eventHead);
  if (now.answer !== 'accepted' || !now.retentiveOk || now.eventHead !== 1000) {
    fail(
      'RESYNC_WRONG',
      `resync: answer ${now.answer}, retentiveOk ${now.retentiveOk}, eventHead ${now.eventHead} instead of 1000.`,
    );
  }
  session.levels = { ...session.levels, seq: now.seqAnswered, eventAck: now.eventHead };
}
