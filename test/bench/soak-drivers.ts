import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { barcodeScanner } from '../../devices/barcode-scanner/index.ts';
import { ModbusLines } from '../../devices/lib/modbus-line.ts';
import { MqttBroker } from '../../devices/transport/mqtt.ts';
import { zplPrinter } from '../../devices/zpl-printer/index.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { machineRandom as random } from '../../src/machine/random.ts';
import type { Crane, CraneFact, CraneOutput } from '../../src/ports/crane.ts';
import type { Device } from '../../src/ports/device.ts';
import type { Printer, PrinterFact } from '../../src/ports/printer.ts';
import type { Scanner, ScannerFact } from '../../src/ports/scanner.ts';
import { readCraneInterface } from '../lib/interfaces.ts';
import { silent as log } from '../lib/silent-log.ts';
import { benchSite } from './bench-site.ts';
import { host, labelOf, mark, OnceEach, type SoakAsks, scannerSettings } from './soak-plan.ts';

type Where = SoakAsks['start']['answer'];

/** How often a crane is read while it works; these do not work, and are read as if. */
const pollMs = 50;
/** What goes wrong is counted, and told as often. */
const toldMax = 20;

/** All drivers of a soak, with nobody above them but counters. */
export class SoakDrivers {
  readonly codes: OnceEach;
  labelsSent = 0;
  /** What a driver has said of its labels, but that they were printed. */
  labelsInDoubt = 0;
  /** Times that a device was offline, faulted or not as described. */
  offline = 0;
  readonly #broker: MqttBroker;
  readonly #scanners: readonly Scanner[];
  readonly #printers: readonly Printer[];
  readonly #cranes: readonly Crane[];

  constructor({ scanners, printers, units, brokerPort }: Where, onBug: (error: unknown) => void) {
    const shared = { clock, random, log, onBug };
    const address = () => ({ host, port: brokerPort, username: undefined, password: undefined });
    const broker = new MqttBroker({ ...shared, address, clientId: 'soak' });
    this.#broker = broker;
    this.codes = new OnceEach(scanners.length);
    this.#scanners = scanners.map((at, i) => {
      const id = `scan-${i}` as DeviceId;
      const report = (fact: ScannerFact) => this.#scanned(i, fact);
      const settings = scannerSettings(at);
      return barcodeScanner.open({ ...shared, id, settings, startId: 's1', broker, report });
    });
    this.#printers = printers.map((port, i) =>
      zplPrinter.open({
        ...{ ...shared, id: `printer-${i}` as DeviceId },
        report: (fact) => this.#printed(fact),
        settings: {
          connection: { kind: 'tcp', host, port },
          ...{ answers: true, dotsPerMm: 8, statusEveryMs: 1_000, replyLimitMs: 1_000 },
          idleCloseMs: undefined,
        },
      }),
    );
    this.#cranes = openCranes(units, shared, (crane, fact) => this.#moved(crane, fact));
  }

  get devices(): readonly Device[] {
    return [...this.#scanners, ...this.#printers, ...this.#cranes];
  }

  /** Requests that have read a PLC. */
  get polls(): number {
    return this.#cranes.reduce((sum, crane) => sum + (crane.status().counters['reads'] ?? 0), 0);
  }

  start(): void {
    for (const device of this.devices) device.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.stop()));
    await this.#broker.stop();
  }

  /** Label number `n` of all, from 0: the printers take turns. */
  print(n: number): void {
    const { length } = this.#printers;
    this.labelsSent += 1;
    this.#print(n % length, Math.floor(n / length) + 1, '');
  }

  /** Prints the first label of the first printer once more, to see that it is noticed. */
  printAgain(): void {
    this.#print(0, 1, '-again');
  }

  /** Nothing is written to the first crane for so long, to see that it is noticed. */
  hush(forMs: number): void {
    const [crane] = this.#cranes;
    crane?.drive({ ...output, claim: undefined });
    clock.after(forMs, () => crane?.drive(output));
  }

  #print(printer: number, number: number, more: string): void {
    const text = mark(printer, number);
    this.#printers[printer]?.print({ jobId: `${text}${more}`, zpl: labelOf(text) });
  }

  #scanned(scanner: number, fact: ScannerFact): void {
    if (fact.type === 'scanner.read') this.codes.take(scanner, fact.code);
    if (fact.type === 'scanner.offline') this.#isOffline(fact.device, fact.reason);
  }

  #printed(fact: PrinterFact): void {
    const { device, type } = fact;
    if (type === 'printer.unknown' || type === 'printer.notTaken') this.labelsInDoubt += 1;
    if (type === 'printer.faulted') this.#isOffline(device, fact.faults.join(', '));
    if (type === 'printer.offline') this.#isOffline(device, fact.reason);
  }

  #moved(crane: Crane, fact: CraneFact): void {
    if (fact.type === 'crane.offline' || fact.type === 'crane.misconfigured') {
      this.#isOffline(fact.device, fact.reason);
    }
    if (fact.type !== 'crane.snapshot' || fact.because === 'held') return;
    crane.drive(output);
  }

  #isOffline(device: DeviceId, reason: string): void {
    this.offline += 1;
    if (this.offline <= toldMax) console.error(`${device}: ${reason}`);
  }
}

/** For new PLCs, which nobody has told anything yet. */
const output: CraneOutput = {
  claim: { epoch: 1, nonce: random.u32() },
  ...{ enable: true, eventAck: 0, seqHighest: 0, command: undefined },
};

function openCranes(
  units: Where['units'],
  shared: Pick<Parameters<typeof asrsCrane.open>[0], 'clock' | 'random' | 'log' | 'onBug'>,
  moved: (crane: Crane, fact: CraneFact) => void,
): Crane[] {
  const site = benchSite({ conveyors: [], cranes: units.map(({ port }) => port), bays: 10 });
  const topology = new Topology(site);
  const lines = new ModbusLines(clock);
  const file = readCraneInterface();
  return units.map(({ port, unit }, i) => {
    const deviceNumber = i + 1;
    const crane: Crane = asrsCrane.open({
      ...{ ...shared, id: `crane-${deviceNumber}` as DeviceId, topology, file, lines },
      settings: { host, port, unit, interface: 'crane-block-v1', deviceNumber },
      timing: { pollIdleMs: pollMs },
      report: (fact) => moved(crane, fact),
    });
    return crane;
  });
}
