import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { zplPrinter } from '../../devices/zpl-printer/index.ts';
import { openPtyPair } from '../../simulators/barcode-scanner/pty.ts';
import type { PrinterFaultName } from '../../simulators/zpl-printer/conditions.ts';
import type { PrintedLabel } from '../../simulators/zpl-printer/model.ts';
import {
  type PrinterSimulatorOptions,
  startPrinterSimulator,
} from '../../simulators/zpl-printer/server.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import type { PrinterSettings } from '../../src/domain/site.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { PrinterFact } from '../../src/ports/printer.ts';
import { collector } from './collector.ts';
import { systemClock } from './system-clock.ts';

export const device = parseDeviceId('printer-1');
export const host = '127.0.0.1';
const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** What was started for a test, and has to end with it. */
export const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

export const job = (jobId: string, more = '') => ({
  jobId,
  zpl: `^XA^CI28^FO1,1^BCN,256,N,N,N,D^FH_^FD(00)340123450000000000^FS^FDLabel ${jobId}^FS${more}^XZ`,
});

/** Numbers of the labels, as `job` wrote them on. */
export const numbersOf = (labels: readonly PrintedLabel[]) =>
  labels.map(({ zpl }) => /Label (\d+)/.exec(zpl)?.[1]);

const quick = { dotsPerMm: 8, statusEveryMs: 50, replyLimitMs: 100 } as const;

export function connected(
  own: Partial<PrinterSettings> & Pick<PrinterSettings, 'connection'>,
  clock: Clock = systemClock,
) {
  const facts = collector<PrinterFact>();
  const bugs: unknown[] = [];
  const printer = zplPrinter.open({
    ...{ id: device, report: facts.report, clock, log: silent },
    settings: { ...quick, answers: true, idleCloseMs: undefined, ...own },
    random: { u32: () => 0 },
    onBug: (error) => bugs.push(error),
  });
  endings.push(async () => {
    await printer.stop();
    expect(bugs).toEqual([]);
  });
  const until = (type: PrinterFact['type'], from = 0) =>
    facts.until((fact) => fact.type === type, from);
  /** What became of the jobs, in order. */
  const verdicts = () =>
    facts.all.flatMap((fact) => ('jobId' in fact ? [`${fact.jobId} ${fact.type.slice(8)}`] : []));
  return { printer, facts, until, verdicts };
}

/** Time of the simulated printer: ten times as fast as ours, or standing still until it is told to pass. */
export const running = () => ({
  clock: { ...systemClock, monotonicMs: () => systemClock.monotonicMs() * 10 } satisfies Clock,
  passMs: (_: number) => {},
});
export const frozen = () => {
  let nowMs = 0;
  const passMs = (elapsedMs: number) => {
    nowMs += elapsedMs;
  };
  return { clock: { ...systemClock, monotonicMs: () => nowMs } satisfies Clock, passMs };
};

/** @throws when it is not so in time */
export async function eventually(isSo: () => boolean, limitMs = 5_000) {
  const untilMs = systemClock.monotonicMs() + limitMs;
  while (!isSo()) {
    if (systemClock.monotonicMs() > untilMs)
      throw new Error(`It did not come to be within ${limitMs} ms`);
    await pause(systemClock, 5);
  }
}

interface RigOptions {
  readonly time?: ReturnType<typeof running>;
  readonly settings?: Partial<PrinterSettings>;
  readonly simulator?: Partial<PrinterSimulatorOptions>;
  /** Time of the driver. */
  readonly clock?: Clock;
  /** Faults from the beginning. */
  readonly faults?: readonly PrinterFaultName[];
}

/** A simulated printer on TCP and the driver, connected. */
export async function simulated({
  time = running(),
  settings,
  simulator: own,
  faults = [],
}: RigOptions = {}) {
  const labels = collector<PrintedLabel>();
  const simulator = await startPrinterSimulator({
    ...{ at: { host, port: 0 }, dotsPerMm: 8, clock: time.clock, onLabel: labels.report },
    ...own,
  });
  for (const fault of faults) simulator.fault(fault, true);
  endings.push(() => simulator.close());
  const driven = connected({
    connection: { kind: 'tcp', host, port: simulator.port },
    ...settings,
  });
  driven.printer.start();
  return { simulator, labels, time, ...driven };
}

/** The same at the two ends of a pseudo terminal. `unplug` pulls the cable. */
export async function onLine(
  connection: (path: string) => PrinterSettings['connection'],
  { time = running(), settings, simulator: own, faults = [], clock }: RigOptions = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-printer-'));
  endings.push(() => rmSync(folder, { recursive: true }));
  const [path, linePath] = [join(folder, 'line'), join(folder, 'printer')];
  const line = await openPtyPair([path, linePath], systemClock);
  if (line === undefined) throw new Error('socat is not installed: apt-get install socat');
  const unplug = () => line.close();
  endings.push(unplug);
  const labels = collector<PrintedLabel>();
  const simulator = await startPrinterSimulator({
    ...{ at: { linePath }, dotsPerMm: 8, clock: time.clock, onLabel: labels.report },
    ...own,
  });
  for (const fault of faults) simulator.fault(fault, true);
  endings.push(() => simulator.close());
  const driven = connected({ connection: connection(path), ...settings }, clock);
  driven.printer.start();
  return { simulator, labels, time, unplug, path, ...driven };
}

/** A printer that is not the simulator: `answer` gets what comes in. */
export async function foreign(
  answer: (socket: Socket, text: string) => void,
  settings: Partial<PrinterSettings> = {},
) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => answer(socket, bytes.toString('latin1')));
  });
  await new Promise<void>((resolve) => {
    server.listen({ host, port: 0 }, resolve);
  });
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return connected({ connection: { kind: 'tcp', host, port }, ...settings });
}
