import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ModbusSettings } from '../../src/domain/site.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { DeviceStatus } from '../../src/ports/device.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import { guardWrites, type Modbus } from '../transport/modbus.ts';
import { type InterfaceFile, mayWrite } from './interface-file.ts';
import { dialModbus, type ModbusLine } from './modbus-line.ts';
import { countTraffic, noTraffic, type WireCounters } from './plc.ts';
import { supervise } from './supervisor.ts';

/** What every driver of a PLC is built from. */
export interface PlcOptions {
  readonly id: DeviceId;
  readonly settings: ModbusSettings & {
    /** Number by which the PLC knows itself, 1 to 65 535. */
    readonly deviceNumber: number;
  };
  /** Has passed `interfaceProblems` for the fields of the driver. */
  readonly file: InterfaceFile;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** An error of ours, not of the wire: the process should stop. */
  readonly onBug: (error: unknown) => void;
  /** Takes the place of the line that the settings name; for tests. */
  readonly connect?: ((signal: AbortSignal) => Promise<ModbusLine>) | undefined;
}

interface Service {
  readonly kind: DeviceStatus['kind'];
  readonly requestLimitMs: number;
  /** As `Supervision.serve`; the client writes whole blocks of ours only, and counts. */
  serve(modbus: Modbus, signal: AbortSignal, proved: () => void): Promise<void>;
  /** Once when it is gone, and when the first attempt fails. */
  onOffline(reason: string): void;
  /** Counters of the driver's own, beside those of the wire. */
  counters(): Readonly<Record<string, number>>;
}

const connectLimitMs = 2000;
const stopLimitMs = 1000;

/** The life of a device behind Modbus: one supervised connection, availability, counters, an orderly end. */
export class ModbusDevice {
  readonly traffic: WireCounters = noTraffic();
  readonly #options: PlcOptions;
  readonly #service: Service;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #availability: DeviceStatus['availability'] = 'offline';
  #detail = 'not started';
  #sinceMs: number;
  #connections = 0;

  constructor(options: PlcOptions, service: Service) {
    this.#options = options;
    this.#service = service;
    this.#sinceMs = options.clock.nowMs();
  }

  start(): void {
    invariant(this.#running === undefined, `${this.#options.id} has been started before`);
    const { id: device, clock, random, log, file, connect, onBug } = this.#options;
    this.#detail = 'connecting';
    this.#running = supervise({
      ...{ device, clock, random, log, signal: this.#stopping.signal },
      connect: (signal) => (connect ?? this.#dial)(signal),
      serve: (line, signal, proved) => {
        this.traffic.reconnects = this.#connections++;
        const guarded = guardWrites(line, (address, words) => mayWrite(file, address, words));
        return this.#service.serve(countTraffic(guarded, this.traffic), signal, proved);
      },
      onOnline: () => this.#become('online'),
      onOffline: (reason) => {
        this.#become('offline');
        this.#detail = reason.message;
        this.#service.onOffline(reason.message);
      },
      onBug,
    });
  }

  /** Says in one sentence what it is doing. */
  say(detail: string): void {
    this.#detail = detail;
  }

  /** Resolves when the connection is closed, or after a second at the latest. Nothing is written afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const ended = new AbortController();
    await Promise.race([this.#running, pause(this.#options.clock, stopLimitMs, ended.signal)]);
    ended.abort();
    this.#become('offline');
    this.#detail = 'stopped';
  }

  status(): DeviceStatus {
    return {
      device: this.#options.id,
      kind: this.#service.kind,
      availability: this.#availability,
      detail: this.#detail,
      sinceMs: this.#sinceMs,
      counters: { ...this.traffic, ...this.#service.counters() },
    };
  }

  readonly #dial = (signal: AbortSignal): Promise<ModbusLine> => {
    const { clock, settings } = this.#options;
    const { requestLimitMs } = this.#service;
    return dialModbus(settings, { connectLimitMs, requestLimitMs, clock, signal });
  };

  #become(availability: DeviceStatus['availability']): void {
    if (availability === this.#availability) return;
    this.#availability = availability;
    this.#sinceMs = this.#options.clock.nowMs();
  }
}
