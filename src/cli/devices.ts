import type { Command } from 'commander';
import { timeText } from '../contract/time.ts';
import type { DeviceView } from '../ports/reader.ts';
import { get, level } from './client.ts';
import { CommandFailure } from './failure.ts';
import { type Common, common, show, table } from './output.ts';
import { act, withKey } from './write-verb.ts';

export function register(program: Command): void {
  const devices = program.command('devices').description('scanners, printers, cranes, conveyors');
  devices
    .command('ls')
    .description('list devices')
    .action(async (_: unknown, command: Command) => {
      const site = common(command);
      show(site, await list(site), ({ items }) => devicesTable(items));
    });
  devices
    .command('show <device>')
    .description('one device with its counters')
    .action(async (id: string, _: unknown, command: Command) => {
      const site = common(command);
      const device = (await list(site)).items.find((one) => one.device === id);
      if (device === undefined) {
        const advice = 'craneway devices ls shows which there are.';
        throw new CommandFailure('notFound', `There is no device ${id}`, { advice });
      }
      show(site, device, deviceText);
    });
  withKey(devices.command('release <device>'))
    .description('let a device work again, after a look at it')
    .action((id: string, _: unknown, command: Command) =>
      act(command, `/devices/${level(id)}/release`),
    );
}

const list = (site: Common) => get<{ readonly items: readonly DeviceView[] }>(site, '/devices');

export const devicesTable = (devices: readonly DeviceView[]): string =>
  table(devices, {
    device: (row) => row.device,
    kind: (row) => row.kind,
    availability: (row) => row.availability,
    state: (row) => row.state,
    since: (row) => timeText(row.sinceMs),
    detail: (row) => [row.detail, ...row.reasons.map(({ detail }) => detail)].join('; '),
  });

const deviceText = (device: DeviceView): string =>
  [
    devicesTable([device]),
    '',
    table(Object.entries({ ...device.link, ...device.counters }), {
      counter: ([name]) => name,
      value: ([, n]) => n,
    }),
  ].join('\n');
