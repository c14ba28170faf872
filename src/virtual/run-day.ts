import type { FaultBoard } from '../../simulators/fault-board.ts';
import type { Finding } from '../../simulators/tally.ts';
import type { Day } from '../../simulators/virtual/day.ts';
import { Kernel } from '../../simulators/virtual/kernel.ts';
import type { SiteFiles } from '../cli/site-files.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Commit } from '../ports/store.ts';
import { drawStock } from './initial-stock.ts';
import { judgeDay } from './oracle.ts';
import { type DayFigures, Statistics } from './statistics.ts';
import { startVirtualSite, type VirtualSite } from './virtual-site.ts';

export interface RunDayOptions {
  readonly day: Day;
  readonly files: SiteFiles;
  /** How long new things come; it may take longer until the site is at rest. */
  readonly hours: number;
  readonly random: Random;
  readonly log: Log;
  /** Told of every hour that has passed, and of every step of the day. */
  readonly tell?: (line: string) => void;
  /** Sees every commit. */
  readonly see?: (commit: Commit) => void;
}

export interface DayResult {
  readonly site: VirtualSite;
  /** From the beginning until it was at rest, virtual milliseconds. */
  readonly virtualMs: number;
  readonly findings: readonly Finding[];
  readonly figures: DayFigures;
  /** Of all movements, in order. */
  readonly hash: string;
  readonly causes: number;
  readonly commits: number;
}

/** 2027-01-04, a Monday, at midnight UTC: every run begins then. */
const beginUtcMs = 1_799_020_800_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Reasons of an order that only more goods end; nothing comes in any more when the day is over. */
const waitsForGoods: ReadonlySet<string> = new Set(['STOCK_SHORT', 'LOAD_UNIT_BUSY']);

/** Lives through a day, or several, lets the site come to rest, and judges what is left. */
export async function runDay(options: RunDayOptions): Promise<DayResult> {
  const { day, files, hours, random, log, tell = () => {}, see = () => {} } = options;
  const kernel = new Kernel(beginUtcMs);
  const stock = drawStock(files.site, day, random);
  const site = startVirtualSite({ files, day, stock, kernel, random, log });
  const { store, plant, people, board, workload, flow } = site;
  const statistics = new Statistics(site);
  plant.onStep = () => statistics.look();
  store.onCommit = (commit) => {
    statistics.committed(commit);
    see(commit);
    for (const [, row] of commit.rows.discrepancy) if (row?.state === 'open') people.asked(row.no);
  };
  checkSteps(day, board);
  for (const { atS, device, fault, on, forS, with: values = {} } of day.steps) {
    kernel.after(atS * 1_000, () => {
      tell(`${device} ${fault} ${on ? 'on' : 'off'}`);
      board.set(device, fault, {
        on,
        forMs: forS === undefined ? undefined : forS * 1_000,
        values,
      });
    });
  }
  workload.start();
  for (let hour = 1; hour <= hours; hour++) {
    await kernel.run(hour * hourMs);
    statistics.turn();
    tell(`${hour} h`);
  }
  workload.close();
  board.clear();
  await comeToRest(kernel, site, day.limits.restMaxMin);
  const figures = statistics.figures();
  return {
    site,
    virtualMs: kernel.monotonicMs(),
    findings: [...judgeDay(site), ...tooLate(day, figures)],
    figures,
    hash: store.movementsHash(),
    ...flow.counts,
  };
}

/** @throws {ConfigError} with every step that this site has no device or fault for */
function checkSteps({ steps, doc }: Day, board: FaultBoard): void {
  const problems = steps.flatMap(({ device, fault, forS, with: values }, at) => {
    const forMs = forS === undefined ? undefined : forS * 1_000;
    const problem = board.problemOf(device, fault, { forMs, ...(values && { values }) });
    return problem === undefined ? [] : [`/steps/${at}/${problem.key}: ${problem.message}`];
  });
  if (problems.length > 0) throw new ConfigError(doc, problems);
}

/** Nobody starves: no order has taken longer than the day allows. */
function tooLate({ limits }: Day, { orders }: DayFigures): Finding[] {
  if (orders.leadMaxS <= limits.waitMaxMin * 60) return [];
  const text = `${orders.longest} took ${orders.leadMaxS} s, ${limits.waitMaxMin} min are allowed`;
  return [{ kind: 'unresolved', text }];
}

/** Until nothing is under way and nobody is asked, within the limit; what is left the oracle finds. */
async function comeToRest(kernel: Kernel, site: VirtualSite, limitMin: number): Promise<void> {
  for (let minute = 0; minute < limitMin && !isAtRest(site); minute++) {
    giveUpWaiting(site);
    await kernel.run(kernel.monotonicMs() + minuteMs);
  }
}

function isAtRest({ flow, host, store, workload, plant }: VirtualSite): boolean {
  const { warehouse } = flow;
  const isBusy = warehouse.tables.workflow.size > 0 || !workload.isEmpty;
  const isAsking = [...warehouse.openDiscrepancies(), ...warehouse.openOrders()].length > 0;
  const isTold = host.through === store.lastSequence();
  if (isBusy || isAsking || !isTold) return false;
  const { people, lanes } = plant.model;
  return [...lanes.keys()].every((lane) => people.contentsOf(lane).length === 0);
}

/** The host takes back what waits for goods, or for a load unit that is not in the racks. */
function giveUpWaiting({ host }: VirtualSite): void {
  for (const { order, kind, status, reasons = [] } of host.openOrders.values()) {
    const isForNothing = kind === 'count' && status === 'queued';
    if (!isForNothing && !reasons.some(({ code }) => waitsForGoods.has(code))) continue;
    host.give('order.cancel', { order });
  }
}
