import { createServer } from 'node:net';

/** @returns `port`, or 0 (any) when another program has it */
export function freePort(host: string, port: number): Promise<number> {
  return new Promise((found) => {
    const probe = createServer();
    probe.once('error', () => found(0));
    probe.listen(port, host, () => probe.close(() => found(port)));
  });
}

/** Where `craneway sim` looks, unless it is told another one. */
export const controlPortDefault = 8090;

/** @returns the port that was asked for; else the usual one, or 0 (any) when that is taken */
export const controlPortOf = async (wanted: number | undefined): Promise<number> =>
  wanted ?? (await freePort('127.0.0.1', controlPortDefault));
