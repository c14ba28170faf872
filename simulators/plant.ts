import { ValueError } from '../src/domain/errors.ts';
import type { DeviceId, LocationId } from '../src/domain/ids.ts';
import type { SiteDevice } from '../src/domain/site.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { Random } from '../src/ports/random.ts';
import { craneFaults } from './asrs-crane/faults.ts';
import { conveyorFaults } from './conveyor/faults.ts';
import { stickLabel, triggerScanner } from './conveyor/run.ts';
import { checkedValues, type Faults, type FaultValues } from './lib/fault.ts';
import { FaultProxy } from './lib/fault-proxy.ts';
import { ModbusServer } from './lib/modbus-server.ts';
import { interfaceOf } from './lib/plant-interfaces.ts';
import type { PlcDevice } from './lib/plc-device.ts';
import { type Act, PlcView } from './lib/plc-view.ts';
import { wireFaults } from './lib/wire-faults.ts';
import { PlantModel, type PlantSetup } from './plant-model.ts';
import { startBitFaults } from './start-bit-crane/faults.ts';
import type { Handled, NewTote } from './world/people.ts';
import type { SimLabel, SimPrinter, SimScanner } from './world/ports.ts';
import { noStore, openPartStore, type PartStore } from './world/store.ts';
import type { Execution, Tote, Truth } from './world/world.ts';

export interface PlantOptions extends Omit<PlantSetup, 'seed' | 'utcS'> {
  readonly clock: Clock;
  /** Gives the seed of a plant that starts anew; a plant that is taken up goes on with its own. */
  readonly random: Random;
  readonly log: Log;
  /** How many times faster than real motion runs; communication is never faster. */
  readonly speed: number;
  /** Where all of it is kept, so that it survives a kill at any moment; absent: in memory only. */
  readonly dataFolder?: string | undefined;
  /** Port of each device; 0, the default: any free one. */
  readonly ports?: Readonly<Record<string, number>> | undefined;
  readonly scanners?: Readonly<Record<string, SimScanner>> | undefined;
  readonly printers?: Readonly<Record<string, SimPrinter>> | undefined;
}

/** While something moves its position is published this often; real time. */
const movingMs = 20;
const delayMinMs = 1;
const delayMaxMs = 100;
/** A process that stood still longer has not let that much time pass in the plant. */
const elapsedMaxMs = 250;

/**
 * Every crane and conveyor of a site behind its real protocol, and the steel between them.
 *
 * @throws {Error} when the data folder cannot be used
 */
export const createPlant = (options: PlantOptions): Plant => new Plant(options);

/** A running plant. What it shows on a wire is written down before. */
export class Plant {
  readonly #options: PlantOptions;
  readonly #store: PartStore;
  readonly #model: PlantModel;
  readonly #listening: { close(): Promise<void> }[] = [];
  readonly #faults = new Map<string, Faults>();
  /** By address: PLCs may share one under different units. */
  readonly #gateways = new Map<string, { server: ModbusServer; proxy: FaultProxy; port: number }>();
  #lastMs: number;
  #cancelTick: () => void = () => {};
  #isRunning = false;

  constructor(options: PlantOptions) {
    const { dataFolder, clock, random } = options;
    this.#options = options;
    this.#store = dataFolder === undefined ? noStore : openPartStore(dataFolder);
    const setup = { ...options, seed: random.u32(), utcS: Math.floor(clock.nowMs() / 1000) };
    this.#model = new PlantModel(setup, this.#store.load());
    this.#lastMs = clock.monotonicMs();
    for (const [device, scanner] of Object.entries(options.scanners ?? {})) {
      scanner.onTrigger = () => this.triggered(device);
    }
    for (const [device, printer] of Object.entries(options.printers ?? {})) {
      printer.onLabel = (label) => this.printed(device, label);
    }
  }

  /** Listens for the controller and lets time pass. @returns where each PLC listens */
  async start(): Promise<Record<string, { readonly host: string; readonly port: number }>> {
    this.#isRunning = true;
    this.#lastMs = this.#options.clock.monotonicMs();
    this.#commit();
    const where: Record<string, { host: string; port: number }> = {};
    for (const device of this.#model.devices.values()) {
      const site = this.#options.site.devices.find((row) => row.device === device.device);
      if (site?.type !== 'asrs-crane' && site?.type !== 'conveyor') continue;
      where[device.device] = await this.#listen(device, site);
    }
    this.#schedule();
    return where;
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancelTick();
    await Promise.all(this.#listening.map((part) => part.close()));
    this.#store.close();
  }

  /** Simulated milliseconds since the plant was first started. */
  simulatedMs(): number {
    return this.#model.now.simMs;
  }

  truth(): Truth {
    return this.#model.world.truth();
  }

  /** What every crane did for every mission. */
  executionLog(): readonly Execution[] {
    return this.#model.world.executions();
  }

  /** What can be made to go wrong, by device; those that listen only. */
  faults(): ReadonlyMap<string, Faults> {
    return this.#faults;
  }

  /**
   * Switches a fault on or off.
   *
   * @throws {ValueError} when there is no such device, it cannot fail like this, or a value is not allowed
   */
  fault(device: string, name: string, isOn: boolean, values: FaultValues = {}): void {
    const fault = this.#faults.get(device)?.[name];
    if (fault === undefined) {
      const context = { device, fault: name };
      throw new ValueError('No such device, or it cannot fail like this', { context });
    }
    fault.set(isOn, checkedValues(name, fault, values));
  }

  /** Puts a tote from outside onto the first zone of an infeed, by default the first one of the site. */
  feed(tote: NewTote, at?: LocationId): Handled {
    return this.#act((people, simMs) => people.feed(tote, simMs, at));
  }

  /** Puts a tote from outside anywhere: into a cell when a site is set up. */
  bring(tote: NewTote, to: LocationId): Handled {
    return this.#act((people, simMs) => people.bring(tote, to, simMs));
  }

  /** Takes a tote off a place and out of the building. */
  takeAway(from: LocationId, toteId: string): Handled {
    return this.#act((people, simMs) => people.takeAway(from, toteId, simMs));
  }

  /** Carries a tote from a station to the start of the infeed, when that is free. */
  putBack(toteId: string): Handled {
    return this.#act((people, simMs) => people.putBack(toteId, simMs));
  }

  /** Carries a tote from wherever it is to another place. */
  carry(toteId: string, to: LocationId): Handled {
    return this.#act((people, simMs) => people.carry(toteId, to, simMs));
  }

  /** What stands at a place, the foremost first. */
  stationContents(location: LocationId): readonly Tote[] {
    return this.#model.people.contentsOf(location);
  }

  /** The controller asks a fixed scanner for one more read; others have nobody who holds them. */
  triggered(scanner: string): void {
    this.#act(() => {
      for (const { conveyor, point } of this.#pointsWith('scanner', scanner)) {
        triggerScanner(conveyor, point, this.#model.now.simMs);
      }
    });
  }

  /** A label came out; the applicator sticks it on what stands there. */
  printed(printer: string, { sscc }: SimLabel): void {
    this.#act(() => {
      if (sscc === undefined) return;
      for (const { conveyor, point } of this.#pointsWith('printer', printer)) {
        stickLabel(conveyor, point, `00${sscc}`, this.#model.now.simMs);
      }
    });
  }

  #pointsWith(what: 'scanner' | 'printer', device: string) {
    return [...this.#model.conveyors.values()].flatMap((conveyor) =>
      [...conveyor.setup.points.values()]
        .filter((point) => point[what] === device)
        .map(({ point }) => ({ conveyor, point })),
    );
  }

  async #listen(device: PlcDevice, site: SiteDevice & { type: 'asrs-crane' | 'conveyor' }) {
    const { ports = {}, interfaces } = this.#options;
    const file = interfaceOf(interfaces, site);
    const view = new PlcView(device, file, (address, words) =>
      this.#act(() => device.written(address, words, this.#model.now)),
    );
    // A PLC on a serial line has no host: it is simulated over TCP.
    const host = site.settings.host || '127.0.0.1';
    const port = ports[device.device] ?? 0;
    const { server, proxy, ...at } = await this.#gatewayAt(host, port);
    server.add(site.settings.unit, view.bank());
    const faults = this.#faultsOf(site.device, view, server);
    this.#faults.set(device.device, { ...faults, ...wireFaults(proxy) });
    return { host, ...at };
  }

  async #gatewayAt(host: string, wanted: number) {
    const known = wanted === 0 ? undefined : this.#gateways.get(`${host}:${wanted}`);
    if (known !== undefined) return known;
    const { clock, random } = this.#options;
    const server = new ModbusServer({ units: {} });
    const target = { host, port: await server.listen(0, host) };
    const proxy = new FaultProxy({ target, clock, random });
    this.#listening.push(proxy, server);
    const gateway = { server, proxy, port: await proxy.listen(wanted, host) };
    this.#gateways.set(`${host}:${gateway.port}`, gateway);
    return gateway;
  }

  #faultsOf(id: DeviceId, view: PlcView, server: ModbusServer): Faults {
    const { cranes, conveyors } = this.#model;
    const [crane, conveyor] = [cranes.get(id), conveyors.get(id)];
    const act: Act = (change) => this.#act(() => change(this.#model.now));
    // A program that starts anew has forgotten its connections.
    const restarting: Act = (change) => {
      act(change);
      server.drop();
    };
    const { otherMapVersion, ...shared } = view.faults(() => server.drop());
    const startBit = crane?.state.startBit;
    // It tells of no map version that could be another one.
    if (crane !== undefined && startBit !== undefined) {
      return { ...startBitFaults({ crane, startBit }, act, restarting), ...shared };
    }
    // A module has no program of ours that could restart or ask for answers.
    if (conveyor?.state.zones !== undefined) return shared;
    return {
      ...(crane && craneFaults(crane, act, restarting)),
      ...(conveyor && conveyorFaults(conveyor, act, restarting)),
      ...shared,
      ...(otherMapVersion && { otherMapVersion }),
    };
  }

  /** Something from outside: the plant is brought up to now, changed, written down and shown. */
  #act<T>(change: (people: PlantModel['people'], simMs: number) => T): T {
    this.#passTime();
    const result = change(this.#model.people, this.#model.now.simMs);
    this.#model.settle();
    this.#commit();
    this.#schedule();
    return result;
  }

  #passTime(): void {
    if (!this.#isRunning) return;
    const { clock, speed } = this.#options;
    const nowMs = clock.monotonicMs();
    const realMs = Math.min(Math.max(nowMs - this.#lastMs, 0), elapsedMaxMs);
    this.#lastMs = nowMs;
    this.#model.advance({ realMs, simMs: realMs * speed }, Math.floor(clock.nowMs() / 1000));
  }

  /** First written down, then shown: what a wire has told is never forgotten. */
  #commit(): void {
    this.#model.prepare();
    const reads = this.#model.takeReads();
    this.#store.save(this.#model.takeChanges());
    this.#model.show();
    for (const { scanner, code } of reads) {
      const server = this.#options.scanners?.[scanner];
      if (code === undefined) server?.noRead();
      else server?.read(code, code.length === 20 && code.startsWith('00') ? ']C1' : ']C0');
    }
  }

  #schedule(): void {
    this.#cancelTick();
    if (!this.#isRunning) return;
    this.#cancelTick = this.#options.clock.after(this.#delayMs(), () => {
      this.#passTime();
      this.#commit();
      this.#schedule();
    });
  }

  #delayMs(): number {
    const { now, devices } = this.#model;
    const isMoving = [...devices.values()].some((device) => device.isMoving());
    const dueMs = Math.min(
      this.#model.realDueMs() - now.realMs,
      (this.#model.simDueMs() - now.simMs) / this.#options.speed,
      isMoving ? movingMs : delayMaxMs,
    );
    return Math.max(delayMinMs, Math.min(dueMs, delayMaxMs));
  }
}
