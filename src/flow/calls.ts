import type { LoadUnit, Order } from '../domain/books.ts';
import type { LocationId, Sku } from '../domain/ids.ts';
import { type CallBook, type ConsumptionPoint, callBook } from '../domain/signals/calls.ts';
import type { Work } from './work.ts';

/** What open orders still bring, base units, by `keyOf`. */
export type Coming = ReadonlyMap<string, number>;

const keyOf = (station: LocationId, sku: Sku): string => `${station} ${sku}`;

/** Looked up once for all points: there may be many orders. */
export function comingTo(work: Work, points: readonly ConsumptionPoint[] | undefined): Coming {
  const { warehouse } = work;
  const coming = new Map((points ?? []).map(({ station, sku }) => [keyOf(station, sku), 0]));
  if (coming.size === 0) return coming;
  for (const order of warehouse.openOrders()) {
    const { kind, station } = order;
    if (kind !== 'retrieval' || station === undefined) continue;
    for (const { sku, qty } of broughtBy(work, order, station)) {
      const known = coming.get(keyOf(station, sku));
      if (known !== undefined) coming.set(keyOf(station, sku), known + qty);
    }
  }
  return coming;
}

type Brought = readonly { readonly sku: Sku; readonly qty: number }[];

/** A load unit that stands at the station already is stock, and not coming, even if nobody has read it yet. */
function broughtBy({ warehouse }: Work, order: Order, station: LocationId): Brought {
  const { wanted, lines, open } = order;
  const linesOf = (unit: LoadUnit | undefined) => unit?.lines ?? [];
  if (wanted !== undefined) {
    const unit = warehouse.loadUnit(wanted);
    return unit?.place === station ? [] : linesOf(unit);
  }
  const there = open
    .map((id) => warehouse.loadUnit(id))
    .filter((unit) => unit?.place === station)
    .flatMap(linesOf);
  const sum = (of: Brought, sku: Sku) =>
    of.filter((line) => line.sku === sku).reduce((all, { qty }) => all + qty, 0);
  const missing = lines.map(({ sku, qty, qtyDone }) => ({ sku, qty: qty - qtyDone }));
  return [...new Set(lines.map(({ sku }) => sku))].map((sku) => ({
    sku,
    qty: Math.max(0, sum(missing, sku) - sum(there, sku)),
  }));
}

/** How all consumption points of one SKU stand. */
export function callsOf(
  sku: Sku,
  points: readonly ConsumptionPoint[],
  seen: {
    readonly units: readonly LoadUnit[];
    readonly coming: Coming;
    readonly before: readonly CallBook[] | undefined;
    readonly nowMs: number;
    readonly lookMs: number;
    readonly share: number;
  },
): CallBook[] {
  const { units, coming, before, nowMs, lookMs, share } = seen;
  return points
    .filter((point) => point.sku === sku)
    .map((point) => {
      const booked = units
        .filter(({ place }) => place === point.station)
        .flatMap(({ lines }) => lines)
        .filter((line) => line.sku === sku && line.stockStatus === 'available')
        .reduce((sum, { qty }) => sum + qty, 0);
      const known = before?.find(({ station }) => station === point.station);
      const now = { booked, coming: coming.get(keyOf(point.station, sku)) ?? 0 };
      return callBook(point, now, { before: known, nowMs, lookMs, share });
    });
}
