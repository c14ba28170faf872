import type { Random } from '../../src/ports/random.ts';
import { draw } from '../world/chance.ts';

/** Chance of one part of a run, apart from that of all others: what one draws changes nothing for another. */
export function chanceOf(seed: number, part: string): Random {
  let state = seed >>> 0;
  for (const letter of part)
    state = (Math.imul(state ^ letter.charCodeAt(0), 0x01000193) + 1) >>> 0;
  const chance = { state };
  // The generator gives 32 bits when it is asked for one of 2 ** 32.
  return { u32: () => draw(chance, 2 ** 32) };
}
