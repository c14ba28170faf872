import { expect, test } from 'vitest';
import { checkSite } from '../../src/config/read-site.ts';
import { at, edited, problemsOf, type SiteCase } from '../lib/site-text.ts';

const refused: readonly SiteCase[] = [
  [
    'a key that nobody reads',
    ['port: 15020', 'prot: 15020'],
    'prot: 15020',
    'error devices[0].settings unknown key "prot", did you mean "port"?',
  ],
  [
    'a key of another type of device',
    ['dotsPerMm: 8', 'dotsPerMm: 8, baudRate: 1'],
    'baudRate: 1 ',
    'error devices[4].settings unknown key "baudRate"',
  ],
  [
    'a driver that is none',
    ['type: conveyor', 'type: conveyer'],
    'conveyer',
    'error devices[1].type must be one of "asrs-crane", "conveyor", "barcode-scanner", "zpl-printer", "indicator", got "conveyer", did you mean "conveyor"?',
  ],
  [
    'a device without its driver',
    [/ {4}type: conveyor\n/, ''],
    'device: conveyor-1\n    settings',
    'error devices[1] "type" is missing',
  ],
  [
    'a role that is none',
    ['role: divert', 'role: drivert'],
    'drivert',
    'error points[1].role must be one of "induct", "divert", "arrival", got "drivert", did you mean "divert"?',
  ],
  [
    'a code in the wrong form',
    ['location: PICK-01', 'location: pick 1'],
    'pick 1',
    'error stations[1].location must be 1 to 24 capital letters, digits or . _ -, got "pick 1"',
  ],
  [
    'a company prefix that lost its zeros to YAML',
    ['"4012345"', '0012345'],
    '0012345',
    'error sscc.companyPrefix must be text, got 12345: put it in quotes',
  ],
  [
    'a station without room',
    ['kind: infeed, capacity: 6', 'kind: infeed, capacity: 0'],
    '0 }\n  - { location: PICK-01',
    'error stations[0].capacity must be 1 or more, got 0',
  ],
  [
    'two devices of one code',
    ['device: scan-pick-1', 'device: scan-in-1'],
    'scan-in-1\n    type: barcode-scanner\n    settings:\n      connection: { kind: serial',
    'error devices[3].device device "scan-in-1" is already used at devices[2].device',
  ],
  [
    'two places of one code',
    ['location: REJECT-01', 'location: PICK-01'],
    'PICK-01, kind: rejectLane',
    'error stations[2].location place "PICK-01" is already used at stations[1].location',
  ],
  [
    'a place with the code of the load handling device',
    ['location: REJECT-01', 'location: A01-LHD'],
    'A01-LHD\n',
    'error aisles[0].lhd place "A01-LHD" is already used at stations[2].location',
  ],
  [
    'a place with a code that hosts know otherwise',
    ['location: REJECT-01', 'location: MISSING'],
    'MISSING',
    'error stations[2].location "MISSING" has a fixed meaning in the contract with hosts',
  ],
  [
    'a place that reads like a cell',
    ['location: REJECT-01', 'location: A01-L-001-01-1'],
    'A01-L-001-01-1',
    'error stations[2].location "A01-L-001-01-1" reads like a cell',
  ],
  [
    'two points of one number',
    ['point: 2', 'point: 1'],
    '1\n    at: A01-PD-OUT',
    'error points[1].point point 1 is already used at points[0].point',
  ],
  [
    'two exits of one number',
    ['exit: 2, to: REJECT-01', 'exit: 1, to: REJECT-01'],
    '1, to: REJECT-01',
    'error points[0].exits[1].exit exit 1 is already used at points[0].exits[0].exit',
  ],
  [
    'two P&D stations of one number',
    ['number: 2, direction: out', 'number: 1, direction: out'],
    '1, direction: out',
    'error aisles[0].stations[1].number P&D number 1 is already used at aisles[0].stations[0].number',
  ],
  [
    'two hosts of one name',
    ['acknowledges: true }', 'acknowledges: true }\n  - { host: wms }'],
    'wms }',
    'error hosts[1].host host "wms" is already used at hosts[0].host',
  ],
  [
    'a host with the name of the people on site',
    ['host: wms', 'host: local'],
    'local',
    'error hosts[0].host "local" stands for people on site',
  ],
];

test.each(refused)('refuses %s, and shows its place', (_, edit, mark, problem) => {
  const text = edited(edit);
  expect(problemsOf(text)).toContain(`${at(text, mark)} ${problem}`);
  expect(checkSite('s.yaml', text).site).toBeUndefined();
});
