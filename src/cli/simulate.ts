import { type Command, InvalidArgumentError } from 'commander';

interface SimulateOptions {
  readonly seed: number;
  readonly days: number;
  readonly report?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function register(program: Command): void {
  program
    .command('simulate')
    .argument('<scenario>', 'a day, from simulators/scenarios/days, or a path')
    .description('Live through a day of a site on virtual time, as fast as it can, and judge it')
    .option(
      '--seed <n>',
      'chance: the same seed gives the same day, movement by movement',
      whole,
      1,
    )
    .option('--days <n>', 'how many such days, one after the other', days, 1)
    .option('--report <file>', 'write a page with figures and plots, such as day.html')
    .action(async (name: string, options: SimulateOptions, command: Command) => {
      const { simulateDay } = await import('./simulate-day.ts');
      await simulateDay(name, { ...options, ...command.optsWithGlobals() });
    });
}

const daysMax = 31;

function days(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1 && value <= daysMax)) {
    throw new InvalidArgumentError(`1 to ${daysMax}`);
  }
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number');
  return value;
}
