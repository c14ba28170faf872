import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadUnit, Movement } from '../../src/domain/books.ts';
import type { LoadUnitId, LocationId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { auditLedger } from '../../src/ledger/audit.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { benchSite, cellsOf } from './bench-site.ts';
import { withFolder } from './controller.ts';
import { type Chapter, type Figure, round } from './figures.ts';
import { stockLedger, storedUnits } from './stock.ts';

const bays = 999;
/** Movements of one commit while the history is made: as many as make it fast, not as many as are real. */
const movementsPerCommit = 20_000;

/** How long a start takes as the history grows, and what the history weighs. */
export const measureStarts = (isQuick: boolean): Promise<Chapter> =>
  startsAfter(isQuick ? [1e5] : [1e5, 1e6]);

/** The same after years: making the history takes ten minutes, and 6 GB. */
export const measureLongStart = (): Promise<Chapter> => startsAfter([1e7]);

async function startsAfter(histories: readonly number[]): Promise<Chapter> {
  const figures: Figure[] = [];
  for (const movements of histories) {
    figures.push(...(await withFolder(async (folder) => measureStart(folder, movements))));
  }
  return { title: 'A start from a ledger with a history', figures };
}

function measureStart(folder: string, movements: number): Figure[] {
  const site = benchSite({ conveyors: [], cranes: [], bays });
  const topology = new Topology(site);
  const file = join(folder, 'ledger.db');
  const units = storedUnits(site.aisles[0] as never, 1, cellsOf(bays) / 2, 500);
  const opened = () => new Ledger(openLedger(file), topology, { nonce: 1, nowMs: 0 });
  const made = opened();
  stockLedger(made, topology, units);
  live(made, units, movements);
  made.close();
  const about = `${movements} movements, ${units.length} load units`;
  const started = secondsOf(() => {
    const ledger = opened();
    ledger.load(new Warehouse(topology));
    return ledger;
  });
  started.result.close();
  const audited = secondsOf(() => auditLedger(openLedger(file)));
  const bytes = statSync(file).size;
  return [
    seconds(`start: open, verify, load, ${about}`, started),
    seconds(`audit of the whole beside the work, ${about}`, audited),
    {
      name: `ledger file, ${about}`,
      ...{ unit: 'MB', values: { value: round(bytes / 1e6) } },
      note: `${Math.round(bytes / movements)} bytes a movement, with its event and its cause`,
    },
  ];
}

/** Load units go out to the pick-up place and back, each time with an inbox row and an event, as on a real site. */
function live(ledger: Ledger, units: readonly LoadUnit[], untilNo: number): void {
  const pd = 'PD' as LocationId;
  const rows = new Warehouse(
    new Topology(benchSite({ conveyors: [], cranes: [], bays: 1 })),
  ).takeChanges();
  let no = ledger.lastMovement();
  let sequence = ledger.lastSequence();
  while (no < untilNo) {
    const movements: Movement[] = [];
    // A whole round trip each: the stock is the same before and after.
    for (let i = 0; i < movementsPerCommit / 2; i++) {
      const { loadUnit, place } = units[(no * 7919) % units.length] as LoadUnit;
      movements.push(step(++no, loadUnit, place, pd), step(++no, loadUnit, pd, place));
    }
    ledger.commit({
      ...{ atMs: no, reasons: [], answered: [], rows },
      causes: movements.map(({ cause }) => cause),
      movements,
      events: movements.map(({ atMs, loadUnit, from, to, cause, by }) => ({
        ...{ sequence: ++sequence, epoch: 1, name: 'movement', atMs },
        subject: `loadUnit/${loadUnit}`,
        data: { kind: 'relocated', loadUnit, from, to, lines: [], cause, device: by },
      })),
    });
  }
}

const step = (no: number, loadUnit: LoadUnitId, from: LocationId, to: LocationId): Movement => ({
  ...{ no, atMs: 1_700_000_000_000 + no, cause: `crane-1/mission/${no}/deposited` },
  ...{ loadUnit, from, to, by: 'crane-1' },
});

interface Timed<T> {
  readonly result: T;
  readonly tookS: number;
  /** Of this process: what is left when others keep the machine busy. */
  readonly processorS: number;
}

function secondsOf<T>(work: () => T): Timed<T> {
  const startNs = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  const tookS = Number(process.hrtime.bigint() - startNs) / 1e9;
  return { result, tookS, processorS: (user + system) / 1e6 };
}

const seconds = (name: string, { tookS, processorS }: Timed<unknown>): Figure => ({
  name,
  ...{ unit: 's', values: { elapsed: round(tookS), processor: round(processorS) } },
});
