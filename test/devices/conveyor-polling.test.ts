import { expect, test } from 'vitest';
import { claimed, scans } from '../lib/conveyor-run.ts';
import type { FakeConveyor } from '../lib/fake-conveyor.ts';
import { pass } from '../lib/fake-registers.ts';
import type { ManualClock } from '../lib/manual-clock.ts';

/** How often the link is read in the next 40 ms. */
async function linkReads(clock: ManualClock, plc: FakeConveyor): Promise<number> {
  const before = plc.reads.length;
  await pass(clock, 40, 1);
  return plc.reads.slice(before).filter((address) => address === 3100).length;
}

test('while loads come the link is read again as soon as it was answered, then every 20 ms again', async () => {
  const { clock, plc } = await claimed();
  expect(await linkReads(clock, plc)).toBe(2);
  plc.show(1, scans(1));
  await pass(clock, 20, 1);
  // On this clock an answer takes no time, and the next reading waits for a millisecond.
  expect(await linkReads(clock, plc)).toBe(40);
  await pass(clock, 250, 1);
  expect(await linkReads(clock, plc)).toBe(2);
});

test('a reading that is due for another reason than news makes nobody eager', async () => {
  const { clock, plc } = await claimed();
  await pass(clock, 1000, 1);
  expect(plc.reads.filter((address) => address === 5000).length).toBeGreaterThan(1);
  expect(await linkReads(clock, plc)).toBe(2);
});
