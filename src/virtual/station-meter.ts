import type { MovementData } from '../contract/messages.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import type { Topology } from '../domain/topology.ts';
import type { Commit } from '../ports/store.ts';
import { seconds } from './crane-meter.ts';

export interface StationFigures {
  /** Lines of orders that were picked, or parts of them. */
  readonly picks: number;
  /** Load units that came once each and from which something was picked: as many retrievals as the picks have cost. */
  readonly pickVisits: number;
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
  readonly #sums = { picks: 0, pickVisits: 0, waits: 0, waitMs: 0, waitMaxMs: 0 };

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  committed({ atMs, events, rows }: Commit): void {
    for (const { name, data } of events) {
      if (name === 'movement') this.#moved(data as MovementData, atMs);
    }
    for (const [, row] of rows.loadUnit) if (row !== undefined) this.#stands(row, atMs);
  }

  figures(): StationFigures {
    const { picks, pickVisits, waits, waitMs, waitMaxMs } = this.#sums;
    const waitMeanS = waits === 0 ? 0 : seconds(waitMs / waits);
    return { picks, pickVisits, waitMeanS, waitMaxS: seconds(waitMaxMs) };
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

  #moved({ kind, loadUnit }: MovementData, atMs: number): void {
    if (kind === 'retrieved') this.#untouched.add(loadUnit);
    if (kind === 'shipped') this.#untouched.delete(loadUnit);
    if (kind === 'picked') this.#sums.picks++;
    if (kind === 'picked' && this.#untouched.delete(loadUnit)) this.#sums.pickVisits++;
    const cameMs = kind === 'retrieved' ? this.#cameMs.get(loadUnit as LoadUnitId) : undefined;
    if (cameMs === undefined) return;
    this.#sums.waits++;
    this.#sums.waitMs += atMs - cameMs;
    this.#sums.waitMaxMs = Math.max(this.#sums.waitMaxMs, atMs - cameMs);
  }
}
