import type { Block, Field, Group, InterfaceFile } from './interface-file.ts';
import { widthOf } from './registers.ts';
import { capital, comment, stubNames } from './structured-text.ts';

/** Function blocks that take a block of Craneway's out of its registers, or put one of the PLC's into them. */
export const blocksText = (file: InterfaceFile): string =>
  file.blocks
    .map((block) =>
      block.writer === 'craneway' ? readerText(file, block) : writerText(file, block),
    )
    .join('\n\n');

function readerText(file: InterfaceFile, block: Block): string {
  const { type } = stubNames(file);
  const { name, length, fields, groups = [] } = block;
  const title = capital(name);
  const crc = fields.find((field) => field.type === 'crc16');
  const commit = fields.find((field) => field.name === 'commit');
  const counter = fields.some((field) => field.name === 'life') ? 'life' : 'frame';
  const places = { array: 'registers', from: '', owner: 'frame', highAt: highAtOf(file) };
  const isChecked = crc !== undefined && commit !== undefined;
  return `${comment(`The ${name} block as values. A frame is new when it is complete and no copy of the one judged last.`)}
FUNCTION_BLOCK ${type}_Read${title}
VAR_IN_OUT
  registers : ${type}_${title}Registers;
END_VAR
VAR_OUTPUT
  frame : ${type}_${title};
  isEmpty : BOOL; ${comment('Nothing was ever written.')}
  isComplete : BOOL;
  isNew : BOOL;
END_VAR
VAR
  judged : ${type}_${title}Registers;
  crc : WORD;
  i : INT;
  slot : INT;
END_VAR
  isEmpty := TRUE;
  FOR i := 0 TO ${length - 1} DO
    IF registers[i] <> WORD#16#0000 THEN isEmpty := FALSE; END_IF;
  END_FOR;
  crc := WORD#16#FFFF;
  FOR i := 0 TO ${(crc?.offset ?? length) - 1} DO
    crc := ${type}_Crc(crc, registers[i]);
  END_FOR;
${[
  ...fields.flatMap((field) => readField(field, places)),
  ...groups.flatMap((group) => slotLoop(group, places, readField)),
].join('\n')}
  isComplete := ${isChecked ? `(crc = frame.crc) AND (frame.commit = frame.${counter})` : 'TRUE'};
  isNew := FALSE;
  IF isComplete THEN
    FOR i := 0 TO ${length - 1} DO
      IF judged[i] <> registers[i] THEN isNew := TRUE; END_IF;
      judged[i] := registers[i];
    END_FOR;
  END_IF;
END_FUNCTION_BLOCK`;
}

function writerText(file: InterfaceFile, block: Block): string {
  const { type } = stubNames(file);
  const { name, length, fields, groups = [] } = block;
  const title = capital(name);
  const last = length - 1;
  const places = { array: 'buffer', from: '', owner: 'values', highAt: highAtOf(file) };
  const own = fields.filter((field) => field.name !== 'guardA' && field.name !== 'guardB');
  const hasTest = Object.values(file.bits['control'] ?? {}).some((bit) => bit.name === 'selfTest');
  const guard = 'UINT_TO_UDINT(guard)';
  const pattern = `  IF selfTest THEN
    FOR i := 1 TO ${last - 1} DO
      buffer[i] := UDINT_TO_WORD((${guard} + INT_TO_UDINT(i)) MOD UDINT#65536);
    END_FOR;
  END_IF;
`;
  return `${comment(`Publishes the ${name} block. The register that is read first is written last, or a mixed block would look whole.`)}
FUNCTION_BLOCK ${type}_Write${title}
VAR_INPUT
  values : ${type}_${title};
${hasTest ? `  selfTest : BOOL; ${comment('Test pattern instead of the values.')}\n` : ''}END_VAR
VAR_IN_OUT
  registers : ${type}_${title}Registers;
END_VAR
VAR
  buffer : ${type}_${title}Registers;
  guard : UINT;
  i : INT;
  slot : INT;
END_VAR
  guard := UDINT_TO_UINT((${guard} + UDINT#1) MOD UDINT#65536);
${[
  ...own.flatMap((field) => writeField(field, places)),
  ...groups.flatMap((group) => slotLoop(group, places, writeField)),
].join('\n')}
${hasTest ? pattern : ''}  registers[${last}] := UINT_TO_WORD(guard); ${comment('guardB first')}
  FOR i := 1 TO ${last - 1} DO
    registers[i] := buffer[i];
  END_FOR;
  registers[0] := UINT_TO_WORD(guard); ${comment('guardA last')}
END_FUNCTION_BLOCK`;
}

const highAtOf = ({ meta }: InterfaceFile): number => (meta.wordOrder === 'highFirst' ? 0 : 1);

/** Where a field is: registers `array[from + offset]`, value `owner.name`. */
interface Places {
  readonly array: string;
  /** First register of a slot, as an expression; empty for the block itself. */
  readonly from: string;
  readonly owner: string;
  /** 0: the high word of 32-bit fields comes first. */
  readonly highAt: number;
}

function slotLoop(
  { name, offset, stride, count, fields }: Group,
  places: Places,
  lines: (field: Field, places: Places) => string[],
): string[] {
  const owner = `${places.owner}.${name}[slot]`;
  const from = `${offset} + slot * ${stride} + `;
  return [
    `  FOR slot := 0 TO ${count - 1} DO`,
    ...fields
      .flatMap((field) => lines(field, { ...places, from, owner }))
      .map((line) => `  ${line}`),
    '  END_FOR;',
  ];
}

function readField(field: Field, { array, from, owner, highAt }: Places): string[] {
  const { offset, type, name } = field;
  const target = `${owner}.${name}`;
  const item = (word: string) => (isWord(field) ? word : `WORD_TO_UINT(${word})`);
  if (isArray(field))
    return eachWord(field, `${target}[i] := ${item(`${array}[${from}${offset} + i]`)};`);
  if (type !== 'u32' && type !== 'i32')
    return [`  ${target} := ${item(`${array}[${from}${offset}]`)};`];
  const [high, low] = [offset + highAt, offset + 1 - highAt].map((at) => `${array}[${from}${at}]`);
  const joined = `WORD_TO_UDINT(${high}) * UDINT#65536 + WORD_TO_UDINT(${low})`;
  return [
    `  ${target} := ${type === 'u32' ? joined : `DWORD_TO_DINT(UDINT_TO_DWORD(${joined}))`};`,
  ];
}

function writeField(field: Field, { array, from, owner, highAt }: Places): string[] {
  const { offset, type, name } = field;
  const source = `${owner}.${name}`;
  const item = (value: string) => (isWord(field) ? value : `UINT_TO_WORD(${value})`);
  if (isArray(field))
    return eachWord(field, `${array}[${from}${offset} + i] := ${item(`${source}[i]`)};`);
  if (type !== 'u32' && type !== 'i32') return [`  ${array}[${from}${offset}] := ${item(source)};`];
  const number = type === 'u32' ? source : `DWORD_TO_UDINT(DINT_TO_DWORD(${source}))`;
  return [
    `  ${array}[${from}${offset + highAt}] := UDINT_TO_WORD(${number} / UDINT#65536);`,
    `  ${array}[${from}${offset + 1 - highAt}] := UDINT_TO_WORD(${number} MOD UDINT#65536);`,
  ];
}

const isArray = ({ type, count = 1 }: Field): boolean => type.startsWith('ascii') || count > 1;
const isWord = ({ type }: Field): boolean =>
  type === 'bits' || type === 'crc16' || type.startsWith('ascii');

const eachWord = (field: Field, line: string): string[] => [
  `  FOR i := 0 TO ${widthOf(field) - 1} DO`,
  `    ${line}`,
  '  END_FOR;',
];
