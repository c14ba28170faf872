import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { pause } from '../../src/ports/clock.ts';
import { scriptOptions } from '../lib/script-options.ts';
import { round } from './figures.ts';
import { SoakDrivers } from './soak-drivers.ts';
import { MemoryTrend } from './soak-memory.ts';
import { plan, type SoakAskName, type SoakAsks, type SoakTally, unitCount } from './soak-plan.ts';

const minuteMs = 60_000;
const lookEveryMs = 100;
const onlineLimitMs = 20_000;
/** For what is still on its way when nothing more is sent. */
const quietLimitMs = 20_000;
const stopLimitMs = 10_000;
const lagResolutionMs = 10;
const lagP99MaxMs = 20;
/** Longer than `lifeLostMs` of the interface file. */
const hushMs = 4_000;

/** What can be broken on purpose half-way, to see that a soak notices. */
const breakable = ['code', 'label', 'heartbeat', 'memory'];

const usage = `Keeps 40 scanners, 10 printers and 20 Modbus units busy, and counts what is lost or late.

  npm run soak -- [--minutes N] [--break WHAT ...] [--json]

  --minutes N    default 10
  --break WHAT   ${breakable.join(', ')}: goes wrong half-way, and has to be noticed
`;
const { values: options } = scriptOptions(usage, {
  minutes: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
  break: { type: 'string', multiple: true, default: [] },
});

/** An interrupted soak still stops all that it has started, and has failed. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort());

interface Simulators {
  ask<N extends SoakAskName>(name: N, ask: SoakAsks[N]['ask']): Promise<SoakAsks[N]['answer']>;
  stop(): Promise<void>;
}

/** The devices, in a process of their own, so that this one holds the drivers and nothing else. */
function startSimulators(): Simulators {
  const child = fork(new URL('soak-process.ts', import.meta.url), { serialization: 'advanced' });
  const exit = once(child, 'exit');
  const died = exit.then(() => {
    throw new Error('the process with the simulated devices has ended');
  });
  died.catch(() => {}); // heard where somebody waits for it
  return {
    async ask(name, ask) {
      child.send({ name, ask });
      const [answer] = await Promise.race([once(child, 'message'), died]);
      return answer;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await Promise.race([exit, pause(clock, stopLimitMs)]);
      if (child.exitCode === null) child.kill('SIGKILL');
    },
  };
}

/** @returns whether it came to be in time */
async function until(isSo: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const untilMs = clock.monotonicMs() + limitMs;
  while (!(await isSo())) {
    if (clock.monotonicMs() > untilMs || interrupted.signal.aborted) return false;
    await pause(clock, lookEveryMs);
  }
  return true;
}

/** @throws when a device is not online in time */
async function goOnline(drivers: SoakDrivers, simulators: Simulators): Promise<void> {
  drivers.start();
  const waiting = () =>
    drivers.devices.map((device) => device.status()).filter((s) => s.availability !== 'online');
  const isOnline = async () =>
    waiting().length === 0 && (await simulators.ask('tally', {})).enabled === unitCount;
  if (await until(isOnline, onlineLimitMs)) {
    drivers.offline = 0;
    return;
  }
  const names = waiting().map(({ device, detail }) => `${device}: ${detail}`);
  throw new Error(`not online and claimed within ${onlineLimitMs} ms: ${names.join('; ')}`);
}

async function work(drivers: SoakDrivers, simulators: Simulators, forMs: number) {
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs });
  const memory = new MemoryTrend(forMs);
  const startMs = clock.monotonicMs();
  /** What `--break memory` never lets go. */
  const kept: number[][] = [];
  let [brokenYet, minutes] = [false, 0];
  await simulators.ask('read', {});
  delay.enable();
  for (let ms = 0; ms < forMs; ms = clock.monotonicMs() - startMs) {
    const due = Math.floor((ms * plan.printers) / plan.labelEveryMs);
    while (drivers.labelsSent < due) drivers.print(drivers.labelsSent);
    memory.look(ms);
    if (brokenYet && options.break.includes('memory')) kept.push(Array<number>(5_000).fill(ms));
    if (!brokenYet && ms > forMs / 2) {
      brokenYet = true;
      await breakOnPurpose(drivers, simulators);
    }
    if (ms >= (minutes + 1) * minuteMs) {
      minutes += 1;
      tellProgress(minutes, drivers, await simulators.ask('tally', {}), memory);
    }
    await pause(clock, lookEveryMs);
    if (interrupted.signal.aborted) break;
  }
  delay.disable();
  const { codesSent } = await simulators.ask('rest', {});
  const isQuiet = async () =>
    drivers.codes.count >= codesSent &&
    (await simulators.ask('tally', {})).labelsPrinted >= drivers.labelsSent;
  await until(isQuiet, quietLimitMs);
  const lagMs = (ns: number) => round(Math.max(0, ns / 1e6 - lagResolutionMs));
  return { memory, lagP99Ms: lagMs(delay.percentile(99)), lagMaxMs: lagMs(delay.max) };
}

async function breakOnPurpose(drivers: SoakDrivers, simulators: Simulators): Promise<void> {
  if (options.break.includes('code')) await simulators.ask('loseCode', {});
  if (options.break.includes('label')) drivers.printAgain();
  if (options.break.includes('heartbeat')) drivers.hush(hushMs);
}

function tellProgress(
  minutes: number,
  { codes, labelsSent, offline }: SoakDrivers,
  { codesSent, labelsPrinted, heartbeatsMissed }: SoakTally,
  memory: MemoryTrend,
): void {
  const parts = [
    `codes ${codes.count}/${codesSent}`,
    `labels ${labelsPrinted}/${labelsSent}`,
    `missed heartbeats ${heartbeatsMissed}`,
    `offline ${offline}`,
    memory.last,
  ];
  console.error(`${minutes} min  ${parts.join('  ')}`);
}

function judge(
  drivers: SoakDrivers,
  tally: SoakTally,
  { memory, lagP99Ms, lagMaxMs }: Awaited<ReturnType<typeof work>>,
) {
  const { codes, labelsSent, labelsInDoubt, offline, polls } = drivers;
  const { codesSent, labelsPrinted, labelsDoubled, labelsStrange, heartbeatsMissed } = tally;
  const wanted: Readonly<Record<string, boolean>> = {
    'it ran to its end': !interrupted.signal.aborted,
    'codes, labels and polls were there at all': codesSent > 0 && labelsSent > 0 && polls > 0,
    'every code once': codes.count === codesSent && codes.doubled + codes.strange === 0,
    'every label once': labelsPrinted === labelsSent && labelsDoubled + labelsStrange === 0,
    'no label in doubt': labelsInDoubt === 0,
    'no heartbeat missed': heartbeatsMissed === 0 && tally.enabled === unitCount,
    'nothing offline': offline === 0,
    [`event-loop lag p99 ≤ ${lagP99MaxMs} ms`]: lagP99Ms <= lagP99MaxMs,
    [memory.limit]: memory.isFlat,
  };
  const failed = Object.keys(wanted).filter((name) => wanted[name] === false);
  return {
    ...{ minutes: Number(options.minutes), scanners: plan.scanners.length },
    ...{ printers: plan.printers, units: unitCount },
    ...{ codesSent, codesReceived: codes.count, codesDoubled: codes.doubled },
    ...{ labelsSent, labelsPrinted, labelsDoubled, heartbeatsMissed },
    ...{ heartbeatGapMaxMs: tally.heartbeatGapMaxMs, offline, lagP99Ms, lagMaxMs },
    ...{ ...memory.figures, polls, failed, ok: failed.length === 0 },
  };
}

async function soak(forMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-soak-'));
  const simulators = startSimulators();
  try {
    const where = await simulators.ask('start', { folder });
    const drivers = new SoakDrivers(where, (error) => {
      console.error(error);
      process.exit(1);
    });
    try {
      await goOnline(drivers, simulators);
      const worked = await work(drivers, simulators, forMs);
      return judge(drivers, await simulators.ask('tally', {}), worked);
    } finally {
      await Promise.race([drivers.stop(), pause(clock, stopLimitMs)]);
    }
  } finally {
    await simulators.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const minutes = Number(options.minutes);
if (!(minutes > 0)) throw new Error(`--minutes ${options.minutes}: give a number above 0`);
for (const what of options.break) {
  if (!breakable.includes(what)) throw new Error(`--break ${what}: one of ${breakable.join(', ')}`);
}
const result = await soak(minutes * minuteMs).catch((error: unknown) => ({
  ...{ minutes, failed: [String(error)], ok: false },
}));
if (!options.json) for (const [name, value] of Object.entries(result)) console.log(name, value);
console.log(JSON.stringify(result));
// A connection that is still open must not keep a soak from ending.
process.exit(result.ok ? 0 : 1);
