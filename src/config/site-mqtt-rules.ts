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
      const broker = mqttOf(device)?.broker;
      if (broker?.passwordEnv === undefined || broker.username !== undefined) return [];
      const own = device.type === 'indicator' ? [] : ['connection'];
      const path = ['devices', i, 'settings', ...own, 'broker', 'passwordEnv'];
      return [{ path, message: 'needs "username" beside it' }];
    }),
  ),
  // The embedded broker knows both by their names.
  rule(['hosts.*.host', 'devices'], ({ hosts, devices }) =>
    devices.flatMap((device, i) =>
      mqttOf(device) !== undefined && hosts.some(({ host }) => host === device.device)
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

/** What of a device is about a broker; undefined where it is at none. */
function mqttOf(device: Device) {
  if (device.type === 'indicator') return device.settings;
  if (device.type !== 'barcode-scanner') return undefined;
  const { connection } = device.settings;
  return connection.kind === 'mqtt' ? connection : undefined;
}

/** Topics that belong to one device; several may share a gateway, and with it the word whether it is there. */
function ownTopics(device: Device, i: number): Named[] {
  const broker = mqttOf(device)?.broker;
  const where = broker === undefined ? '' : ` at ${broker.host}:${broker.port}`;
  if (device.type === 'barcode-scanner' && device.settings.connection.kind === 'mqtt') {
    const { topic, triggerTopic } = device.settings.connection;
    const at = ['devices', i, 'settings', 'connection'];
    const code = { name: `${topic}${where}`, path: [...at, 'topic'] };
    if (triggerTopic === undefined) return [code];
    return [code, { name: `${triggerTopic}${where}`, path: [...at, 'triggerTopic'] }];
  }
  if (device.type !== 'indicator') return [];
  const { show } = device.settings;
  const path = ['devices', i, 'settings', 'show'];
  if (show.kind === 'json') return [{ name: `${show.topic}${where}`, path: [...path, 'topic'] }];
  return Object.entries(show.lamps).flatMap(([color, topic]) =>
    topic === undefined ? [] : [{ name: `${topic}${where}`, path: [...path, 'lamps', color] }],
  );
}
