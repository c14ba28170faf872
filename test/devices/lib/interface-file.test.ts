import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { codesOf, InterfaceFile, mayWrite, openName } from '../../../devices/lib/interface-file.ts';
import { editorSchema } from '../../../src/config/site-json-schema.ts';
import {
  conveyorText,
  craneText,
  readConveyorInterface,
  readCraneInterface,
  readStartBitInterface,
} from '../../lib/interfaces.ts';

test('the files that come with the product hold all that their drivers need', () => {
  expect(readCraneInterface().meta.id).toBe('crane-block');
  expect(readConveyorInterface().meta.id).toBe('conveyor-point');
  expect(readStartBitInterface().meta.id).toBe('crane-start-bit');
});

test('only a whole block of ours can be written, each repetition included', () => {
  const crane = readCraneInterface();
  expect(mayWrite(crane, 1000, 52)).toBe(true);
  expect(mayWrite(crane, 1000, 51)).toBe(false);
  expect(mayWrite(crane, 1001, 52)).toBe(false);
  expect(mayWrite(crane, 1052, 52)).toBe(false);
  expect(mayWrite(crane, 2000, 125)).toBe(false);
  const conveyor = readConveyorInterface();
  expect(mayWrite(conveyor, 3000, 20)).toBe(true);
  for (const n of [1, 2, 32]) expect(mayWrite(conveyor, 3200 + (n - 1) * 40, 34)).toBe(true);
  for (const n of [0, 33, 1.5]) expect(mayWrite(conveyor, 3200 + (n - 1) * 40, 34)).toBe(false);
});

test('answers go on in the list of rejects, results in that of aborts', () => {
  const file = readCraneInterface();
  const named = (row: string, code: number) => openName(codesOf(file, row), code);
  expect([named('answer', 1), named('answer', 22)]).toEqual(['accepted', 'eventBufferFull']);
  expect([named('result', 2), named('result', 101)]).toEqual(['cancelled', 'binFull']);
  expect([named('result', 150), named('altitude', 1)]).toEqual(['code-150', 'code-1']);
  expect(codesOf(file, 'result').codes.get('modeLeft')).toBe(112);
});

test.each([
  ['a key that nobody reads', 'meta:\n', 'meta:\n  color: red\n', 'color'],
  ['a writer that is none', 'writer: plc', 'writer: nobody', 'writer'],
  ['a type that is none', 'offset: 36, type: i32', 'offset: 36, type: i64', 'type'],
  ['an overlap', 'faultCode, offset: 40', 'faultCode, offset: 39', 'faultCode overlaps hoistMm'],
  [
    'text over a field',
    'ascii(20), doc: Code read',
    'ascii(24), doc: Code read',
    'reserved overlaps',
  ],
  ['a group over a field', 'offset: 60\n', 'offset: 61\n', 'events overlaps reserved2'],
  ['a field past its block', 'length: 52', 'length: 51', 'commit lies outside command'],
  [
    'a slot field past its slot',
    'eventDetail, offset: 11',
    'eventDetail, offset: 12',
    'eventDetail lies outside events',
  ],
  ['slots without their number', 'eventSeq mod 5', 'eventNo mod 5', 'u32 field of its own mod 5'],
  ['a CRC over itself', 'over: [0, 49]', 'over: [0, 50]', 'crc must cover registers 0 to 49'],
  ['a CRC over nothing', 'crc16, over: [0, 49]', 'crc16', 'crc must cover registers 0 to 49'],
  [
    'cover without a CRC',
    'type: crc16, over',
    'type: u16, over',
    'crc is no crc16 and covers nothing',
  ],
  ['two blocks in one place', 'base: 2000', 'base: 1050', 'status overlaps command'],
  ['a block past the last address', 'base: 2000', 'base: 65500', 'status ends above address 65535'],
  ['two fields of one name', 'name: hoistMm', 'name: travelMm', 'status has two fields travelMm'],
  ['two codes of one name', '2: rackRight', '2: rackLeft', 'placeKind gives one name to two codes'],
  ['a reaction that nothing explains', 'next: redirect', 'next: panic', 'next says panic'],
  ['a missing block', 'name: status', 'name: state', 'status.guardA is missing'],
  ['a missing group', '- name: events\n', '- name: history\n', 'status.events.eventSeq is missing'],
  ['a missing field', 'name: phase', 'name: step', 'status.phase is missing'],
  ['a missing bit', '1: { name: ready', '1: { name: steady', 'status.ready is missing'],
  ['a code without a meaning', '4: faulted', '4: broken', 'mean nothing here: broken'],
  ['a command that cannot be said', '20: resync', '20: restart', 'command.command'],
  ['an enum without its row', 'enum: phase', 'enum: phases', 'phase needs a row of enum'],
  [
    'a row that is not needed',
    'faultCode, offset: 40, type: u16',
    'faultCode, offset: 40, type: u16, enum: mode',
    'faultCode names a row of enum but is u16',
  ],
  [
    'a flag that is a number',
    'type: bits, bits: flags',
    'type: u16',
    'status.retentiveOk is missing',
  ],
  [
    'an enum that is a number',
    'type: enum, enum: state',
    'type: u16',
    'status.state must be an enum',
  ],
  [
    'a number that is an enum',
    'fromBay, offset: 23, type: u16',
    'fromBay, offset: 23, type: enum, enum: mode',
    'command.fromBay must be a number',
  ],
  ['a number that is a flag', 'name: warning', 'name: lhdCount', 'status has two fields lhdCount'],
  [
    'text that is a number',
    'loadCode, offset: 36, type: ascii(20)',
    'loadCode, offset: 36, type: u16',
    'command.loadCode must be text',
  ],
])('refuses %s, and names the line and the entry', (_, from, to, problem) => {
  const text = craneText.replace(from, to);
  expect(text).not.toBe(craneText);
  expect(() => readCraneInterface(text)).toThrow(problem);
  expect(() => readCraneInterface(text)).toThrow(/crane\.yaml:\d+:\d+/);
});

test('refuses repetitions that overlap', () => {
  const text = conveyorText.replace('stride: 128', 'stride: 124');
  expect(() => readConveyorInterface(text)).toThrow('point overlaps its own repetition');
});

test('editors get the same schema as the check, and every file that comes with the product passes it', () => {
  const text = readFileSync('config/interface.schema.json', 'utf8');
  const schema = editorSchema(
    'Craneway PLC interface',
    'devices/lib/interface-file.ts',
    InterfaceFile,
  );
  expect(JSON.parse(text)).toEqual(JSON.parse(schema));
  const validate = new Ajv({ strict: false }).compile(JSON.parse(text));
  const names = readdirSync('config/interfaces').filter((name) => name.endsWith('.yaml'));
  expect(names.length).toBeGreaterThanOrEqual(3);
  for (const name of names) {
    const file = readFileSync(`config/interfaces/${name}`, 'utf8');
    expect(file.split('\n')[0]).toBe('# yaml-language-server: $schema=../interface.schema.json');
    expect(validate(parse(file)), `${name} ${JSON.stringify(validate.errors)}`).toBe(true);
  }
  expect(validate(parse(craneText.replace('writer: plc', 'writer: nobody')))).toBe(false);
});
