import type { Reason } from './books.ts';
import type { Candidate, Search } from './cell-search.ts';
import type { Refused } from './free-cells.ts';
import { type PutawayTerms, type PutawayWeights, termsInWords } from './putaway-score.ts';
import type { Aisle } from './site.ts';

/** Aisles that were not chosen and are named with their reasons; the others are counted. */
const othersMax = 7;

/** Why no cell of an aisle takes a load unit. */
export function noCell({ aisle }: Aisle, { books, unit, topology }: Search): Reason {
  const types = topology.site.loadUnitTypes;
  if (books.limits.fitting(unit, types).length === 0) {
    return { code: 'CHECK_FAILED', detail: books.limits.misfit(unit, types) };
  }
  const detail = `no free cell in ${aisle}: ${inWords(books.cells.refused())}`;
  return { code: 'NO_LOCATION', detail };
}

/** @param found  with the rank of the nearest free cell of any kind, and the way from the P&D station */
export function cellReasons(
  { aisle }: Aisle,
  search: Search,
  { rank, terms, nearest, travelMs }: Candidate & { nearest: number; travelMs: number },
): Reason[] {
  const { books, except, weights } = search;
  const { order, cells } = books;
  const chosen = order.codeAt(rank);
  const seconds = (travelMs / 1000).toFixed(1);
  const found = [...except].filter((other) => other < rank && cells.kindAt(other) !== undefined);
  const before = cells.refusedBefore(rank);
  const refused = { ...before, locked: before.locked + found.length };
  const nearer = refused.occupied + refused.reserved + refused.locked;
  const skipped = { code: 'NEARER_CELLS', detail: `nearer cells: ${inWords(refused)}` };
  const first = `of ${aisle}, ${seconds} s from its P&D station`;
  const choice =
    rank === nearest
      ? { code: 'NEAREST', detail: `${chosen} is the nearest free cell ${first}` }
      : {
          code: 'BEST',
          detail: `${chosen} is the best free cell ${first} (${termsInWords(terms, weights)}); the nearest one is ${order.codeAt(nearest)}`,
        };
  return [choice, ...classReasons(search, rank), ...(nearer > 0 ? [skipped] : [])];
}

/** Which part of the aisle is for its class, and whether the cell is there. */
function classReasons({ region, unit, books, leavesInMs }: Search, rank: number): Reason[] {
  const { from, to } = region;
  if (from === 0 && to === 1) return [];
  const stayMs = leavesInMs(unit);
  const stay =
    stayMs === undefined ? 'nobody knows how long' : `${(stayMs / 3_600_000).toFixed(1)} h`;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const share = rank / books.order.size;
  const spilled = share < from || share >= to ? ', which is full: it spills over' : '';
  const detail = `it is expected to stay ${stay}, so from ${percent(from)} to ${percent(to)} of the aisle${spilled}`;
  return [{ code: 'CLASS', detail }];
}

export interface RatedAisle {
  readonly aisle: string;
  readonly terms: PutawayTerms;
  readonly cost: number;
  /** Why it cannot take the load unit; undefined: it can. */
  readonly why: string | undefined;
}

export function aisleReasons(
  rated: readonly RatedAisle[],
  best: RatedAisle | undefined,
  weights: PutawayWeights,
): Reason[] {
  const others = rated.filter((one) => one !== best);
  const told = others.slice(0, othersMax).map(({ aisle, terms, cost, why }) => {
    const costs = `${aisle} costs ${cost.toFixed(2)} (${termsInWords(terms, weights)})`;
    const detail = why === undefined ? costs : why.includes(aisle) ? why : `${aisle}: ${why}`;
    return { code: best === undefined ? 'NO_LOCATION' : 'OTHER_AISLE', detail };
  });
  const more = others.length - told.length;
  const rest = more > 0 ? [{ code: 'OTHER_AISLE', detail: `and ${more} aisles more` }] : [];
  if (best === undefined) return [...told, ...rest];
  const detail = `${best.aisle} costs the least of ${rated.length} aisles: ${best.cost.toFixed(2)} (${termsInWords(best.terms, weights)})`;
  return [{ code: 'AISLE', detail }, ...told, ...rest];
}

const inWords = ({ occupied, reserved, locked }: Refused): string =>
  `${occupied} occupied, ${reserved} reserved, ${locked} locked`;
