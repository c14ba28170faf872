import { timeText } from '../contract/time.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { offerOf } from '../domain/station-texts.ts';
import type { Place, Topology } from '../domain/topology.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import type { StationView } from '../ports/reader.ts';
import { inspectionOf, stepAt, stepBooks } from './station-steps.ts';

/** A workstation as the people there see it; undefined: there is none of that name. */
export function stationView(
  warehouse: Warehouse,
  topology: Topology,
  name: string,
): StationView | undefined {
  const place = topology.find(name);
  const station = deskOf(warehouse, place);
  if (station === undefined) return undefined;
  const step = stepAt(warehouse, station);
  const { title, instruction, expects, choices } = offerOf(step, stepBooks(warehouse));
  const last = warehouse.tables.station.get(station);
  const { kind, no, order, loadUnit, target, pick, sinceMs } = step;
  const line = pick && warehouse.tables.order.get(order as never)?.lines[pick.index]?.line;
  const hostCode = topology.hostCodes.otherThan(station);
  return {
    ...{ station, kind, title, instruction, expects, choices },
    ...(hostCode !== undefined && { hostCode }),
    ...(no !== undefined && { step: no, since: timeText(sinceMs) }),
    ...(order && { order }),
    ...(loadUnit && { loadUnit }),
    ...(target && { target }),
    ...(pick && {
      line: { ...pick.goods, qty: pick.qty, ...(line !== undefined && { line }) },
    }),
    loadUnits: warehouse.at(station).map((unit) => unit.loadUnit),
    coming: comingTo(warehouse, station),
    ...(last && {
      last: { verdict: last.verdict, text: last.text, at: timeText(last.atMs) },
    }),
  };
}

/** A workstation, or the crane of an aisle that is being inspected. */
export function deskOf(warehouse: Warehouse, place: Place | undefined): LocationId | undefined {
  if (place?.kind === 'station' && place.station.kind === 'workstation') {
    return place.station.location;
  }
  if (place?.kind !== 'lhd') return undefined;
  const { lhd } = place.aisle;
  return warehouse.tables.workflow.has(inspectionOf(lhd)) ? lhd : undefined;
}

/** All workstations, in the order of the site file, and the cranes whose aisles are being inspected. */
export const stationViews = (warehouse: Warehouse, topology: Topology): readonly StationView[] =>
  [
    ...topology.site.stations.map(({ location }) => location),
    ...topology.site.aisles.map(({ lhd }) => lhd),
  ].flatMap((location) => stationView(warehouse, topology, location) ?? []);

/** Load units that orders have under way to a station. */
function comingTo(warehouse: Warehouse, station: LocationId): number {
  const coming = new Set<LoadUnitId>();
  for (const order of warehouse.openOrders()) {
    if (order.station !== station) continue;
    for (const unit of order.open) {
      if (warehouse.loadUnit(unit)?.place !== station) coming.add(unit);
    }
  }
  return coming.size;
}
