import type { CraneStatusBlock } from '../fields.ts';
import { checkResync } from './command-checks.ts';
import { type Check, type Context, NotRun, needMode } from './context.ts';

/** Longest time that a PLC may need to start. */
const startLimitMs = 300_000;

async function afterStart(context: Context, instruction: string, need: string) {
  const { session, ask } = context;
  const before = await session.status();
  if (!(await ask(instruction))) throw new NotRun(need);
  await session.hangUp();
  const { status, tookMs } = await session.until(
    ({ bootId }) => bootId !== before.bootId,
    startLimitMs,
  );
  if (tookMs === undefined) {
    context.fail('BOOT_ID_REPEATED', `bootId is ${before.bootId} as before the start.`);
  }
  return { before, status };
}

const kept = [
  'epochAccepted',
  'nonceAccepted',
  'seqAnswered',
  'lhd1Load',
  'lhd2Load',
  'eventAcked',
  'eventsLost',
] as const satisfies readonly (keyof CraneStatusBlock)[];

const restart: Check = {
  point: 7,
  title: 'restart: a new bootId, all retentive fields kept, the start told as an event',
  async run(context) {
    const { before, status } = await afterStart(
      context,
      'Switch the PLC off and on again, without clearing its memory.',
      'needs a person who switches the PLC off and on',
    );
    const changed = kept.filter((field) => before[field] !== status[field]);
    if (changed.length > 0) {
      context.fail('RETENTIVE_LOST', `Not kept over the start: ${changed.join(', ')}.`);
    }
    if (!status.retentiveOk) context.fail('RETENTIVE_LOST', 'retentiveOk is 0 after the start.');
    if (!status.events.some(({ eventType }) => eventType === 'restarted')) {
      context.fail('EVENT_MISSING', 'The start is not told as an event restarted.');
    }
    await context.session.claim();
  },
};

const memory: Check = {
  point: 8,
  title: 'memory cleared: retentiveOk 0, a bootId never used, only resync is taken',
  async run(context) {
    const { before, status } = await afterStart(
      context,
      'Clear the retentive memory of the PLC and start it.',
      'needs a person who clears the memory of the PLC',
    );
    if (status.retentiveOk) {
      context.fail('MEMORY_LOSS_HIDDEN', 'retentiveOk is 1 although the memory was cleared.');
    }
    if (status.bootId < before.bootId) {
      context.fail(
        'BOOT_ID_REPEATED',
        `bootId went back from ${before.bootId} to ${status.bootId}: take it from the real-time clock.`,
      );
    }
    if ((await context.session.claim()) === undefined) {
      context.fail('CLAIM_NOT_TAKEN', 'No claim is taken after the memory was cleared.');
      return;
    }
    await checkResync(context);
  },
};

const handled: Check = {
  point: 9,
  title: 'manual and back: told as events, and enable counts only when they are acknowledged',
  async run(context) {
    const { session, fail } = context;
    const before = await needMode(context, 'autoRemote');
    const manual = await needMode(context, 'other');
    const back = await needMode(context, 'autoRemote');
    if (back.eventHead < before.eventHead + 2) {
      fail(
        'EVENT_MISSING',
        `Two changes of the mode made ${back.eventHead - before.eventHead} events.`,
      );
    }
    await session.send({ enable: true, eventAck: manual.eventHead });
    const early = await session.until(({ enabled }) => enabled, session.patienceMs);
    if (early.tookMs !== undefined) {
      fail('ENABLE_BEFORE_ACK', 'enable counted before the newest modeChanged was acknowledged.');
    }
    await session.send({ enable: true, eventAck: back.eventHead });
    const late = await session.until(({ enabled }) => enabled, session.patienceMs);
    if (late.tookMs === undefined) fail('FRAME_IGNORED', 'enable does not count after eventAck.');
    session.levels = { ...session.levels, eventAck: back.eventHead };
  },
};

/** What a person prepares, looks at and confirms; the protocol records the answer. */
const confirmed: readonly (readonly [number, string, string])[] = [
  [
    10,
    'cancel in every phase',
    'Run a transfer four times and cancel it on the way to the source, while picking, while carrying and while depositing.',
  ],
  [
    11,
    'binFull, binEmpty, frontBlocked, codeMismatch with prepared bins',
    'Prepare a full destination, an empty source, a load at depth 1 before a depth 2, and a load with another code; run a transfer to each.',
  ],
  [
    12,
    'ring overflow: the gap is seen',
    'Turn the mode switch six times while nothing is acknowledged; eventsLost must count and the controller must see the gap.',
  ],
  [
    13,
    'limits for each side, bay, level and depth',
    'Send the crane to the first and last bay, level and depth of each side, and one beyond each of them.',
  ],
];

export const manualChecks: readonly Check[] = [
  handled,
  restart,
  memory,
  ...confirmed.map(
    ([point, title, instruction]): Check => ({
      ...{ point, title },
      async run({ ask, note }) {
        if (!(await ask(`${instruction} Confirm when it was as it has to be.`))) {
          throw new NotRun('needs a person at the machine, and prepared loads');
        }
        note('Confirmed by the person at the machine.');
      },
    }),
  ),
];
