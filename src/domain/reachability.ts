import type { LoadUnit, Reason } from './books.ts';
import type { LocationId } from './ids.ts';
import { lockText, type PartLock } from './locks.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * Whether a load unit can be sent for now; the reason when it cannot.
 *
 * Reachable: in a cell, not promised, not under way, not locked out, its place not in dispute.
 */
export function whyNotReachable(warehouse: Warehouse, unit: LoadUnit): Reason | undefined {
  const { loadUnit, place, workflow, order } = unit;
  if (unit.status === 'missing') {
    return { code: 'LOAD_UNIT_MISSING', detail: `${loadUnit} is missing` };
  }
  if (unit.status !== 'present')
    return { code: 'LOAD_UNIT_BUSY', detail: `${loadUnit} is ${unit.status}` };
  if (order !== undefined || workflow !== undefined) {
    return { code: 'LOAD_UNIT_BUSY', detail: `${loadUnit} is on its way or promised` };
  }
  if (warehouse.topology.placeOf(place).kind !== 'cell') {
    return { code: 'LOAD_UNIT_BUSY', detail: `${loadUnit} is at ${place}, not in a rack` };
  }
  return whyNotFrom(warehouse, unit, place) ?? whyNotBehind(warehouse, unit);
}

/** What stands before a load unit at the aisle, in the books. */
export function blockerOf(warehouse: Warehouse, { place }: LoadUnit): LoadUnit | undefined {
  const front = warehouse.topology.frontOf(place);
  return front === undefined ? undefined : warehouse.at(front)[0];
}

/**
 * Whether a load unit could be fetched, promised or not; the reason when it could not. What is on
 * its way to the order that it is promised to counts as fetched.
 *
 * @param whyStopped  why the crane of an aisle does not work
 */
export function whyNotFetchable(
  warehouse: Warehouse,
  unit: LoadUnit,
  whyStopped: (aisle: string) => string | undefined,
): Reason | undefined {
  const { order: _, workflow: __, ...free } = unit;
  const place = warehouse.topology.placeOf(unit.place);
  if (place.kind !== 'cell') {
    const isOnItsWay = unit.order !== undefined && unit.status === 'present';
    return isOnItsWay ? undefined : whyNotReachable(warehouse, free);
  }
  const stopped = whyStopped(place.aisle.aisle);
  if (stopped !== undefined) return { code: 'DEVICE', detail: stopped };
  return whyNotReachable(warehouse, free);
}

/** What stands before it is moved away first, unless that may not be touched. */
function whyNotBehind(warehouse: Warehouse, unit: LoadUnit): Reason | undefined {
  const blocker = blockerOf(warehouse, unit);
  if (blocker === undefined) return undefined;
  const isClosed = warehouse.tables.lock.has(blocker.place);
  if (blocker.status === 'present' && !isClosed) return undefined;
  return { code: 'LOAD_UNIT_BUSY', detail: behind(unit, blocker) };
}

const behind = ({ loadUnit }: LoadUnit, blocker: LoadUnit): string =>
  `${loadUnit} stands behind ${blocker.loadUnit}, which may not be moved`;

/** The lock that keeps a load unit in its cell, or what stands before it; undefined: none does. */
export function whyLockedIn(warehouse: Warehouse, unit: LoadUnit): Reason | undefined {
  const { locks } = warehouse;
  const own = locks.on(unit.place, 'out');
  if (own !== undefined) return { code: 'LOCKED', detail: lockText(unit.place, own) };
  const blocker = blockerOf(warehouse, unit);
  const lock = blocker && whyKept(warehouse, blocker.place);
  if (blocker === undefined || lock === undefined) return undefined;
  const detail = `${behind(unit, blocker)}: ${lockText(lock.part, lock)}`.slice(0, 200);
  return { code: 'LOCKED', detail };
}

/** What keeps a load unit from being moved to another cell of its aisle: it may not leave its own, or may come into none. */
export function whyKept(warehouse: Warehouse, place: LocationId): PartLock | undefined {
  const { locks, topology } = warehouse;
  const at = topology.find(place);
  const into = at?.kind === 'cell' ? locks.onAisle(at.aisle.aisle, 'in') : undefined;
  return locks.on(place, 'out') ?? into;
}

function whyNotFrom(warehouse: Warehouse, unit: LoadUnit, place: LocationId): Reason | undefined {
  const closed = warehouse.tables.lock.get(place);
  if (closed !== undefined && closed.lock !== 'in') {
    return { code: 'LOCKED', detail: `${place} is locked: ${closed.reason}` };
  }
  if (unit.confidence === 'disputed') {
    return { code: 'LOAD_UNIT_MISSING', detail: `the place of ${unit.loadUnit} is in question` };
  }
  return whyLockedIn(warehouse, unit);
}
