import type { OrderCancelData, OrderCreateData, OrderUpdateData } from '../contract/messages.ts';
import { parseTime } from '../contract/time.ts';
import { allocate } from '../domain/allocation.ts';
import { isFinal, type Order } from '../domain/books.ts';
import type { HostId, LoadUnitId, LocationId, OrderId, Sku } from '../domain/ids.ts';
import { type Answer, canonical, refuse } from './answers.ts';
import { whyNoRoom } from './disk-space.ts';
import {
  canonicalUnit,
  firstWorkstation,
  isWorkstation,
  unitsToCount,
  whyNotOrder,
} from './order-checks.ts';
import { cancelOrder, surroundings } from './orders.ts';
import { hurry } from './sharing.ts';
import { eventData } from './telling.ts';
import type { Work } from './work.ts';

export function create(work: Work, host: HostId, data: OrderCreateData): Answer {
  const order = data.order as OrderId;
  const known = work.warehouse.tables.order.get(order);
  if (known !== undefined) return repeated(host, known, data);
  if (work.warehouse.counter(tombstone(host, order)) > 0) {
    return { ...refuse('CANCELED', `${order} was canceled before it was created`), order };
  }
  const paused = whyPaused(work, host);
  if (paused !== undefined) {
    return { ...refuse('INTAKE_PAUSED', paused, { retryAfterS: 60 }), order };
  }
  const refusal = whyNotOrder(work, host, data);
  if (refusal !== undefined) return { ...refusal, order };
  const row = orderRow(work, host, data);
  if (data.ifShort === 'reject') {
    const { reasons, isCovered } = allocate(work.warehouse, row, surroundings(work));
    if (!isCovered) return { ...refuse('STOCK_SHORT', reasons[0]?.detail ?? 'not enough'), order };
  }
  work.reportOrder(row);
  work.isAllocationDue = true;
  return { order, status: row.status, revision: row.revision };
}

/** A new id for an order that is known: the same wish is fine, another one is not. */
function repeated(host: HostId, known: Order, data: OrderCreateData): Answer {
  const { order, status, revision } = known;
  if (known.host !== host)
    return { ...refuse('CONFLICT', `${order} belongs to another host`), order };
  if (known.content === canonical(data)) return { order, status, revision, duplicate: true };
  return {
    ...refuse('CONFLICT', `${order} exists with other content; the first stands`),
    order,
    status,
    revision,
  };
}

function orderRow(work: Work, host: HostId, data: OrderCreateData): Order {
  const { order, priority, hold, ifShort, strategy, split, reference } = data;
  return {
    order: order as OrderId,
    host,
    kind: data.kind,
    content: canonical(data),
    no: work.warehouse.next('order'),
    acceptedAtMs: work.nowMs,
    priority,
    dueAtMs: data.dueAt === undefined ? undefined : parseTime(data.dueAt),
    notBeforeMs: data.notBefore === undefined ? undefined : parseTime(data.notBefore),
    hold,
    ...ofKind(work, data),
    lines: (data.lines ?? []).map((line) => ({ ...line, sku: line.sku as Sku, qtyDone: 0 })),
    strategy,
    split,
    ifShort,
    status: hold ? 'held' : 'queued',
    revision: 1,
    loadUnits: [],
    open: [],
    reasons: hold ? [{ code: 'HELD', detail: 'held by its host' }] : [],
    wave: data.wave,
    reference,
    changedAtMs: work.nowMs,
  };
}

/** What orders of some kinds have beside the rest. */
function ofKind(work: Work, data: OrderCreateData): Partial<Order> {
  const { kind, loadUnit, target, orders = [], loadUnits = [], label } = data;
  const station = data.station as LocationId | undefined;
  const location = data.location as LocationId | undefined;
  const targetWanted = canonicalName(work, target?.loadUnit);
  switch (kind) {
    case 'count': {
      const toCount = unitsToCount(work, data);
      return {
        station: station ?? firstWorkstation(work),
        ...{ location, toCount, blind: data.blind },
      };
    }
    case 'pack': {
      const packs = {
        orders: orders as readonly OrderId[],
        loadUnits: loadUnits.map((name) => canonicalUnit(work, name)),
      };
      const { template, fields = {} } = label ?? {};
      return {
        ...{ station, packs, targetWanted, targetType: target?.loadUnitType },
        ...(template !== undefined && { label: { template, fields: textsOf(fields) } }),
      };
    }
    case 'pick':
      return { station, targetWanted, targetType: target?.loadUnitType };
    case 'retrieval':
    case 'putaway':
    case 'relocation':
      return { station, location, wanted: canonicalName(work, loadUnit) };
  }
}

const textsOf = (fields: object): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));

const canonicalName = (work: Work, name: string | undefined): LoadUnitId | undefined =>
  name === undefined ? undefined : canonicalUnit(work, name);

/** Why no new orders are taken; undefined when they are. */
export function whyPaused(
  work: Pick<Work, 'warehouse' | 'parts'>,
  host: HostId,
): string | undefined {
  const { outboxMax } = work.parts.topology.site.limits;
  const waiting = work.warehouse.counter('event') - slowestMark(work);
  if (waiting > 0.8 * outboxMax) {
    return `the outbox is ${Math.floor((100 * waiting) / outboxMax)} % full`;
  }
  const isRestored = work.warehouse.tables.host.get(host)?.isPaused === true;
  if (isRestored) return `${host} was restored; a person must release its orders`;
  return whyNoRoom(work.parts.equipment);
}

/** What every acknowledging host has stored. */
export function slowestMark(work: Pick<Work, 'warehouse' | 'parts'>): number {
  const marks = work.parts.topology.site.hosts
    .filter(({ acknowledges }) => acknowledges)
    .map(({ host }) => work.warehouse.tables.host.get(host)?.ackThrough ?? 0);
  return marks.length === 0 ? 0 : Math.min(...marks);
}

export function update(work: Work, host: HostId, data: OrderUpdateData): Answer {
  const { wave } = data;
  if (wave === undefined) return updateOne(work, host, data);
  const orders = ordersOf(work, host, wave);
  // Taken whole or refused whole.
  for (const order of orders) {
    const refusal = whyNotTo(work, order, data.station);
    if (refusal !== undefined) return { ...refusal, order: order.order };
  }
  for (const { order } of orders) updateOne(work, host, { ...data, order });
  return answerWave(work, wave, orders);
}

/** Open orders of a wave. */
const ordersOf = (work: Work, host: HostId, wave: string): readonly Order[] =>
  [...work.warehouse.openOrders()].filter((order) => order.wave === wave && mayTouch(host, order));

function answerWave({ warehouse }: Work, wave: string, orders: readonly Order[]): Answer {
  if (orders.length === 0) return refuse('NOT_FOUND', `no order of wave ${wave} is open`);
  const now = orders.flatMap(({ order }) => warehouse.tables.order.get(order) ?? []);
  return { orders: now.map(eventData.order) };
}

function updateOne(work: Work, host: HostId, data: OrderUpdateData): Answer {
  const known = work.warehouse.tables.order.get(data.order as OrderId);
  if (known === undefined || !mayTouch(host, known)) {
    return refuse('NOT_FOUND', `${data.order} is not known`);
  }
  if (isFinal(known.status)) return tooLate(known);
  const refusal = whyNotTo(work, known, data.station);
  if (refusal !== undefined) return { ...refusal, order: known.order };
  const { hold = known.hold, priority = known.priority } = data;
  const station = (data.station as LocationId | undefined) ?? known.station;
  const dueAtMs = data.dueAt === undefined ? known.dueAtMs : parseTime(data.dueAt);
  const isWaiting = known.status === 'queued' || known.status === 'held';
  const status = isWaiting ? (hold ? 'held' : 'queued') : known.status;
  const held = status === 'held' ? [{ code: 'HELD', detail: 'held by its host' }] : [];
  const reasons = isWaiting ? held : known.reasons;
  const { order, revision } = work.editOrder(known.order, {
    hold,
    priority,
    station,
    dueAtMs,
    status,
    reasons,
  });
  for (const loadUnit of known.open) hurry(work, work.unit(loadUnit));
  work.isAllocationDue = true;
  return { order, status, revision };
}

/** Another station only while nothing is on its way to the old one. */
function whyNotTo(work: Work, { order, station, open }: Order, to: string | undefined) {
  if (to === undefined || to === station) return undefined;
  if (!isWorkstation(work, to)) {
    const errors = [{ path: '/station', message: `${to} is not a workstation of this site` }];
    return refuse('UNKNOWN_REFERENCE', '1 name is not known here', { errors });
  }
  return open.length > 0 ? refuse('TOO_LATE', `${order} is on its way to ${station}`) : undefined;
}

export function cancel(work: Work, host: HostId, data: OrderCancelData): Answer {
  const { wave } = data;
  if (wave === undefined) return cancelOne(work, host, data);
  const orders = ordersOf(work, host, wave);
  for (const { order } of orders) cancelOne(work, host, { ...data, order });
  return answerWave(work, wave, orders);
}

function cancelOne(work: Work, host: HostId, { order, reason }: OrderCancelData): Answer {
  if (order === undefined) return refuse('NOT_FOUND', 'no order is named');
  const known = work.warehouse.tables.order.get(order as OrderId);
  if (known === undefined) {
    // The late create must find it: an order that was canceled first never comes to life.
    work.warehouse.next(tombstone(host, order));
    return { order, status: 'canceled', known: false };
  }
  if (!mayTouch(host, known)) return refuse('NOT_FOUND', `${order} is not known`);
  if (known.status === 'canceled' || known.status === 'canceling') {
    return { order, status: known.status, revision: known.revision };
  }
  if (isFinal(known.status)) return tooLate(known);
  work.explain(`${order} is canceled: ${reason ?? 'no reason given'}.`, order);
  const { status, revision } = cancelOrder(work, known);
  return { order, status, revision };
}

/** An order belongs to its host; people on site may change any. */
const mayTouch = (host: HostId, order: Order): boolean => host === 'local' || order.host === host;

const tombstone = (host: HostId, order: string): string => `canceled/${host}/${order}`;

const tooLate = (order: Order): Answer => ({
  ...refuse('TOO_LATE', `${order.order} has ended: ${order.status}`, {
    current: eventData.order(order),
  }),
  order: order.order,
  status: order.status,
  revision: order.revision,
});
