/** Chance with a state that can be kept, so that a plant goes on after a kill as it would have done. */
export interface Chance {
  state: number;
}

/** The next number, evenly from 0 to `below` − 1. Source: mulberry32, Tommy Ettinger, public domain. */
export function draw(chance: Chance, below: number): number {
  chance.state = (chance.state + 0x6d2b79f5) >>> 0;
  let mixed = chance.state;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}
