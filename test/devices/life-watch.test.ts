import { expect, test } from 'vitest';
import { LifeWatch } from '../../devices/lib/plc.ts';
import { ManualClock } from '../lib/manual-clock.ts';

const limitMs = 2_000;

function watching() {
  const clock = new ManualClock();
  const watch = new LifeWatch(limitMs, clock.monotonicMs());
  for (const life of [1, 2]) watch.see(life, clock.monotonicMs());
  return { clock, check: () => watch.check(clock) };
}

test('a PLC whose counter stands still for as long as it may is unavailable, and not before', () => {
  const { clock, check } = watching();
  clock.advance(limitMs - 1);
  expect(check).not.toThrow();
  clock.advance(1);
  expect(check).toThrow('The control task of the PLC stands still');
});

test('a process that stood still itself looks for as long before it says so of a PLC', () => {
  const { clock, check } = watching();
  clock.standStill(60_000);
  expect(check).not.toThrow();
  clock.advance(limitMs - 1);
  expect(check).not.toThrow();
  clock.advance(1);
  expect(check).toThrow('The control task of the PLC stands still');
});
