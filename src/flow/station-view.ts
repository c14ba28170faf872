import { timeText } from '../contract/time.ts';
import type { LocationId } from '../domain/ids.ts';
import { offerOf } from '../domain/station-texts.ts';
import type { Topology } from '../domain/topology.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import type { StationView } from '../ports/reader.ts';
import { stepAt, stepBooks } from './station-steps.ts';

/** A workstation as the people there see it; undefined: there is none of that name. */
export function stationView(
  warehouse: Warehouse,
  topology: Topology,
  name: string,
): StationView | undefined {
  const place = topology.find(name);
  if (place?.kind !== 'station' || place.station.kind !== 'workstation') return undefined;
  const station = place.station.location;
  const step = stepAt(warehouse, station);
  const { title, instruction, expects, choices } = offerOf(step, stepBooks(warehouse));
  const last = warehouse.tables.station.get(station);
  const { kind, no, order, loadUnit, target, pick, sinceMs } = step;
  const line = pick && warehouse.tables.order.get(order as never)?.lines[pick.index]?.line;
  return {
    ...{ station, kind, title, instruction, expects, choices },
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

/** All workstations, in the order of the site file. */
export const stationViews = (warehouse: Warehouse, topology: Topology): readonly StationView[] =>
  topology.site.stations.flatMap(
    ({ location }) => stationView(warehouse, topology, location) ?? [],
  );

/** Load units that orders have under way to a station. */
function comingTo(warehouse: Warehouse, station: LocationId): number {
  let count = 0;
  for (const order of warehouse.openOrders()) {
    if (order.station !== station) continue;
    const isThere = (place: LocationId | undefined) => place === station;
    count += order.open.filter((unit) => !isThere(warehouse.loadUnit(unit)?.place)).length;
  }
  return count;
}
