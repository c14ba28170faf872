import { afterEach, expect } from 'vitest';
import type { CraneEventSlot } from '../../devices/asrs-crane/fields.ts';
import { asrsCrane, type CraneOptions } from '../../devices/asrs-crane/index.ts';
import { type DeviceId, type LocationId, parseDeviceId } from '../../src/domain/ids.ts';
import type { CraneCommand, CraneFact, CraneOutput } from '../../src/ports/crane.ts';
import { craneFile, demoTopology, FakeCrane } from './fake-crane.ts';
import { pass } from './fake-registers.ts';
import { ManualClock } from './manual-clock.ts';

const id: DeviceId = parseDeviceId('crane-1');
export const claim = { epoch: 7, nonce: 0xa1b2c3d4 };
/** What a core would say: claimed, enabled, no command. */
export const output = (own: Partial<CraneOutput> = {}): CraneOutput => ({
  ...{ claim, enable: true, eventAck: 0, seqHighest: 40, command: undefined },
  ...own,
});
export const transfer = {
  seq: 41,
  command: 'transfer',
  lhd: 1,
  loadHandle: 70_000,
  massKg: 23.4,
  from: 'A01-PD-IN' as LocationId,
  to: 'A01-L-012-05-1' as LocationId,
} as const satisfies CraneCommand;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** A started driver at a crane. `answer` is what the core says to each snapshot. */
export function started({
  answer = (_fact: CraneFact): CraneOutput | undefined => undefined,
  options = {} as Partial<CraneOptions>,
  prepare = (_plc: FakeCrane): void => {},
} = {}) {
  const clock = new ManualClock();
  const plc = new FakeCrane(clock);
  prepare(plc);
  const facts: CraneFact[] = [];
  const bugs: unknown[] = [];
  const crane = asrsCrane.open({
    ...{ id, file: craneFile, topology: demoTopology, clock, random: { u32: () => 0 } },
    settings: { host: '', port: 502, unit: 1, interface: 'crane-block-v1', deviceNumber: 1 },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    onBug: (error) => bugs.push(error),
    connect: plc.connect,
    report(fact) {
      facts.push(fact);
      const said =
        fact.type === 'crane.snapshot' && fact.because !== 'held' ? answer(fact) : undefined;
      if (said !== undefined) crane.drive(said);
    },
    ...options,
  });
  crane.start();
  endings.push(() => crane.stop());
  const types = () => facts.map(short);
  return { clock, plc, facts, bugs, crane, types };
}

const short = (fact: CraneFact): string => {
  if (fact.type === 'crane.snapshot') return fact.because;
  if (fact.type === 'crane.event') return `event ${fact.event.eventSeq}`;
  if (fact.type === 'crane.eventsLost') return `lost ${fact.from}-${fact.to}`;
  return fact.type === 'crane.answered' ? `${fact.answer} ${fact.seq}` : fact.type;
};

/** A driver whose claim is read back and judged. */
export async function claimed(own: Partial<CraneOutput> = {}) {
  const run = started({ answer: () => output(own) });
  await pass(run.clock, 400);
  expect(run.types()).toEqual(['connected', 'claimed']);
  run.facts.length = 0;
  return run;
}

/** A slot of the event ring, apart from its number. */
export const blank: CraneEventSlot = {
  eventSeq: 0,
  eventType: 'picked',
  eventCode: 0,
  eventMissionId: 0,
  eventKind: 'none',
  eventBay: 0,
  eventLevel: 0,
  eventDepth: 0,
  eventSensors: 0,
  eventDetail: 0,
};
/** The ring after `head` events. */
export const ring = (head: number) =>
  [0, 1, 2, 3, 4]
    .filter((back) => head > back)
    .map((back) => ({ ...blank, eventSeq: head - back }));
