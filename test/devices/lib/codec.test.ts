import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind, type Codec } from '../../../devices/lib/codec.ts';
import type {
  Block,
  Fields,
  FieldType,
  Group,
  Groups,
  InterfaceFile,
} from '../../../devices/lib/interface-file.ts';
import { registersOf } from '../../../devices/lib/registers.ts';
import { DeviceProtocolError, InvariantError } from '../../../src/domain/errors.ts';
import { readConveyorInterface, readCraneInterface } from '../../lib/interfaces.ts';
import {
  conveyorAnswers,
  conveyorPoint,
  craneCommand,
  craneStatus,
} from '../../vectors/registers.ts';

const craneFile = readCraneInterface();
const conveyorFile = readConveyorInterface();
const command = bindAll(craneFile, 'command', Object.keys(craneCommand.values));
const status = bindAll(craneFile, 'status');
const answers = bindAll(conveyorFile, 'answers', Object.keys(conveyorAnswers.values));
const point = bindAll(conveyorFile, 'point');
const linkStatus = bindAll(conveyorFile, 'linkStatus');

type Row = Readonly<Record<string, unknown>>;
type AnyCodec = Omit<Codec<Fields>, 'decode' | 'encode'> & {
  decode(words: ArrayLike<number>): Row;
  encode(values: Row): number[];
};

/** All that a block of the file has, or these fields of it, whatever a driver needs. */
function bindAll(file: InterfaceFile, name: string, only?: readonly string[]): AnyCodec {
  const block = file.blocks.find((candidate) => candidate.name === name) as Block;
  const groups = (block.groups ?? []).map((group) => [group.name, fieldsOf(file, group)]);
  const all: Groups = Object.fromEntries(groups);
  return bind(file, name, fieldsOf(file, block, only), all) as unknown as AnyCodec;
}

function fieldsOf(file: InterfaceFile, owner: Block | Group, only?: readonly string[]): Fields {
  const types: Readonly<Record<string, FieldType>> = { enum: 'open', bit: 'flag', text: 'text' };
  const named = registersOf(file, owner)
    .filter(([name]) => only?.includes(name) ?? true)
    .map(([name, { kind }]) => [name, types[kind] ?? 'number']);
  return Object.fromEntries(named);
}

const slots = (values: Row, group: string) => values[group] as readonly Row[];

test('a crane command is written as in the golden frame, CRC included', () => {
  expect(command.encode(craneCommand.values)).toEqual(craneCommand.words);
  expect(command.decode(craneCommand.words)).toEqual(craneCommand.values);
  expect(command.crcHolds(craneCommand.words)).toBe(true);
});

test('a crane status reads as in the golden block, and is written the same', () => {
  const values = status.decode(Uint16Array.from(craneStatus.words));
  expect(values).toMatchObject(craneStatus.values);
  expect(slots(values, 'events')).toMatchObject(craneStatus.events);
  expect(slots(values, 'events')).toHaveLength(craneStatus.events.length);
  expect(status.encode(values)).toEqual(craneStatus.words);
});

test('answers are written as in the golden frame; a slot without an answer is 0', () => {
  expect(answers.encode(conveyorAnswers.values)).toEqual(conveyorAnswers.words);
  const unused = { answerScanSeq: 0, answerExit: 0, answerHandle: 0 };
  expect(answers.decode(conveyorAnswers.words)).toEqual({
    ...conveyorAnswers.values,
    answer: [...conveyorAnswers.values.answer, unused, unused],
  });
});

test('a decision point reads as in the golden block, and is written the same', () => {
  const values = point.decode(conveyorPoint.words);
  expect(values).toMatchObject(conveyorPoint.values);
  expect(point.encode(values)).toEqual(conveyorPoint.words);
});

test('the word order test shows the picture that the file declares, and no other', () => {
  const picture = [0x0102, 0x0304];
  const fields = { wordOrderTest: 'number' } as const;
  const read = (wordOrder: InterfaceFile['meta']['wordOrder'], words: readonly number[]) => {
    const file = { ...craneFile, meta: { ...craneFile.meta, wordOrder } };
    const block = [0, ...words, ...new Array<number>(49).fill(0)];
    return bind(file, 'command', fields).decode(block).wordOrderTest;
  };
  expect(read('highFirst', picture)).toBe(0x01020304);
  expect(read('lowFirst', picture.toReversed())).toBe(0x01020304);
  expect(read('lowFirst', picture)).toBe(0x03040102);
});

test('low word first swaps the words of every 32-bit field, and of no other', () => {
  const file = { ...craneFile, meta: { ...craneFile.meta, wordOrder: 'lowFirst' as const } };
  const words = bindAll(file, 'command', Object.keys(craneCommand.values)).encode(
    craneCommand.values,
  );
  const expected = [...craneCommand.words];
  for (const at of [1, 5, 7, 9, 12, 14, 16, 19, 30]) {
    [expected[at], expected[at + 1]] = [expected[at + 1] as number, expected[at] as number];
  }
  expect(words.toSpliced(50, 1)).toEqual(expected.toSpliced(50, 1));
});

test('one wrong bit under the CRC is seen', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(15), (at, bit) => {
      const words = craneCommand.words.with(at, (craneCommand.words[at] as number) ^ (1 << bit));
      expect(command.crcHolds(words)).toBe(false);
    }),
  );
  expect(status.crcHolds(craneStatus.words)).toBe(true);
});

test('a block is whole when its guards agree', () => {
  expect(status.isWhole(craneStatus.words)).toBe(true);
  expect(status.isWhole(craneStatus.words.with(124, 901))).toBe(false);
  expect(command.isWhole(craneCommand.words)).toBe(true);
});

test('every number that fits its register comes back as it went', () => {
  const u32 = fc.nat(0xffff_ffff);
  const i32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
  const fields = { life: 'number', bootId: 'number', travelMm: 'number', ready: 'flag' } as const;
  const codec = bind(craneFile, 'status', fields);
  fc.assert(
    fc.property(fc.nat(0xffff), u32, i32, fc.boolean(), (life, bootId, travelMm, ready) => {
      const values = { life, bootId, travelMm, ready };
      expect(codec.decode(codec.encode(values))).toEqual(values);
    }),
  );
});

test('text comes back as it went, whatever is printable', () => {
  const printable = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 20,
  });
  fc.assert(
    fc.property(printable, (loadCode) => {
      const values = { ...craneCommand.values, loadCode };
      expect(command.decode(command.encode(values))['loadCode']).toBe(loadCode);
    }),
  );
});

test('a reject or an abort that nobody listed still has a name', () => {
  const values = status.decode(craneStatus.words.with(15, 77).with(26, 177));
  expect(values).toMatchObject({ answer: 'code-77', lastResult: 'code-177' });
  expect(status.encode(values)[26]).toBe(177);
});

test('a code that the file does not list is an error of the device where names are closed', () => {
  const mode = ['off', 'manual', 'semiAuto', 'autoLocal', 'autoRemote', 'service'] as const;
  const codec = bind(craneFile, 'status', { mode });
  expect(codec.decode(craneStatus.words).mode).toBe('autoRemote');
  expect(() => codec.decode(craneStatus.words.with(16, 99))).toThrow(DeviceProtocolError);
});

test('a block of the wrong length is an error of the device', () => {
  expect(() => status.decode(craneStatus.words.slice(1))).toThrow(DeviceProtocolError);
  expect(() => status.decode(craneStatus.words.slice(1))).toThrow('wrong length');
});

test.each([
  ['a control character', 0x4c07],
  ['a hole', 0x4c00],
  ['a byte above ASCII', 0x4cc4],
])('%s in a text spoils that character and nothing else of the block', (_, word) => {
  const clean = status.decode(craneStatus.words);
  const barcode = String(clean['barcode']);
  const dirty = status.decode(craneStatus.words.with(49, word));
  expect(barcode.slice(0, 1)).toBe('L');
  expect(dirty).toEqual({ ...clean, barcode: `L\ufffd${barcode.slice(2)}` });
});

test.each([
  ['life', 65_536],
  ['life', 0.5],
  ['epoch', -1],
  ['epoch', undefined],
  ['enable', 1],
  ['command', 'fly'],
  ['loadCode', 'A123456789B123456789C'],
  ['loadCode', 'ÄÖÜ'],
])('%s = %s does not fit and is our own bug', (field, value) => {
  const values = { ...craneCommand.values, [field]: value };
  expect(() => command.encode(values)).toThrow(InvariantError);
});

test('an event goes to its own slot, wherever it stands in the list', () => {
  const values = status.decode(craneStatus.words);
  const events = slots(values, 'events').toReversed();
  const none = { ...events[0], eventSeq: 0 };
  expect(status.encode({ ...values, events: [...events, none] })).toEqual(craneStatus.words);
});

test('two values for one slot, or more values than slots, are our own bug', () => {
  const values = status.decode(craneStatus.words);
  const twice = [...slots(values, 'events'), slots(values, 'events')[0]];
  expect(() => status.encode({ ...values, events: twice })).toThrow('two values for slot 0');
  const answer = new Array(5).fill(conveyorAnswers.values.answer[0]);
  expect(() => answers.encode({ ...conveyorAnswers.values, answer })).toThrow('has 4 slots, not 5');
});

test('an unused slot is known by its sequence number, wherever in the slot that stands', () => {
  const moved = (group: Group): Group => ({
    ...group,
    fields: group.fields.map((field) => ({ ...field, offset: (field.offset + 10) % 12 })),
  });
  const blocks = craneFile.blocks.map((block) => ({
    ...block,
    ...(block.groups && { groups: block.groups.map(moved) }),
  }));
  const codec = bindAll({ ...craneFile, blocks }, 'status');
  const values = status.decode(craneStatus.words);
  const events = slots(values, 'events').slice(0, 1);
  expect(slots(codec.decode(codec.encode({ ...values, events })), 'events')).toEqual(events);
});

test('all slots of a group may be in use', () => {
  const answer = [1, 2, 3, 4].map((n) => ({ answerScanSeq: n, answerExit: n, answerHandle: n }));
  const words = answers.encode({ ...conveyorAnswers.values, answer });
  expect(slots(answers.decode(words), 'answer')).toEqual(answer);
});

test('a memory of zeros reads as empty texts and unused slots', () => {
  const zeros = new Array<number>(craneStatus.words.length).fill(0);
  expect(status.decode(zeros)).toMatchObject({ barcode: '', events: [] });
});

test('news have an entry for every point, also where both counters are 0', () => {
  const words = new Array<number>(88).fill(0).with(20 + 2 * 31, 7);
  const news = slots(linkStatus.decode(words), 'news');
  expect(news).toHaveLength(32);
  expect(news[0]).toEqual({ scanHeadLow: 0, confirmHeadLow: 0 });
  expect(news[31]).toEqual({ scanHeadLow: 7, confirmHeadLow: 0 });
});

test('point n lies at base + (n - 1) × stride, and there are as many as the file says', () => {
  expect([point.at(1), point.at(2), point.at(32)]).toEqual([5000, 5128, 8968]);
  expect(command.at(1)).toBe(1000);
  for (const number of [0, 33, 1.5]) expect(() => point.at(number)).toThrow(InvariantError);
});

test('bits of a field that shares its row go by field and bit', () => {
  const fields = { lhd1Centered: 'flag', 'lastSensors.lhd1Centered': 'flag' } as const;
  const decoded = bind(craneFile, 'status', fields).decode(craneStatus.words);
  expect(decoded).toEqual({ lhd1Centered: true, 'lastSensors.lhd1Centered': false });
});

test('a word of bits that is written as a number keeps the bits that go by their names', () => {
  const fields = { 'lastSensors.lhd2Loaded': 'flag', lastSensors: 'number' } as const;
  const words = bind(craneFile, 'status', fields).encode({
    ...{ 'lastSensors.lhd2Loaded': true, lastSensors: 0b100 },
  });
  expect(words[27]).toBe(0b110);
});

test.each([
  ['block', () => bind(craneFile, 'state', {})],
  ['field', () => bind(craneFile, 'status', { altitude: 'number' })],
  ['group', () => bind(craneFile, 'status', {}, { alarms: {} })],
])('asking for a %s that is not there is our own bug', (_, ask) => {
  expect(ask).toThrow(InvariantError);
});
