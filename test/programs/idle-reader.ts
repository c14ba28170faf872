import { openSerial } from '../../devices/transport/serial.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

/**
 * Prints what comes in on a serial line, in hex. It has no timer and nothing else to do: what is held
 * back until something else happens stays held back.
 *
 *     node test/programs/idle-reader.ts <path>
 */
const [path = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const limits = { clock, connectLimitMs: 5_000, writeLimitMs: 1_000, signal };
const link = await openSerial({ path, baudRate: 9600, ...limits });
link.onData((bytes) => process.stdout.write(`${Buffer.from(bytes).toString('hex')}\n`));
process.stdout.write('ready\n');
await link.closed;
