import { type Chance, draw } from '../../simulators/world/chance.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import { atMostPercent, type ScienceRow } from './science-rows.ts';
import { type Policy, ScienceStore } from './science-store.ts';

const skus = 200;
const lot = 6;

/** How many percent fewer there have to be. The fuller it is, the fewer lanes there are to choose from. */
const bounds = [
  { percent: 90, bound: -60 },
  { percent: 95, bound: -30 },
  { percent: 98, bound: -8 },
] as const;

/**
 * A double-deep aisle at a constant fill, FEFO: lots of six of one day come in, and the oldest day of a SKU
 * goes first; of one day, one that nothing stands before. What is in the way is moved by the same rule by
 * which load units are stored.
 */
export function digOutRows(isQuick: boolean, seed: number): ScienceRow[] {
  return bounds.map(({ percent, bound }) => {
    const retrievals = isQuick ? 8_000 : 40_000;
    const digOuts = (by: Policy) => digOutsOf(percent / 100, by, retrievals, { state: seed });
    return atMostPercent({
      source: 'random lanes, same run',
      parameter: `double deep, ${percent} % full: dig-outs per 100 retrievals`,
      published: digOuts('random'),
      ours: digOuts('craneway'),
      bound,
    });
  });
}

function digOutsOf(fill: number, by: Policy, retrievals: number, chance: Chance): number {
  const store = new ScienceStore({ bays: 20, levels: 50, depths: 2, classes: 1 }, chance);
  const stock = Array.from({ length: skus }, (): LoadUnit[] => []);
  for (let sku = 0; sku < skus; sku++) store.addSku(`S-${sku}`, 'fefo');
  const target = Math.floor(store.cells.length * fill);
  let [count, day, there, digOuts] = [0, 0, 0, 0];
  const bringLot = () => {
    const sku = draw(chance, skus);
    const expiry = String(++day).padStart(8, '0');
    for (let i = 0; i < lot; i++) {
      const unit = store.store(`T-${++count}`, `S-${sku}`, by, expiry);
      if (unit === undefined) continue;
      stock[sku]?.push(unit);
      there++;
    }
  };
  const { topology } = store.warehouse;
  const before = ({ place }: LoadUnit): LoadUnit | undefined => {
    const front = topology.frontOf(place);
    return front === undefined ? undefined : store.warehouse.at(front)[0];
  };
  const current = ({ loadUnit }: LoadUnit) => store.warehouse.loadUnit(loadUnit) as LoadUnit;
  for (let done = -retrievals / 2; done < retrievals; ) {
    while (there + lot <= target) bringLot();
    const units = stock[draw(chance, skus)] as LoadUnit[];
    const [oldest] = units;
    if (oldest === undefined) continue;
    const sameDay = units.filter(({ lines }) => lines[0]?.expiry === oldest.lines[0]?.expiry);
    const wanted = sameDay.find((unit) => before(current(unit)) === undefined) ?? oldest;
    const unit = current(wanted);
    const blocker = before(unit);
    if (blocker !== undefined) {
      if (done >= 0) digOuts++;
      store.relocate(blocker, by);
    }
    store.retrieve(unit, false);
    units.splice(units.indexOf(wanted), 1);
    there--;
    done++;
  }
  return (100 * digOuts) / retrievals;
}
