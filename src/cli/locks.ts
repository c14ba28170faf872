import { Argument, type Command } from 'commander';
import type { LockView } from '../ports/reader.ts';
import { get, level } from './client.ts';
import { bothText, common, show, table } from './output.ts';
import { act, withKey } from './write-verb.ts';

export function register(program: Command): void {
  const locks = program
    .command('locks')
    .description('parts of the site that nothing goes into or out of');
  locks
    .command('ls')
    .description('list what is locked, by whom and why')
    .action(async (_: unknown, command: Command) => {
      const site = common(command);
      const list = await get<{ readonly items: readonly LockView[] }>(site, '/locks');
      show(site, list, ({ items }) => locksTable(items));
    });
  withKey(locks.command('set <part>'))
    .description(
      'lock an area, an aisle (A01), cells (A01-L-003..005-01..02), a place or an exit (conveyor-1/3/2)',
    )
    .addArgument(
      new Argument('<lock>', 'what is kept from happening').choices(['in', 'out', 'both']),
    )
    .requiredOption('--reason <text>', 'told to whoever asks why')
    .action((part: string, lock: string, { reason }: { reason: string }, command: Command) =>
      act(command, '/locks', { part, lock, reason }),
    );
  withKey(locks.command('clear <part>'))
    .description('unlock what was locked under this code')
    .requiredOption('--reason <text>', 'why it may be used again')
    .action((part: string, { reason }: { reason: string }, command: Command) =>
      act(command, `/locks/${level(part)}?reason=${level(reason)}`, undefined, 'DELETE'),
    );
}

const locksTable = (locks: readonly LockView[]): string =>
  table(locks, {
    part: (row) => bothText(row.part, row.hostCode),
    kind: (row) => row.kind ?? 'not on this site any more',
    lock: (row) => row.lock,
    by: (row) => row.by,
    since: (row) => row.at ?? 'always',
    reason: (row) => row.reason,
  });
