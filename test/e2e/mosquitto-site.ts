import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { startSimulatedSite } from '../../simulators/site.ts';
import { plcFiles } from '../../src/cli/demo-site.ts';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { ControllerProcess } from '../lib/controller-process.ts';
import { Shell } from '../lib/shell.ts';
import { silent } from '../lib/silent-log.ts';
import { copyDemoSite } from '../lib/site-copy.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { freePort, startMosquitto } from '../upstream/rig.ts';

/** A message as it lies in the host's store. */
export interface Heard {
  readonly type: string;
  readonly subject?: string;
  readonly sequence?: string;
  readonly correlationid?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire, as a test wants to look at it.
  readonly data: any;
}

const speed = 20;

/** Waits until `check` stops throwing; a whole site takes its time on a busy machine. */
export const until = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 25_000, interval: 20 });

/**
 * The demo site with Mosquitto as its broker: machines in this process, the controller a process of its
 * own, and a shell for a host that has nothing but Mosquitto's two small tools.
 */
export async function startMosquittoSite() {
  for (const tool of ['mosquitto_pub', 'mosquitto_sub']) {
    if (!existsSync(`/usr/bin/${tool}`)) {
      throw new Error(`/usr/bin/${tool} is missing: apt-get install mosquitto-clients`);
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'craneway-host-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const broker = await startMosquitto();
  const files = readSiteFiles('demo');
  const plantFolder = join(folder, 'plant');
  mkdirSync(plantFolder);
  const simulated = await startSimulatedSite({
    ...{ site: files.site, interfaces: plcFiles(files), clock, random: seededRandom(1), speed },
    ...{ log: silent, dataFolder: plantFolder },
  });
  onTestFinished(() => simulated.stop());
  const siteFile = copyDemoSite(join(folder, 'config'), simulated.site, [
    [['broker', 'embedded'], false],
  ]);
  const httpPort = await freePort();
  const controller = new ControllerProcess({
    ...{ siteFile, dataFolder: join(folder, 'data'), logFile: join(folder, 'log') },
    ...{ httpPort, mqttPort: broker.port },
  });
  onTestFinished(() => controller.kill());
  controller.spawn();
  await controller.runs();
  const shell = new Shell({ cwd: '.', env: { MQTT_PORT: `${broker.port}`, TMPDIR: folder } });
  onTestFinished(() => shell.close());
  const placeOf = async (loadUnit: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${httpPort}/api/v1/load-units/${loadUnit}`);
    return ((await answer.json()) as { location: string }).location;
  };
  return { simulated, controller, shell, placeOf };
}

/** What the host has in its store, oldest first. */
export class HostStore {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  heard(): readonly Heard[] {
    const lines = readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  of = (name: string): readonly Heard[] =>
    this.heard().filter(({ type }) => type === `craneway.${name}.v1`);

  /** Each event once: a broker may tell one twice. */
  sequences(): readonly number[] {
    const told = this.heard().flatMap(({ sequence }) => (sequence ? [Number(sequence)] : []));
    return [...new Set(told)].sort((a, b) => a - b);
  }

  /** Waits until there are `count` replies. @returns the data of all of them */
  async replies(count: number) {
    await until(() => {
      if (this.of('reply').length < count) throw new Error(`${count} replies: ${this.#last()}`);
    });
    return this.of('reply').map(({ correlationid, data }) => ({ correlationid, ...data }));
  }

  /** Waits for a message of `name` with these values. */
  async has(name: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const wanted = Object.entries(values);
    await until(() => {
      const isThere = this.of(name).some(({ data }) =>
        wanted.every(([key, value]) => data[key] === value),
      );
      if (!isThere) throw new Error(`${name} ${JSON.stringify(values)}: ${this.#last()}`);
    });
  }

  #last = (): string => `not there; last came ${JSON.stringify(this.heard().at(-1))}`;
}
