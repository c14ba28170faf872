import { createServer } from 'node:net';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { newCrane } from '../../simulators/asrs-crane/model.ts';
import { craneDevice, eventCodes } from '../../simulators/asrs-crane/server.ts';
import { MqttScannerSimulator } from '../../simulators/barcode-scanner/mqtt.ts';
import { openPtyPair } from '../../simulators/barcode-scanner/pty.ts';
import {
  type ScannerSimulator,
  startScannerSimulator,
} from '../../simulators/barcode-scanner/server.ts';
import { ModbusServer, type RegisterBank } from '../../simulators/lib/modbus-server.ts';
import { linkRules } from '../../simulators/lib/plc-link.ts';
import { startPrinterSimulator } from '../../simulators/zpl-printer/server.ts';
import type { SiteDevice } from '../../src/domain/site.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { pause } from '../../src/ports/clock.ts';
import { readCraneInterface } from '../lib/interfaces.ts';
import { silent as log } from '../lib/silent-log.ts';
import { benchSite } from './bench-site.ts';
import {
  host,
  mark,
  mqttConnection,
  OnceEach,
  plan,
  type ScannerAt,
  type SoakAskName,
  type SoakAsks,
  type SoakTally,
  scannerSettings,
  unitCount,
} from './soak-plan.ts';

const tickMs = 25;
const listenerLimitMs = 10_000;
/** Everything has to be gone by then, or the process ends without it. */
const endLimitMs = 3_000;
const labelsOnRoll = 500;

const endings: (() => Promise<unknown>)[] = [];
const labels = new OnceEach(plan.printers);
const heartbeats = { enabled: new Set<string>(), missed: 0, gapMaxMs: 0 };
let codesSent = 0;
let codesToLose = 0;

/** Reads codes, one scanner after the other, each at its pace. */
class Readers {
  readonly scanners: ScannerSimulator[] = [];
  #cancel: () => void = () => {};

  /** @throws when nobody listens to one of them in time */
  async start(): Promise<void> {
    const untilMs = clock.monotonicMs() + listenerLimitMs;
    for (const [i, scanner] of this.scanners.entries()) {
      while (scanner.noRead() === 0) {
        if (clock.monotonicMs() > untilMs) throw new Error(`Nobody listens to scanner ${i}`);
        await pause(clock, tickMs);
      }
    }
    this.#readFrom(clock.monotonicMs(), 0);
  }

  stop(): void {
    this.#cancel();
  }

  #readFrom(startMs: number, read: number): void {
    const { length } = this.scanners;
    const elapsedMs = clock.monotonicMs() - startMs;
    const due = Math.floor((elapsedMs * length) / plan.codeEveryMs);
    for (let n = read; n < due; n++) this.#read(n % length, Math.floor(n / length) + 1);
    this.#cancel = clock.after(tickMs, () => this.#readFrom(startMs, due));
  }

  #read(scanner: number, number: number): void {
    codesSent += 1;
    if (codesToLose > 0) codesToLose -= 1;
    else this.scanners[scanner]?.read(mark(scanner, number));
  }
}
const readers = new Readers();

const answers: {
  readonly [N in SoakAskName]: (ask: SoakAsks[N]['ask']) => Promise<SoakAsks[N]['answer']>;
} = {
  async start({ folder }) {
    const brokerPort = await startBroker();
    const scanners: ScannerAt[] = [];
    for (const [i, kind] of plan.scanners.entries()) {
      scanners.push(await startScanner(i, kind, { folder, brokerPort }));
    }
    const printers = await Promise.all(Array.from({ length: plan.printers }, (_, i) => printer(i)));
    return { scanners, printers, units: await startUnits(), brokerPort };
  },
  async read() {
    await readers.start();
    return true;
  },
  async rest() {
    readers.stop();
    return tally();
  },
  tally: async () => tally(),
  async loseCode() {
    codesToLose += 1;
    return true;
  },
};

const tally = (): SoakTally => ({
  codesSent,
  labelsPrinted: labels.count,
  labelsDoubled: labels.doubled,
  labelsStrange: labels.strange,
  enabled: heartbeats.enabled.size,
  heartbeatsMissed: heartbeats.missed,
  heartbeatGapMaxMs: Math.round(heartbeats.gapMaxMs),
});

async function startBroker(): Promise<number> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  endings.push(() => new Promise<void>((resolve) => broker.close(resolve)));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** @throws when a serial line cannot be made */
async function startScanner(
  number: number,
  kind: ScannerAt['kind'],
  { folder, brokerPort }: { readonly folder: string; readonly brokerPort: number },
): Promise<ScannerAt> {
  const keep = (scanner: ScannerSimulator) => {
    readers.scanners.push(scanner);
    endings.push(() => scanner.close());
  };
  if (kind === 'tcp') {
    const scanner = await startScannerSimulator({ settings: scannerSettings({ kind, port: 0 }) });
    keep(scanner);
    return { kind, port: scanner.port ?? 0 };
  }
  const name = `scan-${number}`;
  if (kind === 'mqtt') {
    const at = { kind, topic: `soak/${name}` } as const;
    const connection = mqttConnection(at.topic);
    const settings = scannerSettings(at);
    const scanner = new MqttScannerSimulator({ device: name, settings, connection, clock, log });
    scanner.join({ host, port: brokerPort });
    keep(scanner);
    return at;
  }
  const [path, linePath] = [join(folder, name), join(folder, `${name}.sim`)];
  const line = await openPtyPair([path, linePath], clock);
  if (line === undefined) throw new Error('A soak needs serial lines: apt-get install socat');
  endings.push(() => line.close());
  const at = { kind, path } as const;
  keep(await startScannerSimulator({ settings: scannerSettings(at), linePath }));
  return at;
}

async function printer(number: number): Promise<number> {
  const simulator = await startPrinterSimulator({
    ...{ at: { host, port: 0 }, dotsPerMm: 8, clock },
    onLabel({ zpl }) {
      labels.take(number, zpl);
      // Somebody puts in a new roll in time.
      simulator.setLabelsLeft(labelsOnRoll);
    },
  });
  endings.push(() => simulator.close());
  return simulator.port;
}

/** Crane PLCs, some of them behind a gateway. */
async function startUnits(): Promise<SoakAsks['start']['answer']['units']> {
  const site = benchSite({ conveyors: [], cranes: Array<number>(unitCount).fill(0), bays: 10 });
  const banks = site.devices.map((device, i) => startCrane(device, site.aisles[i]));
  const units: { port: number; unit: number }[] = [];
  for (const count of plan.gateways) {
    const behind = Object.fromEntries(
      banks.slice(units.length, units.length + count).map((bank, i) => [i + 1, bank]),
    );
    const server = new ModbusServer({ units: behind });
    const port = await server.listen(0, host);
    endings.push(() => server.close());
    for (let unit = 1; unit <= count; unit++) units.push({ port, unit });
  }
  return units;
}

function startCrane(
  { device, settings }: SiteDevice,
  aisle: ReturnType<typeof benchSite>['aisles'][number] | undefined,
): RegisterBank {
  if (aisle === undefined || !('deviceNumber' in settings))
    throw new Error(`${device} is no crane`);
  const file = readCraneInterface();
  const rules = linkRules(file, settings.deviceNumber);
  const state = newCrane(1_700_000_000, 'commissioned');
  const setup = {
    ...{ device, aisle, rules, stationWaitMs: 1_000, ...eventCodes(file) },
    ...{ loadTypes: new Set([1]), heightClasses: new Set<number>() },
  };
  const plc = craneDevice({ setup, state, floor: emptyFloor }, file);
  const startMs = clock.monotonicMs();
  const watch = (look: (now: { realMs: number; simMs: number; utcS: number }) => void) => {
    const realMs = clock.monotonicMs() - startMs;
    const before = { isEnabled: state.plc.enabled, frameAtMs: state.plc.frameAtMs };
    look({ realMs, simMs: realMs, utcS: Math.floor(clock.nowMs() / 1000) });
    const { enabled, frameAtMs } = state.plc;
    if (before.isEnabled && !enabled) heartbeats.missed += 1;
    if (enabled) heartbeats.enabled.add(device);
    else heartbeats.enabled.delete(device);
    if (before.isEnabled && frameAtMs !== before.frameAtMs) {
      heartbeats.gapMaxMs = Math.max(heartbeats.gapMaxMs, frameAtMs - before.frameAtMs);
    }
    plc.prepare({ realMs, simMs: realMs, utcS: 0 });
    plc.show();
  };
  const tick = () => {
    watch((now) => plc.watch(now));
    clock.after(tickMs, tick);
  };
  tick();
  const { registers: image, writable, readable } = plc;
  const onWrite = (address: number, words: number) =>
    watch((now) => plc.written(address, words, now));
  return { image, writable, readable, onWrite };
}

/** Where cranes that only stand there would find nothing. */
const emptyFloor = {
  ...{ load: () => undefined, find: () => undefined, isBlocked: () => false },
  ...{ take() {}, put() {}, plantForeign() {}, vanish() {}, count() {} },
};

async function end(code: number): Promise<void> {
  readers.stop();
  const all = Promise.allSettled(endings.reverse().map((part) => part()));
  await Promise.race([all, pause(clock, endLimitMs)]);
  process.exit(code);
}

process.on('message', async ({ name, ask }: { name: SoakAskName; ask: never }) => {
  try {
    process.send?.(await answers[name](ask));
  } catch (error) {
    console.error(error);
    await end(1);
  }
});
// Who has started it ends it, also where both are interrupted.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', async () => await end(0));
