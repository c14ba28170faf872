import type { SerialPort } from 'serialport';
import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import { withDeadline } from './deadline.ts';
import type { Link, LinkOptions } from './link.ts';
import { mendBinding } from './serial-binding.ts';
import { StreamLink } from './stream-link.ts';

type Binding = typeof SerialPort.binding;

type FlowControl = 'none' | 'rtsCts' | 'xonXoff';

export interface SerialOptions extends LinkOptions {
  /** Looked up at every attempt, so that a link below `/dev/serial/by-id` survives replugging. */
  readonly path: string;
  readonly baudRate: number;
  /** Default 8. */
  readonly dataBits?: 7 | 8;
  /** Default none. On input the system drops the bit and does not look at it. */
  readonly parity?: 'none' | 'even' | 'odd';
  /** Default 1. */
  readonly stopBits?: 1 | 2;
  /** Default none. `rtsCts`: by wires of their own; `xonXoff`: by two bytes, which data may not hold then. */
  readonly flowControl?: FlowControl;
  /** In place of the hardware, for tests of faults that no cable can show. */
  readonly binding?: Binding;
}

/**
 * One connection to a serial port; 8 data bits, no parity, 1 stop bit and no flow control where nothing else is said.
 *
 * Always a new port object: one that was open before sends what was written while it was closed.
 * What came in before is thrown away by the system.
 *
 * @throws {DeviceUnavailableError} when the port cannot be opened in time, `signal` is aborted,
 *   or this machine lacks the native library
 */
export async function openSerial(options: SerialOptions): Promise<Link> {
  const { path, clock, connectLimitMs, writeLimitMs, signal } = options;
  const unavailable = (why: string) => () => new DeviceUnavailableError(`${path}: ${why}`);
  const port = await create(options);
  // From here on someone always listens: an unheard error event would end the process.
  port.on('error', () => {});
  const opened = open(port);
  try {
    await withDeadline(opened, {
      clock,
      limitMs: connectLimitMs,
      signal,
      late: unavailable(`not open within ${connectLimitMs} ms`),
      aborted: unavailable('opening was stopped'),
    });
  } catch (cause) {
    // Closing a port that is still being opened leaves it open, so this waits until it is.
    opened.then(
      () => close(port),
      () => {},
    );
    if (cause instanceof DeviceUnavailableError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceUnavailableError(`${path}: ${why}`, { cause });
  }
  const end = () => close(port);
  return new StreamLink(port, { name: path, clock, writeLimitMs, end, drop: end });
}

/** The library is loaded here and nowhere else: without it, only the devices that need it are down. */
async function create(options: SerialOptions): Promise<SerialPort> {
  const { path, baudRate, dataBits = 8, parity = 'none', stopBits = 1, binding } = options;
  const { flowControl = 'none' } = options;
  try {
    const { SerialPort } = await import('serialport');
    const isXon = flowControl === 'xonXoff';
    const flow = { rtscts: flowControl === 'rtsCts', xon: isXon, xoff: isXon };
    const settings = { path, baudRate, dataBits, parity, stopBits, ...flow, autoOpen: false };
    const own = { binding: mendBinding(binding ?? SerialPort.binding) };
    return new SerialPort({ ...settings, ...own });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceUnavailableError(`Serial ports cannot be used here: ${why}`, { cause });
  }
}

function open(port: SerialPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
}

/** Unsent bytes are thrown away first: closing a port that cannot get rid of them blocks a thread. */
function close(port: SerialPort): void {
  if (!port.isOpen || port.closing) return;
  port.flush(() => {
    if (port.isOpen && !port.closing) port.close(() => {});
  });
}
