import { createServer } from 'node:net';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';

type Dialed = ScannerSettings['connection'] & { readonly kind: 'tcpListen' };

/** Where a controller on this machine will listen for its scanner: at a port that is free now, but for `port`. */
export async function dialedPort(connection: Dialed, port: number | undefined): Promise<Dialed> {
  const host = '127.0.0.1';
  return { ...connection, host, from: [], port: port ?? (await freePort(host)) };
}

function freePort(host: string): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
