import type { DeviceMode } from '../../src/domain/device-mode.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ModbusSettings } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  DeviceStatus,
  ProbeCheck,
  ProbeOptions,
  TrafficPage,
} from '../../src/ports/device.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import { guardWrites, holdWrites, type Modbus, type ModbusLine } from '../transport/modbus.ts';
import { DeviceLink } from './device-link.ts';
import { type InterfaceFile, mayWrite } from './interface-file.ts';
import { isLineReplaced } from './line-member.ts';
import { ModbusLines } from './modbus-line.ts';
import { countRequests, nothingCounted, type PlcCounters } from './plc.ts';
import { probePlc } from './plc-probe.ts';

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
  /** Where devices behind one gateway or on one serial line meet; absent: a line of its own. */
  readonly lines?: ModbusLines | undefined;
  /** Takes the place of the line that the settings name; for tests. */
  readonly connect?: ((signal: AbortSignal) => Promise<ModbusLine>) | undefined;
}

interface Service {
  readonly kind: DeviceStatus['kind'];
  readonly requestLimitMs: number;
  /** Block that begins with map version, word order, device number and life; none: such a device tells nothing of itself. */
  readonly headBlock: string | undefined;
  /** As `Supervision.serve`; the client writes whole blocks of ours only, and counts. */
  serve(modbus: Modbus, signal: AbortSignal, proved: () => void): Promise<void>;
  /** Once when it is gone, and when the first attempt fails. */
  onOffline(reason: string): void;
  /** Counters of the driver's own, beside those of a PLC. */
  counters(): Readonly<Record<string, number>>;
}

/** The life of a device behind Modbus: its link, with a client on it that writes to the allow-list only. */
export class ModbusDevice {
  readonly counters: PlcCounters = nothingCounted();
  readonly #link: DeviceLink<ModbusLine>;

  constructor(options: PlcOptions, service: Service) {
    const { clock, file, settings, lines = new ModbusLines(clock) } = options;
    const { kind, requestLimitMs } = service;
    this.#link = new DeviceLink<ModbusLine>(options, {
      kind,
      connect: (signal) => {
        const { traffic } = this.#link;
        return (
          options.connect?.(signal) ?? lines.join(settings, { requestLimitMs, signal, traffic })
        );
      },
      serve: (line, signal, proved) => {
        const guarded = guardWrites(holdWrites(line, this.#link), (address, words) =>
          mayWrite(file, address, words),
        );
        const counted = countRequests(guarded, this.counters, {
          traffic: this.#link.traffic,
          clock,
        });
        return this.#untilOwnEnd(() => service.serve(counted, signal, proved), signal);
      },
      onOffline: (reason) => service.onOffline(reason),
      probe: async (line) =>
        service.headBlock === undefined
          ? []
          : await probePlc(line, { ...options, block: service.headBlock }),
      counters: () => ({ ...this.counters, ...service.counters() }),
    });
  }

  start(): void {
    this.#link.start();
  }

  setMode(mode: DeviceMode): void {
    this.#link.setMode(mode);
  }

  /** Says in one sentence what it is doing. */
  say(detail: string): void {
    this.#link.say(detail);
  }

  /** Resolves when the connection is closed, or after a second at the latest. Nothing is written afterwards. */
  stop(): Promise<void> {
    return this.#link.stop();
  }

  status(): DeviceStatus {
    return this.#link.status();
  }

  probe(probing: ProbeOptions): Promise<readonly ProbeCheck[]> {
    return this.#link.probe(probing);
  }

  page(after: number, max: number): TrafficPage {
    return this.#link.page(after, max);
  }

  /**
   * Begins anew, so that it reads before it writes, where another device has cost the line its connection:
   * that is none of this one's failures, and it is not offline.
   */
  async #untilOwnEnd(serve: () => Promise<void>, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await serve();
      } catch (error) {
        if (!isLineReplaced(error) || signal.aborted) throw error;
        this.#link.traffic.connected();
      }
    }
  }
}
