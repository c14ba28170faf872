import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  askFor,
  countRequests,
  countsFrom,
  headProblem,
  isOlder,
  isSameClaim,
  nextCount,
  nothingCounted,
  ringParts,
  timingOf,
  utcS,
  Wakeup,
} from '../../../devices/lib/plc.ts';
import { InvariantError } from '../../../src/domain/errors.ts';
import { readCraneInterface } from '../../lib/interfaces.ts';
import { ManualClock } from '../../lib/manual-clock.ts';

const file = readCraneInterface();

describe('counters of 16 bits', () => {
  test('go on beyond their wrap', () => {
    expect([nextCount(0), nextCount(0xffff)]).toEqual([1, 0]);
    expect([countsFrom(3, 5), countsFrom(0xfffe, 1), countsFrom(5, 5)]).toEqual([2, 3, 0]);
  });

  test.each([
    [1, 2, true],
    [2, 2, false],
    [2, 1, false],
    [0xffff, 0, true],
    [0, 0x7fff, true],
    [0, 0x8000, false],
  ])('at %i are older than at %i: %s', (a, b, older) => {
    expect(isOlder(a, b)).toBe(older);
  });
});

test('a PLC is told whole seconds, and none before 1970', () => {
  expect([utcS(1999), utcS(-1)]).toEqual([1, 0]);
});

describe('a PLC that is not the one meant', () => {
  const right = { mapVersion: 0x0100, wordOrderTest: 0x01020304, deviceNumber: 1 };

  test.each([
    ['nothing', {}, undefined],
    ['nothing of another minor version', { mapVersion: 0x0107 }, undefined],
    ['of another map', { mapVersion: 0x0200 }, 'mapVersion reads 0x0200 instead of 0x0100'],
    [
      'with its words swapped',
      { wordOrderTest: 0x03040102 },
      'wordOrderTest reads 0x03040102 instead of 0x01020304',
    ],
    ['with another number', { deviceNumber: 2 }, 'deviceNumber reads 2 instead of 1'],
  ])('is told as what it shows: %s', (_, own, problem) => {
    const found = headProblem({ ...right, ...own }, file, 1);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
});

test('times are those of the interface file, unless others are given, and none may be missing', () => {
  const [known] = file.timing;
  const name = known?.name ?? '';
  expect(timingOf(file, [name])).toEqual({ [name]: known?.default });
  expect(timingOf(file, [name], { [name]: 7 })).toEqual({ [name]: 7 });
  expect(() => timingOf(file, ['teaMs'])).toThrow(InvariantError);
});

describe('a claim', () => {
  const claim = { epoch: 7, nonce: 9 };
  const judged = { bootId: 3, claim };

  test('is the same with the same epoch and nonce only; none is the same as none', () => {
    expect(isSameClaim(claim, { ...claim })).toBe(true);
    expect(isSameClaim(claim, { epoch: 7, nonce: 8 })).toBe(false);
    expect(isSameClaim(claim, { epoch: 6, nonce: 9 })).toBe(false);
    expect(isSameClaim(claim, undefined)).toBe(false);
    expect(isSameClaim(undefined, undefined)).toBe(false);
  });

  test.each([
    ['the same', judged, undefined],
    ['after a start', { ...judged, bootId: 4 }, 'restarted'],
    ['that was asked for', { bootId: 3, claim: { epoch: 8, nonce: 1 } }, 'claimed'],
    ['of somebody else', { bootId: 3, claim: { epoch: 8, nonce: 2 } }, 'connected'],
  ])('is judged anew where it is not the one that was judged: %s', (_, now, because) => {
    expect(askFor(judged, now, { epoch: 8, nonce: 1 })).toBe(because);
  });
});

test('of a ring, every number from the first to the last comes once and in order, as an entry or in a gap', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 6 });
  const limit = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(numbers, limit, limit, (slots, first, head) => {
      const parts = ringParts(slots, (slot) => slot, { from: first + 1, head });
      const told = parts.flatMap((part) => {
        if ('entry' in part) return [part.entry];
        expect(part.from).toBeLessThanOrEqual(part.to);
        const gap = Array.from({ length: part.to - part.from + 1 }, (_, i) => part.from + i);
        expect(gap.filter((number) => slots.includes(number))).toEqual([]);
        return gap;
      });
      const wanted = Array.from({ length: Math.max(0, head - first) }, (_, i) => first + 1 + i);
      expect(told).toEqual(wanted);
      // What is gone at one place comes as one gap.
      for (const [i, part] of parts.entries()) {
        const next = parts[i + 1];
        if (next !== undefined && 'from' in part) expect('entry' in next).toBe(true);
      }
    }),
  );
});

describe('a pause', () => {
  const waits = (delayMs: number) => {
    const clock = new ManualClock();
    const wakeup = new Wakeup(clock);
    const ending = new AbortController();
    const run = { over: false };
    const ended = wakeup.wait(delayMs, ending.signal).then(() => {
      run.over = true;
    });
    return { clock, wakeup, ending, run, ended };
  };

  test('ends when its time is over, when somebody rings, and when all ends', async () => {
    const timed = waits(100);
    await Promise.resolve();
    expect(timed.run.over).toBe(false);
    timed.clock.advance(100);
    await timed.ended;
    const rung = waits(100);
    rung.wakeup.ring();
    await rung.ended;
    expect(rung.clock.waitingMs).toEqual([]);
    const aborted = waits(100);
    aborted.ending.abort();
    await aborted.ended;
  });

  test('of nothing, or after the end, is none; ringing then is harmless', async () => {
    await waits(0).ended;
    const clock = new ManualClock();
    const wakeup = new Wakeup(clock);
    await wakeup.wait(100, AbortSignal.abort());
    expect(() => wakeup.ring()).not.toThrow();
  });
});

test('every request is counted, and how long its answer took', async () => {
  const clock = new ManualClock();
  const counters = nothingCounted();
  const tookMs: number[] = [];
  const answer = async <T>(value: T, afterMs: number): Promise<T> => {
    await Promise.resolve();
    clock.advance(afterMs);
    return value;
  };
  const modbus = countRequests(
    { readHolding: () => answer([7], 30), writeHolding: () => answer(undefined, 20) },
    counters,
    { traffic: { answeredIn: (ms: number) => tookMs.push(ms) } as never, clock },
  );
  const { signal } = new AbortController();
  expect(await modbus.readHolding(1, 1, signal)).toEqual([7]);
  await modbus.writeHolding(1, [1], signal);
  await modbus.writeHolding(1, [2], signal);
  expect(counters).toEqual({ reads: 1, writes: 2, torn: 0 });
  expect(tookMs).toEqual([30, 20, 20]);
});
