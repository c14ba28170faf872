import { join } from 'node:path';
import { Topology } from '../../src/domain/topology.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import type { Craneway } from '../../src/main.ts';
import { pause } from '../../src/ports/clock.ts';
import { benchSite } from './bench-site.ts';
import { hostOf, startController, withFolder } from './controller.ts';
import { type Chapter, type Figure, percentiles, round } from './figures.ts';
import { loadUnitName } from './plc-process.ts';
import { startPlcs } from './plcs.ts';
import { stockLedger, storedUnits } from './stock.ts';

/** Either leg of a mission; a real one takes seconds. */
const legMs = 40;
const unitsPerAisle = 1_000;
/** Orders that wait for each crane. */
const ordersAhead = 5;

/** From the end of a mission in the crane's registers to the frame with its next one. */
export async function measureCranes(isQuick: boolean): Promise<Chapter> {
  const figures: Figure[] = [];
  for (const cranes of [1, 8]) figures.push(await measure(cranes, isQuick ? 3_000 : 10_000));
  return { title: 'Crane event to next command on the wire', figures };
}

async function measure(cranes: number, forMs: number): Promise<Figure> {
  const plcs = startPlcs();
  try {
    const ports = await plcs.ask('cranes', { count: cranes, legMs });
    const site = benchSite({ conveyors: [], cranes: ports, bays: 100 });
    return await withFolder(async (folder) => {
      const topology = new Topology(site);
      const ledger = new Ledger(openLedger(join(folder, 'ledger.db')), topology, {
        ...{ nonce: 1, nowMs: clock.nowMs() },
      });
      const units = site.aisles.flatMap((aisle, i) =>
        storedUnits(aisle, 1 + i * unitsPerAisle, unitsPerAisle, 100),
      );
      stockLedger(ledger, topology, units);
      ledger.close();
      const craneway = await startController(site, folder);
      try {
        const orders = new Orders(craneway, cranes);
        const working = orders.keepAhead(forMs + 500);
        await pause(clock, 500);
        const commits = craneway.flow.counts.commits;
        const nextMs = await plcs.ask('work', { forMs });
        const perS = ((craneway.flow.counts.commits - commits) * 1000) / forMs;
        await working;
        return {
          name: `${cranes} ${cranes === 1 ? 'crane' : 'cranes'}, missions of ${2 * legMs} ms`,
          unit: 'ms',
          values: percentiles(nextMs),
          note: `${round((nextMs.length * 1000) / forMs)} missions/s, ${round(perS)} commits/s`,
        };
      } finally {
        await craneway.stop();
      }
    });
  } finally {
    await plcs.stop();
  }
}

/** A host that always wants a few more load units out of every aisle. */
class Orders {
  readonly #craneway: Craneway;
  readonly #cranes: number;
  readonly #send: ReturnType<typeof hostOf>;
  #ordered = 0;

  constructor(craneway: Craneway, cranes: number) {
    this.#craneway = craneway;
    this.#cranes = cranes;
    this.#send = hostOf(craneway);
  }

  async keepAhead(forMs: number): Promise<void> {
    const untilMs = clock.monotonicMs() + forMs;
    while (clock.monotonicMs() < untilMs && this.#ordered < unitsPerAisle) {
      const waiting = this.#craneway.flow.warehouse.tables.request.size;
      if (waiting < ordersAhead * this.#cranes) await this.#orderFromEach();
      else await pause(clock, 5);
    }
  }

  async #orderFromEach(): Promise<void> {
    this.#ordered++;
    await Promise.all(
      Array.from({ length: this.#cranes }, (_, i) => {
        const loadUnit = loadUnitName(i * unitsPerAisle + this.#ordered);
        const data = { order: `O-${loadUnit}`, kind: 'retrieval', station: 'PICK-01', loadUnit };
        return this.#send('order.create', data);
      }),
    );
  }
}
