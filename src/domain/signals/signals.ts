import type { Sku } from '../ids.ts';
import type { SlottingAdvice } from '../slotting-advice.ts';
import type { AbcBounds, AbcClass } from './abc.ts';
import type { CallBook, ConsumptionPoint } from './calls.ts';
import type { Demand } from './demand.ts';
import { daysOfCover, reorderPoint, safetyStock } from './formulas.ts';

/** How signals are reckoned, for SKUs that say nothing else. */
export interface SignalSettings {
  /** How often all SKUs are looked at, seconds. */
  readonly everyS: number;
  readonly windowDays: number;
  readonly leadTimeDays: number;
  readonly leadTimeDeviationDays: number;
  readonly serviceLevel: number;
  readonly abc: AbcBounds;
  /** Where SKUs are used up; absent: nowhere that anybody has said. */
  readonly consumption?: readonly ConsumptionPoint[] | undefined;
}

/** What the host has put for a SKU; fixed values go before reckoned ones. */
export interface SkuTargets {
  readonly abcClass?: AbcClass | undefined;
  readonly safetyStock?: number | undefined;
  readonly reorderPoint?: number | undefined;
  readonly orderQty?: number | undefined;
  readonly leadTimeDays?: number | undefined;
  readonly serviceLevel?: number | undefined;
}

/** Base units. */
export interface StockSums {
  readonly onHand: number;
  readonly reserved: number;
  /** Not behind anything stopped, locked or disputed; what is reserved included. */
  readonly reachable: number;
}

export type SignalName = 'abcClass' | 'cover' | 'belowSafetyStock' | 'reorder' | 'slotting';

/** What moving the load units of a SKU has to save, seconds of cranes a day, before hosts are told, and below which it is over. */
const slottingOnS = 60;
const slottingOffS = 30;

/** How a SKU stands: the numbers, and which signals are on. */
export interface SignalBook extends StockSums {
  readonly sku: Sku;
  readonly abcClass: AbcClass;
  readonly safetyStock: number;
  readonly reorderPoint: number;
  readonly demandPerDay: number;
  readonly daysOfCover?: number | undefined;
  /** What to order; absent while there is no need to. */
  readonly qty?: number | undefined;
  readonly basis: {
    readonly days: number;
    readonly leadTimeDays: number;
    readonly serviceLevel: number;
  };
  readonly active: readonly SignalName[];
  /** Its consumption points; absent: it has none. */
  readonly calls?: readonly CallBook[] | undefined;
  /** Absent: nothing is to be gained, or it is unknown. */
  readonly slotting?: SlottingAdvice | undefined;
}

/**
 * How a SKU stands. What is available is what is reachable less what is reserved.
 *
 * - `cover`: it does not last until a delivery that is ordered now comes;
 * - `belowSafetyStock`: less is available than the safety stock;
 * - `reorder`: no more is available than the reorder point; to order: the SKU's own quantity, or what
 *   brings it up to the reorder point and the demand of one more lead time.
 *
 * Nothing is on that would rest on a demand or a target of zero.
 */
export function signalBook(
  sku: Sku,
  {
    stock,
    demand,
    targets,
    abcClass,
  }: {
    readonly stock: StockSums;
    readonly demand: Demand;
    readonly targets: SkuTargets;
    readonly abcClass: AbcClass;
  },
  settings: SignalSettings,
): SignalBook {
  const { leadTimeDays = settings.leadTimeDays, serviceLevel = settings.serviceLevel } = targets;
  const leadTime = { mean: leadTimeDays, deviation: settings.leadTimeDeviationDays };
  const safety = targets.safetyStock ?? safetyStock(demand, leadTime, serviceLevel);
  const point = targets.reorderPoint ?? reorderPoint(demand.mean, leadTimeDays, safety);
  const available = stock.reachable - stock.reserved;
  const cover = daysOfCover(available, demand.mean);
  const isOn: Record<Exclude<SignalName, 'slotting'>, boolean> = {
    abcClass: true,
    cover: cover !== undefined && cover < leadTimeDays,
    belowSafetyStock: safety > 0 && available < safety,
    reorder: point > 0 && available <= point,
  };
  const upTo = Math.ceil(point + demand.mean * leadTimeDays);
  const qty = isOn.reorder ? (targets.orderQty ?? Math.max(1, upTo - available)) : undefined;
  return {
    ...{ sku, abcClass, ...stock, safetyStock: safety, reorderPoint: point },
    demandPerDay: demand.mean,
    daysOfCover: cover,
    qty,
    basis: { days: demand.days, leadTimeDays, serviceLevel },
    active: (Object.keys(isOn) as (keyof typeof isOn)[]).filter((name) => isOn[name]),
  };
}

/** The same with advice where its load units should stand. */
export function withSlotting(
  book: SignalBook,
  slotting: SlottingAdvice | undefined,
  before: SignalBook | undefined,
): SignalBook {
  if (slotting === undefined) return book;
  const leastS = before?.active.includes('slotting') ? slottingOffS : slottingOnS;
  const isOn = slotting.gainSPerDay >= leastS;
  return { ...book, slotting, active: isOn ? [...book.active, 'slotting'] : book.active };
}

/** What has changed between two looks: signals that went on or off, and a class that is another one. */
export function changedSignals(
  before: SignalBook | undefined,
  now: SignalBook,
): { readonly signal: SignalName; readonly active: boolean }[] {
  const names = ['abcClass', 'cover', 'belowSafetyStock', 'reorder', 'slotting'] as const;
  return names.flatMap((signal) => {
    const active = now.active.includes(signal);
    const wasActive = before?.active.includes(signal) ?? false;
    const isOther = signal === 'abcClass' && before?.abcClass !== now.abcClass;
    return active !== wasActive || isOther ? [{ signal, active }] : [];
  });
}
