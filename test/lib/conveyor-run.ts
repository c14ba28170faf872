import { afterEach, expect } from 'vitest';
import type { ConfirmationSlot, ScanSlot } from '../../devices/conveyor/fields.ts';
import { conveyor } from '../../devices/conveyor/index.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import type { ConveyorFact, ConveyorOutput, PointOutput } from '../../src/ports/conveyor.ts';
import { conveyorFile, FakeConveyor } from './fake-conveyor.ts';
import { pass } from './fake-registers.ts';
import { ManualClock } from './manual-clock.ts';

const id = parseDeviceId('conveyor-1');
const claim = { epoch: 7, nonce: 0xa1b2c3d4 };
/** What a core wants of a point. */
export const point = (own: Partial<PointOutput> = {}): PointOutput => ({
  ...{ era: 9, answers: [], confirmAck: 0, exitsClosed: [], ...own },
});
/** What a core would say, with its wishes for the points 1, 2 … */
export const output = (...points: PointOutput[]): ConveyorOutput => ({
  ...{ claim, enable: true },
  points: new Map(points.map((wish, i) => [i + 1, wish])),
});
export const scan = (
  scanSeq: number,
  answerState: ScanSlot['answerState'] = 'waiting',
): ScanSlot => ({
  ...{ scanSeq, answerState, code: `LU${scanSeq}`, lengthMm: 0, widthMm: 0, heightMm: 300 },
  ...{ readResult: 'good', massG: 0 },
});
const confirmation = (confirmSeq: number): ConfirmationSlot => ({
  ...{ confirmSeq, confirmScanSeq: confirmSeq, confirmHandle: 5, exitTaken: 2 },
  outcome: 'asAnswered',
});
const last = <T>(head: number, count: number, make: (n: number) => T): T[] =>
  Array.from({ length: Math.min(head, count) }, (_, i) => make(head - i));
/** The ring of a point after `head` scans. */
export const scans = (head: number, state?: ScanSlot['answerState']) => ({
  scanHead: head,
  scans: last(head, 3, (n) => scan(n, state)),
});
/** The ring of a point after `head` confirmations. */
export const confirmations = (head: number) => ({
  confirmHead: head,
  confirmations: last(head, 5, confirmation),
});

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

export const short = (fact: ConveyorFact): string => {
  if (fact.type === 'conveyor.snapshot') return fact.because;
  if (fact.type === 'conveyor.scanned') return `${fact.point}: scan ${fact.scan.scanSeq}`;
  if (fact.type === 'conveyor.gap') return `${fact.point}: ${fact.what} ${fact.from}-${fact.to}`;
  if (fact.type === 'conveyor.pointChanged') return `${fact.point}: ${fact.state}`;
  if (fact.type !== 'conveyor.confirmed') return fact.type;
  return `${fact.point}: confirmed ${fact.confirmation.confirmSeq}`;
};

/** A started driver. `answer` is what the core says to each snapshot. */
export function started({
  answer = (): ConveyorOutput | undefined => undefined,
  prepare = (_plc: FakeConveyor): void => {},
} = {}) {
  const clock = new ManualClock();
  const plc = new FakeConveyor(clock);
  prepare(plc);
  const facts: ConveyorFact[] = [];
  const bugs: unknown[] = [];
  const driver = conveyor.open({
    ...{ id, file: conveyorFile, clock, random: { u32: () => 0 }, connect: plc.connect },
    settings: { host: '', port: 502, unit: 1, interface: 'conveyor-point-v1', deviceNumber: 1 },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    onBug: (error) => bugs.push(error),
    report(fact) {
      facts.push(fact);
      const said = fact.type === 'conveyor.snapshot' ? answer() : undefined;
      if (said !== undefined) driver.drive(said);
    },
  });
  driver.start();
  endings.push(() => driver.stop());
  return { clock, plc, facts, bugs, driver, told: () => facts.map(short) };
}

/** A driver whose claim is in force and that has read both points. */
export async function claimed(
  first: ConveyorOutput = output(),
  prepare?: (plc: FakeConveyor) => void,
) {
  const run = started({ answer: () => first, ...(prepare === undefined ? {} : { prepare }) });
  await pass(run.clock, 200);
  expect(run.told().slice(0, 2)).toEqual(['connected', 'claimed']);
  return run;
}
