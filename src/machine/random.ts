import { randomBytes } from 'node:crypto';
import type { Random } from '../ports/random.ts';

/** Real chance: for nonces that no other machine can draw. */
export const machineRandom: Random = { u32: () => randomBytes(4).readUInt32BE() };

/**
 * Chance that can be repeated: mulberry32, a 32-bit generator with the full period.
 *
 * @param seed  any integer
 * Source: Tommy Ettinger, mulberry32 (public domain).
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    u32() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return (t ^ (t >>> 14)) >>> 0;
    },
  };
}
