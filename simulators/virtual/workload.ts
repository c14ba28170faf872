import type { MovementData } from '../../src/contract/messages.ts';
import { timeText } from '../../src/contract/time.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import type { NewTote } from '../world/people.ts';
import type { Contents } from './contents.ts';
import type { Day, Stored } from './day.ts';
import { Demand, nextOfMs, skuCode } from './demand.ts';
import type { VirtualHost } from './host.ts';
import type { Floor } from './people.ts';

export interface WorkloadOptions {
  readonly day: Day;
  readonly host: VirtualHost;
  readonly floor: Pick<Floor, 'feed'>;
  readonly stock: readonly Stored[];
  readonly infeeds: readonly LocationId[];
  /** Those of them where labels are printed: what bears none is put on there. */
  readonly labelsAt: ReadonlySet<LocationId>;
  readonly contents: Contents;
  /** As the host calls them. */
  readonly workstations: readonly string[];
  readonly loadUnitType: string;
  readonly cells: number;
  /** A supplier's own numbers, whose labels come with the load units. */
  readonly sscc: (serial: number) => string;
  readonly clock: Clock;
  readonly random: Random;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMs = 24 * hourMs;
/** From the advance notice to the truck at the dock. */
const aheadMs = 300_000;
/** Between two attempts to put something onto a full infeed. */
const againMs = 2_000;
/** Load units that wait outside; beyond, the trucks stay away. */
const dockMax = 500;
/** Attempts to find an article that is there. */
const drawsMax = 20;
const skusPerMessage = 200;

const odds = ['noRead', 'unknown', 'overweight', 'tooHigh'] as const;
type Kind = (typeof odds)[number] | 'labeled' | 'unlabeled';

/** What comes in and what is ordered, as a day says, drawn from chance. */
export class VirtualWorkload {
  readonly #options: WorkloadOptions;
  readonly #demand: Demand;
  readonly #dock: NewTote[] = [];
  /** Load units of each SKU that the host believes to be in the racks and has not ordered. */
  readonly #free = new Map<string, number>();
  #isOpen = false;
  #isFeeding = false;
  #totes = 0;
  #orders = 0;
  #infeed = 0;
  /** What was held back, and why: it shows whether the day asked for more than there was. */
  readonly heldBack = { arrivals: 0, ordersWithoutStock: 0, ordersTooMany: 0 };
  readonly given = { arrivals: 0, orders: 0 };

  constructor(options: WorkloadOptions) {
    this.#options = options;
    const { skus, busiest20Percent } = options.day.stock;
    this.#demand = new Demand(skus, busiest20Percent, options.random);
    for (const { sku } of options.stock) this.#count(sku, 1);
  }

  /** The articles first, then what comes and what is wanted. */
  start(): void {
    this.#isOpen = true;
    const { day, host } = this.#options;
    const codes = Array.from({ length: day.stock.skus }, (_, i) => skuCode(i + 1));
    for (let at = 0; at < codes.length; at += skusPerMessage) {
      const skus = codes.slice(at, at + skusPerMessage);
      host.give('sku.put', { skus: skus.map((sku) => ({ sku, unit: 'PCE', strategy: 'fifo' })) });
    }
    this.#stream(day.arrivals.perHour, () => this.#announce());
    this.#stream(day.orders.perHour, () => this.#order());
  }

  /** Nothing new comes any more; what waits at the dock still does. */
  close(): void {
    this.#isOpen = false;
  }

  /** Whether all that was announced has been put onto an infeed. */
  get isEmpty(): boolean {
    return this.#dock.length === 0;
  }

  /** To be called with every movement that the host is told. */
  heard({ kind, lines }: MovementData): void {
    if (kind !== 'putaway') return;
    for (const { sku } of lines) this.#count(sku, 1);
  }

  /** A Poisson stream whose rate goes with the hour of the day. */
  #stream(perHour: readonly number[], happen: () => void): void {
    const { clock, random } = this.#options;
    const most = Math.max(...perHour);
    if (most === 0) return;
    const next = () => {
      clock.after(nextOfMs(most, random), () => {
        if (!this.#isOpen) return;
        // Thinned: drawn at the highest rate, and taken as often as the hour has it.
        const rate = perHour[Math.floor((clock.monotonicMs() % dayMs) / hourMs)] ?? 0;
        if (((random.u32() % 1_000_000) / 1_000_000) * most < rate) happen();
        next();
      });
    };
    next();
  }

  #announce(): void {
    const { host, clock, random, sscc, contents } = this.#options;
    if (this.#isFull() || this.#dock.length >= dockMax) {
      this.heldBack.arrivals++;
      return;
    }
    this.given.arrivals++;
    const kind = this.#kind();
    const number = ++this.#totes;
    const lpn = `T-${String(number).padStart(6, '0')}`;
    const ssccText = kind === 'labeled' ? sscc(number) : undefined;
    const tote: NewTote = {
      lpn: kind === 'noRead' ? undefined : lpn,
      label: ssccText && `00${ssccText}`,
      massKg: kind === 'overweight' ? 1_000 : 5 + (random.u32() % 20),
      heightMm: kind === 'tooHigh' ? 5_000 : 200 + (random.u32() % 100),
    };
    const comes = () => void clock.after(aheadMs, () => this.#dockIn(tote));
    if (kind === 'noRead' || kind === 'unknown') return comes();
    const [sku, qty] = [this.#demand.wanted(), 1 + (random.u32() % 24)];
    contents.enter(lpn, sku, qty);
    const lines = [{ sku, qty }];
    const { loadUnitType } = this.#options;
    const notice = { lpn, loadUnitType, lines, ...(ssccText && { sscc: ssccText }) };
    host.give('loadUnit.announce', { loadUnits: [notice] }, comes);
  }

  #isFull(): boolean {
    const { day, host, cells } = this.#options;
    return host.stock.size + this.#dock.length >= (cells * day.arrivals.fillMaxPercent) / 100;
  }

  #kind(): Kind {
    const { day, random } = this.#options;
    const drawn = random.u32() % 100;
    const { oddPercent, unlabeledPercent } = day.arrivals;
    if (drawn < oddPercent) return odds[random.u32() % odds.length] ?? 'noRead';
    return drawn < oddPercent + unlabeledPercent ? 'unlabeled' : 'labeled';
  }

  #dockIn(tote: NewTote): void {
    this.#dock.push(tote);
    if (!this.#isFeeding) this.#feed();
  }

  /** Puts what came first onto the next infeed that has room. */
  #feed(): void {
    const { floor, infeeds, clock } = this.#options;
    const [tote] = this.#dock;
    this.#isFeeding = tote !== undefined;
    if (tote === undefined) return;
    for (let tries = 0; tries < infeeds.length; tries++) {
      this.#infeed = (this.#infeed + 1) % infeeds.length;
      const at = infeeds[this.#infeed];
      if (at === undefined || !this.#takes(at, tote) || !floor.feed(tote, at).done) continue;
      this.#dock.shift();
      break;
    }
    clock.after(this.#dock[0] === tote ? againMs : againMs / 2, () => this.#feed());
  }

  #takes(infeed: LocationId, { lpn, label }: NewTote): boolean {
    const { labelsAt } = this.#options;
    return labelsAt.size === 0 || label !== undefined || lpn === undefined || labelsAt.has(infeed);
  }

  #order(): void {
    const { day, host, random } = this.#options;
    if (host.openOrders.size >= day.orders.openMax) {
      this.heldBack.ordersTooMany++;
      return;
    }
    if (this.#draws(day.orders.countsPercent)) return this.#orderCount();
    const isPick = this.#draws(day.orders.picksPercent);
    const wanted = isPick ? 1 : 1 + (random.u32() % day.orders.linesMax);
    const skus = new Set<string>();
    for (let draws = 0; skus.size < wanted && draws < drawsMax; draws++) {
      const sku = this.#demand.wanted();
      if ((this.#free.get(sku) ?? 0) > 0) skus.add(sku);
    }
    if (skus.size === 0) {
      this.heldBack.ordersWithoutStock++;
      return;
    }
    for (const sku of skus) this.#count(sku, -1);
    const lines = () => [...skus].map((sku) => ({ sku, qty: isPick ? 1 + (random.u32() % 3) : 1 }));
    if (!isPick) return void this.#give(() => ({ kind: 'retrieval', lines: lines() }));
    const { order, ...when } = this.#give(() => ({
      ...{ kind: 'pick', ifShort: 'partial', lines: lines() },
    }));
    if (!this.#draws(day.orders.packsPercent)) return;
    host.give('order.create', { ...when, order: `PA-${order}`, kind: 'pack', orders: [order] });
  }

  /** Whatever stands in a rack, as far as the host knows. */
  #orderCount(): void {
    const { host, random, stock, workstations } = this.#options;
    for (let draws = 0; draws < drawsMax; draws++) {
      const { loadUnit = '' } = stock[random.u32() % stock.length] ?? {};
      const place = host.stock.get(loadUnit);
      if (place === undefined || workstations.includes(place)) continue;
      return void this.#give(() => ({ kind: 'count', loadUnit }));
    }
    this.heldBack.ordersWithoutStock++;
  }

  /** @returns what another order about the same has to say of itself */
  #give(what: () => object) {
    const { day, host, clock, random, workstations } = this.#options;
    const [leastMin, mostMin] = day.orders.dueMin;
    const dueInMs =
      leastMin * minuteMs + (random.u32() % Math.max(1, (mostMin - leastMin) * minuteMs));
    this.given.orders++;
    const order = {
      order: `SO-${++this.#orders}`,
      station: workstations[random.u32() % workstations.length],
      dueAt: timeText(clock.nowMs() + dueInMs),
      priority: random.u32() % 100 < day.orders.urgentPercent ? 8 : 5,
    };
    host.give('order.create', { ...order, ...what() });
    return order;
  }

  /** Nothing is drawn where the day has none. */
  #draws(ofHundred = 0): boolean {
    return ofHundred > 0 && this.#options.random.u32() % 100 < ofHundred;
  }

  #count(sku: string, by: number): void {
    this.#free.set(sku, (this.#free.get(sku) ?? 0) + by);
  }
}
