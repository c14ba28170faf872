import Type, { type Static } from 'typebox';
import { invariant } from '../../src/domain/errors.ts';
import { Forbidden, Reading } from './interface-reading.ts';

const closed = { additionalProperties: false } as const;
const doc = Type.String({ minLength: 1, description: 'What it means on the floor, one sentence.' });
const name = Type.String({ pattern: '^[a-z][A-Za-z0-9]*$' });
const code = Type.Integer({ minimum: 0, maximum: 65_535 });
/** A row of words, each with its sentence: what a column of rejects, aborts or outcomes may say. */
const Words = Type.Record(name, doc);

const Field = Type.Object(
  {
    name,
    offset: Type.Integer({ minimum: 0, maximum: 124, description: 'First register, from 0.' }),
    type: Type.String({
      pattern: '^(u16|u32|i32|enum|bits|crc16|ascii\\([1-9][0-9]{0,2}\\))$',
      description: 'ascii(n): n characters, two in a register.',
    }),
    count: Type.Optional(Type.Integer({ minimum: 1, description: 'Times in a row; default 1.' })),
    enum: Type.Optional(Type.String({ description: 'Row of enums.' })),
    bits: Type.Optional(Type.String({ description: 'Row of bits.' })),
    mask: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 0xffff, description: 'enum: bits that hold the code.' }),
    ),
    over: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0 }), {
        minItems: 2,
        maxItems: 2,
        description: 'crc16: first and last register covered.',
      }),
    ),
    unit: Type.Optional(Type.Enum(['mm', 's', 'kg', 'g'])),
    retentive: Type.Optional(Type.Boolean({ description: 'The PLC keeps it without power.' })),
    doc,
  },
  closed,
);
export type Field = Static<typeof Field>;

const Group = Type.Object(
  {
    name,
    offset: Type.Integer({ minimum: 0, maximum: 124 }),
    count: Type.Integer({ minimum: 1, maximum: 125, description: 'Slots.' }),
    stride: Type.Integer({ minimum: 1, maximum: 125, description: 'Registers of a slot.' }),
    slot: Type.String({
      description: '`<field> mod <count>`: where a number stands, 0 = unused; else a remark.',
    }),
    doc,
    fields: Type.Array(Field),
  },
  closed,
);
export type Group = Static<typeof Group>;

const Block = Type.Object(
  {
    name,
    base: Type.Integer({ minimum: 0, maximum: 65_535, description: 'Zero-based address.' }),
    stride: Type.Optional(Type.Integer({ minimum: 1, description: 'To the next repetition.' })),
    repeat: Type.Optional(Type.Integer({ minimum: 1, maximum: 256, description: 'Default 1.' })),
    length: Type.Integer({ minimum: 1, maximum: 125, description: 'Registers; one request.' }),
    writer: Type.Enum(['craneway', 'plc']),
    write: Type.Optional(Type.Enum(['fc16'])),
    read: Type.Enum(['fc03']),
    fields: Type.Array(Field),
    groups: Type.Optional(Type.Array(Group)),
  },
  closed,
);
export type Block = Static<typeof Block>;

const Meta = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    version: Type.Object({ major: Type.Integer(), minor: Type.Integer() }, closed),
    device: Type.Enum(['asrsCrane', 'startBitCrane', 'conveyor', 'zoneConveyor']),
    protocol: Type.Enum(['modbus']),
    registers: Type.Enum(['holding']),
    wordOrder: Type.Enum(['highFirst', 'lowFirst'], { description: 'Of every 32-bit field.' }),
    byteOrder: Type.Enum(['highFirst']),
    text: Type.Optional(
      Type.Object(
        {
          charset: Type.Enum(['printable-ascii']),
          perRegister: Type.Literal(2),
          padding: Type.Literal(0),
        },
        closed,
      ),
    ),
    crc: Type.Optional(
      Type.Object(
        {
          name: Type.Literal('CRC-16/MODBUS'),
          polynomial: Type.Literal(0xa001),
          initial: Type.Literal(0xffff),
          check: Type.Literal(0x4b37),
        },
        closed,
      ),
    ),
    wordOrderTest: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff_ffff })),
    mapVersion: Type.Optional(code),
  },
  closed,
);

const Timing = Type.Object(
  {
    name,
    default: Type.Integer({ minimum: 0 }),
    unit: Type.Enum(['ms', 'mm', 'count']),
    side: Type.Enum(['craneway', 'plc', 'both']),
    doc,
  },
  closed,
);

const Reject = Type.Object({ code, name, next: Type.String(), doc }, closed);
const Abort = Type.Object(
  {
    code,
    name,
    location: Type.String(),
    loadUnit: Type.String(),
    next: Type.String(),
    retries: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    otherwise: Type.Optional(Type.String()),
    count: Type.Boolean({ description: 'The place is to be counted.' }),
    alarm: Type.String(),
    upstream: Type.String(),
    doc,
  },
  closed,
);
const Outcome = Type.Object(
  { code, name, loadUnit: Type.String(), next: Type.String(), alarm: Type.String(), doc },
  closed,
);

/** One chapter of how the PLC has to behave. Text may hold `code` in backticks, nothing else. */
const Rule = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    intro: Type.Optional(doc),
    steps: Type.Array(doc, { description: 'In this order; shown numbered.' }),
  },
  closed,
);

/** A PLC interface as data: the one place that knows addresses, types, codes and their reactions. */
export const InterfaceFile = Type.Object(
  {
    meta: Meta,
    timing: Type.Array(Timing),
    reading: Type.Optional(Reading),
    forbidden: Type.Optional(Forbidden),
    blocks: Type.Array(Block, { minItems: 1 }),
    bits: Type.Record(
      name,
      Type.Record(
        Type.String({ pattern: '^([0-9]|1[0-5])(-([0-9]|1[0-5]))?$' }),
        Type.Object({ name, doc }, closed),
      ),
    ),
    enums: Type.Record(name, Type.Record(Type.String({ pattern: '^\\d{1,5}$' }), name)),
    rejects: Type.Optional(Type.Array(Reject)),
    aborts: Type.Optional(Type.Array(Abort)),
    outcomes: Type.Optional(Type.Array(Outcome)),
    rules: Type.Optional(
      Type.Array(Rule, { description: 'How the PLC has to behave, for its programmer.' }),
    ),
    reactions: Type.Optional(
      Type.Object(
        {
          location: Type.Optional(Words),
          loadUnit: Type.Optional(Words),
          next: Type.Optional(Words),
          alarm: Type.Optional(Words),
          upstream: Type.Optional(Words),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type InterfaceFile = Static<typeof InterfaceFile>;

/**
 * The constants by which a PLC shows that it speaks the contract of this file.
 *
 * @throws {InvariantError} for equipment with registers of its own, which shows none; `interfaceProblems`
 *   has seen to it that no crane or conveyor gets here without
 */
export function contractOf({ meta }: InterfaceFile): {
  readonly mapVersion: number;
  readonly wordOrderTest: number;
} {
  const { id, mapVersion, wordOrderTest } = meta;
  invariant(mapVersion !== undefined, `${id} has no mapVersion`);
  invariant(wordOrderTest !== undefined, `${id} has no wordOrderTest`);
  return { mapVersion, wordOrderTest };
}

/** Whether this write is one whole block that is ours to write. Every other is refused unsent. */
export function mayWrite({ blocks }: InterfaceFile, address: number, words: number): boolean {
  return blocks.some(({ writer, base, length, stride = 1, repeat = 1 }) => {
    const repetition = (address - base) / stride;
    return (
      writer === 'craneway' &&
      length === words &&
      Number.isInteger(repetition) &&
      repetition >= 0 &&
      repetition < repeat
    );
  });
}

/**
 * What a semantic field is to the code; where it stands on the wire is the interface file's
 * business. `flag`: one bit. `text`: characters. `open`: a name of an enum that may grow, such as
 * abort codes; an unlisted number reads as `code-<n>`. A list: exactly these names.
 */
export type FieldType = 'number' | 'flag' | 'text' | 'open' | readonly string[];
export type Fields = Readonly<Record<string, FieldType>>;
/** Fields of the groups of a block, by group. */
export type Groups = Readonly<Record<string, Fields>>;
/** The fields that a driver needs, by block. */
export type Needs = Readonly<Record<string, Fields>>;
/** The fields that it needs of each slot of a group, by block and group. */
export type GroupNeeds = Readonly<Record<string, Groups>>;

type ValueOf<T extends FieldType> = T extends 'number'
  ? number
  : T extends 'flag'
    ? boolean
    : T extends 'text' | 'open'
      ? string
      : T extends readonly (infer Name)[]
        ? Name
        : never;
/** One consistent reading, or one writing, of all fields of a block or of a slot. */
export type Values<F extends Fields> = { readonly [Name in keyof F]: ValueOf<F[Name]> };

/** Both directions of an enum. */
export interface Codes {
  readonly names: ReadonlyMap<number, string>;
  readonly codes: ReadonlyMap<string, number>;
}

/**
 * The names of an enum. The row `answer` goes on in the list of rejects, `result` in that of aborts.
 *
 * @returns an empty table when the file has no such row
 */
export function codesOf({ enums, rejects = [], aborts = [] }: InterfaceFile, row: string): Codes {
  const more = { answer: rejects, result: aborts }[row] ?? [];
  const entries = [
    ...Object.entries(enums[row] ?? {}).map(([code, name]) => [Number(code), name] as const),
    ...more.map(({ code, name }) => [code, name] as const),
  ];
  return {
    names: new Map(entries),
    codes: new Map(entries.map(([code, name]) => [name, code])),
  };
}

/** Bit numbers of a row of bits, by name. */
export const bitsOf = ({ bits }: InterfaceFile, row: string): ReadonlyMap<string, number> =>
  new Map(Object.entries(bits[row] ?? {}).map(([bit, { name }]) => [name, Number(bit)]));

/** The name of a code; `code-<n>` for one that the file does not list. */
export const openName = ({ names }: Codes, code: number): string =>
  names.get(code) ?? `code-${code}`;
