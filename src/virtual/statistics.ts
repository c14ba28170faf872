import type { MovementData } from '../contract/messages.ts';
import { isFinal, type Order } from '../domain/books.ts';
import type { DeviceId, OrderId } from '../domain/ids.ts';
import type { Commit } from '../ports/store.ts';
import { type CraneFigures, CraneMeter, seconds, share } from './crane-meter.ts';
import { cellsOf } from './initial-stock.ts';
import { type StationFigures, StationMeter } from './station-meter.ts';
import type { VirtualSite } from './virtual-site.ts';

/** What a day was like; times in seconds of virtual time. */
export interface DayFigures {
  readonly hours: number;
  readonly putaways: number;
  readonly retrievals: number;
  readonly digOuts: number;
  readonly stations: StationFigures;
  readonly orders: OrderFigures;
  readonly cranes: readonly CraneFigures[];
  /** One row for each hour. */
  readonly course: readonly HourFigures[];
  readonly questions: number;
  /** What the day asked for and the site, or its host, did not take. */
  readonly heldBack: Readonly<Record<string, number>>;
}

export interface OrderFigures {
  readonly completed: number;
  readonly canceled: number;
  readonly failed: number;
  /** Ended after they were due, as a share of those with a due time: 0 to 1. */
  readonly lateShare: number;
  /** From its coming to its end. */
  readonly leadP50S: number;
  readonly leadP95S: number;
  readonly leadMaxS: number;
  /** Orders by lead time in steps of 5 minutes; the last one counts all that took longer. */
  readonly leadTimes: readonly number[];
  /** The one that took longest. */
  readonly longest: string | undefined;
}

export interface HourFigures {
  readonly hour: number;
  readonly putaways: number;
  readonly retrievals: number;
  readonly openOrders: number;
  /** Share of the cells that are full: 0 to 1. */
  readonly fill: number;
}

const hourMs = 3_600_000;
const leadStepMs = 300_000;
const leadSteps = 13;

/** Measures a site on virtual time by what it commits and by what its steel does. */
export class Statistics {
  readonly #site: VirtualSite;
  readonly #meters: ReadonlyMap<DeviceId, CraneMeter>;
  readonly #meterList: readonly CraneMeter[];
  readonly #beganMs = new Map<OrderId, number>();
  readonly #leads: { readonly order: OrderId; readonly ms: number }[] = [];
  readonly #counts = { putaway: 0, retrieved: 0, due: 0, late: 0, questions: 0 };
  readonly #course: HourFigures[] = [];
  readonly #hour = { putaway: 0, retrieved: 0 };
  readonly #stations: StationMeter;

  constructor(site: VirtualSite) {
    this.#site = site;
    this.#stations = new StationMeter(site.topology);
    const { plant, topology } = site;
    this.#meters = new Map(
      [...plant.model.cranes].map(([id, crane]) => [id, new CraneMeter(crane, topology)]),
    );
    this.#meterList = [...this.#meters.values()];
  }

  /** After every step of the plant. */
  look(): void {
    const { simMs } = this.#site.plant;
    for (const meter of this.#meterList) meter.look(simMs);
  }

  committed(commit: Commit): void {
    const { atMs, events, rows } = commit;
    this.#stations.committed(commit);
    for (const { name, data } of events) {
      if (name === 'movement') this.#moved((data as MovementData).kind);
    }
    for (const [, mission] of rows.mission) {
      if (mission !== undefined) this.#meters.get(mission.crane)?.booked(mission, atMs);
    }
    for (const [, order] of rows.order) if (order !== undefined) this.#follow(order, atMs);
    for (const [, row] of rows.discrepancy) if (row?.state === 'open') this.#counts.questions++;
  }

  /** The end of an hour. */
  turn(): void {
    const { flow, topology } = this.#site;
    const { putaway, retrieved } = this.#hour;
    let stored = 0;
    for (const { place } of flow.warehouse.tables.loadUnit.values()) {
      if (topology.find(place)?.kind === 'cell') stored++;
    }
    this.#course.push({
      hour: this.#course.length + 1,
      putaways: putaway,
      retrievals: retrieved,
      openOrders: [...flow.warehouse.openOrders()].length,
      fill: share(stored, cellsOf(topology.site)),
    });
    Object.assign(this.#hour, { putaway: 0, retrieved: 0 });
  }

  figures(): DayFigures {
    const { plant, host, workload } = this.#site;
    const { putaway, retrieved, questions } = this.#counts;
    const cranes = this.#meterList.map((meter) => meter.figures(plant.simMs));
    return {
      hours: Math.round((10 * plant.simMs) / hourMs) / 10,
      putaways: putaway,
      retrievals: retrieved,
      digOuts: cranes.reduce((sum, { digOuts }) => sum + digOuts, 0),
      stations: this.#stations.figures(),
      orders: { ...host.ended, ...this.#orderFigures() },
      cranes,
      course: this.#course,
      questions,
      heldBack: workload.heldBack,
    };
  }

  #moved(kind: MovementData['kind']): void {
    if (kind !== 'putaway' && kind !== 'retrieved') return;
    this.#counts[kind]++;
    this.#hour[kind]++;
  }

  #follow({ order, status, dueAtMs }: Order, atMs: number): void {
    const beganMs = this.#beganMs.get(order);
    if (beganMs === undefined) this.#beganMs.set(order, atMs);
    if (!isFinal(status) || beganMs === undefined) return;
    this.#beganMs.delete(order);
    if (status !== 'completed') return;
    this.#leads.push({ order, ms: atMs - beganMs });
    if (dueAtMs === undefined) return;
    this.#counts.due++;
    if (atMs > dueAtMs) this.#counts.late++;
  }

  #orderFigures(): Omit<OrderFigures, 'completed' | 'canceled' | 'failed'> {
    const sorted = [...this.#leads].sort((a, b) => a.ms - b.ms);
    const at = (part: number) => seconds(sorted[Math.floor(part * (sorted.length - 1))]?.ms ?? 0);
    return {
      lateShare: share(this.#counts.late, this.#counts.due),
      leadP50S: at(0.5),
      leadP95S: at(0.95),
      leadMaxS: at(1),
      leadTimes: Array.from({ length: leadSteps }, (_, step) => {
        const isLast = step === leadSteps - 1;
        const from = step * leadStepMs;
        const fits = ({ ms }: { readonly ms: number }) =>
          ms >= from && (isLast || ms < from + leadStepMs);
        return sorted.filter(fits).length;
      }),
      longest: sorted.at(-1)?.order,
    };
  }
}
