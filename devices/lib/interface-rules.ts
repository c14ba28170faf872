import {
  type Block,
  type Codes,
  codesOf,
  type Field,
  type Fields,
  type FieldType,
  type Group,
  type GroupNeeds,
  type InterfaceFile,
  type Needs,
} from './interface-file.ts';
import { piecesOf, planLimitsOf } from './poll-pieces.ts';
import { pieceProblem } from './poll-plan.ts';
import { type Register, registersOf, sequenceOf, widthOf } from './registers.ts';

type Found = { readonly path: readonly string[]; readonly message: string };

/**
 * What a schema cannot say: fields inside their blocks, none over another, words that the file
 * explains, and all that the driver needs there, in a type that it understands.
 */
export function interfaceProblems(
  file: InterfaceFile,
  needs: Needs = {},
  groups: GroupNeeds = {},
): Found[] {
  return [
    ...contractProblems(file),
    ...file.blocks.flatMap((block, i) => blockProblems(file, block, ['blocks', String(i)])),
    ...addressProblems(file),
    ...readingProblems(file),
    ...Object.keys(file.enums).flatMap((row) => enumProblems(file, row)),
    ...reactionProblems(file),
    ...Object.entries(needs).flatMap(([block, fields]) => needProblems(file, block, fields)),
    ...Object.entries(groups).flatMap(([block, wanted]) =>
      Object.entries(wanted).flatMap(([group, fields]) => needProblems(file, block, fields, group)),
    ),
  ];
}

/** Equipment with registers of its own proves nothing; a PLC that speaks our contracts must. */
function contractProblems({ meta }: InterfaceFile): Found[] {
  if (meta.device === 'zoneConveyor' || meta.device === 'startBitCrane') return [];
  const needed = ['text', 'crc', 'wordOrderTest', 'mapVersion'] as const;
  return needed
    .filter((key) => meta[key] === undefined)
    .map((key) => ({ path: ['meta'], message: `a ${meta.device} needs ${key}` }));
}

/** A stretch of registers that has one owner. */
interface Stretch {
  readonly name: string;
  readonly offset: number;
  readonly width: number;
  readonly path: readonly string[];
}

function blockProblems(file: InterfaceFile, block: Block, path: string[]): Found[] {
  const { fields, groups = [] } = block;
  const stretches = [
    ...fields.map((field, i) => stretchOf(field, [...path, 'fields', String(i)])),
    ...groups.map((group, i) => ({
      ...{ name: group.name, offset: group.offset, width: group.count * group.stride },
      path: [...path, 'groups', String(i)],
    })),
  ];
  return [
    ...layoutProblems(stretches, block.name, block.length),
    ...ownerProblems(file, block, path),
    ...groups.flatMap((group, i) => {
      const at = [...path, 'groups', String(i)];
      const slots = group.fields.map((field, j) => stretchOf(field, [...at, 'fields', String(j)]));
      return [
        ...layoutProblems(slots, group.name, group.stride),
        ...ownerProblems(file, group, at),
        ...slotProblems(group, at),
      ];
    }),
    ...fields.flatMap((field, i) => crcProblems(field, [...path, 'fields', String(i)])),
  ];
}

const stretchOf = (field: Field, path: readonly string[]): Stretch => ({
  ...{ name: field.name, offset: field.offset, width: widthOf(field), path },
});

function layoutProblems(stretches: readonly Stretch[], owner: string, length: number): Found[] {
  const owners: (string | undefined)[] = [];
  return stretches.flatMap(({ name, offset, width, path }) => {
    const messages = new Set<string>();
    for (let word = offset; word < offset + width; word++) {
      if (word >= length) messages.add(`lies outside ${owner}`);
      if (owners[word] !== undefined) messages.add(`overlaps ${owners[word]}`);
      owners[word] = name;
    }
    return [...messages].map((message) => ({ path, message: `${name} ${message}` }));
  });
}

/** Rows that are named but not there, and two things of one name. */
function ownerProblems(file: InterfaceFile, owner: Block | Group, path: string[]): Found[] {
  const problems = owner.fields.flatMap((field, i) =>
    fieldProblems(file, field).map((message) => ({
      ...{ path: [...path, 'fields', String(i)], message: `${field.name} ${message}` },
    })),
  );
  const names = [
    ...registersOf(file, owner).map(([name]) => name),
    ...('length' in owner ? (owner.groups ?? []).map(({ name }) => name) : []),
  ];
  const twice = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  return [
    ...problems,
    ...[...twice].map((name) => ({ path, message: `${owner.name} has two fields ${name}` })),
  ];
}

function fieldProblems(file: InterfaceFile, { type, ...field }: Field): string[] {
  return (['enum', 'bits'] as const).flatMap((kind) => {
    const row = field[kind];
    if (type !== kind) return row === undefined ? [] : [`names a row of ${kind} but is ${type}`];
    const known = row !== undefined && row in (kind === 'enum' ? file.enums : file.bits);
    return known ? [] : [`needs a row of ${kind}`];
  });
}

function slotProblems(group: Group, path: string[]): Found[] {
  if (!/ mod \d/.test(group.slot)) return [];
  const sequence = sequenceOf(group);
  const field = group.fields.find(({ name }) => name === sequence);
  if (field?.type === 'u32') return [];
  const message = `${group.name} must fill its slots by a u32 field of its own mod ${group.count}`;
  return [{ path: [...path, 'slot'], message }];
}

/** A CRC covers registers that stand before it, from the first one on. */
function crcProblems({ name, type, offset, over }: Field, path: string[]): Found[] {
  if (type !== 'crc16') {
    return over === undefined ? [] : [{ path, message: `${name} is no crc16 and covers nothing` }];
  }
  const [first, last = -1] = over ?? [];
  if (first === 0 && last === offset - 1) return [];
  return [{ path, message: `${name} must cover registers 0 to ${offset - 1}` }];
}

function addressProblems({ blocks }: InterfaceFile): Found[] {
  const spans = blocks.map(({ name, base, length, stride = length, repeat = 1 }, i) => ({
    ...{ name, base, end: base + (repeat - 1) * stride + length, path: ['blocks', String(i)] },
    tooClose: stride < length,
  }));
  return spans.flatMap(({ name, base, end, path, tooClose }, i) => [
    ...(tooClose ? [{ path, message: `${name} overlaps its own repetition` }] : []),
    ...(end > 0x1_0000 ? [{ path, message: `${name} ends above address 65535` }] : []),
    ...spans
      .slice(0, i)
      .filter((other) => base < other.end && other.base < end)
      .map((other) => ({ path, message: `${name} overlaps ${other.name}` })),
  ]);
}

/** What no plan can read: a block or a field over a forbidden register, or longer than the device allows. */
function readingProblems(file: InterfaceFile): Found[] {
  const limits = planLimitsOf(file);
  return file.blocks.flatMap(({ name, writer, length, base }, i) => {
    const pieces =
      writer === 'plc'
        ? piecesOf(file, name, 0)
        : [{ name, address: base, words: length, periodMs: 0 }];
    return pieces.flatMap((piece) => {
      const message = pieceProblem(piece, limits);
      return message === undefined ? [] : [{ path: ['blocks', String(i)], message }];
    });
  });
}

function enumProblems(file: InterfaceFile, row: string): Found[] {
  const { names, codes } = codesOf(file, row);
  if (names.size === codes.size) return [];
  return [{ path: ['enums', row], message: `${row} gives one name to two codes` }];
}

/** Columns of rejects, aborts and outcomes use the words that `reactions` explains. */
function reactionProblems({ reactions = {}, ...file }: InterfaceFile): Found[] {
  const columns = ['location', 'loadUnit', 'next', 'otherwise', 'alarm', 'upstream'] as const;
  return (['rejects', 'aborts', 'outcomes'] as const).flatMap((list) =>
    (file[list] ?? []).flatMap((entry: Readonly<Record<string, unknown>>, i) =>
      columns.flatMap((column) => {
        const word = entry[column];
        const known = reactions[column === 'otherwise' ? 'next' : column] ?? {};
        if (typeof word !== 'string' || word in known) return [];
        const message = `${column} says ${word}, which reactions do not explain`;
        return [{ path: [list, String(i), column], message }];
      }),
    ),
  );
}

function needProblems(
  file: InterfaceFile,
  blockName: string,
  fields: Fields,
  groupName?: string,
): Found[] {
  const at = file.blocks.findIndex(({ name }) => name === blockName);
  const block = file.blocks[at];
  const owner =
    groupName === undefined ? block : block?.groups?.find(({ name }) => name === groupName);
  const path = at < 0 ? ['blocks'] : ['blocks', String(at)];
  const registers = new Map(owner === undefined ? [] : registersOf(file, owner));
  const prefix = groupName === undefined ? blockName : `${blockName}.${groupName}`;
  return Object.entries(fields).flatMap(([name, type]) => {
    const message = mismatch(registers.get(name), type, block?.writer === 'craneway');
    return message === undefined ? [] : [{ path, message: `${prefix}.${name} ${message}` }];
  });
}

function mismatch(
  register: Register | undefined,
  type: FieldType,
  written: boolean,
): string | undefined {
  if (register === undefined) return 'is missing';
  const { kind } = register;
  if (type === 'flag') return kind === 'bit' ? undefined : 'must be a bit';
  if (type === 'text') return kind === 'text' ? undefined : 'must be text';
  if (type === 'number') {
    return ['u16', 'u32', 'i32', 'bits'].includes(kind) ? undefined : 'must be a number';
  }
  if (register.kind !== 'enum') return 'must be an enum';
  return type === 'open' ? undefined : strangeCodes(register.codes, type, written);
}

/** What the PLC writes, the code must understand; what Craneway writes, the file must be able to say. */
function strangeCodes({ codes }: Codes, type: readonly string[], written: boolean) {
  const strange = [...codes.keys()].filter((name) => !type.includes(name));
  if (strange.length > 0) return `has codes that mean nothing here: ${strange}`;
  const missing = written ? type.filter((name) => !codes.has(name)) : [];
  return missing.length > 0 ? `has no code for ${missing}` : undefined;
}
