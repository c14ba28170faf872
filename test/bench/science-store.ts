import { moveEndsAtMs } from '../../simulators/asrs-crane/motion.ts';
import { type Chance, draw } from '../../simulators/world/chance.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import { noteDemand, noteStay } from '../../src/domain/class-books.ts';
import type { LoadUnitId, LocationId, Sku } from '../../src/domain/ids.ts';
import { defaultWeights } from '../../src/domain/putaway-score.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { cellCode, Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { benchSite } from './bench-site.ts';

const speedMmPerS = 1_000;
const atOnce = Number.POSITIVE_INFINITY;
const axis = { speedMmPerS, accelMmPerS2: atOnce };
const crane = { travel: axis, hoist: axis, transferMs: 0 };
const lengthMm = 50_000;

export type Policy = 'craneway' | 'random';

/** One aisle that is square in time, with Craneway's books and its own choice of cells, and the simulated crane's way to them. */
export class ScienceStore {
  readonly warehouse: Warehouse;
  readonly cells: readonly LocationId[];
  readonly #aisle: Aisle;
  readonly #classes: number;
  readonly #slotting: Slotting;
  readonly #chance: Chance;
  #nowMs = 0;
  /** One way, of all moves since `reset`. */
  travelMs = 0;
  moves = 0;

  constructor(
    face: { bays: number; levels: number; depths: number; classes: number },
    chance: Chance,
  ) {
    const { bays, levels, depths, classes } = face;
    const site = benchSite({ conveyors: [], cranes: [], bays });
    const [own] = site.aisles;
    if (own === undefined) throw new Error('no aisle');
    const [bayWidthMm, levelHeightMm] = [lengthMm / bays, lengthMm / levels];
    // Heights are measured from the lowest beam: the corner of the face lies half a level below.
    const corner = { xMm: 0, yMm: -levelHeightMm / 2 };
    this.#aisle = {
      ...{ ...own, bays, levels, depths, bayWidthMm, levelHeightMm, kinematics: crane },
      stations: own.stations.map((station) => ({ ...station, ...corner })),
    };
    this.#classes = classes;
    const slotting = { weights: defaultWeights, classes };
    this.warehouse = new Warehouse(new Topology({ ...site, aisles: [this.#aisle], slotting }));
    this.#slotting = new Slotting(this.warehouse.topology);
    this.#chance = chance;
    this.cells = cellsOf(this.#aisle);
  }

  /** Time passes. */
  wait(ms: number): void {
    this.#nowMs += ms;
  }

  /** @param intervalMs  known mean time between two that are wanted; absent: to be learned */
  addSku(name: string, strategy: 'fefo' | 'fifo', intervalMs?: number): void {
    const sku = name as Sku;
    const demand =
      intervalMs === undefined ? undefined : { intervalMs, intervals: 16, lastAtMs: 0 };
    this.warehouse.tables.sku.load({ sku, unit: 'pcs', strategy, demand, record: {} });
  }

  /** @returns undefined when nothing is free */
  store(name: string, sku: string, by: Policy, expiry?: string): LoadUnit | undefined {
    const unit = unitOf(name, sku, expiry);
    if (by === 'craneway' && this.#classes > 1) {
      const stayMs = this.#slotting.expectedStayMs(this.warehouse, unit);
      if (stayMs !== undefined) noteStay(this.warehouse, stayMs, this.#classes);
    }
    return this.place(unit, by);
  }

  /** It stands before one that is wanted: into another cell, but not the rest of its lane. */
  relocate(unit: LoadUnit, by: Policy): void {
    if (this.place(unit, by) === undefined) throw new Error('no room to dig out');
  }

  place(unit: LoadUnit, by: Policy): LoadUnit | undefined {
    const place =
      by === 'random'
        ? this.#anyCell()
        : this.#slotting.assignLocation(this.warehouse, unit, this.#aisle).chosen;
    return place && this.put(unit, place);
  }

  put(unit: LoadUnit, place: LocationId): LoadUnit {
    const stored = { ...unit, place };
    this.warehouse.tables.loadUnit.load(stored);
    this.#travel(place);
    return stored;
  }

  /** It leaves, as somebody wanted it. */
  retrieve(unit: LoadUnit, isLearned = true): void {
    if (isLearned) noteDemand(this.warehouse, unit, this.#nowMs);
    this.warehouse.tables.loadUnit.remove(unit.loadUnit);
    this.warehouse.takeChanges();
    this.#travel(unit.place);
  }

  /** All cells, the nearest first. */
  byTravel(): LocationId[] {
    const ways = new Map(this.cells.map((cell) => [cell, this.#wayTo(cell)]));
    return this.cells.toSorted((a, b) => (ways.get(a) ?? 0) - (ways.get(b) ?? 0));
  }

  reset(): void {
    this.travelMs = 0;
    this.moves = 0;
  }

  /** Mean one-way travel since `reset`, as a part of random storage in all cells. */
  get travelled(): number {
    const all = this.cells.reduce((sum, cell) => sum + this.#wayTo(cell), 0);
    return this.travelMs / this.moves / (all / this.cells.length);
  }

  #travel(place: LocationId): void {
    this.travelMs += this.#wayTo(place);
    this.moves++;
  }

  #wayTo(place: LocationId): number {
    const [from] = this.#aisle.stations;
    if (from === undefined) throw new Error('no station');
    const to = this.warehouse.topology.positionOf(place);
    return moveEndsAtMs({ from, to, startedAtMs: 0 }, crane);
  }

  /** A free cell that can be reached, each as likely as any other. */
  #anyCell(): LocationId | undefined {
    const { topology } = this.warehouse;
    const isTaken = (cell: LocationId | undefined) =>
      cell !== undefined && this.warehouse.countAt(cell) > 0;
    for (let tries = 0; tries < 100_000; tries++) {
      const cell = this.cells[draw(this.#chance, this.cells.length)] as LocationId;
      // Neither behind another one, nor where it would close a free cell.
      const rear = topology.rearOf(cell);
      const isOpen = !isTaken(cell) && !isTaken(topology.frontOf(cell));
      if (isOpen && (rear === undefined || isTaken(rear))) return cell;
    }
    return undefined;
  }
}

export function unitOf(name: string, sku: string, expiry?: string): LoadUnit {
  const outside = 'OUTSIDE' as LocationId;
  return {
    ...{ loadUnit: name as LoadUnitId, handle: 1, lpn: name, type: 'TOTE', status: 'present' },
    lines: [{ sku: sku as Sku, qty: 1, stockStatus: 'available', expiry }],
    ...{ place: outside, toldPlace: outside, confidence: 'sensed', movedNo: 1, receivedNo: 1 },
  };
}

const cellsOf = ({ aisle, bays, levels, depths }: Aisle): LocationId[] =>
  Array.from({ length: bays * levels * depths * 2 }, (_, n) =>
    cellCode(aisle, {
      side: n % 2 === 0 ? 'L' : 'R',
      depth: (Math.floor(n / 2) % depths) + 1,
      level: (Math.floor(n / 2 / depths) % levels) + 1,
      bay: Math.floor(n / 2 / depths / levels) + 1,
    }),
  );
