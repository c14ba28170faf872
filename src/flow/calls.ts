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

function broughtBy({ warehouse }: Work, { wanted, lines }: Order, station: LocationId): Brought {
  if (wanted === undefined) {
    return lines.map(({ sku, qty, qtyDone }) => ({ sku, qty: Math.max(0, qty - qtyDone) }));
  }
  const unit = warehouse.loadUnit(wanted);
  // A load unit that stands there already is stock, and not coming.
  return unit === undefined || unit.place === station ? [] : unit.lines;
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
