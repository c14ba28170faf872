import { type Command, Option } from 'commander';
import { level } from './client.ts';
import { act, withKey } from './write-verb.ts';

interface Options {
  readonly station: string;
  readonly how: string;
}

export function register(program: Command): void {
  withKey(program.command('finish <loadUnit>'))
    .description('say what becomes of the load unit at a workstation')
    .requiredOption('-s, --station <place>', 'where it stands')
    .addOption(
      new Option('--how <how>', 'leaves the site, or goes back into the rack')
        .choices(['ship', 'return'])
        .makeOptionMandatory(),
    )
    .action((loadUnit: string, { station, how }: Options, command: Command) =>
      act(command, `/stations/${level(station)}/finish`, { loadUnit, how }),
    );
}
