import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../simulators/site.ts';
import { plcFiles } from '../../src/cli/demo-site.ts';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { ControllerProcess } from '../lib/controller-process.ts';
import { silent } from '../lib/silent-log.ts';
import { copyDemoSite } from '../lib/site-copy.ts';
import { freePort } from '../upstream/rig.ts';

// A whole controller process that is told to stop while something holds on to it. In order and with
// code 0: what hangs is left behind within the grace time, or the process would end itself with 1.
const limitMs = 60_000;
let folder: string;
let simulated: SimulatedSite;
let httpPort: number;
const cleanups: (() => void)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-shutdown-'));
  mkdirSync(join(folder, 'plant'));
  const files = readSiteFiles('demo');
  simulated = await startSimulatedSite({
    ...{ site: files.site, interfaces: plcFiles(files), clock, random: seededRandom(1) },
    ...{ log: silent, speed: 20, dataFolder: join(folder, 'plant') },
  });
  httpPort = await freePort();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  await simulated.stop();
  rmSync(folder, { recursive: true });
});

async function running(broker: { embedded: boolean; port: number }): Promise<ControllerProcess> {
  const { embedded, port } = broker;
  const siteFile = copyDemoSite(join(folder, 'config'), simulated.site, [
    [['broker', 'embedded'], embedded],
  ]);
  const controller = new ControllerProcess({
    ...{ siteFile, dataFolder: join(folder, 'data'), logFile: join(folder, 'log') },
    ...{ httpPort, mqttPort: port },
  });
  cleanups.push(() => void controller.kill());
  controller.spawn();
  await controller.runs();
  return controller;
}
const withBroker = async () => running({ embedded: true, port: await freePort() });

/** A client of the API that has sent this and neither goes on nor away. */
async function holding(text: string): Promise<void> {
  const socket = connect(httpPort, '127.0.0.1');
  socket.on('error', () => {});
  cleanups.push(() => socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
}
const head = 'HTTP/1.1\r\nhost: localhost\r\n';

test(
  'a stop waits for no client that holds a connection, or sends a request without an end',
  async () => {
    const controller = await withBroker();
    await holding(`GET /health/live ${head}\r\n`);
    await holding(
      `POST /api/v1/orders ${head}content-type: application/json\r\ncontent-length: 99\r\n\r\n{`,
    );
    await holding('GET / HT');
    expect(await controller.stop()).toBe(0);
  },
  limitMs,
);

test(
  'a stop waits for no broker that is away, and none that says nothing',
  async () => {
    const away = await running({ embedded: false, port: await freePort() });
    expect(await away.stop()).toBe(0);
    const mute = createServer(() => {});
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    cleanups.push(() => mute.close());
    const address = mute.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const silenced = await running({ embedded: false, port });
    expect(await silenced.stop()).toBe(0);
  },
  limitMs,
);

test(
  'a stop waits for no device that does not answer, on a line that is dead',
  async () => {
    const controller = await withBroker();
    for (const device of ['crane-1', 'conveyor-1', 'scan-in-1', 'printer-1']) {
      simulated.board.set(device, 'halfOpen', { on: true });
    }
    simulated.board.set('scan-pick-1', 'unplugged', { on: true });
    expect(await controller.stop()).toBe(0);
  },
  limitMs,
);
