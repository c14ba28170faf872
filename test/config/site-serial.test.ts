import { expect, test } from 'vitest';
import { checkSite } from '../../src/config/read-site.ts';
import { at, demo, edited, problemsOf } from '../lib/site-text.ts';

const craneOf = (text: string) =>
  checkSite('s.yaml', text).site?.devices.find(({ type }) => type === 'asrs-crane')?.settings;
const crane = /(type: asrs-crane\n\s+settings: \{) host: [^,]+, port: \d+,/;

test('a site file that says nothing of a protocol means Modbus TCP', () => {
  expect(demo).not.toContain('protocol:');
  expect(craneOf(demo)).toMatchObject({ protocol: 'tcp', host: '127.0.0.1' });
});

test('a PLC on a serial line has no host; rate and parity have defaults', () => {
  const serial = '$1 protocol: rtu, serial: { path: /dev/ttyUSB0 },';
  expect(craneOf(edited([crane, serial]))).toMatchObject({
    ...{ protocol: 'rtu', host: '', unit: 1 },
    serial: { path: '/dev/ttyUSB0', baudRate: 19_200, parity: 'none' },
  });
});

test('a PLC behind a gateway that passes RTU frames on has a host', () => {
  const gateway = '$1 protocol: rtu, host: 10.0.0.9, port: 4001,';
  expect(craneOf(edited([crane, gateway]))).toMatchObject({ protocol: 'rtu', host: '10.0.0.9' });
});

test.each([
  ['neither host nor line', '$1', '{ unit', 'settings must have a host, or a serial line'],
  [
    'a line without protocol rtu',
    '$1 serial: { path: /dev/ttyUSB0 },',
    '{ path',
    'settings.serial needs protocol rtu',
  ],
  [
    'a line and a host',
    '$1 protocol: rtu, serial: { path: /dev/ttyUSB0 }, host: 10.0.0.9,',
    '10.0.0.9',
    'settings.host means nothing beside a serial line',
  ],
])('%s is found', (_, settings, mark, problem) => {
  const text = edited([crane, settings]);
  expect(problemsOf(text)).toHaveLength(1);
  expect(problemsOf(text)[0]).toContain(problem);
  expect(problemsOf(text)[0]).toContain(`${at(text, mark).split(':')[0]}:`);
});

const pair = (one: string, two: string) => {
  const address = '\\n\\s+settings: \\{) host: [^,]+, port: \\d+, unit: \\d+,';
  const of = (type: string) => new RegExp(`(type: ${type}${address}`);
  return edited([of('asrs-crane'), `$1 ${one}`], [of('conveyor'), `$1 ${two}`]);
};
const onLine = (unit: number, more = '') =>
  `protocol: rtu, serial: { path: /dev/ttyUSB0${more} }, unit: ${unit},`;

test('devices may share a gateway or a serial line under different units', () => {
  expect(problemsOf(pair(onLine(1), onLine(2)))).toEqual([]);
  const behind = (unit: number) => `host: 10.0.0.9, unit: ${unit},`;
  expect(problemsOf(pair(behind(1), behind(2)))).toEqual([]);
});

test.each([
  ['one unit twice on a line', onLine(1), onLine(1), '/dev/ttyUSB0 unit 1'],
  ['one unit twice behind a gateway', 'host: 10.0.0.9,', 'host: 10.0.0.9,', '10.0.0.9:502 unit 1'],
  [
    'two rates on one line',
    onLine(1),
    onLine(2, ', baudRate: 9600'),
    'speaks Modbus RTU with 19200 baud and parity none there, not Modbus RTU with 9600 baud',
  ],
  [
    'two parities on one line',
    onLine(1, ', parity: even'),
    onLine(2),
    'speaks Modbus RTU with 19200 baud and parity even there, not',
  ],
  [
    'two protocols behind one gateway',
    'host: 10.0.0.9,',
    'protocol: rtu, host: 10.0.0.9, unit: 2,',
    'speaks Modbus TCP there, not Modbus RTU',
  ],
  ['the broadcast unit', onLine(0), onLine(2), 'settings.unit must be 1 to 247 with protocol rtu'],
])('%s is found', (_, one, two, problem) => {
  const problems = problemsOf(pair(one, two));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});
