import { expect, test } from 'vitest';
import { checkSite } from '../../src/config/read-site.ts';
import { at, edited, problemsOf, type SiteCase } from '../lib/site-text.ts';

const refused: readonly SiteCase[] = [
  [
    'a point of a conveyor that is not there',
    ['- device: conveyor-1\n    point: 2', '- device: conveyor-2\n    point: 2'],
    'conveyor-2',
    'error points[1].device unknown conveyor "conveyor-2", did you mean "conveyor-1"?',
  ],
  [
    'a point of a device that is no conveyor',
    ['- device: conveyor-1\n    point: 2', '- device: printer-1\n    point: 2'],
    'printer-1\n    point: 2',
    'error points[1].device "printer-1" is of type zpl-printer, but conveyor is needed here',
  ],
  [
    'a scanner that is not there',
    ['scanner: scan-in-1', 'scanner: scan-in'],
    'scan-in\n',
    'error points[0].scanner unknown barcode-scanner "scan-in", did you mean "scan-in-1"?',
  ],
  [
    'a printer that is a scanner',
    ['printer: printer-1', 'printer: scan-pick-1'],
    'scan-pick-1\n    labelTemplate',
    'error points[0].printer "scan-pick-1" is of type barcode-scanner, but zpl-printer is needed here',
  ],
  [
    'a handheld scanner that is not there',
    ['scanner: scan-pick-1', 'scanner: scan-pik-1'],
    'scan-pik-1',
    'error stations[1].scanner unknown barcode-scanner "scan-pik-1", did you mean "scan-pick-1"?',
  ],
  [
    'one scanner at two places',
    ['scanner: scan-pick-1', 'scanner: scan-in-1'],
    'scan-in-1 }',
    'error stations[1].scanner scanner "scan-in-1" is already used at points[0].scanner',
  ],
  [
    'a crane that is not there',
    ['crane: crane-1', 'crane: crane-9'],
    'crane-9',
    'error aisles[0].crane unknown asrs-crane "crane-9", did you mean "crane-1"?',
  ],
  [
    'an exit to nowhere',
    ['{ exit: 1, to: PICK-01 }', '{ exit: 1, to: PICK-02 }'],
    'PICK-02',
    'error points[1].exits[0].to unknown place "PICK-02", did you mean "PICK-01"?',
  ],
  [
    'a point at a place that is none',
    ['at: A01-PD-OUT', 'at: A01-PD-UOT'],
    'A01-PD-UOT',
    'error points[1].at unknown place "A01-PD-UOT", did you mean "A01-PD-OUT"?',
  ],
  [
    'an exit onto a crane',
    ['{ exit: 1, to: PICK-01 }', '{ exit: 1, to: A01-LHD }'],
    'A01-LHD }\n      - { exit: 2, to: REJECT-01, default: true }\n  # The crane',
    'error points[1].exits[0].to "A01-LHD" is on a crane, not on a conveyor',
  ],
  [
    'an exit to where only a crane brings anything',
    ['{ exit: 1, to: PICK-01 }', '{ exit: 1, to: A01-PD-OUT }'],
    'A01-PD-OUT }',
    'error points[1].exits[0].to "A01-PD-OUT" has direction out: only its crane brings anything there',
  ],
  [
    'an arrival where no crane picks up',
    ['at: A01-PD-IN, role: arrival', 'at: IN-01, role: arrival'],
    'IN-01, role: arrival',
    'error points[2].at role arrival needs a P&D station with direction in, not "IN-01"',
  ],
  [
    'an arrival that goes on elsewhere',
    ['to: A01-LHD', 'to: PICK-01'],
    'PICK-01 }] }',
    'error points[2].exits[0].to from an arrival the crane of its aisle takes over: "PICK-01" is not its lhd',
  ],
  [
    'several exits without a default',
    [/, default: true }\n {2}# The divert/, ' }\n  # The divert'],
    '- { exit: 1, to: A01-PD-IN }',
    'error points[0].exits one exit of several needs "default: true"',
  ],
  [
    'two defaults',
    ['{ exit: 1, to: PICK-01 }', '{ exit: 1, to: PICK-01, default: true }'],
    'true }\n  # The crane',
    'error points[1].exits[1].default exit 1 is the default already',
  ],
  [
    'a proof that a printer without answers cannot give',
    [
      /labelTemplate: sscc-a6([\s\S]*)dotsPerMm: 8/,
      'labelTemplate: sscc-a6\n    labelProof: counted$1answers: false, dotsPerMm: 8',
    ],
    'counted\n',
    'error points[0].labelProof "printer-1" gives no answers, so a label can only be sent or scanned',
  ],
  [
    'a printer with nothing to print',
    [/ {4}labelTemplate: sscc-a6\n/, ''],
    'printer-1\n    exits',
    'error points[0].printer needs "labelTemplate": what it shall print',
  ],
  [
    'a label that nothing prints',
    [/ {4}printer: printer-1\n/, ''],
    'sscc-a6',
    'error points[0].labelTemplate needs "printer": nothing here could print it',
  ],
  [
    'a printer where nothing is labeled',
    ['role: divert', 'role: divert\n    printer: printer-1'],
    'printer-1\n    exits:\n      - { exit: 1, to: PICK-01',
    'error points[1].printer only a point with role induct prints, not divert',
  ],
  [
    'events that no host ever finishes',
    ['acknowledges: true', 'acknowledges: false'],
    '- { host: wms',
    'error hosts at least one host needs "acknowledges: true", or no event is ever finished',
  ],
  [
    'an embedded broker that is open to the network',
    ['embedded: true, host: 127.0.0.1', 'embedded: true, host: 0.0.0.0'],
    '0.0.0.0',
    'error broker.host the embedded broker listens on loopback only, such as 127.0.0.1, not "0.0.0.0"',
  ],
  [
    'a password without its user',
    ['port: 1883 }', 'port: 1883, passwordEnv: MQTT_PASSWORD }'],
    'MQTT_PASSWORD',
    'error broker.passwordEnv needs "username" beside it',
  ],
  [
    'two servers on one port',
    ['port: 8080', 'port: 1883'],
    '1883 }\n\nsscc',
    'error http.port 1883 is the port of the broker already',
  ],
  [
    'two devices at one address',
    ['port: 15021', 'port: 15020'],
    '15020, unit: 1, interface: conveyor',
    'error devices[1].settings.port address "127.0.0.1:15020 unit 1" is already used at devices[0].settings.port',
  ],
  [
    'load units taller than their level',
    ['heightMaxMm: 320\n', 'heightMaxMm: 400\n'],
    '400\n    massMaxKg',
    'error aisles[0].heightMaxMm must be less than levelHeightMm, which is 400',
  ],
  [
    'cells above the highest level',
    [
      'depths: 1\n',
      'depths: 1\n    cellClasses: [{ levels: [8, 11], heightMaxMm: 200, massMaxKg: 20 }]\n',
    ],
    '[8, 11]',
    'error aisles[0].cellClasses[0].levels the aisle has 10 levels',
  ],
  [
    'a level with two classes of cells',
    [
      'depths: 1\n',
      'depths: 1\n    cellClasses: [{ levels: [1, 4], heightMaxMm: 200, massMaxKg: 20 }, { levels: [4, 5], heightMaxMm: 200, massMaxKg: 20 }]\n',
    ],
    '[4, 5]',
    'error aisles[0].cellClasses[1].levels 1 to 4 has a class already',
  ],
  [
    'levels that are upside down',
    [
      'depths: 1\n',
      'depths: 1\n    cellClasses: [{ levels: [4, 1], heightMaxMm: 200, massMaxKg: 20 }]\n',
    ],
    '[4, 1]',
    'error aisles[0].cellClasses[0].levels must begin with the lower level, not 4',
  ],
  [
    'cells that take more than their aisle',
    [
      'depths: 1\n',
      'depths: 1\n    cellClasses: [{ levels: [1, 4], heightMaxMm: 321, massMaxKg: 20 }]\n',
    ],
    '321',
    'error aisles[0].cellClasses[0].heightMaxMm the aisle takes 320',
  ],
];

test.each(refused)('refuses %s, and shows its place', (_, edit, mark, problem) => {
  const text = edited(edit);
  expect(problemsOf(text)).toContain(`${at(text, mark)} ${problem}`);
  expect(checkSite('s.yaml', text).site).toBeUndefined();
});

test('a fault in one device does not hide a wrong reference to another', () => {
  const text = edited(['unit: 1', 'unit: one'], ['crane: crane-1', 'crane: crane-9']);
  expect(problemsOf(text)).toEqual([
    `${at(text, 'crane-9')} error aisles[0].crane unknown asrs-crane "crane-9", did you mean "crane-1"?`,
    `${at(text, 'one, interface')} error devices[0].settings.unit must be a whole number, got "one"`,
    expect.stringContaining('warn devices[0].device "crane-1" is not used'),
  ]);
});

test('a fault in every part of the file is told in one go', () => {
  const text = edited(
    ['port: 15020', 'prot: 15020'],
    ['crane: crane-1', 'crane: crane-9'],
    ['{ exit: 1, to: PICK-01 }', '{ exit: 1, to: PICK-02 }'],
    ['acknowledges: true', 'acknowledges: false'],
    ['"4012345"', '4012345'],
  );
  expect(problemsOf(text).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
    'error hosts',
    'error sscc.companyPrefix',
    'error aisles[0].crane',
    'error points[1].exits[0].to',
    'error devices[0].settings',
    'warn stations[1].location',
    'warn devices[0].device',
  ]);
});
