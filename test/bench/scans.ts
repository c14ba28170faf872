import { answerLimitMs } from './bench-conveyor.ts';
import { benchSite } from './bench-site.ts';
import { announce, startController, withFolder } from './controller.ts';
import { type Chapter, type Figure, percentiles, round } from './figures.ts';
import { watchProcess } from './machine.ts';
import { startPlcs } from './plcs.ts';

const perPoint = 10;
/** Points that one PLC can have at most are 32; so many share one here. */
const pointsPerPlc = 20;
const warmUpMs = 1_500;

interface Run {
  readonly points: number;
  readonly answerDelayMs: number;
  readonly perS: number;
  readonly forMs: number;
  readonly polling?: Polling;
}

/** How the driver looks for news. `eager` is what the interface file says: at once while loads come. */
const pollings = {
  eager: {},
  'every 20 ms': { pollLinkMs: 20, eagerMs: 0 },
  always: { pollLinkMs: 0 },
} as const;
type Polling = keyof typeof pollings;

/** From the scan in the PLC's registers to the answer in them, over the wire and through the whole controller. */
export async function measureScans(isQuick: boolean): Promise<Chapter> {
  const forMs = isQuick ? 3_000 : 10_000;
  const figures: Figure[] = [];
  for (const answerDelayMs of [0, 10]) {
    for (const points of [1, 10, 40]) {
      const run = { points, answerDelayMs, perS: points * perPoint, forMs };
      figures.push(...(await measure(run, points === 40 && answerDelayMs === 0)));
    }
    figures.push(await measureHighest(answerDelayMs, isQuick));
  }
  for (const polling of ['every 20 ms', 'always'] as const) {
    for (const points of [1, 40]) {
      const run = { points, answerDelayMs: 0, perS: points * perPoint, forMs, polling };
      figures.push(...(await measure(run, false)));
    }
  }
  return { title: 'Scan to divert answer on the wire, durable commit included', figures };
}

async function measure(run: Run, isWatched: boolean): Promise<readonly Figure[]> {
  const { points, answerDelayMs, perS, polling = 'eager' } = run;
  return await withSite(run, async (scan) => {
    await scan(perS, warmUpMs);
    const watch = watchProcess();
    const { answeredMs, missed, scans, commits } = await scan(perS, run.forMs);
    const load = `${points} points, ${perS} scans/s, PLC ${delayText(answerDelayMs)}`;
    const about = polling === 'eager' ? load : `${load}, polled ${polling}`;
    const figures = watch.stop(about);
    return [
      {
        name: about,
        unit: 'ms',
        values: percentiles(answeredMs),
        note: `${missed} missed; ${round(commits / scans)} commits per scan`,
      },
      ...(isWatched ? figures : figures.slice(1, 2)),
    ];
  });
}

/** Raises the rate until a scan waits longer for its answer than a conveyor lets it. */
async function measureHighest(answerDelayMs: number, isQuick: boolean): Promise<Figure> {
  const points = 40;
  const forMs = isQuick ? 1_500 : 4_000;
  const run = { points, answerDelayMs, perS: 0, forMs };
  let best = 0;
  let kept: readonly number[] = [];
  for (let perS = answerDelayMs === 0 ? 400 : 20; ; perS = Math.ceil(perS * 1.25)) {
    const { answeredMs, missed } = await withSite({ ...run, perS }, async (scan) => {
      await scan(perS / 2, warmUpMs);
      return await scan(perS, forMs);
    });
    if (missed > 0) break;
    best = perS;
    kept = answeredMs;
  }
  return {
    name: `highest rate, ${points} points, PLC ${delayText(answerDelayMs)}`,
    unit: 'scans/s; ms',
    values: { value: best, ...percentiles(kept) },
    note: `raised by a quarter until a scan went ${answerLimitMs} ms without its answer within ${forMs / 1000} s`,
  };
}

const delayText = (ms: number): string => (ms === 0 ? 'answers at once' : `answers after ${ms} ms`);

type Scan = (
  perS: number,
  forMs: number,
) => Promise<{ answeredMs: readonly number[]; missed: number; scans: number; commits: number }>;

/** A controller and PLCs of their own for each run: what one run leaves in the books slows no other. */
async function withSite<T>(run: Run, use: (scan: Scan) => Promise<T>): Promise<T> {
  const plcs = startPlcs();
  const count = Math.ceil(run.points / pointsPerPlc);
  const points = Array.from({ length: count }, (_, i) =>
    Math.min(pointsPerPlc, run.points - i * pointsPerPlc),
  );
  // A load leaves the divert before the next one but a few stands at the scanner.
  const confirmAfterMs = Math.min(100, (2 * 1000 * run.points) / run.perS);
  const { answerDelayMs } = run;
  const ports = await plcs.ask('conveyors', { points, answerDelayMs, confirmAfterMs });
  const conveyors = ports.map((port, i) => ({ port, points: points[i] ?? 0 }));
  const site = benchSite({ conveyors, cranes: [], bays: 999 });
  try {
    return await withFolder(async (folder) => {
      const craneway = await startController(site, folder, pollings[run.polling ?? 'eager']);
      let first = 1;
      try {
        return await use(async (perS, forMs) => {
          const expected = Math.ceil((perS * forMs) / 1000) + 1;
          await announce(craneway, first, expected);
          const commits = craneway.flow.counts.commits;
          const result = await plcs.ask('scan', { perS, forMs, code: first });
          first += expected;
          return { ...result, commits: craneway.flow.counts.commits - commits };
        });
      } finally {
        await craneway.stop();
      }
    });
  } finally {
    await plcs.stop();
  }
}
