import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { startSimulatedSite } from '../../simulators/site.ts';
import { machineClock as clock } from '../machine/clock.ts';
import { machineRandom, seededRandom } from '../machine/random.ts';
import { plcFiles } from './demo-site.ts';
import { lifetime, stopWithin } from './lifetime.ts';
import { readSiteFiles } from './site-files.ts';

interface PlantProcess {
  readonly name: string;
  readonly speed: number;
  readonly seed: number | undefined;
  readonly dataFolder: string | undefined;
  readonly talk: (line: string) => void;
}

/** Every simulated device of a site, in a process of its own, until it is told to stop. */
export async function runPlant({
  name,
  speed,
  seed,
  dataFolder,
  talk,
}: PlantProcess): Promise<void> {
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
  await life.ended;
  await stopWithin(log, () => simulated.stop());
}

function addressOf(settings: object): string {
  const at = ('connection' in settings ? settings.connection : settings) as Record<string, unknown>;
  return 'path' in at ? `serial ${at['path']}` : `tcp ${at['host']}:${at['port']}`;
}
