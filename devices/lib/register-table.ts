import {
  type Block,
  codesOf,
  type Field,
  type Group,
  type InterfaceFile,
} from './interface-file.ts';
import { widthOf } from './registers.ts';

/**
 * The interface as a document for the PLC programmer: every register with its address, then the
 * codes, bits and times. Goes as it is into `config/interfaces/<id>-v<major>.md`.
 *
 * @returns Markdown; the first line says that it is generated, the last one ends with a newline
 */
export function registerTable(file: InterfaceFile): string {
  const { id, version, wordOrder, wordOrderTest, mapVersion } = file.meta;
  const source = `${id}-v${version.major}.yaml`;
  return `${[
    `<!-- Generated from ${source} by \`npm run generate\`. Do not edit: change that file. -->`,
    `# ${id} ${version.major}.${version.minor}: registers`,
    [
      'Holding registers. Addresses are zero-based protocol addresses, never 4xxxx numbers.',
      `32-bit fields: ${wordOrder === 'highFirst' ? 'high word first' : 'low word first'}, proved by`,
      `\`wordOrderTest\` = ${hex(wordOrderTest, 8)}. \`mapVersion\` = ${hex(mapVersion, 4)}.`,
      'Text: two printable ASCII characters in a register, the first in the high byte, padded with 0.',
      'CRC-16/MODBUS over the bytes of the registers, high byte first, stored as a number;',
      '"123456789" gives 0x4B37. R: kept without power.',
    ].join('\n'),
    ...file.blocks.map((block) => blockSection(file, block)),
    ...bitSections(file),
    ...enumSections(file),
    timingSection(file),
  ].join('\n\n')}\n`;
}

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

const hex = (value: number, digits: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;

function blockSection(file: InterfaceFile, block: Block): string {
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
  return [
    `## Block \`${name}\``,
    access,
    ...groups,
    table(
      head,
      rows.map(({ cells }) => cells),
    ),
  ].join('\n\n');
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

function valuesOf(file: InterfaceFile, { enum: row, bits, over }: Field): string {
  if (row !== undefined) {
    const names = [...codesOf(file, row).names];
    return names.length <= 4 ? listOf(names) : `see \`${row}\``;
  }
  if (bits !== undefined) return `see bits \`${bits}\``;
  return over === undefined ? '' : `over ${over.join('–')}`;
}

const listOf = (names: readonly (readonly [number, string])[]): string =>
  names.map(([code, name]) => `${code} ${name}`).join(', ');

function bitSections({ bits }: InterfaceFile): string[] {
  return Object.entries(bits).map(([row, places]) => {
    const rows = Object.entries(places).map(([place, { name, doc }]) => [place, name, doc]);
    return `## Bits \`${row}\`\n\n${table(['Bit', 'Name', 'Meaning'], rows)}`;
  });
}

/** Each enum with the sentences that rejects, aborts and outcomes have for its codes. */
function enumSections(file: InterfaceFile): string[] {
  const sentences: Readonly<Record<string, readonly { code: number; doc: string }[]>> = {
    answer: file.rejects ?? [],
    result: file.aborts ?? [],
    outcome: file.outcomes ?? [],
  };
  return Object.keys(file.enums).map((row) => {
    const docs = new Map((sentences[row] ?? []).map(({ code, doc }) => [code, doc]));
    const names = [...codesOf(file, row).names];
    const title = `## Codes \`${row}\``;
    if (docs.size === 0) return `${title}\n\n${listOf(names)}`;
    const rows = names.map(([code, name]) => [String(code), name, docs.get(code) ?? '']);
    return `${title}\n\n${table(['Code', 'Name', 'Meaning'], rows)}`;
  });
}

function timingSection({ timing }: InterfaceFile): string {
  const rows = timing.map(({ name, default: value, unit, side, doc }) => [
    ...[name, unit === 'count' ? hex(value, 8) : String(value), unit, side, doc],
  ]);
  return `## Times\n\n${table(['Name', 'Default', 'Unit', 'Side', 'Meaning'], rows)}`;
}
