import type { LoadUnit } from './books.ts';
import type { LocationId } from './ids.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * How many load units stand where others could come to. Totes that take what is picked or packed do not: people have
 * put them beside the conveyor. If they counted, orders whose totes fill a station would wait for ever for the load
 * units that they still need there.
 */
export const placesTaken = (warehouse: Warehouse, location: LocationId): number =>
  warehouse.at(location).filter((unit) => !isTarget(warehouse, unit)).length;

const isTarget = ({ tables }: Warehouse, { order, loadUnit }: LoadUnit): boolean =>
  order !== undefined && tables.order.get(order)?.targets?.includes(loadUnit) === true;
