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
