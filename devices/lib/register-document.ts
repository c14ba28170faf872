import {
  type Block,
  codesOf,
  type Field,
  type Group,
  type InterfaceFile,
} from './interface-file.ts';
import { widthOf } from './registers.ts';

export type Row = readonly string[];

/** One chapter of the document. Text may hold `code` in backticks and nothing else of Markdown. */
export interface Section {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** In this order, numbered. */
  readonly steps?: readonly string[];
  readonly table?: { readonly head: Row; readonly rows: readonly Row[] };
}

export interface RegisterDocument {
  readonly title: string;
  readonly intro: readonly string[];
  readonly sections: readonly Section[];
}

/**
 * The interface as a document for the PLC programmer: every register with its address, then the
 * codes, bits and times, then how the PLC has to behave.
 */
export function registerDocument(file: InterfaceFile): RegisterDocument {
  const { id, version, wordOrder, wordOrderTest, mapVersion, text, crc } = file.meta;
  const order = wordOrder === 'highFirst' ? 'high word first' : 'low word first';
  return {
    title: `${id} ${version.major}.${version.minor}: registers`,
    intro: [
      'Holding registers. Addresses are zero-based protocol addresses, never 4xxxx numbers.',
      ...(wordOrderTest === undefined
        ? [`32-bit fields: ${order}.`]
        : [`32-bit fields: ${order}, proved by`]),
      ...(wordOrderTest === undefined || mapVersion === undefined
        ? []
        : [
            `\`wordOrderTest\` = ${hex(wordOrderTest, 8)}. \`mapVersion\` = ${hex(mapVersion, 4)}.`,
          ]),
      ...(text === undefined ? [] : [textRule]),
      ...(crc === undefined ? [] : crcRule),
    ],
    sections: [
      ...file.blocks.map((block) => blockSection(file, block)),
      ...bitSections(file),
      ...enumSections(file),
      timingSection(file),
      ...ruleSections(file),
    ],
  };
}

const textRule =
  'Text: two printable ASCII characters in a register, the first in the high byte, padded with 0.';
const crcRule: readonly string[] = [
  'CRC-16/MODBUS over the bytes of the registers, high byte first, stored as a number;',
  '"123456789" gives 0x4B37. R: kept without power.',
];

/** A number as the documents write it: `0x0100`. */
export const hex = (value: number, digits: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;

function blockSection(file: InterfaceFile, block: Block): Section {
  const { name, base, length, stride, repeat, writer, write } = block;
  const access = [
    `Base ${base}, length ${length}.`,
    writer === 'craneway'
      ? `Written by Craneway, always whole, with one ${write?.toUpperCase() ?? 'FC16'}.`
      : 'Written by the PLC; read whole with one FC03.',
    ...(repeat === undefined || stride === undefined
      ? []
      : [
          `Repeated ${repeat} times: number n, from 1, lies at ${base} + (n − 1) × ${stride}. The`,
          'addresses below are those of number 1.',
        ]),
  ].join(' ');
  const rows = [
    ...block.fields.map((field) => fieldRow(file, block, field)),
    ...(block.groups ?? []).flatMap((group) => groupRows(file, block, group)),
  ].toSorted((a, b) => a.offset - b.offset);
  const head = ['Address', 'Offset', 'Field', 'Type', 'R', 'Unit', 'Values', 'Meaning'];
  const groups = (block.groups ?? []).map(
    ({ name: group, count, stride: registers, slot, doc }) =>
      `\`${group}\`: ${count} slots of ${registers} registers; slot = ${slot}. ${doc}`,
  );
  return {
    title: `Block \`${name}\``,
    paragraphs: [access, ...groups],
    table: { head, rows: rows.map(({ cells }) => cells) },
  };
}

interface Place {
  /** Of the slot in the block. */
  readonly from: number;
  readonly prefix: string;
}

function groupRows(file: InterfaceFile, block: Block, group: Group) {
  return Array.from({ length: group.count }, (_, slot) =>
    group.fields.map((field) =>
      fieldRow(file, block, field, {
        from: group.offset + slot * group.stride,
        prefix: `${group.name}[${slot}].`,
      }),
    ),
  ).flat();
}

function fieldRow(
  file: InterfaceFile,
  { base }: Block,
  field: Field,
  { from, prefix }: Place = { from: 0, prefix: '' },
) {
  const offset = from + field.offset;
  const width = widthOf(field);
  const { name, type, count, unit = '', retentive = false, doc } = field;
  const cells = [
    span(base + offset, width),
    span(offset, width),
    `${prefix}${name}`,
    count === undefined ? type : `${type} × ${count}`,
    retentive ? 'R' : '',
    unit,
    valuesOf(file, field),
    doc,
  ];
  return { offset, cells };
}

const span = (first: number, width: number): string =>
  width === 1 ? String(first) : `${first}–${first + width - 1}`;

function valuesOf(file: InterfaceFile, { enum: row, bits, over, mask }: Field): string {
  if (row !== undefined) {
    const names = [...codesOf(file, row).names];
    const where = mask === undefined ? '' : ` in bits ${hex(mask, 4)}`;
    return `${names.length <= 4 ? listOf(names) : `see \`${row}\``}${where}`;
  }
  if (bits !== undefined) return `see bits \`${bits}\``;
  return over === undefined ? '' : `over ${over.join('–')}`;
}

const listOf = (names: readonly (readonly [number, string])[]): string =>
  names.map(([code, name]) => `${code} ${name}`).join(', ');

function bitSections({ bits }: InterfaceFile): Section[] {
  return Object.entries(bits).map(([row, places]) => {
    const rows = Object.entries(places).map(([place, { name, doc }]) => [place, name, doc]);
    return {
      title: `Bits \`${row}\``,
      paragraphs: [],
      table: { head: ['Bit', 'Name', 'Meaning'], rows },
    };
  });
}

/** Each enum with the sentences that rejects, aborts and outcomes have for its codes. */
function enumSections(file: InterfaceFile): Section[] {
  const sentences: Readonly<Record<string, readonly { code: number; doc: string }[]>> = {
    answer: file.rejects ?? [],
    result: file.aborts ?? [],
    outcome: file.outcomes ?? [],
  };
  return Object.keys(file.enums).map((row) => {
    const docs = new Map((sentences[row] ?? []).map(({ code, doc }) => [code, doc]));
    const names = [...codesOf(file, row).names];
    const title = `Codes \`${row}\``;
    if (docs.size === 0) return { title, paragraphs: [listOf(names)] };
    const rows = names.map(([code, name]) => [String(code), name, docs.get(code) ?? '']);
    return { title, paragraphs: [], table: { head: ['Code', 'Name', 'Meaning'], rows } };
  });
}

function timingSection({ timing }: InterfaceFile): Section {
  const rows = timing.map(({ name, default: value, unit, side, doc }) => [
    ...[name, unit === 'count' ? hex(value, 8) : String(value), unit, side, doc],
  ]);
  const head = ['Name', 'Default', 'Unit', 'Side', 'Meaning'];
  return { title: 'Times', paragraphs: [], table: { head, rows } };
}

const ruleSections = ({ rules = [] }: InterfaceFile): Section[] =>
  rules.map(({ title, intro, steps }) => ({
    title,
    paragraphs: intro === undefined ? [] : [intro],
    steps,
  }));
