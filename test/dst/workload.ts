import type { LocationId } from '../../src/domain/ids.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import type { DstHost } from './host.ts';
import type { DstPlant } from './plant.ts';

export const skus = ['A', 'B'] as const;
const insideMax = 14;
const openOrdersMax = 6;

interface DstWorkloadOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly host: DstHost;
  readonly plant: DstPlant;
  readonly infeed: LocationId;
  /** Between two things that are wanted: up to so long. */
  readonly wishMs: number;
}

/** What hosts want and what comes in: few load units, many histories. */
export class DstWorkload {
  readonly #options: DstWorkloadOptions;
  readonly #ordered: string[] = [];
  #isOpen = true;
  #totes = 0;
  #orders = 0;

  constructor(options: DstWorkloadOptions) {
    this.#options = options;
  }

  start(): void {
    const { host } = this.#options;
    host.give('sku.put', {
      skus: skus.map((sku) => ({ sku, unit: 'PCE', strategy: 'fifo' })),
    });
    this.#next();
  }

  close(): void {
    this.#isOpen = false;
  }

  /** The host takes back what nothing can be done for any more. */
  giveUp(): void {
    const { host } = this.#options;
    for (const order of host.openOrders.keys()) host.give('order.cancel', { order });
  }

  #next(): void {
    const { clock, random, wishMs } = this.#options;
    clock.after(random.u32() % wishMs, () => {
      if (!this.#isOpen) return;
      const drawn = random.u32() % 10;
      if (drawn < 4) this.#bring();
      else if (drawn < 8) this.#order();
      else this.#cancel();
      this.#next();
    });
  }

  #bring(): void {
    const { host, plant, random, infeed, clock } = this.#options;
    const inside = plant.model.world.truth().totes.filter(({ location }) => location !== 'OUTSIDE');
    if (inside.length >= insideMax) return;
    const lpn = `T-${++this.#totes}`;
    const kind = random.u32() % 12;
    const tote = { lpn: kind === 0 ? undefined : lpn, massKg: 10, heightMm: 300 };
    const comes = () => void clock.after(500, () => plant.feed(tote, infeed));
    if (kind <= 1) return comes();
    const lines = [{ sku: skus[random.u32() % skus.length], qty: 1 + (random.u32() % 9) }];
    const notice = { lpn, loadUnitType: 'TOTE-600', lines };
    host.give('loadUnit.announce', { loadUnits: [notice] }, comes);
  }

  #order(): void {
    const { host, random } = this.#options;
    if (host.openOrders.size >= openOrdersMax) return;
    // Now and then an order under a name that there is already, with other lines or the same.
    const isAgain = this.#ordered.length > 0 && random.u32() % 10 === 0;
    const order = isAgain
      ? (this.#ordered[random.u32() % this.#ordered.length] as string)
      : `SO-${++this.#orders}`;
    if (!isAgain) this.#ordered.push(order);
    const lines = [{ sku: skus[random.u32() % skus.length], qty: 1 + (random.u32() % 3) }];
    host.give('order.create', { order, kind: 'retrieval', station: 'PICK-01', lines });
  }

  #cancel(): void {
    const { host, random } = this.#options;
    const order = this.#ordered[random.u32() % Math.max(1, this.#ordered.length)];
    if (order !== undefined) host.give('order.cancel', { order });
  }
}
