import type { Command } from 'commander';
import { say } from './output.ts';

interface RunOptions {
  readonly data?: string;
  readonly httpPort?: string;
  readonly mqttPort?: string;
  readonly simulated?: boolean;
  readonly quiet?: boolean;
}

export function register(program: Command): void {
  program
    .command('run')
    .argument('[site]', 'name under config/sites, or path of a site file', 'demo')
    .description('Run a site until it is told to stop')
    .option('--data <folder>', 'where ledger and logs lie (default: .craneway/<site>)')
    .option('--http-port <port>', 'instead of the port in the site file')
    .option('--mqtt-port <port>', 'instead of the port in the site file')
    .option(
      '--simulated',
      'devices are simulators: the embedded broker takes clients without a name',
    )
    .action(async (name: string, options: RunOptions, command: Command) => {
      await runSite(name, { ...options, ...command.optsWithGlobals() });
    });
}

async function runSite(name: string, options: RunOptions): Promise<void> {
  const [{ pino }, { startCraneway }, { readSiteFiles }, machine, { lifetime, stopWithin }] =
    await Promise.all([
      import('pino'),
      import('../main.ts'),
      import('./site-files.ts'),
      Promise.all([
        import('../machine/clock.ts'),
        import('../machine/random.ts'),
        import('../machine/log-stream.ts'),
      ]),
      import('./lifetime.ts'),
    ]);
  const [{ machineClock: clock }, { machineRandom: random }, { logStream }] = machine;
  const { site, ...files } = readSiteFiles(name);
  const base = { site: site.site, controller: site.controller };
  const stream = logStream(process.stdout);
  const log = pino({ base }, stream);
  const life = lifetime(log);
  const { http, broker } = site;
  const port = (given: string | undefined, own: number) => Number(given ?? own);
  const craneway = await startCraneway({
    ...files,
    site: {
      ...site,
      http: { ...http, port: port(options.httpPort, http.port) },
      broker: { ...broker, port: port(options.mqttPort, broker.port) },
    },
    ...{ clock, random, log },
    dataFolder: options.data ?? `.craneway/${site.site}`,
    simulated: options.simulated ?? false,
    password: broker.passwordEnv === undefined ? undefined : process.env[broker.passwordEnv],
    secret: (variable) => process.env[variable],
    onFatal: life.fatal,
  });
  const api = `http://${craneway.http.host}:${craneway.http.port}`;
  const mqtt = `mqtt://${broker.host}:${craneway.brokerPort ?? port(options.mqttPort, broker.port)}`;
  say(options, `${site.site}/${site.controller} runs. API ${api}, broker ${mqtt}`);
  await life.ended;
  await stopWithin(log, () => craneway.stop());
  await stream.end();
}
