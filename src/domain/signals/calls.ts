import type { LocationId, Sku } from '../ids.ts';
import { zOf } from './formulas.ts';

/** A station where a SKU is used up, and load units stay until they are empty. */
export interface ConsumptionPoint {
  readonly station: LocationId;
  readonly sku: Sku;
  /** Base units that are used there in an hour, > 0. */
  readonly perHour: number;
  /** Base units of one call, > 0. */
  readonly qty: number;
  /** From an order to its load unit standing at the station, with waiting, dig-outs and conveyors; mean, seconds. */
  readonly leadTimeS: number;
  /** Standard deviation of that, seconds. */
  readonly leadTimeDeviationS: number;
  /** So long before it would run out the next load unit shall stand there, seconds. */
  readonly safetyTimeS: number;
}

/** How a consumption point stands. */
export interface CallBook {
  readonly station: LocationId;
  /** What the books say is there, base units. */
  readonly booked: number;
  /** Since when they say so: consumption runs from then on. */
  readonly sinceMs: number;
  /** What open orders still bring, base units. */
  readonly coming: number;
  readonly qty: number;
  /** When the next load unit has to stand there. */
  readonly dueAtMs: number;
  /** When it has to be called at the latest. */
  readonly callAtMs: number;
  /** It is called, and nothing has been ordered since. */
  readonly active: boolean;
  /** The least that was there and coming since the call: more than that answers it. */
  readonly least: number;
}

export interface SeenAtPoint {
  readonly booked: number;
  readonly coming: number;
}

/**
 * How long an order takes in so many of all cases, milliseconds: mean + z(share) · σ.
 *
 * @param share  0.5 ≤ share < 1
 */
export const leadTimeMs = (
  { leadTimeS, leadTimeDeviationS }: ConsumptionPoint,
  share: number,
): number => Math.ceil(1000 * (leadTimeS + zOf(share) * leadTimeDeviationS));

/**
 * When the next load unit has to be called: stock and what is coming, used up at a constant rate, say when the
 * point runs out; due is the safety time before, the call the lead time before that.
 *
 * The books know of deliveries and of what is taken away, and often not of each piece that is used: so stock
 * counts down from the last booking on. A call is made at the last look that is not too late for it. It
 * stays until more is ordered or brought, so that one need is called once.
 *
 * @param before    absent: never looked at
 * @param lookMs    time to the next look
 * @param share     of orders that are in time, 0.5 to 0.9999
 */
export function callBook(
  point: ConsumptionPoint,
  { booked, coming }: SeenAtPoint,
  {
    before,
    nowMs,
    lookMs,
    share,
  }: {
    readonly before: CallBook | undefined;
    readonly nowMs: number;
    readonly lookMs: number;
    readonly share: number;
  },
): CallBook {
  const isSame = before?.booked === booked && before.sinceMs <= nowMs;
  const sinceMs = isSame ? before.sinceMs : nowMs;
  const lastsMs = (qty: number) => Math.floor((qty / point.perHour) * 3_600_000);
  const emptyAtMs = sinceMs + lastsMs(booked);
  // What comes to an empty point is used from then on, and not from when it went empty.
  const runsOutMs = coming > 0 ? Math.max(nowMs, emptyAtMs) + lastsMs(coming) : emptyAtMs;
  const dueAtMs = runsOutMs - point.safetyTimeS * 1000;
  const callAtMs = dueAtMs - leadTimeMs(point, share);
  const held = booked + coming;
  const isOpen = before?.active === true && held <= before.least;
  return {
    ...{ station: point.station, booked, sinceMs, coming, qty: point.qty, dueAtMs, callAtMs },
    active: isOpen || callAtMs < nowMs + lookMs,
    least: isOpen ? Math.min(held, before.least) : held,
  };
}

/** Calls to tell of: new ones, ended ones, and those that were answered with too little. */
export function changedCalls(
  before: readonly CallBook[] | undefined,
  now: readonly CallBook[],
): CallBook[] {
  return now.filter((call) => {
    const was = before?.find(({ station }) => station === call.station);
    if (!call.active) return was?.active === true;
    return was?.active !== true || call.booked + call.coming > was.least;
  });
}
