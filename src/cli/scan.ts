import type { Command } from 'commander';
import { act, withKey } from './write-verb.ts';

export function register(program: Command): void {
  withKey(program.command('scan <code>'))
    .description('tell what stands at a station, as a scan there would')
    .requiredOption('-s, --station <place>', 'where it stands')
    .action((code: string, { station }: { station: string }, command: Command) =>
      act(command, '/scans', { station, code }),
    );
}
