import type { MovementData, OrderData } from '../contract/messages.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import type { Topology } from '../domain/topology.ts';
import type { Commit } from '../ports/store.ts';
import { seconds } from './crane-meter.ts';

export interface StationFigures {
  /** Lines of orders that were picked, or parts of them. */
  readonly picks: number;
  /** Load units that came once each and from which something was picked: as many retrievals as the picks have cost. */
  readonly pickVisits: number;
  /** Pack orders that have ended with everything packed. */
  readonly packs: number;
  /** Labels that were printed at stations and read back there. */
  readonly labels: number;
  /** Load units that were counted for an order. */
  readonly counts: number;
  /** Of goods, where people found more or less than was booked: in counts, and where a pick came short. */
  readonly differences: number;
  /** From a load unit's arrival at a station to its scan there. */
  readonly waitMeanS: number;
  readonly waitMaxS: number;
}

/** Measures the work at workstations by what is committed. */
export class StationMeter {
  readonly #topology: Topology;
  readonly #cameMs = new Map<LoadUnitId, number>();
  /** Brought to a station, and nothing picked from it since. */
  readonly #untouched = new Set<string>();
  readonly #sums = { picks: 0, pickVisits: 0, packs: 0, counts: 0, differences: 0 };
  readonly #waits = { count: 0, sumMs: 0, maxMs: 0 };
  readonly #labels = new Set<string>();

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  committed({ atMs, events, rows }: Commit): void {
    for (const { name, data } of events) {
      if (name === 'movement') this.#moved(data as MovementData, atMs);
      if (name === 'order') this.#ended(data as OrderData);
    }
    for (const [, row] of rows.loadUnit) if (row !== undefined) this.#stands(row, atMs);
    for (const [, row] of rows.label) {
      if (row?.workflow?.startsWith('pack/') && row.status === 'verified')
        this.#labels.add(row.label);
    }
  }

  figures(): StationFigures {
    const { count, sumMs, maxMs } = this.#waits;
    const waitMeanS = count === 0 ? 0 : seconds(sumMs / count);
    return { ...this.#sums, labels: this.#labels.size, waitMeanS, waitMaxS: seconds(maxMs) };
  }

  #stands(
    { loadUnit, place }: { readonly loadUnit: LoadUnitId; readonly place: LocationId },
    atMs: number,
  ): void {
    const at = this.#topology.find(place);
    const isThere = at?.kind === 'station' && at.station.kind === 'workstation';
    if (!isThere) this.#cameMs.delete(loadUnit);
    else if (!this.#cameMs.has(loadUnit)) this.#cameMs.set(loadUnit, atMs);
  }

  #ended({ kind, status }: OrderData): void {
    if (status !== 'completed') return;
    if (kind === 'pack') this.#sums.packs++;
    if (kind === 'count') this.#sums.counts++;
  }

  #moved({ kind, loadUnit }: MovementData, atMs: number): void {
    if (kind === 'retrieved') this.#untouched.add(loadUnit);
    if (kind === 'shipped') this.#untouched.delete(loadUnit);
    if (kind === 'picked') this.#sums.picks++;
    if (kind === 'picked' && this.#untouched.delete(loadUnit)) this.#sums.pickVisits++;
    if (kind === 'counted') this.#sums.differences++;
    const cameMs = kind === 'retrieved' ? this.#cameMs.get(loadUnit as LoadUnitId) : undefined;
    if (cameMs === undefined) return;
    this.#waits.count++;
    this.#waits.sumMs += atMs - cameMs;
    this.#waits.maxMs = Math.max(this.#waits.maxMs, atMs - cameMs);
  }
}
