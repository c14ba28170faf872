import { type Edge, edgeKey } from './conveyor-network.ts';
import { invariant } from './errors.ts';
import type { LocationId } from './ids.ts';
import type { FixedLock } from './site.ts';
import { type CellRange, isInRange, partOf, type SitePart } from './site-part.ts';
import type { Topology } from './topology.ts';
import type { Warehouse } from './warehouse.ts';

/** Stands for the site file where a lock says whose it is. */
export const fixedBy = 'site/file';

export type Way = 'in' | 'out';

/** A part of the site that a person or a host has locked, until one of them unlocks it. */
export interface PartLock {
  /** As `SitePart.code`. */
  readonly part: string;
  readonly lock: Way | 'both';
  readonly reason: string;
  /** `operator/anna`, `host/wms`. */
  readonly by: string;
  readonly atMs: number;
}

interface RangeLock {
  readonly range: CellRange;
  readonly lock: PartLock;
}

/**
 * What is locked, and what follows for all that lies in it. A cell inherits from every range it lies in, from its
 * aisle and from the area of that; a place from its area.
 *
 * A question costs the same however large the part is: an aisle is looked up once for all of its cells. Only
 * ranges are gone through, those of one aisle.
 */
export class Locks {
  readonly #topology: Topology;
  readonly #locks = new Map<string, PartLock>();
  /** Those of the site file, beside whatever people lock under the same code. */
  readonly #fixed = new Map<string, PartLock>();
  readonly #ranges = new Map<string, RangeLock[]>();
  /** Areas by the aisles and places that belong to them. */
  readonly #areas: ReadonlyMap<string, string>;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#areas = new Map(
      (topology.site.areas ?? []).flatMap(({ area, aisles, places }) =>
        [...aisles, ...places].map((code): [string, string] => [code, area]),
      ),
    );
    for (const lock of topology.site.locks ?? []) this.#fix(lock);
  }

  #fix({ part: text, lock, reason }: FixedLock): void {
    const part = partOf(this.#topology, text);
    invariant(part !== undefined, `${text} of the site file cannot be locked`);
    const row: PartLock = { part: part.code, lock, reason, by: fixedBy, atMs: 0 };
    this.#fixed.set(part.code, row);
    if (part.kind === 'cells') this.#noteRange(part.range, undefined, row);
  }

  /** Those of the site file. */
  get fixed(): readonly PartLock[] {
    return [...this.#fixed.values()];
  }

  get #isNothing(): boolean {
    return this.#locks.size === 0 && this.#fixed.size === 0;
  }

  /** Keeps it in step with a row. @returns the part; undefined: the site has it no more, and nothing follows */
  note(before: PartLock | undefined, after: PartLock | undefined): SitePart | undefined {
    const row = after ?? before;
    const part = row && partOf(this.#topology, row.part);
    if (part === undefined) return undefined;
    if (after === undefined) this.#locks.delete(part.code);
    else this.#locks.set(part.code, after);
    if (part.kind === 'cells') this.#noteRange(part.range, before, after);
    return part;
  }

  #noteRange(range: CellRange, before: PartLock | undefined, after: PartLock | undefined): void {
    const { aisle } = range.aisle;
    const others = (this.#ranges.get(aisle) ?? []).filter(({ lock }) => lock !== before);
    const ranges = after === undefined ? others : [...others, { range, lock: after }];
    if (ranges.length === 0) this.#ranges.delete(aisle);
    else this.#ranges.set(aisle, ranges);
  }

  /** Of a cell itself or a range that it lies in; what its aisle says is another question. */
  onCell(location: LocationId, way: Way): PartLock | undefined {
    if (this.#isNothing) return undefined;
    const own = this.#on(location, way);
    if (own !== undefined || this.#ranges.size === 0) return own;
    const place = this.#topology.find(location);
    if (place?.kind !== 'cell') return undefined;
    const ranges = this.#ranges.get(place.aisle.aisle) ?? [];
    return ranges.find(({ range, lock }) => locks(lock, way) && isInRange(range, place.cell))?.lock;
  }

  /** Of an aisle or the area that it belongs to. */
  onAisle(aisle: string, way: Way): PartLock | undefined {
    return this.#on(aisle, way) ?? this.#on(this.#areas.get(aisle), way);
  }

  /** Of a station, a P&D station or a segment, or of the area that it belongs to. */
  onPlace(location: LocationId, way: Way): PartLock | undefined {
    return this.#on(location, way) ?? this.#on(this.#areas.get(location), way);
  }

  /** Of an exit, or of a place at one of its ends. */
  onExit(edge: Edge): PartLock | undefined {
    if (this.#isNothing) return undefined;
    const own = this.#on(edgeKey(edge), 'in');
    return own ?? this.onPlace(edge.from, 'out') ?? this.onPlace(edge.to, 'in');
  }

  /** What keeps anything from being put to a location, or taken from it. */
  on(location: LocationId, way: Way): PartLock | undefined {
    if (this.#isNothing) return undefined;
    const place = this.#topology.find(location);
    if (place?.kind === 'cell') {
      return this.onCell(location, way) ?? this.onAisle(place.aisle.aisle, way);
    }
    return this.onPlace(location, way);
  }

  #on(code: string | undefined, way: Way): PartLock | undefined {
    if (code === undefined) return undefined;
    const all = [this.#fixed.get(code), this.#locks.get(code)];
    return all.find((lock) => lock !== undefined && locks(lock, way));
  }
}

const locks = ({ lock }: Pick<PartLock, 'lock'>, way: Way): boolean =>
  lock === 'both' || lock === way;

/** The name that a person or a host goes by: `anna`. */
export const whoLocked = ({ by }: PartLock): string => by.slice(by.indexOf('/') + 1);

const textMax = 200;

/** A sentence without its period: what is locked, by whom and why. @param code  the part, or what lies in it */
export function lockText(code: string, lock: PartLock): string {
  const way = lock.lock === 'both' ? '' : ` (${lock.lock})`;
  const who = lock.by === fixedBy ? 'the site file' : whoLocked(lock);
  const through = lock.part === code ? '' : ` with ${lock.part}`;
  return `${code} is locked${way}${through} by ${who}: ${lock.reason}`.slice(0, textMax);
}

/** Whether a cell, whatever its aisle says, takes or gives nothing: by a lock, or by a question that is open about it. */
export function isCellClosed(warehouse: Warehouse, cell: LocationId, way: Way): boolean {
  const closed = warehouse.tables.lock.get(cell);
  if (closed !== undefined && locks(closed, way)) return true;
  return warehouse.locks.onCell(cell, way) !== undefined;
}

/** Why a location takes or gives nothing; undefined: it does. */
export function whyLocked(
  warehouse: Warehouse,
  location: LocationId,
  way: Way,
): string | undefined {
  const closed = warehouse.tables.lock.get(location);
  if (closed !== undefined && locks(closed, way)) {
    return `${location} is locked: ${closed.reason}`;
  }
  const lock = warehouse.locks.on(location, way);
  return lock && lockText(location, lock);
}
