import { isIP } from 'node:net';
import { resolveScanner, type ScannerSettings } from './scanner-schema.ts';
import { rule, type SiteRule } from './site-rules.ts';
import type { SiteFile } from './site-schema.ts';
import type { Finding } from './yaml-file.ts';

/** What a scanner's entry says fits together, and to where the scanner stands. */
export const scannerRules: readonly SiteRule[] = [
  rule(['devices'], (site) =>
    scannersOf(site).flatMap(({ settings, path }) => [
      ...framingFindings(settings, [...path, 'framing']),
      ...patternFindings(settings, [...path, 'expect']),
      ...listenerFindings(settings, [...path, 'connection']),
      ...hidFindings(settings, [...path, 'connection']),
      ...(settings.triggerOff && resolveScanner(settings).trigger === undefined
        ? [{ path: [...path, 'triggerOff'], message: 'means nothing without trigger' }]
        : []),
    ]),
  ),
  rule(['devices', 'points.*.scanner'], noReadFindings),
];

const scannersOf = ({ devices }: SiteFile) =>
  devices.flatMap((entry, i) =>
    entry.type === 'barcode-scanner'
      ? [{ device: entry.device, settings: entry.settings, path: ['devices', i, 'settings'] }]
      : [],
  );

type Place = (string | number)[];

function framingFindings({ framing }: ScannerSettings, path: Place): Finding[] {
  const { suffixes, length, lengthMax, gap } = framing;
  if (length === undefined) return [];
  const at = [...path, 'length'];
  return [
    ...(suffixes === undefined
      ? []
      : [{ path: at, message: 'is in place of suffixes: a code ends by one of them, not both' }]),
    ...(gap === 'end' ? [{ path: at, message: 'is in place of gap: end' }] : []),
    ...(length > lengthMax
      ? [{ path: at, message: `must not be above lengthMax ${lengthMax}` }]
      : []),
  ];
}

/** A repetition within a repetition: some codes would keep it busy for longer than anyone waits. */
const nested = /[*+}][^()]*\)[*+{]/;

function patternFindings({ expect }: ScannerSettings, path: Place): Finding[] {
  return expect.flatMap((pattern, i) => {
    const at = [...path, i];
    try {
      new RegExp(pattern, 'u');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [{ path: at, message: `is neither "sscc" nor a regular expression: ${why}` }];
    }
    return nested.test(pattern)
      ? [{ path: at, message: 'repeats a group that holds a repetition: write it without' }]
      : [];
  });
}

function listenerFindings({ connection }: ScannerSettings, path: Place): Finding[] {
  if (connection.kind !== 'tcpListen') return [];
  const wrong = connection.from.flatMap((address, i) =>
    isIP(address) === 0
      ? [{ path: [...path, 'from', i], message: `must be an IP address, got "${address}"` }]
      : [],
  );
  const isOpen = connection.from.length === 0 && !connection.host.startsWith('127.');
  const message = 'has no "from": whoever reaches this port can send codes';
  return isOpen ? [...wrong, { path, message, severity: 'warn' }] : wrong;
}

const isHid = ({ connection: { kind } }: ScannerSettings): boolean => kind.startsWith('hid');

function hidFindings({ connection }: ScannerSettings, path: Place): Finding[] {
  if (connection.kind !== 'hidPos' && connection.kind !== 'hidKeyboard') return [];
  const { kind, vendorId, productId, path: node } = connection;
  const isChosen = node !== undefined || (vendorId !== undefined && productId !== undefined);
  const message = 'is experimental: the layout decides what a code is; HID POS has no such trouble';
  return [
    ...(isChosen ? [] : [{ path, message: 'needs vendorId and productId, or a path' }]),
    ...(kind === 'hidKeyboard'
      ? [{ path: [...path, 'kind'], message, severity: 'warn' as const }]
      : []),
  ];
}

/** At a point every load is to be read, so one that is not must be known from a code. */
function noReadFindings(site: SiteFile): Finding[] {
  const atPoints = new Set(site.points.map(({ scanner }) => scanner));
  return scannersOf(site).flatMap(({ device, settings, path }) => {
    if (!atPoints.has(device) || settings.noRead !== undefined || isHid(settings)) return [];
    if (resolveScanner(settings).noRead.length > 0) return [];
    const whose = `preset ${settings.preset ?? 'none'}`;
    const message =
      `"${device}" stands at a point and has no no-read text (${whose}): scan nothing once, ` +
      'and put what it sends into noRead, or [] where it sends nothing';
    return [{ path, message, severity: 'warn' as const }];
  });
}
