import { timeText } from '../src/contract/time.ts';
import type { LocationId } from '../src/domain/ids.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { Random } from '../src/ports/random.ts';
import type { LoadUnitDraft, SimHost } from './host/host.ts';
import type { Plant } from './plant.ts';

/** Simulated time between two totes at the infeed, and between two orders, on a quiet day. */
const quietDayMs = 24_000;
/** Real time between two looks at what is due. */
const lookEveryMs = 50;
const openOrdersMax = 5;
/** Stock that the host lets build up before it orders. */
const stockBeforeOrders = 4;
const skus = ['SKU-100', 'SKU-200', 'SKU-300', 'SKU-400'] as const;
const msPerDay = 86_400_000;
/** Reasons of an order that only more goods end; a host that was away may order what has left. */
const waitsForGoods: ReadonlySet<string> = new Set(['STOCK_SHORT', 'LOAD_UNIT_BUSY']);

/** What comes in, of 100 totes. The rest carries an SSCC label, or only its license plate and gets one. */
const oddities = [
  { kind: 'noRead', below: 3 },
  { kind: 'unknown', below: 6 },
  { kind: 'overweight', below: 9 },
  { kind: 'tooHigh', below: 12 },
  { kind: 'unlabeled', below: 55 },
] as const;
type Kind = (typeof oddities)[number]['kind'] | 'labeled';

export interface WorkloadOptions {
  readonly plant: Plant;
  readonly host: SimHost;
  readonly station: LocationId;
  readonly loadUnitType: string;
  /** A supplier's own numbers, whose labels come with the totes. */
  readonly sscc: (serial: number) => string;
  /** Simulated milliseconds between two totes, and between two orders; by default as on a quiet day. */
  readonly everyMs?: number;
  /** Brings nothing that a sound controller asks a person about; by default some of what comes is odd. */
  readonly isFaultless?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A tote that is on its way. */
interface Coming {
  readonly lpn: string | undefined;
  readonly label: string | undefined;
  readonly massKg: number;
  readonly heightMm: number;
  /** The controller knows of it, or never will. */
  isExpected: boolean;
}

/** Totes on their way at a time. */
const aheadMax = 6;

/** Lets totes come in and orders be given. */
export class Workload {
  readonly #options: WorkloadOptions;
  #nextFeedMs = 0;
  #nextOrderMs = 0;
  #toteNumber: number;
  #orderNumber: number;
  #isOpen = false;
  readonly #given = new Set<string>();
  /** Orders that no event has told of yet: a host that is cut off orders no more than what it may have open. */
  readonly #unheard = new Set<string>();
  readonly #coming: Coming[] = [];
  #isBusy = false;
  #cancel: () => void = () => {};
  readonly #everyMs: number;

  constructor(options: WorkloadOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? quietDayMs;
    const { plant, host } = options;
    // Numbers go on where a run before has ended: what plant and host have seen is taken.
    const codes = [...plant.truth().totes.flatMap((tote) => tote.codes), ...host.stock().keys()];
    const announced = host.received().map(({ data }) => String((data as About).loadUnit ?? ''));
    this.#toteNumber = highest([...codes, ...announced], /T-(\d{6})$/);
    this.#orderNumber = highest([...host.orders().keys()], /^SO-(\d+)$/);
  }

  async start(): Promise<void> {
    this.#isOpen = true;
    // Nothing is announced before the controller knows the articles.
    await this.#options.host.putSkus(skus.map((sku) => ({ sku, unit: 'PCE', strategy: 'fefo' })));
    this.#nextFeedMs = this.#options.plant.simulatedMs();
    this.#nextOrderMs = this.#nextFeedMs + this.#everyMs;
    this.#schedule();
  }

  /** No more totes and no more orders. */
  close(): void {
    this.#isOpen = false;
    this.#cancel();
  }

  /** Takes back orders that wait for goods: nothing comes in any more. */
  giveUpWaiting(): void {
    const { host, log } = this.#options;
    for (const { order, status, reasons = [] } of host.orders().values()) {
      const isWaiting = !isFinal(status) && reasons.some(({ code }) => waitsForGoods.has(code));
      if (!isWaiting || this.#given.has(order)) continue;
      this.#given.add(order);
      host.cancel(order).catch((error: unknown) => log.warn({ err: error }, 'Not canceled'));
    }
  }

  #schedule(): void {
    if (!this.#isOpen) return;
    this.#cancel = this.#options.clock.after(lookEveryMs, () => {
      this.#look();
      this.#schedule();
    });
  }

  #look(): void {
    const simMs = this.#options.plant.simulatedMs();
    while (this.#coming.length < aheadMax) this.#announce();
    const [next] = this.#coming;
    if (simMs >= this.#nextFeedMs && !this.#isBusy && next?.isExpected) {
      this.#isBusy = true;
      this.#coming.shift();
      this.#feed(next)
        .catch((error: unknown) => this.#options.log.warn({ err: error }, 'No tote was fed'))
        .finally(() => {
          this.#isBusy = false;
        });
    }
    if (simMs >= this.#nextOrderMs) {
      this.#nextOrderMs = simMs + this.#around(this.#everyMs);
      this.#order();
    }
  }

  /** As a supplier's truck is, some time before it comes; while the host is away, those go on coming in. */
  #announce(): void {
    const { host, log } = this.#options;
    const kind = this.#drawKind();
    const number = ++this.#toteNumber;
    const lpn = `T-${String(number).padStart(6, '0')}`;
    const sscc = kind === 'labeled' ? this.#options.sscc(number) : undefined;
    const isUnannounced = kind === 'unknown' || kind === 'noRead';
    const coming: Coming = {
      lpn: kind === 'noRead' ? undefined : lpn,
      label: sscc && `00${sscc}`,
      massKg: kind === 'overweight' ? 60 : 5 + (this.#options.random.u32() % 20),
      heightMm: kind === 'tooHigh' ? 450 : 200 + (this.#options.random.u32() % 100),
      isExpected: isUnannounced,
    };
    this.#coming.push(coming);
    if (isUnannounced) return;
    host.announce([this.#notice(lpn, sscc)]).then(
      () => {
        coming.isExpected = true;
      },
      (error: unknown) => {
        const at = this.#coming.indexOf(coming);
        if (at >= 0) this.#coming.splice(at, 1);
        log.warn({ err: error }, 'No tote was announced');
      },
    );
  }

  /** The infeed may be full: then it is tried again with the same tote. */
  async #feed({ isExpected: _, ...tote }: Coming): Promise<void> {
    const { plant } = this.#options;
    while (this.#isOpen && !plant.feed(tote).done) await this.#wait();
    this.#nextFeedMs = plant.simulatedMs() + this.#around(this.#everyMs);
  }

  #notice(lpn: string, sscc: string | undefined): LoadUnitDraft {
    const { clock, random, loadUnitType } = this.#options;
    const sku = skus[random.u32() % skus.length] as string;
    const expiryMs = clock.nowMs() + (30 + (random.u32() % 300)) * msPerDay;
    const expiry = timeText(expiryMs).slice(0, 10);
    const lines = [{ sku, qty: 1 + (random.u32() % 24), lot: `L${random.u32() % 100}`, expiry }];
    return { lpn, loadUnitType, lines, ...(sscc === undefined ? {} : { sscc }) };
  }

  /** Asks for a load unit, or for what one holds: the controller may choose another one. */
  #order(): void {
    const { host, station, random, clock } = this.#options;
    const open = [...host.orders().values()].filter(({ status }) => !isFinal(status));
    for (const order of host.orders().keys()) this.#unheard.delete(order);
    const stored = [...host.stock()].filter(([, place]) => isCell(place));
    const openCount = open.length + this.#unheard.size;
    if (openCount >= openOrdersMax || stored.length < stockBeforeOrders) return;
    const promised = new Set(open.flatMap(({ loadUnits = [] }) => loadUnits));
    const free = stored.filter(([loadUnit]) => !promised.has(loadUnit));
    const [loadUnit] = free[random.u32() % Math.max(1, free.length)] ?? [];
    if (loadUnit === undefined) return;
    const order = `SO-${++this.#orderNumber}`;
    const dueAt = timeText(clock.nowMs() + 600_000);
    const line = random.u32() % 3 === 0 ? undefined : linesOf(host, loadUnit)[0];
    const what = line === undefined ? { loadUnit } : { lines: [{ sku: line.sku, qty: line.qty }] };
    this.#unheard.add(order);
    host.createOrder({ order, station, dueAt, ...what }).then(
      ({ result }) => {
        if (result === 'refused') this.#unheard.delete(order);
      },
      (error: unknown) => {
        this.#unheard.delete(order);
        this.#options.log.warn({ err: error }, 'No order was given');
      },
    );
  }

  #drawKind(): Kind {
    const drawn = this.#options.random.u32() % 100;
    const kind = oddities.find(({ below }) => drawn < below)?.kind ?? 'labeled';
    const isFaultless = kind === 'labeled' || kind === 'unlabeled';
    return this.#options.isFaultless && !isFaultless ? 'labeled' : kind;
  }

  #around(ms: number): number {
    return ms * (0.7 + (this.#options.random.u32() % 600) / 1000);
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(lookEveryMs, resolve));
  }
}

const isFinal = (status: string): boolean => ['completed', 'canceled', 'failed'].includes(status);
const isCell = (place: string): boolean => /-[LR]-\d{3}-\d\d-\d$/.test(place);

interface About {
  readonly loadUnit?: string;
  readonly lines?: readonly { readonly sku: string; readonly qty: number }[];
}

/** What the host was last told to be on a load unit. */
function linesOf(host: SimHost, loadUnit: string): NonNullable<About['lines']> {
  const last = host.received().findLast(({ data }) => (data as About).loadUnit === loadUnit);
  return (last?.data as About | undefined)?.lines ?? [];
}

function highest(texts: readonly string[], form: RegExp): number {
  return texts.reduce((max, text) => Math.max(max, Number(form.exec(text)?.[1] ?? 0)), 0);
}
