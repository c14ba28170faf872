import type { LoadUnit, OrderLine, StockLine } from './books.ts';
import type { LoadUnitId } from './ids.ts';
import { lockText, type PartLock } from './locks.ts';
import { whyNotReachable } from './reachability.ts';
import { compareKeys, type Keys } from './sorted-list.ts';
import {
  dayNumber,
  quantityIn,
  type Ranked,
  type Ranking,
  type RankingRule,
  rankShared,
  type Shared,
  StockRankings,
} from './stock-ranking.ts';
import type { Warehouse } from './warehouse.ts';

/** What a line of an order wants, and by which rule. */
export interface Wish {
  readonly line: OrderLine;
  /** What has expired before this day does not fit. */
  readonly earliest: string;
  readonly rule: RankingRule;
  readonly fits: (stock: StockLine) => boolean;
}

interface Scope {
  readonly warehouse: Warehouse;
  readonly whyStopped: (aisle: string) => string | undefined;
  /** Load units that the order has been given already. */
  readonly chosen: ReadonlyMap<LoadUnitId, LoadUnit>;
  /** Load units under way for others that the order may take from too, with what is left in them. */
  readonly shared: readonly LoadUnit[];
}

/** A load unit in a rack, in its place by the rule. */
interface Standing {
  readonly unit: LoadUnit;
  readonly keys: Keys;
}

/** Load units that are looked at to say where the rest is. */
const elsewhereMax = 1_000;

/** The load units that a line may have, one by one, the first by its rule first; and why others were not. */
export class Candidates {
  readonly #scope: Scope;
  readonly #wish: Wish;
  readonly #ranking: Ranking;
  readonly #passedOver = new Map<LoadUnitId, string>();
  /** Aisles that were met, and why their crane does not work; undefined: it does. */
  readonly #aisles = new Map<string, string | undefined>();
  /** Aisles that were met, and the lock that lets nothing out of them. */
  readonly #locked = new Map<string, PartLock | undefined>();
  /** What is under way anyway, the first by the rule first. */
  readonly #shared: Shared[];
  /** First what stands where the crane works, then the rest. */
  readonly #working: Generator<Standing, undefined>;
  readonly #stopped: Generator<Standing, undefined>;
  /** The next one that stands where the crane works, once it has been looked at. */
  #ahead: Standing | undefined;
  #isAtStopped = false;

  constructor(scope: Scope, wish: Wish) {
    this.#scope = scope;
    this.#wish = wish;
    this.#ranking = StockRankings.of(scope.warehouse).ranking(wish.line, wish.rule);
    const mine = scope.shared.filter(
      ({ loadUnit, lines }) => !scope.chosen.has(loadUnit) && lines.some(wish.fits),
    );
    this.#shared = rankShared(mine, wish.fits, wish.rule);
    this.#working = this.#those(this.#ranking.forward(this.#from()), false);
    this.#stopped = this.#those(this.#ranking.forward(this.#from()), true);
  }

  /** @param missing  what is still wanted, > 0 */
  next(missing: number): LoadUnit | undefined {
    const isLargest = this.#wish.rule === 'largest';
    const shared = this.#nextShared(isLargest);
    if (shared !== undefined) return shared;
    const enough = (isStopped: boolean) =>
      isLargest ? this.#smallestOf(missing, isStopped) : undefined;
    const working = enough(false) ?? this.#nextWorking();
    if (working !== undefined) return working.unit;
    const stopped = enough(true) ?? this.#stopped.next().value;
    this.#isAtStopped ||= stopped !== undefined;
    return stopped?.unit;
  }

  /** Nothing has to be fetched for it; but what the rule has before it in a rack goes first. */
  #nextShared(isLargest: boolean): LoadUnit | undefined {
    const [shared] = this.#shared;
    if (shared === undefined) return undefined;
    // Where as few as possible are wanted, what comes anyway is no further one.
    if (!isLargest) this.#ahead ??= this.#working.next().value;
    const isBehind = this.#ahead !== undefined && compareKeys(this.#ahead.keys, shared.keys) < 0;
    if (!isLargest && isBehind) return undefined;
    this.#shared.shift();
    return shared.unit;
  }

  #nextWorking(): Standing | undefined {
    const ahead = this.#ahead ?? this.#working.next().value;
    this.#ahead = undefined;
    return ahead;
  }

  /** Whole sentences: what would have come before what was chosen, and why it did not. */
  notes(): string[] {
    const [example, ...more] = this.#passedOver.values();
    const others = more.length > 0 ? `, and ${more.length} more like it` : '';
    const verb = this.#isAtStopped ? 'comes last' : 'is left out';
    const stopped = [...this.#aisles].filter(([, why]) => why !== undefined);
    const locked = [...this.#locked].flatMap(([aisle, lock]) =>
      lock ? [lockText(aisle, lock)] : [],
    );
    return [
      ...locked.map((text) => `Left out: ${text}.`),
      ...(example === undefined ? [] : [`Passed over: ${example}${others}.`]),
      ...stopped.map(([aisle, why]) => `${aisle} ${verb}: ${why}.`),
    ];
  }

  /** Where else there is stock of the SKU that the line cannot have now, in its base unit. */
  elsewhere(): string[] {
    const { warehouse, chosen } = this.#scope;
    const { sku } = this.#wish.line;
    const sums = new Map<string, number>();
    const units = warehouse.withSku(sku);
    for (const unit of units.slice(0, elsewhereMax)) {
      if (chosen.has(unit.loadUnit) || unit.status === 'gone') continue;
      for (const stock of unit.lines) {
        if (stock.sku !== sku) continue;
        const where = this.#whereElse(unit, stock);
        sums.set(where, (sums.get(where) ?? 0) + stock.qty);
      }
    }
    if (sums.size === 0) return [];
    const all = [...sums].sort(([a], [b]) => a.localeCompare(b));
    const listed = all.map(([where, qty]) => `${qty} ${where}`).join(', ');
    const limit = units.length > elsewhereMax ? `; ${elsewhereMax} load units were looked at` : '';
    return [`Not to be had of ${sku}: ${listed}${limit}.`];
  }

  #whereElse(unit: LoadUnit, stock: StockLine): string {
    const { line, fits, earliest } = this.#wish;
    if (stock.stockStatus !== line.stockStatus) return `with status ${stock.stockStatus}`;
    if (line.lot !== undefined && stock.lot !== line.lot) return 'of another lot';
    if (!fits(stock)) return `that expire before ${line.expiry ?? earliest}`;
    if (unit.status === 'announced') return 'announced';
    const code = whyNotReachable(this.#scope.warehouse, unit)?.code ?? '';
    return words[code] ?? 'promised to this order';
  }

  /** What has expired stands before all else in the order of FEFO, and need not be walked through. */
  #from(): readonly number[] {
    const { rule, line, earliest } = this.#wish;
    if (rule !== 'fefo') return [];
    return [Math.max(dayNumber(earliest), line.expiry === undefined ? 0 : dayNumber(line.expiry))];
  }

  /** Of those that are enough by themselves the smallest; of several as small the one that goes first. */
  #smallestOf(missing: number, isStopped: boolean): Standing | undefined {
    // Quantities are whole: this lies between one too few and just enough.
    const larger = this.#ranking.backward([-missing + 0.5]);
    const smallest = this.#those(larger, isStopped).next().value;
    if (smallest === undefined) return undefined;
    const qty = quantityIn(this.#wish.line, smallest.unit);
    return this.#those(this.#ranking.forward([-qty]), isStopped).next().value;
  }

  /** One question for all that stands there. */
  #isLocked(aisle: string): boolean {
    if (!this.#locked.has(aisle)) {
      this.#locked.set(aisle, this.#scope.warehouse.locks.onAisle(aisle, 'out'));
    }
    return this.#locked.get(aisle) !== undefined;
  }

  #isStopped(aisle: string): boolean {
    if (!this.#aisles.has(aisle)) this.#aisles.set(aisle, this.#scope.whyStopped(aisle));
    return this.#aisles.get(aisle) !== undefined;
  }

  *#those(ranked: Iterable<Ranked>, isStopped: boolean): Generator<Standing, undefined> {
    const { warehouse, chosen } = this.#scope;
    for (const { loadUnit, aisle, keys } of ranked) {
      if (this.#isLocked(aisle) || this.#isStopped(aisle) !== isStopped) continue;
      const unit = warehouse.loadUnit(loadUnit);
      if (unit === undefined || chosen.has(loadUnit)) continue;
      const why = this.#whyNot(unit);
      if (why === undefined) yield { unit, keys };
      else this.#passedOver.set(loadUnit, why);
    }
  }

  #whyNot(unit: LoadUnit): string | undefined {
    if (!unit.lines.some(this.#wish.fits)) return `${unit.loadUnit} expires too soon`;
    return whyNotReachable(this.#scope.warehouse, unit)?.detail;
  }
}

const words: Readonly<Record<string, string>> = {
  LOAD_UNIT_BUSY: 'promised, under way or behind what may not be moved',
  LOCKED: 'locked',
  LOAD_UNIT_MISSING: 'missing or in question',
};
