import type { LoadUnit, Reason } from './books.ts';
import { craneTravelMs } from './crane-kinematics.ts';
import type { LocationId } from './ids.ts';
import type { Aisle } from './site.ts';
import { cellCode, type Topology } from './topology.ts';
import type { Warehouse } from './warehouse.ts';

/** A choice, or none, and why in both cases. */
export interface Choice<T> {
  readonly chosen: T | undefined;
  readonly reasons: readonly Reason[];
}

type Refusal = 'occupied' | 'reserved' | 'locked';

/**
 * Chooses storage locations: the free cell that the crane reaches soonest from its P&D station.
 *
 * Hard constraints first (size, mass, locks, occupancy, reservations), then travel time. The
 * order of cells by travel time is worked out once for each aisle.
 */
export class Slotting {
  readonly #topology: Topology;
  readonly #cells = new Map<string, readonly LocationId[]>();

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** @param except  cells that were just found to be full, whatever the books say */
  assignLocation(
    warehouse: Warehouse,
    loadUnit: LoadUnit,
    aisle: Aisle,
    except: readonly LocationId[] = [],
  ): Choice<LocationId> {
    const unfit = misfit(loadUnit, aisle);
    if (unfit !== undefined) return { chosen: undefined, reasons: [unfit] };

    const refused: Record<Refusal, number> = { occupied: 0, reserved: 0, locked: 0 };
    for (const cell of this.#nearestFirst(aisle)) {
      const refusal = except.includes(cell) ? 'locked' : refusalOf(warehouse, cell);
      if (refusal === undefined) return { chosen: cell, reasons: this.#why(aisle, cell, refused) };
      refused[refusal]++;
    }
    const detail = `no free cell in ${aisle.aisle}: ${inWords(refused)}`;
    return { chosen: undefined, reasons: [{ code: 'NO_LOCATION', detail }] };
  }

  #why(aisle: Aisle, cell: LocationId, refused: Record<Refusal, number>): Reason[] {
    const seconds = (this.#travelMs(aisle, cell) / 1000).toFixed(1);
    const detail = `${cell} is the nearest free cell of ${aisle.aisle}, ${seconds} s from its P&D station`;
    const nearer = refused.occupied + refused.reserved + refused.locked;
    const skipped = { code: 'NEARER_CELLS', detail: `nearer cells: ${inWords(refused)}` };
    return [{ code: 'NEAREST', detail }, ...(nearer > 0 ? [skipped] : [])];
  }

  #nearestFirst(aisle: Aisle): readonly LocationId[] {
    const known = this.#cells.get(aisle.aisle);
    if (known !== undefined) return known;
    const cells = [...cellsOf(aisle)]
      .map((cell) => ({ cell, travelMs: this.#travelMs(aisle, cell) }))
      .sort((a, b) => a.travelMs - b.travelMs)
      .map(({ cell }) => cell);
    this.#cells.set(aisle.aisle, cells);
    return cells;
  }

  #travelMs(aisle: Aisle, cell: LocationId): number {
    const start = aisle.stations.find(({ direction }) => direction === 'in') ?? { xMm: 0, yMm: 0 };
    return craneTravelMs(start, this.#topology.positionOf(cell), aisle.kinematics);
  }
}

function* cellsOf(aisle: Aisle): Generator<LocationId> {
  for (let bay = 1; bay <= aisle.bays; bay++) {
    for (let level = 1; level <= aisle.levels; level++) {
      for (const side of ['L', 'R'] as const) {
        for (let depth = 1; depth <= aisle.depths; depth++) {
          yield cellCode(aisle.aisle, { side, bay, level, depth });
        }
      }
    }
  }
}

/** Whether a load unit may be stored in an aisle at all; unknown measures are no obstacle here. */
function misfit({ heightMm = 0, massKg = 0 }: LoadUnit, aisle: Aisle): Reason | undefined {
  if (heightMm > aisle.heightMaxMm) {
    return { code: 'CHECK_FAILED', detail: `${heightMm} mm high, ${aisle.heightMaxMm} mm fit` };
  }
  if (massKg > aisle.massMaxKg) {
    return { code: 'CHECK_FAILED', detail: `${massKg} kg, ${aisle.massMaxKg} kg are allowed` };
  }
  return undefined;
}

function refusalOf(warehouse: Warehouse, cell: LocationId): Refusal | undefined {
  const lock = warehouse.tables.lock.get(cell)?.lock;
  if (lock === 'in' || lock === 'both') return 'locked';
  if (warehouse.countAt(cell) > 0) return 'occupied';
  return warehouse.tables.reservation.has(cell) ? 'reserved' : undefined;
}

const inWords = (refused: Record<Refusal, number>): string =>
  Object.entries(refused)
    .map(([refusal, count]) => `${count} ${refusal}`)
    .join(', ');
