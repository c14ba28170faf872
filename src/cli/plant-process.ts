import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { ControlServer } from '../../simulators/control/server.ts';
import { startSimulatedSite } from '../../simulators/site.ts';
import { machineClock as clock } from '../machine/clock.ts';
import { machineRandom, seededRandom } from '../machine/random.ts';
import { plcFiles } from './demo-site.ts';
import { controlPortOf } from './free-port.ts';
import { lifetime, stopWithin } from './lifetime.ts';
import { readScenario, startScenario } from './scenario-files.ts';
import { readSiteFiles } from './site-files.ts';

interface PlantProcess {
  readonly name: string;
  readonly speed: number;
  readonly seed: number | undefined;
  readonly dataFolder: string | undefined;
  readonly controlPort: number | undefined;
  /** Name or path. */
  readonly scenario: string | undefined;
  readonly talk: (line: string) => void;
}

/** Every simulated device of a site, in a process of its own, until it is told to stop. */
export async function runPlant(options: PlantProcess): Promise<void> {
  const { name, speed, seed, dataFolder, talk } = options;
  const files = readSiteFiles(name);
  const folder = resolve(dataFolder ?? `.craneway/${files.site.site}-plant`);
  mkdirSync(folder, { recursive: true });
  const log = pino({ base: { plant: files.site.site } }, pino.destination(2));
  const life = lifetime(log);
  const simulated = await startSimulatedSite({
    ...{ site: files.site, clock, log, speed, dataFolder: folder },
    interfaces: plcFiles(files),
    random: seededRandom(seed ?? machineRandom.u32()),
    isAtSitePorts: true,
  });
  for (const device of simulated.site.devices)
    talk(`${device.device}: ${addressOf(device.settings)}`);
  for (const remark of simulated.remarks) talk(remark);
  const { host, port, embedded, username, passwordEnv } = files.site.broker;
  const password = passwordEnv === undefined ? undefined : process.env[passwordEnv];
  simulated.mqtt.join(embedded ? { host, port } : { host, port, username, password });
  const { board, plant } = simulated;
  const control = new ControlServer({ board, truth: () => plant.truth(), log });
  const stop = async () => {
    await control.close();
    await simulated.stop();
  };
  try {
    const url = await control.listen(await controlPortOf(options.controlPort));
    talk(`faults: ${url}/faults (craneway sim faults)`);
    const { scenario } = options;
    if (scenario !== undefined) startScenario(readScenario(scenario, board), board, talk);
  } catch (error) {
    await stop();
    throw error;
  }
  await life.ended;
  await stopWithin(log, stop);
}

function addressOf(settings: object): string {
  const at = ('connection' in settings ? settings.connection : settings) as Record<string, unknown>;
  if (!('path' in at) && !('host' in at)) return 'mqtt';
  return 'path' in at ? `serial ${at['path']}` : `tcp ${at['host']}:${at['port']}`;
}
