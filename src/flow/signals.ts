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
} from '../domain/signals/signals.ts';
import { type Coming, callsOf, comingTo } from './calls.ts';
import { dayOf } from './demand.ts';
import { surroundings } from './orders.ts';
import type { Work } from './work.ts';

/** Load units that one step looks at before it lets the next cause through. */
const unitsPerStepMax = 5_000;
/** Between two steps of one round. */
const stepMs = 50;

/** What one round starts with. */
interface Round {
  readonly skus: Iterator<SkuRecord>;
  readonly classes: ReadonlyMap<Sku, AbcClass>;
  readonly coming: Coming;
}

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
    this.#round ??= {
      skus: [...sku.values()].values(),
      classes: this.#classes(work),
      coming: comingTo(work, this.#settings.consumption),
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
  #lookAt(work: Work, { sku, record }: SkuRecord, { classes, coming }: Round): number {
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
    const now = calls.length === 0 ? book : { ...book, calls };
    // Hosts are told of changes only; people who ask see the numbers of the last look.
    if (JSON.stringify(now) !== JSON.stringify(before)) signal.put(now);
    for (const each of changedSignals(before, now)) tell(work, now, each);
    for (const call of changedCalls(before?.calls, calls)) tellCall(work, now, call);
    return units.length;
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
  { active: _, calls: __, qty, ...book }: SignalBook,
  { signal, active }: { readonly signal: SignalData['signal']; readonly active: boolean },
): void {
  const toOrder = signal === 'reorder' && active ? { qty } : {};
  work.emit('signal', `sku/${book.sku}`, { ...book, signal, active, ...toOrder });
  const on = active ? 'on' : 'off';
  work.explain(
    `${book.sku}: signal ${signal} is ${on}: class ${book.abcClass}, ${book.reachable} reachable, ${book.reserved} reserved, ${book.demandPerDay.toFixed(1)} a day, reorder point ${book.reorderPoint}, safety stock ${book.safetyStock}.`,
    book.sku,
  );
}

function tellCall(
  work: Work,
  { active: _, calls: __, qty: ___, ...book }: SignalBook,
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
