import { edgeKey } from './conveyor-network.ts';
import type { LocationId } from './ids.ts';
import type { Aisle, Area } from './site.ts';
import { type Cell, cellCode, type Topology } from './topology.ts';

/** A block of the rack face, in all depths. Numbers are the first and the last, from 1. */
export interface CellRange {
  readonly aisle: Aisle;
  readonly sides: 'L' | 'R' | 'LR';
  readonly bays: readonly [number, number];
  readonly levels: readonly [number, number];
}

/** Something that can be locked. `code` names it in one way only, however it was written. */
export type SitePart = { readonly code: string } & (
  | { readonly kind: 'area'; readonly area: Area }
  | { readonly kind: 'aisle'; readonly aisle: Aisle }
  | { readonly kind: 'cells'; readonly range: CellRange }
  | { readonly kind: 'cell'; readonly location: LocationId }
  /** A station, a P&D station or a conveyor segment. */
  | { readonly kind: 'place'; readonly location: LocationId }
  /** An exit of a decision point. */
  | { readonly kind: 'exit' }
);

/** How to write each of them, for messages. */
export const partForms =
  'an area, an aisle (A01), a side (A01-L), bays (A01-L-003..005), bays and levels (A01-LR-003-01..02), a cell, a station, a P&D station, a segment or an exit (conveyor-1/3/2)';

/** @returns undefined when the site has no such part, or nobody can lock it */
export function partOf(topology: Topology, text: string): SitePart | undefined {
  const { site } = topology;
  const area = site.areas?.find((known) => known.area === text);
  if (area !== undefined) return { kind: 'area', code: text, area };
  const aisle = site.aisles.find((known) => known.aisle === text);
  if (aisle !== undefined) return { kind: 'aisle', code: text, aisle };
  const place = topology.find(text);
  const location = text as LocationId;
  if (place?.kind === 'cell') return { kind: 'cell', code: text, location };
  if (place?.kind === 'station' || place?.kind === 'pd') {
    return { kind: 'place', code: text, location };
  }
  if (topology.network.edges.some((edge) => edgeKey(edge) === text)) {
    return { kind: 'exit', code: text };
  }
  return rangeOf(site.aisles, text);
}

const rangeForm = /^(L|R|LR)(?:-(\d{1,3})(?:\.\.(\d{1,3}))?(?:-(\d{1,2})(?:\.\.(\d{1,2}))?)?)?$/;

function rangeOf(aisles: readonly Aisle[], text: string): SitePart | undefined {
  for (const aisle of aisles) {
    if (!text.startsWith(`${aisle.aisle}-`)) continue;
    const match = rangeForm.exec(text.slice(aisle.aisle.length + 1));
    if (match === null) continue;
    const [, side, ...numbers] = match;
    const bays = span(numbers[0], numbers[1], aisle.bays);
    const levels = span(numbers[2], numbers[3], aisle.levels);
    if (bays === undefined || levels === undefined) return undefined;
    const range: CellRange = { aisle, sides: side as CellRange['sides'], bays, levels };
    const code = rangeCode(range);
    return code === aisle.aisle ? { kind: 'aisle', code, aisle } : { kind: 'cells', code, range };
  }
  return undefined;
}

function span(first: string | undefined, last: string | undefined, max: number) {
  const from = first === undefined ? 1 : Number(first);
  const to = first === undefined ? max : Number(last ?? first);
  return from >= 1 && from <= to && to <= max ? ([from, to] as const) : undefined;
}

/** As short as it can be said; the whole aisle is the aisle. */
function rangeCode({ aisle, sides, bays, levels }: CellRange): string {
  const isAllLevels = levels[0] === 1 && levels[1] === aisle.levels;
  const isAllBays = bays[0] === 1 && bays[1] === aisle.bays;
  if (isAllBays && isAllLevels) return sides === 'LR' ? aisle.aisle : `${aisle.aisle}-${sides}`;
  const rest = isAllLevels ? '' : `-${numbersText(levels, 2)}`;
  return `${aisle.aisle}-${sides}-${numbersText(bays, 3)}${rest}`;
}

function numbersText([first, last]: readonly [number, number], digits: number): string {
  const text = (n: number) => String(n).padStart(digits, '0');
  return first === last ? text(first) : `${text(first)}..${text(last)}`;
}

export const isInRange = ({ sides, bays, levels }: CellRange, cell: Cell): boolean =>
  sides.includes(cell.side) &&
  cell.bay >= bays[0] &&
  cell.bay <= bays[1] &&
  cell.level >= levels[0] &&
  cell.level <= levels[1];

export const cellsInRange = ({ aisle, sides, bays, levels }: CellRange): number =>
  sides.length * (bays[1] - bays[0] + 1) * (levels[1] - levels[0] + 1) * aisle.depths;

/** The cells of a part that is smaller than an aisle; none of the others. */
export function* cellsOf(part: SitePart): Generator<LocationId> {
  if (part.kind === 'cell') yield part.location;
  if (part.kind !== 'cells') return;
  const { aisle, sides, bays, levels } = part.range;
  for (const side of sides as Iterable<Cell['side']>) {
    for (let bay = bays[0]; bay <= bays[1]; bay++) {
      for (let level = levels[0]; level <= levels[1]; level++) {
        for (let depth = 1; depth <= aisle.depths; depth++) {
          yield cellCode(aisle.aisle, { side, bay, level, depth });
        }
      }
    }
  }
}
