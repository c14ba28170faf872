import { timeText } from '../contract/time.ts';
import type { HostCodes } from '../domain/host-codes.ts';
import type { CallBook } from '../domain/signals/calls.ts';
import type { SignalBook } from '../domain/signals/signals.ts';
import { advisedMovesMax, whyNoAdvice } from '../domain/slotting-advice.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import type { SignalView, SlottingView } from '../ports/reader.ts';

/** What the last look at all SKUs has found. @param limit  SKUs, at most */
export function slottingView(warehouse: Warehouse, limit: number): SlottingView {
  const why = whyNoAdvice(warehouse);
  const { signal, sku } = warehouse.tables;
  const books = why === undefined ? [...signal.values()] : [];
  const items = books
    .flatMap(({ sku: of, abcClass, slotting, active }) =>
      slotting === undefined
        ? []
        : [{ sku: of, abcClass, ...slotting, told: active.includes('slotting') }],
    )
    .sort((a, b) => b.gainSPerDay - a.gainSPerDay || (a.sku < b.sku ? -1 : 1));
  const sumOf = (key: 'moves' | 'gainSPerDay' | 'costS') =>
    Math.round(10 * items.reduce((sum, item) => sum + item[key], 0)) / 10;
  const total = {
    skus: items.length,
    moves: sumOf('moves'),
    ...{ gainSPerDay: sumOf('gainSPerDay'), costS: sumOf('costS') },
  };
  const isUnknown = (of: (typeof books)[number]) =>
    of.reachable > 0 && (sku.get(of.sku)?.demand?.intervals ?? 0) === 0;
  return {
    ...{ items: items.slice(0, limit), total, leftOff: Math.max(0, items.length - limit) },
    isCut: total.moves >= advisedMovesMax,
    unknown: books.filter(isUnknown).length,
    ...(why !== undefined && { why }),
  };
}

/** How a SKU stood at the last look. */
export const signalView = ({ calls, ...book }: SignalBook, codes: HostCodes): SignalView => ({
  ...book,
  ...(calls !== undefined && { calls: calls.map((call) => callView(call, codes)) }),
});

const callView = ({ dueAtMs, callAtMs, ...call }: CallBook, codes: HostCodes) => {
  const { station, booked, coming, qty, active } = call;
  const hostCode = codes.otherThan(station);
  return {
    ...{ station, booked, coming, qty, active },
    ...(hostCode !== undefined && { hostCode }),
    dueAt: timeText(dueAtMs),
    callAt: timeText(callAtMs),
  };
};
