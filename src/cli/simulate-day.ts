import { writeFileSync } from 'node:fs';
import { machineClock } from '../machine/clock.ts';
import { seededRandom } from '../machine/random.ts';
import type { Log } from '../ports/log.ts';
import { reportPage } from '../virtual/report.ts';
import { type DayResult, runDay } from '../virtual/run-day.ts';
import { readDay } from './day-files.ts';
import { print, say, table } from './output.ts';
import { readSiteFiles } from './site-files.ts';

export interface SimulateDayOptions {
  readonly seed: number;
  readonly days: number;
  /** Path of a page to write. */
  readonly report?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const findingsShown = 20;

/** Runs one scenario, prints what it was like, and fails when something does not hold. */
export async function simulateDay(name: string, options: SimulateDayOptions): Promise<void> {
  const { seed, days, json = false } = options;
  const day = readDay(name);
  const files = readSiteFiles(day.site);
  say(options, `${day.doc} Site ${day.site}, seed ${seed}.`);
  const startMs = machineClock.monotonicMs();
  const startCpu = process.cpuUsage();
  const result = await runDay({
    ...{
      day,
      files,
      hours: (days - 1) * 24 + day.hours,
      log: logOf(options),
      random: seededRandom(seed),
    },
    tell: (line) => say(options, line),
  });
  const realS = (machineClock.monotonicMs() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(startCpu);
  const speed = speedOf(result, { realS, cpuS: (user + system) / 1e6 });
  const { findings, figures, hash } = result;
  for (const { kind, text } of findings.slice(0, findingsShown)) {
    process.stderr.write(`${kind}: ${text}\n`);
  }
  if (options.report !== undefined) {
    const { doc } = day;
    const ok = findings.length === 0;
    const page = reportPage({ scenario: name, doc, seed, ok, findings, hash, speed, figures });
    writeFileSync(options.report, page);
    say(options, `report: ${options.report}`);
  }
  const summary = {
    scenario: name,
    seed,
    days,
    ok: findings.length === 0,
    hash,
    speed,
    ...figures,
  };
  print(json ? JSON.stringify({ ...summary, findings }, undefined, 2) : text(summary));
  if (findings.length > 0) process.exitCode = 1;
}

function speedOf(
  { virtualMs, causes, commits }: DayResult,
  { realS, cpuS }: { readonly realS: number; readonly cpuS: number },
) {
  const times = (seconds: number) => Math.round(virtualMs / 1_000 / seconds);
  return {
    virtualH: Math.round(virtualMs / 36_000) / 100,
    realS: Math.round(realS * 10) / 10,
    cpuS: Math.round(cpuS * 10) / 10,
    timesReal: times(realS),
    /** As on a core of its own. */
    timesCpu: times(cpuS),
    causes,
    commits,
    causesPerCpuS: Math.round(causes / cpuS),
  };
}

/** What a person has to see of it: warnings and worse. */
function logOf(options: SimulateDayOptions): Log {
  const tell = (fields: object, message: string) =>
    say(options, `${message} ${JSON.stringify(fields)}`);
  return { debug() {}, info() {}, warn: tell, error: tell };
}

type Summary = { readonly ok: boolean; readonly hash: string } & {
  readonly speed: ReturnType<typeof speedOf>;
} & DayResult['figures'];

function text({ ok, hash, speed, orders, cranes, course, ...day }: Summary): string {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  return [
    table(course, {
      hour: ({ hour }) => hour,
      putaways: ({ putaways }) => putaways,
      retrievals: ({ retrievals }) => retrievals,
      'open orders': ({ openOrders }) => openOrders,
      fill: ({ fill }) => percent(fill),
    }),
    table(cranes, {
      crane: ({ crane }) => crane,
      putaways: ({ putaways }) => putaways,
      retrievals: ({ retrievals }) => retrievals,
      'dig-outs': ({ digOuts }) => digOuts,
      dual: ({ dualShare }) => percent(dualShare),
      used: ({ utilization }) => percent(utilization),
      'empty s': ({ emptyTravelS }) => emptyTravelS,
      'loaded s': ({ loadedTravelS }) => loadedTravelS,
      'cycle s': ({ cycleS }) => cycleS,
      'FEM s': ({ femCycleS }) => femCycleS,
    }),
    `putaways ${day.putaways}, retrievals ${day.retrievals}, dig-outs ${day.digOuts}, questions ${day.questions}`,
    `stations: ${day.stations.picks} lines picked (${Math.round(day.stations.picks / day.hours)} an hour) from ${day.stations.pickVisits} load units, a load unit waits ${day.stations.waitMeanS} s for its scan, ${day.stations.waitMaxS} s at most`,
    `packs ${day.stations.packs}, labels at stations ${day.stations.labels}, counts ${day.stations.counts}, differences found ${day.stations.differences}`,
    `orders: ${orders.completed} completed, ${orders.canceled} canceled, ${orders.failed} failed, ${percent(orders.lateShare)} late`,
    `order lead time: median ${orders.leadP50S} s, 95 % ${orders.leadP95S} s, longest ${orders.leadMaxS} s (${orders.longest ?? 'none'})`,
    `held back: ${Object.entries(day.heldBack).flat().join(' ')}`,
    `speed: ${speed.virtualH} h in ${speed.realS} s = ${speed.timesReal} times real time (${speed.timesCpu} on a core of its own), ${speed.causes} causes, ${speed.causesPerCpuS} per second of CPU`,
    `movements: ${hash.slice(0, 16)}`,
    ok ? 'ok: everything is where the books say, and every order has ended' : 'NOT OK, see above',
  ].join('\n');
}
