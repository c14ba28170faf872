import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bind } from '../../devices/lib/codec.ts';
import { InterfaceFile, mayWrite } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { registerTable } from '../../devices/lib/register-table.ts';
import { contentChecks } from '../../src/cli/content-checks.ts';
import { readYaml } from '../../src/config/yaml-file.ts';

const name = 'config/interfaces/conveylinx-zone.yaml';
const read = (text: string) =>
  readYaml(name, text, InterfaceFile, (value) => interfaceProblems(value));
const text = readFileSync(name, 'utf8');
const file = read(text);

const inputs = bind(file, 'inputs', {
  upstreamZoneStatus: 'open',
  downstreamZoneStatus: 'open',
  upstreamArrivedCount: 'number',
  upstreamDepartedCount: 'number',
  downstreamArrivedCount: 'number',
  downstreamDepartedCount: 'number',
  upstreamLoadHandle: 'number',
  downstreamLoadHandle: 'number',
  upstreamReleaseEcho: 'number',
  downstreamReleaseEcho: 'number',
});
const outputs = bind(file, 'outputs', {
  upstreamSetHandle: 'number',
  downstreamSetHandle: 'number',
  'upstreamControl.accumulate': 'flag',
  'downstreamControl.accumulate': 'flag',
  upstreamRelease: 'number',
  downstreamRelease: 'number',
});

test('the inputs of a zone read as the manual numbers them; the high byte of the status is not its own', () => {
  // Registers 1500 to 1513 by hand.
  const words = [0xab04, 0x0005, 11, 10, 65_535, 65_535, 0, 0, 1, 0x1170, 0, 0, 7, 65_535];
  expect(inputs.base).toBe(1500);
  expect(inputs.decode(words)).toEqual({
    ...{ upstreamZoneStatus: 'discharging', downstreamZoneStatus: 'blocked' },
    ...{ upstreamArrivedCount: 11, upstreamDepartedCount: 10 },
    ...{ downstreamArrivedCount: 65_535, downstreamDepartedCount: 65_535 },
    ...{ upstreamLoadHandle: 70_000, downstreamLoadHandle: 0 },
    ...{ upstreamReleaseEcho: 7, downstreamReleaseEcho: 65_535 },
  });
});

test('a status that the manual does not list still has a name', () => {
  const words = new Array<number>(14).fill(0).with(0, 3);
  expect(inputs.decode(words)).toMatchObject({ upstreamZoneStatus: 'code-3' });
});

test('a release is written as registers 1600 to 1609, the number of the release last', () => {
  const words = outputs.encode({
    ...{ upstreamSetHandle: 70_000, downstreamSetHandle: 0 },
    ...{ 'upstreamControl.accumulate': true, 'downstreamControl.accumulate': false },
    ...{ upstreamRelease: 8, downstreamRelease: 3 },
  });
  expect(words).toEqual([1, 0x1170, 0, 0, 1, 0, 0, 0, 8, 3]);
  expect(mayWrite(file, 1600, 10)).toBe(true);
  expect(mayWrite(file, 1500, 14)).toBe(false);
});

test('it is documented as any other, without claims that the equipment cannot keep', () => {
  const table = registerTable(file);
  expect(table).toContain('| 1508–1509 | 8–9 | upstreamLoadHandle | u32 |');
  expect(table).toContain('see `zoneStatus` in bits 0x00FF');
  for (const word of ['CRC', 'wordOrderTest', 'undefined']) expect(table).not.toContain(word);
});

test('a PLC that speaks a contract of ours must have what this one lacks', () => {
  expect(() => read(text.replace('device: zoneConveyor', 'device: conveyor'))).toThrow(
    'a conveyor needs wordOrderTest',
  );
});

test('a site may name it for a conveyor, and for nothing else', () => {
  const check = (content: string, type: 'conveyor' | 'asrs-crane') =>
    contentChecks.interfaceFile?.(name, content, type);
  expect(check(text, 'conveyor')).toEqual([]);
  expect(check(text, 'asrs-crane')?.[0]?.message).toContain('must be asrsCrane');
  const incomplete = check(text.replace('name: upstreamRelease,', 'name: upstreamGo,'), 'conveyor');
  expect(incomplete).toMatchObject([{ message: 'outputs.upstreamRelease is missing' }]);
  expect(incomplete?.[0]?.line).toBeGreaterThan(1);
});
