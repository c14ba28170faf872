import type { Command } from 'commander';
import type { Backup } from './backup-file.ts';
import { CommandFailure } from './failure.ts';
import { common, show } from './output.ts';

const help = `
It may run beside the controller: one MiB at a time is copied and synced, with a rest of 20 ms after
it (50 MiB/s at the most). Then the copy is read as a whole, and only then it gets its name. What
ends too early leaves nothing there but <file>.part, which the next backup replaces.`;

export function register(program: Command): void {
  program
    .command('backup')
    .argument('<file>', 'what the copy is to be; a file that is there is never overwritten')
    .argument('[site]', 'name under config/sites, or path of a site file')
    .description('copy the ledger of a site, also while it runs, and read the copy back')
    .option('--data <folder>', 'where the ledger lies (default: .craneway/<site>)')
    .addHelpText('after', help)
    .action(async (file: string, site: string | undefined, { data }: Options, command: Command) => {
      const options = common(command);
      if (file === '') {
        const advice = 'craneway backup <file> <site>';
        throw new CommandFailure('usage', 'The copy needs a name', { advice });
      }
      const [{ backUp }, { machineClock }, { standStill }, { setPriority }] = await Promise.all([
        import('./backup-file.ts'),
        import('../machine/clock.ts'),
        import('../machine/stand-still.ts'),
        import('node:os'),
      ]);
      const dataFolder = data ?? (await folderOf(site));
      setPriority(19);
      const made = await backUp({
        ...{ dataFolder, target: file, clock: machineClock },
        rest: standStill,
      });
      show(options, made, text);
    });
}

interface Options {
  readonly data?: string;
}

/** No site by default: the copy of another one would be found out when it is needed. */
async function folderOf(site: string | undefined): Promise<string> {
  if (site === undefined) {
    const advice = 'craneway backup <file> <site>, or --data <folder>';
    throw new CommandFailure('usage', 'Whose ledger is meant was not said', { advice });
  }
  const { readSiteFiles } = await import('./site-files.ts');
  return `.craneway/${readSiteFiles(site).site.site}`;
}

const text = ({ file, bytes, movement, epoch, tookMs }: Backup): string =>
  `${file}: ${bytes} bytes, up to movement ${movement} of epoch ${epoch}, read back, in ${(tookMs / 1000).toFixed(1)} s`;
