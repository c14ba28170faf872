import type { ConfigProblem } from '../domain/config-problem.ts';
import { ConfigError } from '../domain/errors.ts';
import { type HostId, parseDeviceId, parseLocationId, type Sku } from '../domain/ids.ts';
import type { ReactionChanges } from '../domain/reactions.ts';
import type { ConsumptionPoint } from '../domain/signals/calls.ts';
import type { Aisle, DecisionPoint, Site, SiteDevice, Station } from '../domain/site.ts';
import { resolveIndicator } from './mqtt-schema.ts';
import { resolveScanner } from './scanner-schema.ts';
import { areaRules } from './site-area-rules.ts';
import { codeRules } from './site-code-rules.ts';
import { deviceRules } from './site-device-rules.ts';
import { hostCodeRules } from './site-host-code-rules.ts';
import { linkRules } from './site-link-rules.ts';
import { lockRules } from './site-lock-rules.ts';
import { mqttRules } from './site-mqtt-rules.ts';
import { networkRules } from './site-network-rules.ts';
import { routeRules } from './site-route-rules.ts';
import type { SiteRule } from './site-rules.ts';
import { scannerRules } from './site-scanner-rules.ts';
import { SiteFile } from './site-schema.ts';
import { signalRules } from './site-signal-rules.ts';
import { checkYaml } from './yaml-file.ts';

/**
 * Reads a site file.
 *
 * @param file  name for the messages
 * @throws {ConfigError} with every problem of the file; warnings alone do not throw
 */
export function readSite(file: string, text: string): Site {
  const { site, problems } = checkSite(file, text);
  if (site === undefined) throw new ConfigError(file, problems);
  return site;
}

/**
 * As `readSite`, with the problems as a result. `site` is there when none of them is an error.
 *
 * @param more  rules that need more than the text, such as which other files there are
 */
export function checkSite(
  file: string,
  text: string,
  more: readonly SiteRule[] = [],
): { readonly site?: Site; readonly problems: readonly ConfigProblem[] } {
  const rules = [
    ...codeRules,
    ...areaRules,
    ...hostCodeRules,
    ...deviceRules,
    ...scannerRules,
    ...routeRules,
    ...networkRules,
    ...lockRules,
    ...signalRules,
    ...linkRules,
    ...mqttRules,
    ...more,
  ];
  const { value, problems } = checkYaml(file, text, SiteFile, rules);
  return value === undefined ? { problems } : { site: toSite(value), problems };
}

/** The same with branded codes, and with `undefined` where the file says nothing. */
const toSite = (file: SiteFile): Site => ({
  site: file.site,
  controller: file.controller,
  hosts: file.hosts.map(({ host, acknowledges }) => ({ host: host as HostId, acknowledges })),
  loadUnitTypes: file.loadUnitTypes,
  heightClasses: file.heightClasses,
  aisles: file.aisles.map(toAisle),
  areas: file.areas.map(({ area, aisles, places }) => ({
    ...{ area, aisles },
    places: places.map(parseLocationId),
  })),
  hostCodes: file.hostCodes,
  locks: file.locks,
  stations: file.stations.map(toStation),
  points: file.points.map(toPoint),
  sscc: file.sscc,
  devices: file.devices.map(toDevice),
  indicators: file.indicators.map(({ device, shows, of }) => ({
    device: parseDeviceId(device),
    ...{ shows, of },
  })),
  broker: {
    ...file.broker,
    username: file.broker.username,
    passwordEnv: file.broker.passwordEnv,
  },
  http: file.http,
  limits: file.limits,
  signals: file.signals && {
    ...file.signals,
    consumption: file.signals.consumption.map(toConsumptionPoint),
  },
  slotting: file.slotting,
  idleWork: file.idleWork,
  crossDock: file.crossDock,
  reactions: file.reactions as ReactionChanges | undefined,
});

const toConsumptionPoint = ({
  station,
  sku,
  ...rest
}: NonNullable<SiteFile['signals']>['consumption'][number]): ConsumptionPoint => ({
  ...rest,
  station: parseLocationId(station),
  sku: sku as Sku,
});

const toAisle = (aisle: SiteFile['aisles'][number]): Aisle => ({
  ...aisle,
  crane: parseDeviceId(aisle.crane),
  lhd: parseLocationId(aisle.lhd),
  lhd2: aisle.lhd2 === undefined ? undefined : parseLocationId(aisle.lhd2),
  stations: aisle.stations.map((s) => ({ ...s, location: parseLocationId(s.location) })),
});

const toStation = ({
  location,
  scanner,
  printer,
  ...rest
}: SiteFile['stations'][number]): Station => ({
  ...rest,
  location: parseLocationId(location),
  scanner: parseOptional(scanner),
  printer: parseOptional(printer),
});

const toPoint = (point: SiteFile['points'][number]): DecisionPoint => ({
  device: parseDeviceId(point.device),
  point: point.point,
  at: parseLocationId(point.at),
  role: point.role,
  exits: point.exits.map(({ exit, to, costMs, default: isDefault }) => ({
    ...{ exit, costMs },
    to: parseLocationId(to),
    // The only exit is taken whatever happens.
    isDefault: isDefault || point.exits.length === 1,
  })),
  scanner: parseOptional(point.scanner),
  printer: parseOptional(point.printer),
  labelTemplate: point.labelTemplate,
  labelProof: point.labelProof,
});

function toDevice(entry: SiteFile['devices'][number]): SiteDevice {
  const device = parseDeviceId(entry.device);
  if (entry.type === 'zpl-printer') {
    const { idleCloseMs } = entry.settings;
    return { ...entry, device, settings: { ...entry.settings, idleCloseMs } };
  }
  if (entry.type === 'indicator') {
    return { ...entry, device, settings: resolveIndicator(entry.settings) };
  }
  if (entry.type !== 'barcode-scanner') {
    // Without a host there is a serial line: a rule has seen to that.
    return { ...entry, device, settings: { ...entry.settings, host: entry.settings.host ?? '' } };
  }
  return { ...entry, device, settings: resolveScanner(entry.settings) };
}

const parseOptional = (code: string | undefined) =>
  code === undefined ? undefined : parseDeviceId(code);
