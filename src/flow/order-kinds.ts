import type { Order, Reason } from '../domain/books.ts';
import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import { whyLocked } from '../domain/locks.ts';
import { whyNotReachable } from '../domain/reachability.ts';
import { startPackOrder } from './packing.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** Begins to bring one load unit to the station of its order. @returns whether it could */
type Fetch = (order: Order, loadUnit: LoadUnitId) => boolean;

/**
 * Goes on with an order that does not ask for goods out of the rack: what it waits for, or whether it is done.
 *
 * @returns false for kinds whose load units are allocated
 */
export function advanceOrder(work: Work, runner: Runner, order: Order, fetch: Fetch): boolean {
  switch (order.kind) {
    case 'retrieval':
    case 'pick':
      return false;
    case 'pack':
      startPackOrder(work, runner, order);
      return true;
    case 'count':
      fetchToCount(work, order, fetch);
      return true;
    case 'putaway':
      followPutaway(work, order);
      return true;
    case 'relocation':
      if (order.open.length === 0) startRelocation(work, runner, order);
      else followRelocation(work, order);
      return true;
  }
}

/** Whether an order asks for goods out of the rack. */
export const isAllocated = ({ kind }: Order): boolean => kind === 'retrieval' || kind === 'pick';

/** Brings every load unit that is still to be counted, as far as it can be had now. */
function fetchToCount(work: Work, order: Order, fetch: Fetch): void {
  const reasons: Reason[] = [];
  const chosen: LoadUnitId[] = [];
  for (const loadUnit of order.toCount ?? []) {
    if (order.open.includes(loadUnit)) continue;
    const why = whyNotReachable(work.warehouse, work.unit(loadUnit));
    if (why !== undefined) reasons.push(why);
    else if (fetch(order, loadUnit)) chosen.push(loadUnit);
  }
  const open = [...order.open, ...chosen];
  if (chosen.length === 0 && isSame(reasons, order.reasons)) return;
  const loadUnits = [...new Set([...order.loadUnits, ...chosen])];
  const status = open.length > 0 ? 'active' : order.status;
  work.editOrder(order.order, { open, loadUnits, status, reasons });
}

const isSame = (a: readonly Reason[], b: readonly Reason[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** It is done when the load unit stands in a cell: how it comes there is the infeed's affair. */
function followPutaway(work: Work, order: Order): void {
  const unit = order.wanted && work.warehouse.loadUnit(order.wanted);
  if (!unit) return;
  const isStored = work.parts.topology.placeOf(unit.place).kind === 'cell';
  if (isStored && unit.workflow === undefined) {
    const loadUnits = [unit.loadUnit];
    work.editOrder(order.order, { status: 'completed', loadUnits, reasons: [] });
    return;
  }
  const isUnderWay = unit.workflow !== undefined;
  const status = isUnderWay ? 'active' : 'queued';
  const detail = `${unit.loadUnit} has not come by the infeed yet`;
  const reasons = isUnderWay ? [] : [{ code: 'LOAD_UNIT_BUSY', detail }];
  if (status === order.status && isSame(reasons, order.reasons)) return;
  work.editOrder(order.order, { status, reasons });
}

function startRelocation(work: Work, runner: Runner, order: Order): void {
  const { wanted: loadUnit } = order;
  if (loadUnit === undefined) return;
  const unit = work.unit(loadUnit);
  const why = whyNotReachable(work.warehouse, unit) ?? whyNotTo(work, order);
  if (why !== undefined) {
    if (!isSame([why], order.reasons)) work.editOrder(order.order, { reasons: [why] });
    return;
  }
  const workflow = `relocation/${loadUnit}/${work.warehouse.next('relocation')}` as WorkflowId;
  work.edit(loadUnit, { workflow, order: order.order });
  const change = {
    open: [loadUnit],
    loadUnits: [loadUnit],
    status: 'active',
    reasons: [],
  } as const;
  work.editOrder(order.order, change);
  work.explain(`${loadUnit} is moved for ${order.order}.`, loadUnit, order.order);
  runner.start(work, 'relocation@1', workflow, { loadUnit, from: unit.place });
}

function whyNotTo({ warehouse }: Work, { location, wanted }: Order): Reason | undefined {
  if (location === undefined) return undefined;
  const [other] = warehouse.at(location);
  const promised = warehouse.tables.reservation.get(location)?.loadUnit;
  const who = other?.loadUnit ?? promised;
  if (who !== undefined && who !== wanted) {
    return { code: 'NO_LOCATION', detail: `${location} is taken by ${who}` };
  }
  const detail = whyLocked(warehouse, location, 'in');
  return detail === undefined ? undefined : { code: 'NO_LOCATION', detail };
}

/** Its workflow has let go of it: where it stands now says how it went. */
function followRelocation(work: Work, order: Order): void {
  const [loadUnit] = order.open;
  const unit = loadUnit && work.warehouse.loadUnit(loadUnit);
  if (!unit || unit.order === order.order) return;
  const isStored = work.parts.topology.placeOf(unit.place).kind === 'cell';
  const isThere = order.location === undefined || order.location === unit.place;
  if (isStored && isThere && unit.status === 'present') {
    work.editOrder(order.order, { open: [], status: 'completed', reasons: [] });
    return;
  }
  const detail = `${loadUnit} is at ${unit.place} (${unit.status})`;
  const reasons = [{ code: 'OPERATOR', detail }];
  const status = order.status === 'canceling' ? 'canceled' : 'failed';
  work.editOrder(order.order, { open: [], status, reasons });
}

/** The cell that an order wants for a load unit which is to be stored now; undefined: the rules choose. */
export function cellWanted(
  work: Work,
  loadUnit: LoadUnitId,
  except: readonly LocationId[],
): LocationId | undefined {
  const order = work.warehouse.ordersFor(loadUnit).find(({ kind, hold, status }) => {
    const isToPlace = kind === 'relocation' || kind === 'putaway';
    return isToPlace && !hold && status !== 'canceling';
  });
  if (order?.location === undefined || except.includes(order.location)) return undefined;
  const why = whyNotTo(work, order);
  if (why === undefined) return order.location;
  work.explain(
    `${order.order} wants ${order.location} for it: ${why.detail}.`,
    loadUnit,
    order.order,
  );
  return undefined;
}
