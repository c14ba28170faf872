import { createServer } from 'node:net';
import { connectTcp } from '../../../devices/transport/tcp.ts';
import type { Clock } from '../../ports/clock.ts';
import { bad, type Finding, ok, reasonOf } from './finding.ts';
import type { NetworkNeed } from './needs.ts';

const connectLimitMs = 2000;

/** Whether a port can be listened on now. It is let go at once. */
export async function checkListen({ about, host, port }: NetworkNeed): Promise<Finding> {
  const name = `${host}:${port}`;
  if (port === 0) return ok(about, `${host} with any port that is free`);
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once('error', (error: Error & { code?: string }) =>
      resolve(error.code ?? error.message),
    );
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return ok(about, `${name} is free`);
  const fix =
    {
      EADDRINUSE: `see who has it with ss -ltnp 'sport = :${port}', and stop it or choose another port. A running Craneway has it rightly`,
      EACCES: 'ports below 1024 are the system’s: choose a higher one',
      EADDRNOTAVAIL: `${host} is no address of this machine: see ip address`,
    }[code] ?? 'choose another port or interface in the site file';
  return bad(about, `${name} cannot be listened on: ${code}`, fix);
}

/** Whether somebody takes a connection there. Nothing is sent, and it is closed at once. */
export async function checkAddress(
  { about, host, port }: NetworkNeed,
  clock: Clock,
): Promise<Finding> {
  const name = `${host}:${port}`;
  const { signal } = new AbortController();
  const limits = { connectLimitMs, writeLimitMs: connectLimitMs, clock, signal };
  const startMs = clock.monotonicMs();
  try {
    const link = await connectTcp({ host, port, ...limits });
    const tookMs = Math.round(clock.monotonicMs() - startMs);
    await link.close();
    return ok(about, `${name} takes a connection, in ${tookMs} ms`);
  } catch (error) {
    return bad(about, reasonOf(error), fixFor(error, host));
  }
}

function fixFor(error: unknown, host: string): string {
  const { cause } = error as { cause?: { code?: string } };
  if (cause?.code === 'ECONNREFUSED') {
    return 'somebody is there and does not listen: check the port, and switch the service on in the device';
  }
  if (cause?.code === 'ENOTFOUND' || cause?.code === 'EAI_AGAIN') {
    return `the name ${host} is not known here: write an address, or see to the name server`;
  }
  return `check power, cable, switch and address: ping ${host}`;
}
