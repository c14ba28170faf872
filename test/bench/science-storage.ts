import { type Chance, draw } from '../../simulators/world/chance.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import { assortmentRows } from './science-assortment.ts';
import { digOutRows } from './science-dig-outs.ts';
import { type ScienceRow, share, withinPoints } from './science-rows.ts';
import { ScienceStore, unitOf } from './science-store.ts';
import { cumulative, indexIn } from './science-sums.ts';

const hourMs = 3_600_000;
const source = 'Hausman, Schwarz & Graves 1976';
/** Saved against random storage, percent, with the best two and three classes. */
const published = [
  { p: 40, two: 7.7, three: 9.5 },
  { p: 60, two: 18.1, three: 22.4 },
  { p: 80, two: 35.9, three: 43.8 },
] as const;

/** Storage by classes, and lanes of double-deep racks. */
export const storageRows = (isQuick: boolean, seed: number): ScienceRow[] => [
  ...published.flatMap(({ p, two, three }) =>
    (
      [
        [2, two],
        [3, three],
      ] as const
    ).map(([classes, saved]) =>
      withinPoints({
        source,
        parameter: `20/${p}, ${classes} classes: travel saved, %`,
        published: saved,
        ours: savedBy(p, classes, isQuick ? 30_000 : 150_000, { state: seed }),
        bound: 1.5,
      }),
    ),
  ),
  ...assortmentRows(isQuick, seed),
  ...digOutRows(isQuick, seed),
];

/**
 * The model's own conditions: every load unit has a turnover of its own, the demand is known, one goes
 * out and comes back at a time. Classes and cells are Craneway's.
 */
function savedBy(p: number, classes: number, cycles: number, chance: Chance): number {
  const face = { bays: 99, levels: 99, depths: 1, classes };
  const store = new ScienceStore(face, chance);
  const count = Math.floor(store.cells.length * 0.98);
  const turnover = turnovers(p, count);
  const sums = cumulative(turnover);
  for (const [i, rate] of turnover.entries()) {
    store.addSku(`S-${i}`, 'fifo', (hourMs * 1_000) / (rate * count));
  }
  const anyWanted = () => indexIn(sums, share(chance) * (sums.at(-1) as number));
  const units: (LoadUnit | undefined)[] = [];
  const put = (i: number) => {
    units[i] = store.store(`T-${i}`, `S-${i}`, 'craneway');
  };
  // The classes are Craneway's, from arrivals as they come; then all are stored by them.
  for (let i = 0; i < 20_000; i++) {
    const wanted = anyWanted();
    put(wanted);
    const unit = units[wanted];
    if (unit !== undefined) store.retrieve(unit, false);
    units[wanted] = undefined;
  }
  for (const i of shuffled(count, chance)) {
    units[i] = store.place(unitOf(`T-${i}`, `S-${i}`), 'craneway');
  }
  for (let cycle = -cycles / 2; cycle < cycles; cycle++) {
    if (cycle === 0) store.reset();
    const wanted = anyWanted();
    const unit = units[wanted];
    if (unit !== undefined) store.retrieve(unit, false);
    put(wanted);
  }
  return 100 * (1 - store.travelled);
}

/** Share of the demand of each load unit, the busiest first: λ(j) ∝ j^((s−1)/(s+1)), so up to j it makes j^(2s/(s+1)). */
function turnovers(p: number, count: number): number[] {
  const s = Math.log(p / 100) / Math.log(0.2);
  const upTo = (share: number) => share ** ((2 * s) / (s + 1));
  return Array.from({ length: count }, (_, i) => upTo((i + 1) / count) - upTo(i / count));
}

function shuffled(count: number, chance: Chance): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = draw(chance, i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
