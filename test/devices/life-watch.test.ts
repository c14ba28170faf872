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

test('a PLC whose counter goes on is available for as long again, one that repeats itself is not', () => {
  const clock = new ManualClock();
  const watch = new LifeWatch(limitMs, clock.monotonicMs());
  const seeAfter = (ms: number, life: number) => {
    clock.advance(ms);
    watch.see(life, clock.monotonicMs());
  };
  seeAfter(limitMs - 1, 7);
  seeAfter(limitMs - 1, 8);
  seeAfter(limitMs - 1, 8);
  expect(() => watch.check(clock)).not.toThrow();
  clock.advance(1);
  expect(() => watch.check(clock)).toThrow('stands still');
});

test('one that has never been read is given the same time', () => {
  const clock = new ManualClock();
  clock.advance(5_000);
  const watch = new LifeWatch(limitMs, clock.monotonicMs());
  clock.advance(limitMs - 1);
  expect(() => watch.check(clock)).not.toThrow();
  clock.advance(1);
  expect(() => watch.check(clock)).toThrow('stands still');
});

test('that a PLC runs is known once two readings have differed', () => {
  const watch = new LifeWatch(limitMs, 0);
  const moves = [4, 4, 5, 5].map((life) => {
    watch.see(life, 0);
    return watch.moves;
  });
  expect(moves).toEqual([false, false, true, true]);
});
