import { expect, test } from 'vitest';
import { checkSite, readSite } from '../../src/config/read-site.ts';
import { scannerPresets } from '../../src/config/scanner-presets.ts';
import { siteJsonSchema } from '../../src/config/site-json-schema.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import { at, edited, problemsOf } from '../lib/site-text.ts';

/** The fixed scanner of the demo site with other settings behind its connection. */
const scanner = (settings: string) => edited(['preset: sick', settings]);
const settingsOf = (text: string): ScannerSettings =>
  readSite('s.yaml', text).devices[2]?.settings as ScannerSettings;
const problems = (settings: string) => problemsOf(scanner(settings));

test('a preset gives framing, no-read text and triggers of its maker', () => {
  expect(settingsOf(scanner('preset: keyence'))).toMatchObject({
    framing: { prefix: '', suffixes: ['\r'], length: undefined, gap: 'discard' },
    noRead: ['ERROR'],
    trigger: 'LON\r',
    triggerOff: 'LOFF\r',
  });
});

test('what the entry says counts more than its preset', () => {
  const own = settingsOf(
    scanner(
      'preset: sick\n      framing: { suffixes: ["\\r"], lengthMax: 40 }\n      noRead: [NOPE]\n      trigger: ""',
    ),
  );
  expect(own).toMatchObject({
    framing: { prefix: '\x02', suffixes: ['\r'], lengthMax: 40 },
    noRead: ['NOPE'],
  });
  expect([own.trigger, own.triggerOff]).toEqual([undefined, undefined]);
});

test('without preset and framing, a code ends by CR; with a length or by silence, by nothing else', () => {
  const framingOf = (text: string) => settingsOf(scanner(text)).framing;
  expect(framingOf('noRead: [NR]')).toMatchObject({ prefix: '', suffixes: ['\r'] });
  expect(framingOf('preset: sick\n      framing: { length: 20 }')).toMatchObject({
    ...{ prefix: '\x02', suffixes: [], length: 20 },
  });
  expect(framingOf('preset: sick\n      framing: { gap: end }').suffixes).toEqual([]);
});

test('the schema says what each preset gives', () => {
  const schema = siteJsonSchema();
  for (const [maker, { noRead, trigger }] of Object.entries(scannerPresets)) {
    expect(schema).toContain(`${maker}: `);
    for (const text of noRead) expect(schema).toContain(`no-read ${text}`);
    if (trigger) expect(schema).toMatch(/trigger LON CR \/ LOFF CR/);
  }
  expect(schema).toContain('datalogic: STX … CR LF, no no-read text, no trigger');
});

test.each(['cognex', 'datalogic'])(
  'a %s scanner at a point without a no-read text is warned of, and can be used',
  (maker) => {
    const text = scanner(`preset: ${maker}`);
    expect(problemsOf(text)).toEqual([
      `${at(text, 'connection: { kind: tcp')} warn devices[2].settings "scan-in-1" stands at a point and has no no-read text (preset ${maker}): ` +
        'scan nothing once, and put what it sends into noRead, or [] where it sends nothing',
    ]);
    expect(checkSite('s.yaml', text).site).toBeDefined();
    expect(problems(`preset: ${maker}\n      noRead: [NOREAD]`)).toEqual([]);
    expect(problems(`preset: ${maker}\n      noRead: []`)).toEqual([]);
  },
);

test('a handheld at a workstation needs no no-read text', () => {
  expect(problemsOf(edited(['preset: honeywell', 'preset: datalogic']))).toEqual([]);
});

const listen = (from: string) =>
  edited([
    'connection: { kind: tcp, host: 127.0.0.1, port: 15101 }',
    `connection: { kind: tcpListen, port: 15101${from} }`,
  ]);

test('a port that scanners dial is warned of where anyone may, and takes only IP addresses', () => {
  expect(problemsOf(listen(''))).toEqual([
    expect.stringContaining('warn devices[2].settings.connection has no "from"'),
  ]);
  expect(problemsOf(listen(', from: [192.168.1.9, "fd00::9"]'))).toEqual([]);
  expect(problemsOf(listen(', host: 127.0.0.1'))).toEqual([]);
  expect(problemsOf(listen(', from: [scanner-1]'))).toEqual([
    expect.stringContaining('connection.from[0] must be an IP address, got "scanner-1"'),
  ]);
});

test.each([
  [
    'a length and suffixes',
    'preset: sick\n      framing: { length: 9, suffixes: ["\\r"] }',
    'is in place of suffixes',
  ],
  [
    'a length and silence',
    'preset: sick\n      framing: { length: 9, gap: end }',
    'is in place of gap: end',
  ],
  [
    'a length above the limit',
    'preset: sick\n      framing: { length: 9, lengthMax: 8 }',
    'must not be above lengthMax 8',
  ],
  [
    'switching off what is never switched on',
    'preset: zebra\n      triggerOff: "X"',
    'triggerOff means nothing without trigger',
  ],
  [
    'a pattern that is none',
    'preset: sick\n      expect: ["T-(["]',
    'expect[0] is neither "sscc" nor a regular expression',
  ],
  [
    'a pattern that may take for ever',
    'preset: sick\n      expect: [sscc, "(A+)+"]',
    'expect[1] repeats a group that holds a repetition',
  ],
  ['a maker that has no preset', 'preset: sic', 'did you mean "sick"?'],
])('%s is found', (_, settings, problem) => {
  expect(problems(settings)).toEqual([expect.stringContaining(problem)]);
});

const hid = (connection: string) =>
  edited([/connection: \{ kind: serial, path: \/tmp[^}]*\}/, `connection: { ${connection} }`]);

test('a USB scanner is chosen by its ids or its path, and needs no no-read text', () => {
  const text = hid('kind: hidPos, vendorId: 0x0c2e, productId: 0x0b61');
  expect(problemsOf(text)).toEqual([]);
  expect(readSite('s.yaml', text).devices[3]?.settings).toMatchObject({
    connection: { kind: 'hidPos', vendorId: 0x0c2e, productId: 0x0b61 },
  });
  expect(problemsOf(hid('kind: hidPos, path: /dev/hidraw0'))).toEqual([]);
  expect(problemsOf(hid('kind: hidPos, vendorId: 0x0c2e'))).toEqual([
    expect.stringContaining('connection needs vendorId and productId, or a path'),
  ]);
});

test('a scanner as a keyboard can be used, and is warned of', () => {
  const text = hid('kind: hidKeyboard, vendorId: 0x0c2e, productId: 0x0b61');
  expect(problemsOf(text)).toEqual([
    expect.stringMatching(/warn devices\[3\]\.settings\.connection\.kind is experimental/),
  ]);
  expect(checkSite('s.yaml', text).site).toBeDefined();
});
