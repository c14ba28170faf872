import { contractOf } from '../../lib/interface-file.ts';
import { type Check, type Context, harmless } from './context.ts';
import type { Defect } from './report.ts';
import type { Frame, Session } from './session.ts';

interface Wrong {
  readonly title: string;
  readonly reason: string;
  readonly defect: Defect;
  readonly fields: (session: Session) => Partial<Frame>;
}

const wrongs: readonly Wrong[] = [
  {
    title: 'other major map version',
    reason: 'mapVersion',
    defect: 'MAP_VERSION_IGNORED',
    fields: ({ file }) => ({ mapVersion: contractOf(file).mapVersion ^ 0x0300 }),
  },
  {
    title: 'wrong word order test',
    reason: 'wordOrder',
    defect: 'WORD_ORDER_IGNORED',
    fields: () => ({ wordOrderTest: 0x03040102 }),
  },
  {
    title: 'other device number',
    reason: 'deviceNumber',
    defect: 'DEVICE_NUMBER_IGNORED',
    fields: ({ levels }) => ({ deviceNumber: (levels.deviceNumber ?? 0) ^ 0x4000 }),
  },
  {
    title: 'boot id of a start before',
    reason: 'restarted',
    defect: 'BOOT_ID_IGNORED',
    fields: ({ levels }) => ({ bootIdEcho: (levels.bootIdEcho ?? 1) - 1 }),
  },
  {
    title: 'epoch of a controller before',
    reason: 'staleEpoch',
    defect: 'EPOCH_IGNORED',
    fields: ({ levels }) => ({ epoch: (levels.epoch ?? 1) - 1 }),
  },
  {
    title: 'nonce of another controller',
    reason: 'otherController',
    defect: 'NONCE_IGNORED',
    fields: ({ levels }) => ({ claimNonce: ((levels.claimNonce ?? 0) ^ 1) >>> 0 }),
  },
  {
    title: 'life that is older than the last one',
    reason: 'lateFrame',
    defect: 'LATE_FRAME_TAKEN',
    fields: ({ life }) => ({ life: (life - 3) & 0xffff, commit: (life - 3) & 0xffff }),
  },
];

const ignoredChecks = wrongs.map(
  (wrong): Check => ({
    point: 5,
    title: `nothing is taken of a frame with ${wrong.title}`,
    run: (context) => checkIgnored(context, wrong),
  }),
);

async function checkIgnored({ session, fail }: Context, wrong: Wrong): Promise<void> {
  const { title, reason, defect, fields } = wrong;
  await session.send();
  const { status: before } = await session.until(
    ({ lifeEcho }) => lifeEcho === session.life,
    session.patienceMs,
  );
  await session.send({ ...harmless, seq: before.seqAnswered + 1, ...fields(session) });
  await session.until(
    (now) =>
      now.ignoredCount !== before.ignoredCount ||
      now.lifeEcho !== before.lifeEcho ||
      now.seqAnswered !== before.seqAnswered,
    session.patienceMs,
  );
  // A second look, some scans later: counted once means that it stays so.
  await session.wait(60);
  const now = await session.status();
  const isTaken =
    now.seqAnswered !== before.seqAnswered ||
    now.lifeEcho !== before.lifeEcho ||
    now.epochAccepted !== before.epochAccepted;
  const counted = (now.ignoredCount - before.ignoredCount) & 0xffff;
  if (isTaken) fail(defect, `A frame with ${title} was taken.`);
  else if (counted !== 1) {
    fail('IGNORED_NOT_COUNTED', `A frame with ${title} was counted ${counted} times, not once.`);
  } else if (now.ignoredReason !== reason) {
    fail(
      'IGNORED_REASON_WRONG',
      `A frame with ${title} shows as ${now.ignoredReason}, not ${reason}.`,
    );
  }
  if (isTaken) await session.claim();
}

/** The same number with other content, as only then a second answer can be told from the first. */
async function checkSequence({ session, fail }: Context): Promise<void> {
  const { seqAnswered, retentiveOk } = await session.status();
  const seq = seqAnswered + 2;
  await session.send({ ...harmless, seq });
  const { status: first, tookMs } = await session.until(
    (now) => now.seqAnswered === seq,
    session.patienceMs,
  );
  if (tookMs === undefined) {
    const message = retentiveOk
      ? `A cancel with seq ${seq} was not answered; seqAnswered ${first.seqAnswered}.`
      : 'Nothing is answered while retentiveOk is 0; see point 8.';
    fail('FRAME_IGNORED', message);
    return;
  }
  const again = { command: 'resync', missionId: first.eventHead, eventAck: first.eventHead };
  const isAnsweredAgain = async (number: number) => {
    await session.send({ ...again, seq: number });
    await session.until(({ lifeEcho }) => lifeEcho === session.life, session.patienceMs);
    await session.wait(60);
    const now = await session.status();
    return now.answer !== first.answer || now.seqAnswered !== seq;
  };
  if (await isAnsweredAgain(seq - 1)) {
    fail(
      'SEQUENCE_IGNORED',
      `A command with seq ${seq - 1} was looked at after seq ${seq} was answered.`,
    );
  } else if (await isAnsweredAgain(seq)) {
    fail(
      'DUPLICATE_REEXECUTED',
      `A command with seq ${seq} was looked at a second time: a repeated frame would run twice.`,
    );
  }
}

export const frameChecks: readonly Check[] = [
  ...ignoredChecks,
  { point: 5, title: 'the same seq and a lower one are not looked at again', run: checkSequence },
];
