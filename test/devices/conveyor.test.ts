import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeviceTimeoutError } from '../../src/domain/errors.ts';
import type { ConveyorOutput } from '../../src/ports/conveyor.ts';
import {
  claimed,
  confirmations,
  output,
  point,
  scan,
  scans,
  short,
  started,
} from '../lib/conveyor-run.ts';
import type { FakeConveyor } from '../lib/fake-conveyor.ts';
import { pass } from '../lib/fake-registers.ts';

test('the golden link frame, then the golden answers frame', async () => {
  const { plc, clock, driver } = await claimed(output(), (plc) =>
    plc.show(1, { ...scans(12), frameEcho: 0x1234 }),
  );
  driver.drive(
    output(
      point({
        answers: [
          { scanSeq: 12, exit: 2, handle: 70_000 },
          { scanSeq: 11, exit: 0, handle: 0 },
        ],
        confirmAck: 6,
        exitsClosed: [2, 16],
      }),
    ),
  );
  await pass(clock, 5);
  // By hand from the register contract; CRC by an independent program.
  const who = [0, 7, 0xa1b2, 0xc3d4, 1, 2];
  const zeros = (n: number) => new Array<number>(n).fill(0);
  expect(plc.written[0]).toEqual({
    address: 3000,
    words: [0x0100, 0x0102, 0x0304, 1, 1, ...who, 1, 0, 0, ...zeros(4), 0xb43e, 1],
  });
  const slots = [0, 12, 2, 1, 4464, 0, 11, 0, 0, 0, ...zeros(10)];
  expect(plc.written.at(-1)).toEqual({
    address: 3200,
    words: [1, 0x1235, ...who, 0x8002, 0, 6, ...slots, 0, 0x7add, 0x1235],
  });
});

test('a scan is told with the number of its era, at the next poll of the link', async () => {
  const { plc, clock, facts } = await claimed();
  const before = facts.length;
  plc.show(2, scans(1));
  await pass(clock, 20);
  expect(facts.slice(before)).toEqual([
    {
      ...{ device: 'conveyor-1', type: 'conveyor.scanned', point: 2, era: 9 },
      scan: {
        ...{ scanSeq: 1, read: 'good', answerState: 'waiting', code: 'LU1' },
        ...{ heightMm: 300, massG: undefined },
      },
    },
  ]);
});

test('an answer goes out at once, before anything is read again', async () => {
  const { plc, clock, driver } = await claimed();
  await pass(clock, 100);
  const [reads, writes] = [plc.reads.length, plc.written.length];
  driver.drive(output(point(), point({ answers: [{ scanSeq: 1, exit: 1, handle: 3 }] })));
  await pass(clock, 0);
  expect(plc.reads).toHaveLength(reads);
  // Neither point has been told anything before; both are now.
  expect(plc.answersFrames.slice(writes - plc.written.length)).toMatchObject([
    { pointNumber: 1, confirmAck: 0 },
    { pointNumber: 2, answer: [{ answerScanSeq: 1, answerExit: 1 }, {}, {}, {}] },
  ]);
});

test('an answer is repeated under a new frame number until it is taken, then no more', async () => {
  const { plc, clock, driver } = await claimed(output(), (plc) => plc.show(1, scans(1)));
  plc.takesAnswers = false;
  driver.drive(output(point({ answers: [{ scanSeq: 1, exit: 1, handle: 3 }] })));
  await pass(clock, 1700);
  expect(plc.answersFrames.map(({ frame }) => frame)).toEqual([1, 2, 3, 4]);
  plc.takesAnswers = true;
  await pass(clock, 500);
  plc.show(1, { scans: [scan(1, 'taken')] });
  await pass(clock, 600);
  const frames = plc.answersFrames.length;
  await pass(clock, 3000);
  expect(plc.answersFrames).toHaveLength(frames);
});

test('the same wish again writes nothing, and a wish taken back in time neither', async () => {
  const wish = () =>
    output(
      point({ confirmAck: 2, exitsClosed: [3], answers: [{ scanSeq: 1, exit: 1, handle: 3 }] }),
    );
  const { plc, clock, driver } = await claimed(wish(), (plc) => plc.show(1, confirmations(2)));
  await pass(clock, 600);
  const frames = plc.answersFrames.length;
  expect(frames).toBeGreaterThan(0);
  driver.drive(wish());
  await pass(clock, 50);
  driver.drive(output(point({ confirmAck: 3 })));
  driver.drive(output());
  await pass(clock, 50);
  expect(plc.answersFrames).toHaveLength(frames);
});

test('a point that answers for another one is not believed', async () => {
  const { plc, clock, told } = await claimed();
  plc.show(1, { ...scans(1), pointNumber: 2 });
  await pass(clock, 30);
  expect(told().slice(2)).toEqual(['1: running', '2: running', 'conveyor.offline']);
});

test('nothing is told or written before the claim is read back, but snapshots and link frames', async () => {
  const wish = output(point({ answers: [{ scanSeq: 1, exit: 1, handle: 0 }] }));
  const { plc, clock, told } = started({
    answer: () => wish,
    prepare(plc) {
      plc.takesLink = false;
      plc.show(1, scans(1));
    },
  });
  await pass(clock, 1500);
  expect(told()).toEqual(['connected']);
  expect(plc.answersFrames).toEqual([]);
  expect(plc.linkFrames.length).toBeGreaterThanOrEqual(3);
  plc.takesLink = true;
  await pass(clock, 600);
  expect(told()).toEqual(['connected', 'claimed', '1: scan 1', '1: running', '2: running']);
  expect(plc.answersFrames).not.toEqual([]);
});

test('after a restart of the PLC nothing is written until the core has judged it', async () => {
  let wish: ConveyorOutput | undefined = output(point(), point());
  const { plc, clock, driver, told } = started({
    answer: () => wish,
    prepare: (plc) => plc.show(1, scans(3, 'taken')),
  });
  await pass(clock, 700);
  wish = undefined;
  plc.showLink({ bootId: 0x10003, counterEra: 0x10003 });
  // Memory lost: the numbers begin again, and the first one went by already.
  plc.show(1, scans(1, 'defaulted'));
  await pass(clock, 100);
  expect(told().at(-1)).toBe('restarted');
  const writes = plc.written.length;
  await pass(clock, 1200);
  expect(plc.written).toHaveLength(writes);
  driver.drive({ ...output(point(), point()), claim: { epoch: 8, nonce: 1 } });
  wish = { ...output(point(), point()), claim: { epoch: 8, nonce: 1 } };
  await pass(clock, 100);
  expect(plc.linkFrames.at(-1)).toMatchObject({ bootIdEcho: 0x10003, epoch: 8 });
  expect(told().slice(told().indexOf('restarted'))).toEqual([
    ...['restarted', 'claimed', '1: scan 1', '1: running', '2: running'],
  ]);
});

test('scans and confirmations that were overwritten are told as gaps', async () => {
  const { plc, clock, facts, told } = await claimed(output(point({ confirmAck: 1 })), (plc) =>
    plc.show(1, confirmations(1)),
  );
  facts.length = 0;
  plc.show(1, { ...scans(7), ...confirmations(9) });
  await pass(clock, 40);
  expect(told()).toEqual([
    ...['1: scans 1-4', '1: confirmations 2-4', '1: scan 5', '1: scan 6', '1: scan 7'],
    ...[5, 6, 7, 8, 9].map((n) => `1: confirmed ${n}`),
  ]);
});

test('at the first connect of a process, waiting and defaulted scans are told, taken ones are not', async () => {
  const { told } = await claimed(output(), (plc) =>
    plc.show(1, { scanHead: 3, scans: [scan(3), scan(1, 'taken'), scan(2, 'defaulted')] }),
  );
  expect(told().slice(2)).toEqual(['1: scan 2', '1: scan 3', '1: running', '2: running']);
});

test('after a lost connection what came meanwhile is told, and what still waits again', async () => {
  const { plc, clock, facts, told } = await claimed(output(), (plc) => plc.show(1, scans(1)));
  facts.length = 0;
  plc.readError = new DeviceTimeoutError('No reply in time');
  await pass(clock, 1000);
  expect(told()).toEqual(['conveyor.offline']);
  plc.readError = undefined;
  plc.show(1, {
    scanHead: 3,
    scans: [scan(1), scan(2, 'defaulted'), scan(3)],
    ...confirmations(1),
  });
  await pass(clock, 3000);
  expect(told()).toEqual([
    ...['conveyor.offline', 'connected', '1: scan 1', '1: scan 2', '1: scan 3', '1: confirmed 1'],
    ...['1: running', '2: running'],
  ]);
});

test.each([
  ['torn', (plc: FakeConveyor) => plc.point(1, 124, 1)],
  ['older', (plc: FakeConveyor) => [0, 124].map((at) => plc.point(1, at, -10_000))],
])('a %s reading of a point is not believed, and counted', async (_how, spoil) => {
  const { plc, clock, driver, facts, told } = await claimed();
  facts.length = 0;
  const publish = plc.beforeRead;
  plc.beforeRead = (address) => {
    publish(address);
    spoil(plc);
  };
  plc.show(1, scans(1));
  await pass(clock, 200);
  expect(told()).toEqual([]);
  expect(driver.status().counters['torn']).toBeGreaterThan(0);
  plc.beforeRead = publish;
  await pass(clock, 20);
  expect(told()).toEqual(['1: scan 1']);
});

test('confirmations that the core has not stored within a second are told again', async () => {
  const { plc, clock, driver, facts, told } = await claimed(output(point()));
  facts.length = 0;
  plc.show(1, confirmations(2));
  await pass(clock, 900);
  expect(told()).toEqual(['1: confirmed 1', '1: confirmed 2']);
  expect(driver.status().counters['duplicates']).toBe(0);
  await pass(clock, 600);
  expect(told()).toHaveLength(4);
  expect(driver.status().counters).toMatchObject({ confirmations: 4, duplicates: 2 });
  driver.drive(output(point({ confirmAck: 2 })));
  await pass(clock, 4000);
  expect(told()).toHaveLength(4);
});

test('whatever the timing, each scan and confirmation comes once and in order', async () => {
  const step = fc.record({
    scanned: fc.integer({ min: 0, max: 2 }),
    confirmed: fc.integer({ min: 0, max: 3 }),
    torn: fc.integer({ min: 0, max: 3 }),
    waitMs: fc.integer({ min: 0, max: 8 }).map((n) => n * 5),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
      const { plc, clock, driver, facts } = await claimed(output(point()));
      let [scanHead, confirmHead] = [0, 0];
      const inOrder = (kind: string, head: number) =>
        expect(facts.map(short).filter((text) => text.startsWith(`1: ${kind}`))).toEqual(
          Array.from({ length: head }, (_, i) => `1: ${kind} ${i + 1}`),
        );
      for (const { scanned, confirmed, torn, waitMs } of steps) {
        scanHead += scanned;
        confirmHead += confirmed;
        plc.torn = torn;
        plc.show(1, { ...scans(scanHead), ...confirmations(confirmHead) });
        await pass(clock, 100 + waitMs);
        inOrder('scan', scanHead);
        inOrder('confirmed', confirmHead);
        driver.drive(output(point({ confirmAck: confirmHead })));
      }
      await driver.stop();
      expect(facts.some(({ type }) => type === 'conveyor.gap')).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test('full and broken exits are told when they change', async () => {
  const { plc, clock, facts } = await claimed();
  facts.length = 0;
  plc.show(1, { exitsFull: 0b1, exitsDown: 0x8000, state: 'exitFull' });
  await pass(clock, 1100);
  expect(facts).toEqual([
    {
      ...{ device: 'conveyor-1', type: 'conveyor.pointChanged', point: 1, state: 'exitFull' },
      ...{ exitsFull: [1], exitsDown: [16], faultCode: 0 },
    },
  ]);
});

test('a wrong PLC is told once and not written to', async () => {
  const { plc, clock, told } = started({
    answer: () => output(point()),
    prepare: (plc) => plc.showLink({ deviceNumber: 2 }),
  });
  await pass(clock, 5000);
  expect(told()).toEqual(['conveyor.misconfigured']);
  expect(plc.written).toEqual([]);
});

test('nothing is written after stop', async () => {
  const { plc, clock, driver } = await claimed(output(point()));
  await driver.stop();
  const writes = plc.written.length;
  driver.drive(output(point({ confirmAck: 9 })));
  await pass(clock, 3000);
  expect(plc.written).toHaveLength(writes);
});
