import { unknownName } from './did-you-mean.ts';
import {
  deviceFindings,
  deviceNeeds,
  doubles,
  type Named,
  rule,
  type SiteRule,
} from './site-rules.ts';
import type { SiteFile } from './site-schema.ts';
import type { Finding } from './yaml-file.ts';

type Device = SiteFile['devices'][number];

/** Lights show something that is there, and no topic means two things. */
export const mqttRules: readonly SiteRule[] = [
  rule(['indicators', 'aisles.*.aisle', 'stations.*.location', ...deviceNeeds], (site) => [
    ...doubles(
      'indicator',
      site.indicators.map(({ device }, i) => ({ name: device, path: ['indicators', i, 'device'] })),
    ),
    ...site.indicators.flatMap((row, i) => [
      ...deviceFindings(site, {
        name: row.device,
        path: ['indicators', i, 'device'],
        type: 'indicator',
      }),
      ...areaFindings(site, row, i),
    ]),
  ]),
  rule(['devices'], ({ devices }) =>
    doubles(
      'topic',
      devices.flatMap((device, i) => ownTopics(device, i)),
    ),
  ),
  rule(['devices'], ({ devices }) =>
    devices.flatMap((device, i) => {
      const broker = brokerOf(device);
      if (broker?.passwordEnv === undefined || broker.username !== undefined) return [];
      const path = ['devices', i, 'settings', 'broker', 'passwordEnv'];
      return [{ path, message: 'needs "username" beside it' }];
    }),
  ),
  // The embedded broker knows both by their names.
  rule(['hosts.*.host', 'devices'], ({ hosts, devices }) =>
    devices.flatMap((device, i) =>
      device.type === 'indicator' && hosts.some(({ host }) => host === device.device)
        ? [{ path: ['devices', i, 'device'], message: `"${device.device}" is a host already` }]
        : [],
    ),
  ),
];

function areaFindings(
  { aisles, stations }: SiteFile,
  { shows, of }: SiteFile['indicators'][number],
  i: number,
): Finding[] {
  const path = ['indicators', i, 'of'];
  if (shows === 'site') {
    return of === undefined ? [] : [{ path, message: 'means nothing where the site is shown' }];
  }
  const known =
    shows === 'aisle' ? aisles.map(({ aisle }) => aisle) : stations.map((row) => row.location);
  if (of === undefined) {
    return [
      { path: ['indicators', i], message: `must say of which ${shows}: ${known.join(', ')}` },
    ];
  }
  return known.includes(of) ? [] : [{ path, message: unknownName(shows, of, known) }];
}

const brokerOf = (device: Device) =>
  device.type === 'indicator' ? device.settings.broker : undefined;

/** Topics that belong to one device; several may share a gateway, and with it the word whether it is there. */
function ownTopics(device: Device, i: number): Named[] {
  if (device.type !== 'indicator') return [];
  const { show, broker } = device.settings;
  const where = broker === undefined ? '' : ` at ${broker.host}:${broker.port}`;
  const path = ['devices', i, 'settings', 'show'];
  if (show.kind === 'json') return [{ name: `${show.topic}${where}`, path: [...path, 'topic'] }];
  return Object.entries(show.lamps).flatMap(([color, topic]) =>
    topic === undefined ? [] : [{ name: `${topic}${where}`, path: [...path, 'lamps', color] }],
  );
}
