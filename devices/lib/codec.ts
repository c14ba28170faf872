import { DeviceProtocolError, InvariantError, invariant } from '../../src/domain/errors.ts';
import { crc16OfRegisters } from './crc16.ts';
import {
  type Block,
  type Codes,
  type Fields,
  type FieldType,
  type Group,
  type Groups,
  type InterfaceFile,
  openName,
  type Values,
} from './interface-file.ts';
import { type Register, registersOf, sequenceOf } from './registers.ts';

/** In text that was read: a byte that is no printable ASCII. No code that anybody expects holds it. */
export const unreadableCharacter = '\ufffd';

type Value = number | boolean | string;
/** A field that the code knows, joined to its registers. */
interface Bound {
  readonly key: string;
  readonly register: Register;
  readonly open: boolean;
}
type Slots = {
  readonly group: Group;
  readonly sequence: string | undefined;
  readonly bound: readonly Bound[];
};

/**
 * All fields of a block, and an array per group. A group whose slots are filled by a sequence number
 * (`eventSeq mod 5`) has its used slots only, in no promised order; any other has them all, by slot.
 */
export type BlockValues<F extends Fields, G extends Groups> = Values<F> & {
  readonly [Name in keyof G]: readonly Values<G[Name]>[];
};

/** One block of an interface file, ready to read and write. Words are unsigned 16-bit. */
export interface Codec<F extends Fields, G extends Groups = Record<never, Fields>> {
  readonly base: number;
  readonly length: number;
  /** Address of repetition `number`, from 1. */
  at(number: number): number;
  /**
   * Text keeps its length: a byte that is no printable ASCII reads as `unreadableCharacter`.
   *
   * @throws {DeviceProtocolError} wrong length, a code that the file does not list
   */
  decode(words: ArrayLike<number>): BlockValues<F, G>;
  /**
   * All words of the block; registers that no field names are 0, a CRC is filled in.
   *
   * @throws {InvariantError} when a value does not fit its register
   */
  encode(values: BlockValues<F, G>): number[];
  /** Whether the CRC register agrees with what it covers; true for a block without one. */
  crcHolds(words: ArrayLike<number>): boolean;
  /** Whether the words are of one publication: `guardA` equals `guardB`; true for a block without. */
  isWhole(words: ArrayLike<number>): boolean;
}

/**
 * Joins the fields that the code knows to the registers that the file gives them.
 *
 * @param file    has passed `interfaceProblems` for these fields
 * @param name    of the block
 * @param groups  fields of the block's groups that are wanted
 */
export function bind<F extends Fields, G extends Groups = Record<never, Fields>>(
  file: InterfaceFile,
  name: string,
  fields: F,
  groups?: G,
): Codec<F, G> {
  const block = file.blocks.find((candidate) => candidate.name === name);
  invariant(block !== undefined, `${file.meta.id} has no block ${name}`);
  const bound = join(file, block, fields);
  const slots = Object.entries(groups ?? {}).map(([key, slotFields]): Slots => {
    const group = block.groups?.find((candidate) => candidate.name === key);
    invariant(group !== undefined, `${file.meta.id} has no group ${name}.${key}`);
    return { group, sequence: sequenceOf(group), bound: join(file, group, slotFields) };
  });
  const { base, length, stride = 0, repeat = 1 } = block;
  const highAt = file.meta.wordOrder === 'highFirst' ? 0 : 1;
  const crc = crcOf(block);
  const [guardA, guardB] = [offsetOf(block, 'guardA'), offsetOf(block, 'guardB')];

  return {
    base,
    length,
    at(number) {
      const known = Number.isInteger(number) && number >= 1 && number <= repeat;
      invariant(known, `${name} repeats ${repeat} times, ${number} was asked for`);
      return base + (number - 1) * stride;
    },
    decode(words) {
      if (words.length !== length) {
        const context = { block: name, expected: length, actual: words.length };
        throw new DeviceProtocolError('Block has the wrong length', { context });
      }
      const values: Record<string, unknown> = readAll(bound, words, 0, highAt);
      for (const slot of slots) values[slot.group.name] = readSlots(slot, words, highAt);
      return values as BlockValues<F, G>;
    },
    encode(values) {
      const words = new Array<number>(length).fill(0);
      const row = values as Readonly<Record<string, unknown>>;
      writeAll(bound, row, words, 0, highAt);
      for (const slot of slots) {
        writeSlots(slot, row[slot.group.name] as Readonly<Record<string, Value>>[], words, highAt);
      }
      if (crc !== undefined) words[crc.offset] = crc16OfRegisters(words, crc.first, crc.last);
      return words;
    },
    crcHolds: (words) =>
      crc === undefined || words[crc.offset] === crc16OfRegisters(words, crc.first, crc.last),
    isWhole: (words) => words[guardA] === words[guardB],
  };
}

function join(file: InterfaceFile, owner: Block | Group, fields: Fields): Bound[] {
  const known = new Map(registersOf(file, owner));
  return Object.entries(fields).map(([key, type]: [string, FieldType]) => {
    const register = known.get(key);
    invariant(register !== undefined, `${file.meta.id} has no ${owner.name}.${key}`);
    return { key, register, open: type === 'open' };
  });
}

function crcOf({ fields }: Block) {
  const field = fields.find(({ type }) => type === 'crc16');
  if (field === undefined) return undefined;
  const [first, last] = field.over as [number, number];
  return { offset: field.offset, first, last };
}

// -1 names no register, so that two guards that are not there agree.
const offsetOf = ({ fields }: Block, key: string): number =>
  fields.find(({ name }) => name === key)?.offset ?? -1;

function readAll(bound: readonly Bound[], words: ArrayLike<number>, from: number, highAt: 0 | 1) {
  const values: Record<string, Value> = {};
  for (const field of bound) values[field.key] = read(field, words, from, highAt);
  return values;
}

function readSlots({ group, sequence, bound }: Slots, words: ArrayLike<number>, highAt: 0 | 1) {
  const { offset, count, stride, fields } = group;
  const sequenceAt = fields.find(({ name }) => name === sequence)?.offset;
  const values: Record<string, Value>[] = [];
  for (let slot = 0; slot < count; slot++) {
    const from = offset + slot * stride;
    // An unused slot is 0 throughout, also where 0 is no code of an enum.
    if (sequenceAt !== undefined && u32(words, from + sequenceAt, highAt) === 0) continue;
    values.push(readAll(bound, words, from, highAt));
  }
  return values;
}

const u32 = (words: ArrayLike<number>, at: number, highAt: 0 | 1): number =>
  (words[at + highAt] as number) * 0x1_0000 + (words[at + 1 - highAt] as number);

function read(
  { key, register, open }: Bound,
  words: ArrayLike<number>,
  from: number,
  highAt: 0 | 1,
): Value {
  const at = from + register.offset;
  const word = words[at] as number;
  switch (register.kind) {
    case 'u16':
    case 'bits':
      return word;
    case 'u32':
      return u32(words, at, highAt);
    case 'i32':
      return u32(words, at, highAt) | 0;
    case 'bit':
      return ((word >> register.bit) & 1) === 1;
    case 'text':
      return readText(words, at, register.characters);
    case 'enum': {
      const code = word & register.mask;
      const name = open ? openName(register.codes, code) : register.codes.names.get(code);
      if (name !== undefined) return name;
      const context = { field: key, code };
      throw new DeviceProtocolError('Code is not in the interface file', { context });
    }
  }
}

const characterAt = (words: ArrayLike<number>, at: number, index: number): number => {
  const word = words[at + (index >> 1)] as number;
  return index % 2 === 0 ? word >> 8 : word & 0xff;
};

/** Bytes that are no printable ASCII, one dirty barcode perhaps, must not hide the rest of the block. */
function readText(words: ArrayLike<number>, at: number, characters: number): string {
  let length = characters;
  while (length > 0 && characterAt(words, at, length - 1) === 0) length--;
  let text = '';
  for (let i = 0; i < length; i++) {
    const character = characterAt(words, at, i);
    const isPrintable = character >= 0x20 && character <= 0x7e;
    text += isPrintable ? String.fromCharCode(character) : unreadableCharacter;
  }
  return text;
}

function writeAll(
  bound: readonly Bound[],
  values: Readonly<Record<string, unknown>>,
  words: number[],
  from: number,
  highAt: 0 | 1,
) {
  for (const field of bound) write(field, values[field.key] as Value, words, from, highAt);
}

function writeSlots(
  { group, sequence, bound }: Slots,
  values: readonly Readonly<Record<string, Value>>[],
  words: number[],
  highAt: 0 | 1,
) {
  const { name, offset, count, stride } = group;
  invariant(values.length <= count, `${name} has ${count} slots, not ${values.length}`);
  const taken = new Set<number>();
  values.forEach((value, index) => {
    const number = sequence === undefined ? undefined : Number(value[sequence]);
    if (number === 0) return;
    const slot = number === undefined ? index : number % count;
    invariant(!taken.has(slot), `${name} has two values for slot ${slot}`);
    taken.add(slot);
    writeAll(bound, value, words, offset + slot * stride, highAt);
  });
}

const range = {
  u16: { min: 0, max: 0xffff },
  bits: { min: 0, max: 0xffff },
  u32: { min: 0, max: 0xffff_ffff },
  i32: { min: -0x8000_0000, max: 0x7fff_ffff },
} as const;

function write(
  { key, register }: Bound,
  value: Value,
  words: number[],
  from: number,
  highAt: 0 | 1,
): void {
  const { kind } = register;
  const at = from + register.offset;
  if (kind === 'bit') {
    if (typeof value !== 'boolean') throw new InvariantError(`${key} must be true or false`);
    words[at] = (words[at] as number) | (Number(value) << register.bit);
  } else if (kind === 'enum') {
    words[at] = codeFor(key, register.codes, String(value));
  } else if (kind === 'text') {
    writeText(key, String(value), words, at, register.characters);
  } else {
    checkNumber(key, value, kind);
    if (kind === 'u16' || kind === 'bits') {
      words[at] = (kind === 'bits' ? (words[at] as number) : 0) | value;
    } else {
      words[at + highAt] = value >>> 16;
      words[at + 1 - highAt] = value & 0xffff;
    }
  }
}

// A message is made where it is needed: there are fields by the thousand.
function checkNumber(key: string, value: Value, kind: keyof typeof range): asserts value is number {
  if (typeof value !== 'number') throw new InvariantError(`${key} must be a number`);
  if (!Number.isInteger(value)) throw new InvariantError(`${key} must be an integer`);
  const { min, max } = range[kind];
  if (value < min || value > max) throw new InvariantError(`${key} must be from ${min} to ${max}`);
}

/** Also the number in `code-<n>`, so that what was read can be written. */
function codeFor(key: string, { codes }: Codes, name: string): number {
  const known = codes.get(name);
  if (known !== undefined) return known;
  const match = /^code-(\d{1,5})$/.exec(name);
  invariant(match !== null, `${key} has no code for ${name}`);
  return Number(match[1]);
}

function writeText(key: string, text: string, words: number[], at: number, characters: number) {
  invariant(text.length <= characters, `${key} holds ${characters} characters`);
  invariant(/^[\x20-\x7e]*$/.test(text), `${key} must be printable ASCII`);
  for (let i = 0; i < text.length; i++) {
    const shift = i % 2 === 0 ? 8 : 0;
    words[at + (i >> 1)] = (words[at + (i >> 1)] as number) | (text.charCodeAt(i) << shift);
  }
}
