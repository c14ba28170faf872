import type { ModbusSettings } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Link } from '../transport/link.ts';
import type { ModbusLine } from '../transport/modbus.ts';
import { connectModbusRtu } from '../transport/modbus-rtu.ts';
import { connectModbusTcp, type ModbusConnection } from '../transport/modbus-tcp.ts';
import { openSerial } from '../transport/serial.ts';
import type { WireTap } from '../transport/tap.ts';
import { connectTcp } from '../transport/tcp.ts';
import { SharedLine } from './shared-line.ts';

const connectLimitMs = 2000;

/**
 * All Modbus lines of a process: one owner for each gateway or PLC (host and port) and for each serial
 * line, however many devices are behind it.
 */
export class ModbusLines {
  readonly #clock: Clock;
  readonly #dial: typeof dialModbus;
  readonly #lines = new Map<string, SharedLine>();

  /** @param dial  takes the place of real sockets and serial lines */
  constructor(clock: Clock, dial: typeof dialModbus = dialModbus) {
    this.#clock = clock;
    this.#dial = dial;
  }

  /**
   * A place on the line that the settings name.
   *
   * @param requestLimitMs  as `dialModbus` takes it
   * @throws {DeviceUnavailableError} it cannot be connected, or `signal` was aborted
   */
  join(
    settings: ModbusSettings,
    { requestLimitMs, signal, traffic }: Omit<Limits, 'connectLimitMs' | 'clock'>,
  ): Promise<ModbusLine> {
    const { serial, host, port, unit } = settings;
    const endpoint = serial?.path ?? `${host}:${port}`;
    const dial = (ending: AbortSignal) =>
      this.#dial(settings, { connectLimitMs, requestLimitMs, clock: this.#clock, signal: ending });
    const line = this.#lines.get(endpoint) ?? new SharedLine(dial, this.#clock);
    this.#lines.set(endpoint, line);
    const limitMs = requestLimitMs + slowMs(settings);
    return line.join({ unit, requestLimitMs: limitMs, traffic }, signal);
  }
}

interface Limits {
  readonly connectLimitMs: number;
  readonly requestLimitMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Records what goes over the wire. */
  readonly traffic?: WireTap | undefined;
}

/** Of a character on the line: start, 8 data, parity or second stop, stop. */
const bitsPerByte = 11;
/** A request and its reply, both as long as they may be. */
const exchangeBytes = 512;

/**
 * One connection to a PLC, over what its settings name.
 *
 * On a serial line a request may take longer than its limit by the time that its bytes need.
 *
 * @throws {DeviceUnavailableError} when it cannot be opened, is refused, not there in time, or aborted
 */
export async function dialModbus(
  settings: ModbusSettings,
  limits: Limits,
): Promise<ModbusConnection> {
  const { protocol = 'tcp', serial, host, port, unit } = settings;
  if (protocol === 'tcp') return connectModbusTcp({ ...limits, host, port, unit });
  const { clock, signal, connectLimitMs, requestLimitMs } = limits;
  const opening = { clock, signal, connectLimitMs, writeLimitMs: requestLimitMs };
  if (serial === undefined) {
    const link = await connectTcp({ ...opening, host, port });
    return rtu(link, settings, limits);
  }
  const limitMs = requestLimitMs + slowMs(settings);
  const link = await openSerial({ ...opening, ...serial, writeLimitMs: limitMs });
  return rtu(link, settings, {
    ...{ ...limits, requestLimitMs: limitMs },
    // t3.5 of the specification, and never less than the system needs to hand over bytes.
    silenceMs: Math.max(5, Math.ceil(3.5 * byteMs(serial.baudRate))),
  });
}

const byteMs = (baudRate: number): number => (1000 * bitsPerByte) / baudRate;

/** What the bytes of an exchange need on a serial line; 0 over TCP. */
const slowMs = ({ serial }: ModbusSettings): number =>
  serial === undefined ? 0 : Math.ceil(exchangeBytes * byteMs(serial.baudRate));

const rtu = (
  link: Link,
  { unit }: ModbusSettings,
  { silenceMs = 5, ...limits }: Limits & { readonly silenceMs?: number },
): ModbusConnection => connectModbusRtu({ ...limits, link, unit, silenceMs });
