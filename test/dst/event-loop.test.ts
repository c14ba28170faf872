import { expect, test } from 'vitest';
import { ManualClock } from '../lib/manual-clock.ts';
import { EventLoop } from './event-loop.ts';

const [crane, scanner] = [{ name: 'crane' }, { name: 'scanner' }];

function stalled() {
  const clock = new ManualClock();
  const seen: string[] = [];
  let isAlive = true;
  const loop = new EventLoop(clock, () => isAlive);
  const die = () => {
    isAlive = false;
  };
  const comes = (text: string, socket?: object, then = () => {}) =>
    loop.take(() => {
      seen.push(text);
      then();
    }, socket);
  loop.stall(1_000);
  return { clock, loop, seen, comes, die };
}

test('a process that stood still reads each socket in its order, and then sees to its timers', () => {
  const { clock, loop, seen, comes } = stalled();
  comes('crane 1', crane);
  comes('scanner 1', scanner);
  comes('timer 1');
  comes('crane 2', crane);
  comes('timer 2');
  comes('scanner 2', scanner, () => {
    comes('crane 3', crane);
    comes('timer 3');
  });
  comes('scanner 3', scanner);
  loop.stall(2_000);
  clock.advance(1_999);
  expect(seen).toEqual([]);
  clock.advance(1);
  expect(seen).toEqual([
    ...['crane 1', 'crane 2', 'scanner 1', 'scanner 2', 'scanner 3', 'timer 1', 'timer 2'],
    ...['crane 3', 'timer 3'],
  ]);
  expect(loop.wokeAtMs).toBe(2_000);
  comes('crane 4', crane);
  expect(seen.at(-1)).toBe('crane 4');
});

test('a process that is woken before its time goes on at once, and one that has died never', () => {
  for (const isKilled of [false, true]) {
    const { clock, loop, seen, comes, die } = stalled();
    comes('crane 1', crane);
    comes('timer 1');
    if (isKilled) die();
    loop.wake();
    clock.advance(0);
    expect(seen).toEqual(isKilled ? [] : ['crane 1', 'timer 1']);
  }
});
