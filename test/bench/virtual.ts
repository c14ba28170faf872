import { readDay } from '../../src/cli/day-files.ts';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { runDay } from '../../src/virtual/run-day.ts';
import { type Chapter, type Figure, round } from './figures.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
/** Of the day, which is busy then on both sites. */
const busyHour = 9;

/** Whole sites on virtual time: how much faster than real, on one core. Load units go in and out all the time. */
export async function measureVirtual(isQuick: boolean): Promise<Chapter> {
  const figures = [...(await figuresOf('demo-day', isQuick ? 1 : 12))];
  figures.push(...(await figuresOf('ordinary-day', isQuick ? 1 : 4)));
  return { title: 'A busy hour on virtual time', figures };
}

async function figuresOf(name: string, hours: number): Promise<Figure[]> {
  const day = readDay(name);
  const files = readSiteFiles(day.site);
  const allDay = (perHour: readonly number[]) => perHour.map(() => perHour[busyHour] ?? 0);
  const busy = {
    ...day,
    arrivals: { ...day.arrivals, perHour: allDay(day.arrivals.perHour) },
    orders: { ...day.orders, perHour: allDay(day.orders.perHour) },
  };
  const startMs = clock.monotonicMs();
  const startCpu = process.cpuUsage();
  const result = await runDay({ day: busy, files, hours, log, random: seededRandom(1) });
  const realS = (clock.monotonicMs() - startMs) / 1000;
  const { user, system } = process.cpuUsage(startCpu);
  const cpuS = (user + system) / 1e6;
  if (result.findings.length > 0) throw new Error(`${name}: ${result.findings[0]?.text}`);
  const virtualS = result.virtualMs / 1000;
  const { putaways, retrievals } = result.figures;
  const moves = round((putaways + retrievals) / (virtualS / 3600));
  return [
    {
      name: `${name}, ${files.site.aisles.length} aisles, ${moves} load units an hour`,
      unit: '× real time',
      values: { wall: round(virtualS / realS), 'CPU of its own': round(virtualS / cpuS) },
    },
    {
      name: `${name}, causes decided`,
      unit: '1/s',
      values: { wall: round(result.causes / realS), 'CPU of its own': round(result.causes / cpuS) },
      note: `${result.causes} in ${round(realS)} s, ${round(cpuS)} s of CPU`,
    },
  ];
}
