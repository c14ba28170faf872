import { expect, test } from 'vitest';
import { printerFuzz } from './printer.ts';
import { fuzz } from './target.ts';

test('whatever a printer answers, it is never ready when it has not said so, and nothing is held', () => {
  const { counts } = fuzz(printerFuzz(), { seed: 20_261, inputs: 20_000 });
  for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(100);
});
