import type { DatabaseSync } from 'node:sqlite';
import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { conveyor } from '../../devices/conveyor/index.ts';
import { ModbusLines } from '../../devices/lib/modbus-line.ts';
import { ModbusTcpConnection } from '../../devices/transport/modbus-tcp.ts';
import { render } from '../../devices/zpl-printer/index.ts';
import type { SiteFiles } from '../../src/cli/site-files.ts';
import { DeviceUnavailableError, invariant } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import type { Topology } from '../../src/domain/topology.ts';
import type { DeviceFact } from '../../src/flow/cause.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { reactionsOfSite } from '../../src/main.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Device } from '../../src/ports/device.ts';
import type { Random } from '../../src/ports/random.ts';
import type { Commit } from '../../src/ports/store.ts';
import { VirtualPrinter } from '../../src/virtual/virtual-printer.ts';
import { VirtualScanner } from '../../src/virtual/virtual-scanner.ts';
import { silent } from '../lib/silent-log.ts';
import type { DstPlant } from './plant.ts';

/** What a controller lives on, and what sees it from outside. */
export interface Surroundings {
  readonly files: SiteFiles;
  readonly topology: Topology;
  readonly db: DatabaseSync;
  readonly plant: DstPlant;
  /** Of the machine: it goes on over a crash. */
  readonly clock: Clock;
  readonly random: Random;
  /** By how much the wall clock is wrong. */
  readonly wall: { offsetMs: number };
  /** PLCs are asked at a quarter of the pace: most readings of a device show nothing new. */
  readonly isPaced: boolean;
  /** Called at every call over the edge of the process, before and after it. May end the process. */
  readonly edge: (process: Controller, isAfter: boolean) => void;
  readonly committed: (
    process: Controller,
    commit: Commit,
    outcome: 'done' | 'failed' | 'unknown',
  ) => void;
  readonly printed: (process: Controller, jobId: string, sscc: string) => void;
  /** It has stopped by itself. */
  readonly fatal: (process: Controller, error: unknown) => void;
}

/** Thrown out of a process that is no more. */
class Dead extends Error {}

/** The ledger of a process that may die around a commit, or be told that one failed. */
class WitnessedLedger extends Ledger {
  process: Controller | undefined;

  override commit(commit: Commit): void {
    const { process } = this;
    if (process === undefined) return super.commit(commit);
    const { edge, committed } = process.surroundings;
    process.check();
    edge(process, false);
    const failure = process.nextCommitFails;
    process.nextCommitFails = undefined;
    try {
      process.check();
      if (failure === 'before') throw new Error('database or disk is full');
      super.commit(commit);
    } catch (error) {
      if (!(error instanceof Dead)) committed(process, commit, 'failed');
      throw error;
    }
    edge(process, true);
    const isUnknown = failure === 'after' || !process.isAlive;
    committed(process, commit, isUnknown ? 'unknown' : 'done');
    process.check();
    if (failure === 'after') throw new Error('disk I/O error');
  }
}

/** One process of Craneway from its start to its end, put together as `main.ts` does, without sockets. */
export class Controller {
  readonly generation: number;
  readonly surroundings: Surroundings;
  readonly ledger: Ledger;
  readonly flow: Flow;
  readonly printers = new Map<DeviceId, VirtualPrinter>();
  readonly scanners = new Map<DeviceId, VirtualScanner>();
  isAlive = true;
  /** Until then it does nothing, as a process that the system does not let run. */
  stalledUntilMs = 0;
  nextCommitFails: 'before' | 'after' | undefined;
  readonly #clock: Clock;

  constructor(surroundings: Surroundings, generation: number) {
    this.surroundings = surroundings;
    this.generation = generation;
    const { clock, topology, files, db, random, wall } = surroundings;
    this.#clock = {
      nowMs: () => clock.nowMs() + wall.offsetMs,
      monotonicMs: () => clock.monotonicMs(),
      after: (delayMs, call) => clock.after(delayMs, () => this.whenAwake(call)),
    };
    const ledger = new WitnessedLedger(db, topology, {
      nonce: random.u32(),
      nowMs: this.#clock.nowMs(),
    });
    this.ledger = ledger;
    const devices: Device[] = [];
    this.flow = new Flow({
      ...{ topology, store: ledger, clock: this.#clock, log: silent, equipment: new Equipment() },
      slotting: new Slotting(topology),
      reactions: reactionsOfSite(files),
      renderLabel: (name, fields) => {
        const template = files.templates.get(name);
        invariant(template !== undefined, `the label template ${name} was read`);
        return render(template, fields);
      },
      drivers: () => devices.map((device) => device.status()),
      onFatal: (error) => this.#fatal(error),
    });
    ledger.process = this;
    this.#startDevices(devices);
  }

  /** @throws {Dead} where the process is no more */
  check(): void {
    if (!this.isAlive) throw new Dead();
  }

  /** Makes a call in the process when it runs; never when it is dead by then. */
  whenAwake(call: () => void): void {
    if (!this.isAlive) return;
    const { clock } = this.surroundings;
    const leftMs = this.stalledUntilMs - clock.monotonicMs();
    if (leftMs > 0) clock.after(leftMs, () => this.whenAwake(call));
    else call();
  }

  /** It ends without another word. */
  die(lingerMs: number): void {
    this.isAlive = false;
    for (const wire of this.surroundings.plant.wires.values()) {
      wire.abandon(this.generation, lingerMs);
    }
  }

  #fatal(error: unknown): void {
    if (this.isAlive && !(error instanceof Dead)) this.surroundings.fatal(this, error);
  }

  readonly #report = (fact: DeviceFact): void => {
    this.whenAwake(() => {
      const { edge } = this.surroundings;
      edge(this, false);
      if (this.isAlive) this.flow.report(fact);
    });
  };

  #startDevices(devices: Device[]): void {
    const { topology, files, random, isPaced } = this.surroundings;
    const onBug = (error: unknown) => this.#fatal(error);
    const paced = isPaced ? { timing: { eagerMs: 0, pollLinkMs: 400, pollPointMs: 400 } } : {};
    const lines = new ModbusLines(this.#clock, (settings, limits) => this.#dial(settings, limits));
    const shared = { clock: this.#clock, log: silent, onBug, random, report: this.#report, lines };
    const [cranes, conveyors] = [new Map(), new Map()];
    for (const device of files.site.devices) {
      const id = device.device;
      if (device.type === 'asrs-crane' || device.type === 'conveyor') {
        const file = files.interfaces.get(device.settings.interface);
        invariant(file !== undefined, `${id} has an interface file`);
        const options = { ...shared, id, file, settings: device.settings };
        if (device.type === 'conveyor') conveyors.set(id, conveyor.open({ ...options, ...paced }));
        else cranes.set(id, asrsCrane.open({ ...options, topology }));
      } else if (device.type === 'barcode-scanner') this.#addScanner(id);
      else if (device.type === 'zpl-printer') this.#addPrinter(id);
    }
    const { printers, scanners } = this;
    this.flow.start({ cranes, conveyors, printers, scanners, indicators: new Map() });
    for (const group of [cranes, conveyors, printers, scanners]) devices.push(...group.values());
    for (const device of devices) device.start();
  }

  #addScanner(id: DeviceId): void {
    const { plant, clock } = this.surroundings;
    const scanner = new VirtualScanner({
      ...{ device: id, clock },
      trigger: () => plant.trigger(id),
      report: (fact) =>
        this.#report(
          'readId' in fact ? { ...fact, readId: `${this.ledger.epoch}-${fact.readId}` } : fact,
        ),
    });
    this.scanners.set(id, scanner);
  }

  /** What it was given comes out, whether anybody is there to hear of it or not. */
  #addPrinter(id: DeviceId): void {
    const { plant, clock, printed } = this.surroundings;
    let jobId = '';
    const printer = new VirtualPrinter({
      ...{ device: id, clock, report: this.#report },
      printed: (sscc) => {
        printed(this, jobId, sscc);
        plant.label(id, sscc);
      },
    });
    const print = printer.print.bind(printer);
    printer.print = (job) => {
      this.surroundings.edge(this, false);
      if (!this.isAlive) return;
      jobId = job.jobId;
      print(job);
    };
    this.printers.set(id, printer);
  }

  async #dial(
    settings: Parameters<ConstructorParameters<typeof ModbusLines>[1] & object>[0],
    limits: Parameters<ConstructorParameters<typeof ModbusLines>[1] & object>[1],
  ) {
    const { host, port, unit } = settings;
    const device = this.surroundings.files.site.devices.find(
      (each) => 'port' in each.settings && each.settings.port === port,
    );
    const wire = this.surroundings.plant.wires.get(device?.device as DeviceId);
    invariant(wire !== undefined, `${host}:${port} is a PLC of the site`);
    await new Promise<void>((resolve) => this.#clock.after(2, resolve));
    const end = this.isAlive ? wire.dial(this.generation) : undefined;
    if (end === undefined)
      throw new DeviceUnavailableError('Cannot connect', { context: { host, port } });
    const socket = {
      on: (event: string, listener: (...args: never[]) => void) =>
        end.on(event, (...args) => this.whenAwake(() => listener(...(args as never[])))),
      write: (bytes: Uint8Array) => {
        this.surroundings.edge(this, false);
        if (this.isAlive) end.write(bytes);
        this.surroundings.edge(this, true);
      },
      destroy: () => this.isAlive && end.destroy(),
      get destroyed() {
        return end.destroyed;
      },
    };
    return new ModbusTcpConnection(socket as never, { ...limits, host, port, unit });
  }
}
