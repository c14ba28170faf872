import type { DatabaseSync } from 'node:sqlite';
import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { barcodeScanner } from '../../devices/barcode-scanner/index.ts';
import { conveyor } from '../../devices/conveyor/index.ts';
import { ModbusLines } from '../../devices/lib/modbus-line.ts';
import type { Link, LinkOptions, OpenLink } from '../../devices/transport/link.ts';
import { ModbusTcpConnection } from '../../devices/transport/modbus-tcp.ts';
import { StreamLink } from '../../devices/transport/stream-link.ts';
import { render, zplPrinter } from '../../devices/zpl-printer/index.ts';
import type { SimulatedBroker } from '../../simulators/dst/broker.ts';
import type { Pace } from '../../simulators/dst/schedule.ts';
import type { SiteFiles } from '../../src/cli/site-files.ts';
import type { ReplyData } from '../../src/contract/messages.ts';
import type { Timer } from '../../src/domain/books.ts';
import { DeviceUnavailableError, invariant } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import type { Topology } from '../../src/domain/topology.ts';
import type { DeviceFact } from '../../src/flow/cause.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow } from '../../src/flow/flow.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { reactionsOfSite } from '../../src/main.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Device } from '../../src/ports/device.ts';
import type { HostCommand } from '../../src/ports/intake.ts';
import type { Printer } from '../../src/ports/printer.ts';
import type { Random } from '../../src/ports/random.ts';
import type { Commit } from '../../src/ports/store.ts';
import { silent } from '../lib/silent-log.ts';
import { EventLoop } from './event-loop.ts';
import type { DstLines } from './lines.ts';
import type { DstPlant } from './plant.ts';
import { Upline } from './upline.ts';
import { Dead, WitnessedLedger } from './witnessed-ledger.ts';

/** What a controller lives on, and what sees it from outside. */
export interface Surroundings {
  readonly files: SiteFiles;
  readonly topology: Topology;
  readonly db: DatabaseSync;
  readonly plant: DstPlant;
  readonly lines: DstLines;
  readonly broker: SimulatedBroker;
  /** Of the machine: it goes on over a crash. */
  readonly clock: Clock;
  readonly random: Random;
  /** By how much the wall clock is wrong. */
  readonly wall: { offsetMs: number };
  readonly pace: Pace;
  /** Called at every call over the edge of the process, before and after it. May end the process. */
  readonly edge: (process: Controller, isAfter: boolean) => void;
  readonly committed: (
    process: Controller,
    commit: Commit,
    outcome: 'done' | 'failed' | 'unknown',
  ) => void;
  /** The store gives it out as overdue. */
  readonly overdue: (process: Controller, timer: Timer) => void;
  readonly replied: (process: Controller, command: HostCommand, reply: ReplyData) => void;
  /** It has stopped by itself. */
  readonly fatal: (process: Controller, error: unknown) => void;
}

/** The end of a wire as a process has it. */
interface SimulatedSocket {
  readonly destroyed: boolean;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  write(bytes: Uint8Array, done?: (error?: Error) => void): void;
  destroy(): void;
}

const dialMs = 2;

/** One process of Craneway from its start to its end, put together as `main.ts` does, without sockets. */
export class Controller {
  readonly generation: number;
  readonly surroundings: Surroundings;
  readonly ledger: Ledger;
  readonly flow: Flow;
  readonly upline: Upline;
  isAlive = true;
  readonly loop: EventLoop;
  nextCommitFails: 'before' | 'after' | 'locked' | undefined;
  readonly #clock: Clock;

  constructor(surroundings: Surroundings, generation: number) {
    this.surroundings = surroundings;
    this.generation = generation;
    const { clock, topology, files, db, random, wall } = surroundings;
    this.loop = new EventLoop(clock, () => this.isAlive);
    this.#clock = {
      nowMs: () => clock.nowMs() + wall.offsetMs,
      monotonicMs: () => clock.monotonicMs(),
      wokeAtMs: () => this.loop.wokeAtMs,
      after: (delayMs, call) => {
        let isWanted = true;
        const cancel = clock.after(delayMs, () => this.loop.take(() => isWanted && call()));
        // Also where it was due while the process stood still, and waits for it to go on.
        return () => {
          isWanted = false;
          cancel();
        };
      },
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
      onFatal: (error) => this.fail(error),
    });
    ledger.process = this;
    const { broker, replied } = surroundings;
    this.upline = new Upline(this, {
      ...{ site: files.site, broker, clock: this.#clock, random, replied },
    });
    this.#startDevices(devices);
  }

  /** @throws {Dead} where the process is no more */
  check(): void {
    if (!this.isAlive) throw new Dead();
  }

  /** Makes a call that leaves the process: it may die before it, or right after it. */
  overEdge(call: () => void): void {
    const { edge } = this.surroundings;
    edge(this, false);
    if (this.isAlive) call();
    edge(this, true);
  }

  /** It ends without another word. */
  die(lingerMs: number): void {
    this.isAlive = false;
    const { plant, lines } = this.surroundings;
    for (const wire of [...plant.wires.values(), ...lines.wires.values()]) {
      wire.abandon(this.generation, lingerMs);
    }
    this.upline.abandon(lingerMs);
  }

  /** It stops by itself. */
  fail(error: unknown): void {
    if (this.isAlive && !(error instanceof Dead)) this.surroundings.fatal(this, error);
  }

  readonly #report = (fact: DeviceFact): void => {
    if (!this.isAlive) return;
    this.surroundings.edge(this, false);
    if (this.isAlive) this.flow.report(fact);
  };

  #startDevices(devices: Device[]): void {
    const { topology, files, random, pace } = this.surroundings;
    const onBug = (error: unknown) => this.fail(error);
    const { lookMs } = pace;
    const lines = new ModbusLines(this.#clock, (settings, limits) => this.#dial(settings, limits));
    const shared = { clock: this.#clock, log: silent, onBug, random, report: this.#report, lines };
    const [cranes, conveyors] = [new Map(), new Map()];
    const [printers, scanners] = [new Map(), new Map()];
    for (const device of files.site.devices) {
      const id = device.device;
      if (device.type === 'asrs-crane' || device.type === 'conveyor') {
        const file = files.interfaces.get(device.settings.interface);
        invariant(file !== undefined, `${id} has an interface file`);
        const options = { ...shared, id, file, settings: device.settings };
        if (device.type === 'conveyor') conveyors.set(id, conveyor.open(options));
        else cranes.set(id, asrsCrane.open({ ...options, topology }));
        continue;
      }
      const openLink: OpenLink = (options) => this.#openLine(id, options);
      if (device.type === 'barcode-scanner') {
        const startId = String(this.ledger.epoch);
        const { settings } = device;
        scanners.set(id, barcodeScanner.open({ ...shared, id, settings, startId, openLink }));
      } else if (device.type === 'zpl-printer') {
        const settings = { ...device.settings, ...(lookMs && { statusEveryMs: lookMs }) };
        const printer = zplPrinter.open({ ...shared, id, settings, openLink });
        printers.set(id, this.#given(printer));
      }
    }
    this.flow.start({ cranes, conveyors, printers, scanners, indicators: new Map() });
    for (const group of [cranes, conveyors, printers, scanners]) devices.push(...group.values());
    this.upline.start();
    for (const device of devices) device.start();
  }

  /** Who has wanted a label is known where it comes out. */
  #given(printer: Printer): Printer {
    const print = printer.print.bind(printer);
    printer.print = (job) => {
      this.surroundings.lines.printers.get(printer.id)?.give(job, this.generation);
      print(job);
    };
    return printer;
  }

  /** A stream to a scanner or a printer. */
  async #openLine(id: DeviceId, { writeLimitMs, signal }: LinkOptions): Promise<Link> {
    const wire = this.surroundings.lines.wires.get(id);
    invariant(wire !== undefined, `${id} is at the end of a cable`);
    await new Promise<void>((resolve) => this.#clock.after(dialMs, resolve));
    const end = this.isAlive && !signal.aborted ? wire.dial(this.generation) : undefined;
    if (end === undefined) throw new DeviceUnavailableError(`Cannot connect to ${id}`);
    const stream = {
      ...this.#socketOf(end),
      writableLength: 0,
      resume: () => end.resume(),
    };
    return new StreamLink(stream as never, {
      ...{ name: id, clock: this.#clock, writeLimitMs },
      end: () => this.isAlive && end.end(),
      drop: () => this.isAlive && end.destroy(),
    });
  }

  /** What a process has of a socket: nothing comes to one that is dead or stalled, and each write is a call over the edge. */
  #socketOf(end: SimulatedSocket) {
    return {
      on: (event: string, listener: (...args: never[]) => void) =>
        end.on(event, (...args) => this.loop.take(() => listener(...(args as never[])), end)),
      write: (bytes: Uint8Array, done?: (error?: Error) => void) =>
        this.overEdge(() => end.write(bytes, done)),
      destroy: () => this.isAlive && end.destroy(),
      get destroyed() {
        return end.destroyed;
      },
    };
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
    await new Promise<void>((resolve) => this.#clock.after(dialMs, resolve));
    const end = this.isAlive ? wire.dial(this.generation) : undefined;
    if (end === undefined)
      throw new DeviceUnavailableError('Cannot connect', { context: { host, port } });
    return new ModbusTcpConnection(this.#socketOf(end) as never, { ...limits, host, port, unit });
  }
}
