import { expect, test } from 'vitest';
import { livesThrough, lossesOf } from '../lib/forgetful-loop.ts';

// Where conveyors lead into one another, what has left one unheard is seen at the next one first.

test.each([1, 2, 3, 4, 5, 6])(
  'whatever a conveyor forgets, and whenever, nothing passes for another one: draw %i',
  async (seed) => {
    const losses = lossesOf(seed);
    expect({ losses, wrong: await livesThrough(seed, losses) }).toEqual({ losses, wrong: [] });
  },
);
