import type { Command } from 'commander';
import type { StatusData } from '../contract/messages.ts';
import type { DeviceView, DiscrepancyView } from '../ports/reader.ts';
import { get } from './client.ts';
import { devicesTable } from './devices.ts';
import { common, show, table } from './output.ts';

interface Overview {
  readonly status: StatusData;
  readonly devices: readonly DeviceView[];
  readonly discrepancies: readonly DiscrepancyView[];
}

export function register(program: Command): void {
  program
    .command('status')
    .description('the site on one screen')
    .action(async (_: unknown, command: Command) => {
      const site = common(command);
      const [status, devices, discrepancies] = await Promise.all([
        get<StatusData>(site, '/status'),
        get<{ items: readonly DeviceView[] }>(site, '/devices'),
        get<{ items: readonly DiscrepancyView[] }>(site, '/discrepancies'),
      ]);
      const overview: Overview = {
        status,
        devices: devices.items,
        discrepancies: discrepancies.items,
      };
      show(site, overview, overviewText);
    });
}

function overviewText({ status, devices, discrepancies }: Overview): string {
  const { state, since, intake, outbox, hosts = [], reasons = [] } = status;
  const parts = [
    `${state} since ${since}, boot ${status.boot}, intake ${intake ?? 'unknown'}`,
    ...reasons.map(({ code, detail }) => `  ${code}: ${detail}`),
    `outbox ${outbox?.events ?? 'unknown'}, discrepancies open ${discrepancies.length}`,
    '',
    table(hosts, {
      host: (row) => row.host,
      online: (row) => (row.online ? 'yes' : 'no'),
      acknowledged: (row) => row.ackThrough,
    }),
    '',
    devicesTable(devices),
  ];
  return parts.join('\n');
}
