import { Argument, type Command } from 'commander';
import { timeText } from '../contract/time.ts';
import type { DeviceView } from '../ports/reader.ts';
import { get, level } from './client.ts';
import { probe } from './devices-probe.ts';
import { tail } from './devices-tail.ts';
import { common, show, table } from './output.ts';
import { act, withKey } from './write-verb.ts';

export function register(program: Command): void {
  const devices = program.command('devices').description('scanners, printers, cranes, conveyors');
  devices
    .command('ls')
    .description('list devices')
    .action(async (_: unknown, command: Command) => {
      const site = common(command);
      const list = await get<{ readonly items: readonly DeviceView[] }>(site, '/devices');
      show(site, list, ({ items }) => devicesTable(items));
    });
  devices
    .command('show <device>')
    .description('one device with its counters')
    .action(async (id: string, _: unknown, command: Command) => {
      const site = common(command);
      show(site, await get<DeviceView>(site, `/devices/${level(id)}`), deviceText);
    });
  devices
    .command('tail <device>')
    .description('what goes over its wire, as it comes; ends with Ctrl-C')
    .option('--once', 'what is in memory, and no more')
    .option('--hex', 'bytes in hex in place of their characters')
    .action((id: string, options: { once?: boolean; hex?: boolean }, command: Command) =>
      tail(common(command), id, options),
    );
  devices
    .command('probe <device>')
    .description('ask it something harmless now')
    .option('--trigger', 'make a scanner read once; only in manual')
    .action((id: string, options: { trigger?: boolean }, command: Command) =>
      probe(command, id, options.trigger ?? false),
    );
  withKey(devices.command('mode <device>'))
    .description('set how far it may be used; kept over restarts')
    .addArgument(
      new Argument(
        '<mode>',
        'off: not connected; observe: read only; manual: begins nothing new',
      ).choices(['off', 'observe', 'manual', 'auto']),
    )
    .action((id: string, mode: string, _: unknown, command: Command) =>
      act(command, `/devices/${level(id)}/mode`, { mode }),
    );
  withKey(devices.command('release <device>'))
    .description('let a device work again, after a look at it')
    .action((id: string, _: unknown, command: Command) =>
      act(command, `/devices/${level(id)}/release`),
    );
  withKey(devices.command('inspect <crane>'))
    .description('after work by hand in its aisle: stop it, and be led through the places')
    .action((id: string, _: unknown, command: Command) =>
      act(command, `/devices/${level(id)}/inspect`),
    );
}

export const devicesTable = (devices: readonly DeviceView[]): string =>
  table(devices, {
    device: (row) => row.device,
    kind: (row) => row.kind,
    mode: (row) => row.mode,
    availability: (row) => row.availability,
    state: (row) => row.state,
    since: (row) => timeText(row.sinceMs),
    detail: (row) => [row.detail, ...row.reasons.map(({ detail }) => detail)].join('; '),
  });

const deviceText = (device: DeviceView): string =>
  [
    devicesTable([device]),
    ...modeText(device),
    '',
    table(Object.entries({ ...device.link, ...device.counters }), {
      counter: ([name]) => name,
      value: ([, n]) => n,
    }),
  ].join('\n');

const modeText = ({ mode, modeBy, modeAtMs }: DeviceView): string[] =>
  modeBy === undefined || modeAtMs === undefined
    ? []
    : ['', `Set to ${mode} by ${modeBy} at ${timeText(modeAtMs)}.`];
