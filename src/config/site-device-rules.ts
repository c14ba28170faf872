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

const pointDevices = ['points.*.device', 'points.*.scanner', 'points.*.printer'] as const;

/** Devices are what they are used as, used once where they stand at one place, and reached once. */
export const deviceRules: readonly SiteRule[] = [
  rule(['aisles.*.crane', ...deviceNeeds], (site) => [
    ...site.aisles.flatMap(({ crane }, i) =>
      deviceFindings(site, { name: crane, path: ['aisles', i, 'crane'], type: 'asrs-crane' }),
    ),
    ...doubles(
      'crane',
      site.aisles.map(({ crane }, i) => ({ name: crane, path: ['aisles', i, 'crane'] })),
    ),
  ]),
  rule([...pointDevices, ...deviceNeeds], (site) =>
    site.points.flatMap(({ device, scanner, printer }, i) => [
      ...deviceFindings(site, { name: device, path: ['points', i, 'device'], type: 'conveyor' }),
      ...deviceFindings(site, {
        name: scanner,
        path: ['points', i, 'scanner'],
        type: 'barcode-scanner',
      }),
      ...deviceFindings(site, {
        name: printer,
        path: ['points', i, 'printer'],
        type: 'zpl-printer',
      }),
    ]),
  ),
  rule(['stations.*.scanner', 'stations.*.printer', ...deviceNeeds], (site) =>
    site.stations.flatMap(({ scanner, printer }, i) => [
      ...deviceFindings(site, {
        name: scanner,
        path: ['stations', i, 'scanner'],
        type: 'barcode-scanner',
      }),
      ...deviceFindings(site, {
        name: printer,
        path: ['stations', i, 'printer'],
        type: 'zpl-printer',
      }),
    ]),
  ),
  // A read belongs to the place of its scanner: one that stood at two would be guesswork.
  rule(['points.*.scanner', 'stations.*.scanner'], (site) => doubles('scanner', scannersOf(site))),
  rule(['devices'], ({ devices }) =>
    doubles(
      'address',
      devices.flatMap((device, i): Named[] => addressOf(device, ['devices', i, 'settings'])),
    ),
  ),
  rule(['devices'], sharedLineFindings),
  rule(['devices'], ({ devices }) => devices.flatMap(lineFindings)),
  rule(['points', 'devices'], ({ points, devices }) =>
    points.flatMap(({ printer, labelProof }, i) => {
      const known = devices.find(({ device }) => device === printer);
      const answers = known?.type === 'zpl-printer' ? known.settings.answers : true;
      const isEnough = labelProof === undefined || answers || !/accepted|counted/.test(labelProof);
      const message = `"${printer}" gives no answers, so a label can only be sent or scanned`;
      return isEnough ? [] : [{ path: ['points', i, 'labelProof'], message }];
    }),
  ),
  rule(
    ['aisles.*.crane', ...pointDevices, 'stations.*.scanner', 'indicators', 'devices.*.device'],
    unusedDevices,
  ),
];

const scannersOf = ({ points, stations }: SiteFile): Named[] => [
  ...points.flatMap(({ scanner }, i) =>
    scanner === undefined ? [] : [{ name: scanner, path: ['points', i, 'scanner'] }],
  ),
  ...stations.flatMap(({ scanner }, i) =>
    scanner === undefined ? [] : [{ name: scanner, path: ['stations', i, 'scanner'] }],
  ),
];

/** PLCs may share a gateway or a serial line under different unit ids; nothing else shares a line. */
function addressOf(device: SiteFile['devices'][number], path: (string | number)[]): Named[] {
  if (device.type === 'barcode-scanner' || device.type === 'zpl-printer') {
    const { connection } = device.settings;
    // Topics are what tells devices at one broker apart.
    if (connection.kind === 'mqtt') return [];
    const { name, key } = endOf(connection);
    return [{ name, path: [...path, 'connection', ...key] }];
  }
  if (device.type === 'indicator') return [];
  const { host, port, serial, unit } = device.settings;
  const [line, at] = serial === undefined ? [`${host}:${port}`, 'port'] : [serial.path, 'serial'];
  return [{ name: `${line} unit ${unit}`, path: [...path, at] }];
}

type Connection = Extract<
  SiteFile['devices'][number],
  { readonly type: 'barcode-scanner' | 'zpl-printer' }
>['settings']['connection'];

/** What a scanner or printer has for itself, and the key that says it. */
function endOf(connection: Connection): { readonly name: string; readonly key: readonly string[] } {
  switch (connection.kind) {
    case 'tcp':
      return { name: `${connection.host}:${connection.port}`, key: ['port'] };
    case 'tcpListen':
      return { name: `listening on ${connection.port}`, key: ['port'] };
    case 'serial':
    case 'usb':
      return { name: connection.path, key: ['path'] };
    case 'mqtt':
      return { name: connection.topic, key: ['topic'] };
    case 'hidPos':
    case 'hidKeyboard': {
      const { vendorId = '', productId = '', serialNumber = '', path } = connection;
      return { name: path ?? `USB ${vendorId}:${productId} ${serialNumber}`, key: [] };
    }
  }
}

const isAtBroker = (device: SiteFile['devices'][number]): boolean =>
  'connection' in device.settings && device.settings.connection.kind === 'mqtt';

/** Devices on one line speak one protocol there, at one rate, and only Modbus has units to tell them apart. */
function sharedLineFindings({ devices }: SiteFile): Finding[] {
  const first = new Map<string, { readonly device: string; readonly how: string }>();
  return devices.flatMap((device, i): Finding[] => {
    // Any number of devices may be at one broker.
    if (device.type === 'indicator' || isAtBroker(device)) return [];
    const { line, how, path } = lineOf(device);
    const other = first.get(line);
    if (other === undefined) first.set(line, { device: device.device, how });
    if (other === undefined || other.how === how) return [];
    const message = `${line} is shared with "${other.device}", which speaks ${other.how} there, not ${how}`;
    return [{ path: ['devices', i, 'settings', ...path], message }];
  });
}

function lineOf(device: Exclude<SiteFile['devices'][number], { type: 'indicator' }>) {
  if (device.type === 'barcode-scanner' || device.type === 'zpl-printer') {
    const { connection } = device.settings;
    const how = device.type === 'zpl-printer' ? 'ZPL' : 'as a scanner';
    return { line: endOf(connection).name, how, path: ['connection'] };
  }
  const { host, port, protocol, serial } = device.settings;
  if (serial === undefined) {
    return { line: `${host}:${port}`, how: `Modbus ${protocol.toUpperCase()}`, path: ['port'] };
  }
  const how = `Modbus RTU with ${serial.baudRate} baud and parity ${serial.parity}`;
  return { line: serial.path, how, path: ['serial'] };
}

/** A PLC is reached over a serial line or at a host. */
function lineFindings(device: SiteFile['devices'][number], i: number): Finding[] {
  if (device.type !== 'asrs-crane' && device.type !== 'conveyor') return [];
  const { protocol, serial, host, unit } = device.settings;
  const path = ['devices', i, 'settings'];
  const isUnitOfLine = protocol === 'tcp' || (unit >= 1 && unit <= 247);
  const unitMessage = `must be 1 to 247 with protocol rtu: 0 speaks to every device at once, and none answers`;
  const units = isUnitOfLine ? [] : [{ path: [...path, 'unit'], message: unitMessage }];
  if (serial === undefined) {
    const message = 'must have a host, or a serial line';
    return host === undefined ? [{ path, message }, ...units] : units;
  }
  return [
    ...units,
    ...(protocol === 'rtu' ? [] : [{ path: [...path, 'serial'], message: 'needs protocol rtu' }]),
    ...(host === undefined
      ? []
      : [{ path: [...path, 'host'], message: 'means nothing beside a serial line' }]),
  ];
}

function unusedDevices({ aisles, points, stations, devices, indicators }: SiteFile): Finding[] {
  const used = new Set<string | undefined>([
    ...aisles.map(({ crane }) => crane),
    ...points.flatMap(({ device, scanner, printer }) => [device, scanner, printer]),
    ...stations.flatMap(({ scanner, printer }) => [scanner, printer]),
    ...indicators.map(({ device }) => device),
  ]);
  return devices.flatMap(({ device }, i) =>
    used.has(device)
      ? []
      : [
          {
            path: ['devices', i, 'device'],
            message: `"${device}" is not used by any aisle, point, station or indicator`,
            severity: 'warn' as const,
          },
        ],
  );
}
