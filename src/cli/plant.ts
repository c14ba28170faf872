import type { Command } from 'commander';
import { say } from './output.ts';

interface PlantOptions {
  readonly speed: string;
  readonly seed?: string;
  readonly data?: string;
  readonly controlPort?: string;
  readonly scenario?: string;
  readonly quiet?: boolean;
}

export function register(program: Command): void {
  program
    .command('plant')
    .argument('[site]', 'name under config/sites, or path of a site file', 'demo')
    .description('Run every device of a site as a simulator, on the ports of the site file')
    .option('--speed <n>', 'how many times faster than real the machines move', '1')
    .option('--seed <n>', 'chance of a plant that starts anew')
    .option('--data <folder>', 'where the plant lies (default: .craneway/<site>-plant)')
    .option('--control-port <port>', 'for craneway sim (default: 8090, or a free one)')
    .option('--scenario <name>', 'what goes wrong and when, from simulators/scenarios, or a path')
    .action(async (name: string, options: PlantOptions, command: Command) => {
      await standIn(name, { ...options, ...command.optsWithGlobals() });
    });
}

async function standIn(name: string, options: PlantOptions): Promise<void> {
  const { runPlant } = await import('./plant-process.ts');
  const { seed, controlPort } = options;
  await runPlant({
    name,
    speed: Number(options.speed),
    seed: seed === undefined ? undefined : Number(seed),
    dataFolder: options.data,
    controlPort: controlPort === undefined ? undefined : Number(controlPort),
    scenario: options.scenario,
    talk: (line) => say(options, line),
  });
}
