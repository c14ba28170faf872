import type { SignalData } from '../contract/messages.ts';
import { timeText } from '../contract/time.ts';
import type { LoadUnit, SkuRecord } from '../domain/books.ts';
import type { Sku } from '../domain/ids.ts';
import { whyNotFetchable } from '../domain/reachability.ts';
import { promisedIn } from '../domain/shared-visit.ts';
import { type AbcClass, abcClasses } from '../domain/signals/abc.ts';
import { type CallBook, changedCalls } from '../domain/signals/calls.ts';
import { demandOf } from '../domain/signals/demand.ts';
import {
  changedSignals,
  type SignalBook,
  type SignalSettings,
  type SkuTargets,
  type StockSums,
  signalBook,
  withSlotting,
} from '../domain/signals/signals.ts';
import {
  type AdviceRound,
  adviceRound,
  type SlottingAdvice,
  slottingAdvice,
  whyNoAdvice,
} from '../domain/slotting-advice.ts';
import { type Coming, callsOf, comingTo } from './calls.ts';
import { dayOf } from './demand.ts';
import { surroundings } from './orders.ts';
import type { Work } from './work.ts';

/** Load units that one step looks at before it lets the next cause through. */
const unitsPerStepMax = 5_000;
/** A search for a better cell takes as long as looking at so many load units. */
const searchWeight = 50;
/** Between two steps of one round. */
const stepMs = 50;

/** What one round starts with. */
interface Round {
  readonly skus: Iterator<SkuRecord>;
  readonly classes: ReadonlyMap<Sku, AbcClass>;
  readonly coming: Coming;
  /** Undefined: nothing can be advised. */
  readonly advice: AdviceRound | undefined;
}

/** Who is wanted most gets the best cells. */
const mostWanted = (skus: readonly SkuRecord[]): readonly SkuRecord[] => {
  const intervalMs = ({ demand }: SkuRecord) =>
    demand === undefined || demand.intervals === 0 ? Number.MAX_VALUE : demand.intervalMs;
  return skus.toSorted((a, b) => intervalMs(a) - intervalMs(b));
};
const inOrder = (skus: readonly SkuRecord[]): readonly SkuRecord[] => skus;

/** Looks at every SKU in turn, and tells the hosts what has changed. */
export class SignalWatch {
  readonly #settings: SignalSettings;
  #dueMs: number;
  #round: Round | undefined;

  /** The first look comes after a while: at the start no crane has said yet that it works. */
  constructor(settings: SignalSettings, nowMs: number) {
    this.#settings = settings;
    this.#dueMs = nowMs + settings.everyS * 1000;
  }

  /** When there is something to look at again. */
  get dueMs(): number {
    return this.#dueMs;
  }

  look(work: Work): void {
    if (work.nowMs < this.#dueMs) return;
    const { sku } = work.warehouse.tables;
    const isAdvised = whyNoAdvice(work.warehouse) === undefined;
    this.#round ??= {
      skus: (isAdvised ? mostWanted : inOrder)([...sku.values()]).values(),
      classes: this.#classes(work),
      coming: comingTo(work, this.#settings.consumption),
      advice: isAdvised ? adviceRound() : undefined,
    };
    const round = this.#round;
    for (let units = 0; units < unitsPerStepMax; ) {
      const { value, done } = round.skus.next();
      if (done) {
        this.#round = undefined;
        this.#dueMs = work.nowMs + this.#settings.everyS * 1000;
        return;
      }
      units += 1 + this.#lookAt(work, value, round);
    }
    this.#dueMs = work.nowMs + stepMs;
  }

  #classes({ warehouse, nowMs }: Work): Map<Sku, AbcClass> {
    const { windowDays, abc } = this.#settings;
    const { sku, demand, signal } = warehouse.tables;
    const today = dayOf(nowMs);
    const times = new Map(
      Array.from(sku.values(), ({ sku: of }) => [
        of,
        demandOf(demand.get(of), today, windowDays).times,
      ]),
    );
    return abcClasses(times, (of) => signal.get(of)?.abcClass, abc);
  }

  /** @returns how many load units it has looked at */
  #lookAt(work: Work, { sku, record }: SkuRecord, round: Round): number {
    const { classes, coming } = round;
    const { demand, signal } = work.warehouse.tables;
    const targets = record as SkuTargets;
    const { stock, units } = stockOf(work, sku);
    const about = {
      stock,
      targets,
      demand: demandOf(demand.get(sku), dayOf(work.nowMs), this.#settings.windowDays),
      abcClass: targets.abcClass ?? classes.get(sku) ?? 'C',
    };
    const before = signal.get(sku);
    const book = signalBook(sku, about, this.#settings);
    const { consumption = [], everyS } = this.#settings;
    const calls = callsOf(sku, consumption, {
      ...{ units, coming, before: before?.calls, nowMs: work.nowMs },
      ...{ lookMs: everyS * 1000, share: book.basis.serviceLevel },
    });
    const fresh = calls.length === 0 ? book : { ...book, calls };
    const advised = round.advice && this.#advise(work, sku, units, round.advice);
    const now = withSlotting(fresh, advised?.advice, before);
    // Hosts are told of changes only; people who ask see the numbers of the last look.
    if (JSON.stringify(now) !== JSON.stringify(before)) signal.put(now);
    for (const each of changedSignals(before, now)) tell(work, now, each);
    for (const call of changedCalls(before?.calls, calls)) tellCall(work, now, call);
    return units.length * (round.advice?.left ? searchWeight : 1);
  }

  #advise(work: Work, sku: Sku, units: readonly LoadUnit[], round: AdviceRound) {
    const { whyStopped } = surroundings(work);
    const { warehouse, parts } = work;
    const stored = units.filter(
      (unit) =>
        parts.topology.find(unit.place)?.kind === 'cell' &&
        whyNotFetchable(warehouse, unit, whyStopped) === undefined,
    );
    return slottingAdvice(parts.slotting, warehouse, sku, {
      ...{ units: stored, round, nowMs: work.nowMs },
    });
  }
}

function stockOf(
  work: Work,
  sku: Sku,
): { readonly stock: StockSums; readonly units: readonly LoadUnit[] } {
  const around = surroundings(work);
  const units = work.warehouse
    .withSku(sku)
    .filter(({ status }) => status !== 'announced' && status !== 'gone');
  let [onHand, reserved, reachable] = [0, 0, 0];
  for (const unit of units) {
    const promised = promisedIn(work.warehouse, unit, around);
    const mine = unit.lines.map((line) => line.sku === sku && line.stockStatus === 'available');
    const sum = (of: readonly number[]) => of.reduce((all, n, i) => all + (mine[i] ? n : 0), 0);
    const qty = sum(unit.lines.map((line) => line.qty));
    onHand += qty;
    // What is promised counts against what can be had only where it could be had.
    const isReachable = whyNotFetchable(work.warehouse, unit, around.whyStopped) === undefined;
    if (isReachable) reachable += qty;
    if (isReachable) reserved += sum(promised);
  }
  return { stock: { onHand, reserved, reachable }, units };
}

function tell(
  work: Work,
  { active: _, calls: __, slotting, qty, ...book }: SignalBook,
  { signal, active }: { readonly signal: SignalData['signal']; readonly active: boolean },
): void {
  const toOrder = signal === 'reorder' && active ? { qty } : {};
  const toMove = signal === 'slotting' && active ? { slotting } : {};
  work.emit('signal', `sku/${book.sku}`, { ...book, signal, active, ...toOrder, ...toMove });
  if (signal === 'slotting') return explainSlotting(work, book.sku, active ? slotting : undefined);
  const on = active ? 'on' : 'off';
  work.explain(
    `${book.sku}: signal ${signal} is ${on}: class ${book.abcClass}, ${book.reachable} reachable, ${book.reserved} reserved, ${book.demandPerDay.toFixed(1)} a day, reorder point ${book.reorderPoint}, safety stock ${book.safetyStock}.`,
    book.sku,
  );
}

function explainSlotting(work: Work, sku: Sku, advice: SlottingAdvice | undefined): void {
  if (advice === undefined) {
    return work.explain(`${sku}: signal slotting is off: little is to be gained by moves.`, sku);
  }
  const { moves, loadUnits, travelNowS, travelThenS, gainSPerDay, costS, daysToPayBack } = advice;
  const payBack =
    daysToPayBack === undefined
      ? 'more than they save before the stock is gone, unless in idle time'
      : `paid back in ${daysToPayBack} days`;
  const text = `${sku}: signal slotting is on: ${moves} of ${loadUnits} load units lie outside the region of storage class ${advice.storageClass}; moves would shorten the mean way from ${travelNowS} to ${travelThenS} s and save ${gainSPerDay} s a day; they cost ${costS} s, ${payBack}.`;
  work.explain(text, sku);
}

function tellCall(
  work: Work,
  { active: _, calls: __, slotting: ___, qty: ____, ...book }: SignalBook,
  { station, active, booked, coming, qty, dueAtMs, callAtMs }: CallBook,
): void {
  const dueAt = timeText(dueAtMs);
  const needed = active ? { qty, dueAt } : {};
  work.emit('signal', `sku/${book.sku}`, {
    ...{ ...book, signal: 'justInTimeCall', active, station, ...needed },
  });
  const on = active ? 'on' : 'off';
  work.explain(
    `${book.sku}: signal justInTimeCall for ${station} is ${on}: ${booked} there, ${coming} coming; the next is due at ${dueAt} and is to be called by ${timeText(callAtMs)}.`,
    book.sku,
  );
}
