import { expect, test } from 'vitest';
import { scannerFuzz } from './scanner.ts';
import { type FuzzTarget, fuzz } from './target.ts';

test('whatever a scanner sends, nothing is read that was not sent whole, and nothing is held', () => {
  const { counts } = fuzz(scannerFuzz(), { seed: 20_261, inputs: 5_000 });
  for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(100);
});

test('an input that fails is named by its number, which repeats it', () => {
  const drawn: number[] = [];
  const failing: FuzzTarget = {
    doc: '',
    counts: () => ({}),
    run: (draw) => {
      drawn.push(draw.below(1_000_000));
      if (drawn.length === 3) throw new Error('broken');
    },
  };
  expect(() => fuzz(failing, { seed: 7, inputs: 10 })).toThrow('input 2 of seed 7 failed');
  fuzz(failing, { seed: 7, inputs: 1, from: 2 });
  expect(drawn[3]).toBe(drawn[2]);
});
