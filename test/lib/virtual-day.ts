import type { Day } from '../../simulators/virtual/day.ts';
import { readSiteFiles, type SiteFiles } from '../../src/cli/site-files.ts';
import type { Site } from '../../src/domain/site.ts';
import { seededRandom } from '../../src/machine/random.ts';
import type { Commit } from '../../src/ports/store.ts';
import { type DayResult, runDay } from '../../src/virtual/run-day.ts';
import { silent } from './silent-log.ts';

const everyHour = (rate: number) => Array.from({ length: 24 }, () => rate);

/** A busy day of the demo site, with a little of everything. */
export const busyDay: Day = {
  doc: 'A busy day.',
  site: 'demo',
  hours: 1,
  stock: { fillPercent: 50, skus: 40, busiest20Percent: 80 },
  arrivals: { perHour: everyHour(60), fillMaxPercent: 90, unlabeledPercent: 40, oddPercent: 10 },
  orders: {
    perHour: everyHour(45),
    linesMax: 2,
    dueMin: [30, 120],
    urgentPercent: 10,
    openMax: 60,
  },
  people: { serviceS: 10, lookS: 60, returnsPercent: 20 },
  steps: [],
  limits: { waitMaxMin: 60, restMaxMin: 60 },
};

const files = new Map<string, SiteFiles>();

export function runVirtualDay({
  day = {},
  seed = 1,
  hours = 1,
  hostCodes,
  see,
}: {
  readonly day?: Partial<Day>;
  readonly seed?: number;
  readonly hours?: number;
  /** As the site file would say it. */
  readonly hostCodes?: Site['hostCodes'];
  /** Sees every commit. */
  readonly see?: (commit: Commit) => void;
} = {}): Promise<DayResult> {
  const whole = { ...busyDay, ...day };
  const known = files.get(whole.site) ?? readSiteFiles(whole.site);
  files.set(whole.site, known);
  const random = seededRandom(seed);
  const site = hostCodes === undefined ? known.site : { ...known.site, hostCodes };
  return runDay({
    day: whole,
    files: { ...known, site },
    hours,
    random,
    log: silent,
    ...(see && { see }),
  });
}
