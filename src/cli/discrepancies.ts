import type { Command } from 'commander';
import type { DiscrepancyView } from '../ports/reader.ts';
import { get, level } from './client.ts';
import { bothText, common, show, table } from './output.ts';
import { act, withKey } from './write-verb.ts';

interface Resolve {
  readonly as: string;
  readonly place?: string;
  readonly loadUnit?: string;
}

export function register(program: Command): void {
  const verb = program.command('discrepancies').description('where floor and books may differ');
  verb
    .command('ls')
    .description('list open discrepancies and the ways to settle them')
    .option('--all', 'settled ones too')
    .action(async ({ all = false }: { all?: boolean }, command: Command) => {
      const site = common(command);
      const query = { state: all ? 'all' : 'open' };
      const page = await get<{ items: readonly DiscrepancyView[] }>(site, '/discrepancies', query);
      show(site, page, ({ items }) => discrepanciesText(items));
    });
  withKey(verb.command('resolve <number>'))
    .description('settle a discrepancy in one of its ways')
    .requiredOption('--as <resolution>', 'the way, as listed')
    .option('--place <place>', 'where you saw it, if asked for')
    .option('--load-unit <loadUnit>', 'which one you saw, if asked for')
    .action((number: string, { as, place, loadUnit }: Resolve, command: Command) =>
      act(command, `/discrepancies/${level(number)}/resolve`, { resolution: as, place, loadUnit }),
    );
}

function discrepanciesText(items: readonly DiscrepancyView[]): string {
  const list = table(items, {
    number: (row) => row.discrepancy,
    code: (row) => row.code,
    state: (row) => row.resolvedAs ?? row.state,
    raised: (row) => row.raisedAt,
    device: (row) => row.device,
    location: (row) => bothText(row.location, row.hostCode),
    'load unit': (row) => row.loadUnit,
    what: (row) => row.text,
  });
  const ways = items.flatMap((row) => row.resolutions.map((way) => ({ ...way, ...row, way })));
  if (ways.length === 0) return list;
  const how = table(ways, {
    number: (row) => row.discrepancy,
    'resolve --as': ({ way }) => way.resolution,
    needs: ({ way }) =>
      way.needs.map((need) => (need === 'place' ? '--place' : '--load-unit')).join(' '),
    effect: ({ way }) => way.text,
  });
  return `${list}\n\n${how}`;
}
