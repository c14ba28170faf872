import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rests, Turns } from '../../../devices/lib/turns.ts';
import { ManualClock } from '../../lib/manual-clock.ts';

interface Job {
  readonly unit: number;
  readonly isWrite: boolean;
  readonly number: number;
}
const jobs = fc
  .array(fc.record({ unit: fc.integer({ min: 1, max: 4 }), isWrite: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((rows) => rows.map((row, number): Job => ({ ...row, number })));

function all(turns: Turns<Job>): Job[] {
  const order: Job[] = [];
  for (let job = turns.next(); job !== undefined; job = turns.next()) order.push(job);
  return order;
}

test('every request has exactly one turn, those of one kind of one unit in their order', () => {
  fc.assert(
    fc.property(jobs, (rows) => {
      const turns = new Turns<Job>();
      for (const job of rows) turns.add(job.unit, job);
      const order = all(turns);
      expect(order.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
        rows.map(({ number }) => number),
      );
      for (const unit of [1, 2, 3, 4]) {
        for (const isWrite of [true, false]) {
          const own = order.filter((job) => job.unit === unit && job.isWrite === isWrite);
          expect(own).toEqual(own.toSorted((a, b) => a.number - b.number));
        }
      }
    }),
  );
});

test('a unit that has one request waiting is never passed over for long, whatever the others want', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 5 }),
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      (units, kinds) => {
        const turns = new Turns<Job>();
        // Unit 1 asks once, with a read; all others ask again as soon as they had their turn.
        turns.add(1, { unit: 1, isWrite: false, number: 0 });
        for (let unit = 2; unit <= units; unit++)
          turns.add(unit, { unit, isWrite: true, number: 0 });
        for (let turn = 1; ; turn++) {
          const job = turns.next();
          if (job?.unit === 1) return;
          expect(turn).toBeLessThanOrEqual(2 * units);
          const unit = job?.unit ?? 0;
          turns.add(unit, { unit, isWrite: kinds[turn % 60] ?? true, number: turn });
        }
      },
    ),
  );
});

test('a write goes before the reads that wait already', () => {
  const turns = new Turns<Job>();
  for (const unit of [1, 2, 3]) turns.add(unit, { unit, isWrite: false, number: unit });
  turns.add(3, { unit: 3, isWrite: true, number: 9 });
  expect(all(turns).map(({ number }) => number)).toEqual([9, 1, 2, 3]);
});

test('a unit that is silent rests for twice as long each time, up to half a minute, until it answers', () => {
  const clock = new ManualClock();
  const rests = new Rests(clock);
  const lengths = Array.from({ length: 8 }, () => {
    rests.begin(7, { tookMs: 500, isSilent: true });
    return rests.silentForMs(7);
  });
  expect(lengths).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(rests.dueMs(7, true)).toBe(30_000);
  rests.begin(7, { tookMs: 20, isSilent: false });
  expect(rests.silentForMs(7)).toBe(0);
  expect([rests.dueMs(7, true), rests.dueMs(7, false)]).toEqual([0, 20]);
});
