import type { ModbusSettings } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Link } from '../transport/link.ts';
import type { Modbus } from '../transport/modbus.ts';
import { connectModbusRtu } from '../transport/modbus-rtu.ts';
import { connectModbusTcp } from '../transport/modbus-tcp.ts';
import { openSerial } from '../transport/serial.ts';
import { connectTcp } from '../transport/tcp.ts';
import type { Traffic } from './traffic.ts';

/** One connection; a new object each time. */
export type ModbusLine = Modbus & { close(): void | Promise<void> };

interface Limits {
  readonly connectLimitMs: number;
  readonly requestLimitMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Records what goes over the wire. */
  readonly traffic?: Traffic | undefined;
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
export async function dialModbus(settings: ModbusSettings, limits: Limits): Promise<ModbusLine> {
  const { protocol = 'tcp', serial, host, port, unit } = settings;
  if (protocol === 'tcp') return connectModbusTcp({ ...limits, host, port, unit });
  const { clock, signal, connectLimitMs, requestLimitMs } = limits;
  const opening = { clock, signal, connectLimitMs, writeLimitMs: requestLimitMs };
  if (serial === undefined) {
    const link = await connectTcp({ ...opening, host, port });
    return rtu(link, settings, limits);
  }
  const byteMs = (1000 * bitsPerByte) / serial.baudRate;
  const slowMs = Math.ceil(exchangeBytes * byteMs);
  const link = await openSerial({ ...opening, ...serial, writeLimitMs: requestLimitMs + slowMs });
  return rtu(link, settings, {
    ...{ ...limits, requestLimitMs: requestLimitMs + slowMs },
    // t3.5 of the specification, and never less than the system needs to hand over bytes.
    silenceMs: Math.max(5, Math.ceil(3.5 * byteMs)),
  });
}

const rtu = (
  link: Link,
  { unit }: ModbusSettings,
  { silenceMs = 5, ...limits }: Limits & { readonly silenceMs?: number },
): ModbusLine => connectModbusRtu({ ...limits, link, unit, silenceMs });
