import { type Command, InvalidArgumentError } from 'commander';
import { duration } from './duration.ts';

export interface DemoOptions {
  readonly for?: number;
  readonly speed: number;
  readonly seed?: number;
  readonly data: string;
  readonly httpPort?: number;
  readonly mqttPort?: number;
  readonly controlPort?: number;
  readonly scenario?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function register(program: Command): void {
  program
    .command('demo')
    .description('Run the demo site, every device simulated behind its real protocol')
    .option(
      '--for <duration>',
      'stop intake after this time, such as 90s or 5m, and tally',
      duration,
    )
    .option('--speed <n>', 'how many times faster than real the machines move', positive, 4)
    .option('--seed <n>', 'chance of a plant that starts anew', integer)
    .option('--data <folder>', 'site and ledger go on from here', '.craneway/demo')
    .option('--http-port <port>', 'of the API (default: 8080, or a free one)', integer)
    .option('--mqtt-port <port>', 'of the embedded broker (default: 1883, or a free one)', integer)
    .option('--control-port <port>', 'for craneway sim (default: 8090, or a free one)', integer)
    .option('--scenario <name>', 'what goes wrong and when, from simulators/scenarios, or a path')
    .action(async (options: DemoOptions, command: Command) => {
      const { runDemo } = await import('./demo-site.ts');
      await runDemo({ ...options, ...command.optsWithGlobals() });
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1000)) throw new InvalidArgumentError('above 0, up to 1000');
  return value;
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number');
  return value;
}
