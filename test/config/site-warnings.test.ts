import { expect, test } from 'vitest';
import { checkSite } from '../../src/config/read-site.ts';
import { at, edited, problemsOf, type SiteCase } from '../lib/site-text.ts';

const warned: readonly SiteCase[] = [
  [
    'a workstation that nothing reaches',
    ['{ exit: 1, to: PICK-01 }', '{ exit: 1, to: IN-01 }'],
    'PICK-01, kind',
    'warn stations[1].location "PICK-01": no exit leads here',
  ],
  [
    'an infeed where nothing is identified',
    ['at: IN-01', 'at: PICK-01'],
    'IN-01, kind',
    'warn stations[0].location "IN-01": no point with role induct identifies what comes in here',
  ],
  [
    'a P&D station that nothing takes load units from',
    ['at: A01-PD-OUT', 'at: PICK-01'],
    'A01-PD-OUT, number',
    'warn aisles[0].stations[1].location "A01-PD-OUT": no point with role divert takes it onward',
  ],
  [
    'a P&D station of which nobody tells that it is ready',
    [/ {2}- { device: conveyor-1, point: 3.*\n/, ''],
    'A01-PD-IN, number',
    'warn aisles[0].stations[0].location "A01-PD-IN": no point with role arrival tells that it is ready',
  ],
  [
    'a load unit type that fits nowhere',
    ['massMaxKg: 35 }', 'massMaxKg: 36 }'],
    'TOTE-600',
    'warn loadUnitTypes[0].code "TOTE-600" at its largest fits into no aisle',
  ],
  [
    'a device that nothing uses',
    [', scanner: scan-pick-1', ''],
    'scan-pick-1',
    'warn devices[3].device "scan-pick-1" is not used by any aisle, point, station or indicator',
  ],
  [
    'an API that is open to the network',
    ['http: { host: 127.0.0.1', 'http: { host: 0.0.0.0'],
    '0.0.0.0',
    'warn http.host "0.0.0.0" is open to the network, and there is no sign-in: put a proxy that has one before it',
  ],
  [
    'a broker on the network that anyone may use',
    ['embedded: true, host: 127.0.0.1', 'embedded: false, host: 10.0.0.5'],
    '10.0.0.5',
    'warn broker.host a broker on the network without "username" lets anyone send orders',
  ],
];

test.each(warned)('warns of %s, and can be used', (_, edit, mark, problem) => {
  const text = edited(edit);
  expect(problemsOf(text)).toEqual([`${at(text, mark)} ${problem}`]);
  expect(checkSite('s.yaml', text).site).toBeDefined();
});
