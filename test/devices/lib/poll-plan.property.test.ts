import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Piece,
  type PlanLimits,
  PollPlan,
  pieceProblem,
  planReads,
  type Read,
} from '../../../devices/lib/poll-plan.ts';

const limits = fc.record({
  gapMax: fc.integer({ min: 0, max: 8 }),
  wordsMax: fc.integer({ min: 4, max: 125 }),
  forbidden: fc.array(
    fc.record({ base: fc.integer({ min: 0, max: 200 }), length: fc.integer({ min: 1, max: 3 }) }),
    { maxLength: 3 },
  ),
});
/** Fields of one to four registers, close to each other; some lie over others, as views of one register do. */
const pieces = fc
  .array(
    fc.record({
      address: fc.integer({ min: 0, max: 200 }),
      words: fc.constantFrom(1, 1, 2, 4),
      periodMs: fc.constantFrom(50, 1000),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((rows) => rows.map((row, i): Piece => ({ ...row, name: `field${i}` })));
const planned = fc
  .tuple(pieces, limits)
  .map(([all, limit]) => ({ limit, all: all.filter((piece) => !pieceProblem(piece, limit)) }));

const isInside = (address: number, read: { address: number; words: number }) =>
  address >= read.address && address < read.address + read.words;

function widestGap(read: Read): number {
  let [gap, widest] = [0, 0];
  for (let at = read.address; at < read.address + read.words; at++) {
    gap = read.pieces.some((piece) => isInside(at, piece)) ? 0 : gap + 1;
    widest = Math.max(widest, gap);
  }
  return widest;
}

test('every field is read whole, in exactly one request, with the others of its period only', () => {
  fc.assert(
    fc.property(planned, ({ all, limit }) => {
      const reads = planReads(all, limit);
      expect(reads.flatMap((read) => read.pieces).length).toBe(all.length);
      for (const read of reads) {
        for (const piece of read.pieces) {
          expect(isInside(piece.address, read)).toBe(true);
          expect(isInside(piece.address + piece.words - 1, read)).toBe(true);
          expect(piece.periodMs).toBe(read.periodMs);
        }
      }
    }),
  );
});

test('no request is longer than the device allows, touches a forbidden register, or reads a wider gap', () => {
  fc.assert(
    fc.property(planned, ({ all, limit }) => {
      for (const read of planReads(all, limit)) {
        expect(read.words).toBeLessThanOrEqual(limit.wordsMax);
        for (const { base, length } of limit.forbidden) {
          for (let at = base; at < base + length; at++) expect(isInside(at, read)).toBe(false);
        }
        expect(widestGap(read)).toBeLessThanOrEqual(limit.gapMax);
      }
    }),
  );
});

const plain: PlanLimits = { gapMax: 4, wordsMax: 125, forbidden: [] };
const field = (name: string, address: number, words = 1, periodMs = 100): Piece => ({
  ...{ name, address, words, periodMs },
});

test('neighbors are read with one request, strangers with their own', () => {
  const all = [field('far', 100), field('one', 10), field('two', 12, 2), field('slow', 11, 1, 500)];
  const shown = planReads(all, plain).map(({ address, words, periodMs }) => [
    address,
    words,
    periodMs,
  ]);
  expect(shown).toEqual([
    [10, 4, 100],
    [100, 1, 100],
    [11, 1, 500],
  ]);
});

test('a field that lies on a forbidden register, or is too long, is named before anything is read', () => {
  const forbidden = [{ base: 20, length: 2 }];
  expect(pieceProblem(field('a', 19, 2), { ...plain, forbidden })).toBe(
    'a needs registers 20 to 21, which are forbidden',
  );
  expect(pieceProblem(field('b', 0, 9), { ...plain, wordsMax: 8 })).toContain(
    'one request reads 8',
  );
  expect(pieceProblem(field('c', 22), { ...plain, forbidden })).toBeUndefined();
});

/** Asks as a driver does, of a device in which these registers do not exist. */
function polled(all: readonly Piece[], missing: ReadonlySet<number>) {
  const plan = new PollPlan(all, plain, 0);
  const found: string[] = [];
  let requests = 0;
  for (let read = plan.due(0); read !== undefined; read = plan.due(0)) {
    requests++;
    plan.asked(read, 0);
    const { address, words } = read;
    const isRefused = Array.from({ length: words }, (_, i) => address + i).some((at) =>
      missing.has(at),
    );
    const piece = isRefused ? plan.refused(read, 0) : undefined;
    if (piece !== undefined) found.push(piece.name);
  }
  const left: string[] = [];
  for (let read = plan.due(100); read !== undefined; read = plan.due(100)) {
    plan.asked(read, 100);
    left.push(...read.pieces.map(({ name }) => name));
  }
  return { found, left: left.sort(), requests };
}

test('what does not exist is found, named once and left out; all else is read on', () => {
  fc.assert(
    fc.property(
      pieces,
      fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 4 }),
      (rows, gone) => {
        const all = rows.map((row) => ({ ...row, periodMs: 100 }));
        const missing = new Set(gone);
        const isGone = ({ address, words }: Piece) =>
          gone.some((at) => at >= address && at < address + words);
        const names = (some: readonly Piece[]) => some.map(({ name }) => name).sort();
        const { found, left } = polled(all, missing);
        expect(found.toSorted()).toEqual(names(all.filter(isGone)));
        expect(left).toEqual(names(all.filter((piece) => !isGone(piece))));
      },
    ),
  );
});

test('a missing register between two fields costs a few requests once, and no field', () => {
  const all = [field('one', 10), field('two', 11), field('three', 14), field('four', 15)];
  expect(polled(all, new Set([12]))).toEqual({
    ...{ found: [], left: ['four', 'one', 'three', 'two'], requests: 3 },
  });
});

test('a late poll is made once, not once for each that was missed', () => {
  const plan = new PollPlan([field('one', 10)], plain, 0);
  const asks: number[] = [];
  for (const nowMs of [0, 10, 100, 950, 960, 1000]) {
    const read = plan.due(nowMs);
    if (read === undefined) continue;
    asks.push(nowMs);
    plan.asked(read, nowMs);
  }
  expect(asks).toEqual([0, 100, 950, 1000]);
  expect(plan.dueMs()).toBe(1100);
});
