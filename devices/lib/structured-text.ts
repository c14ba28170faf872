import {
  type Block,
  codesOf,
  contractOf,
  type Field,
  type Group,
  type InterfaceFile,
} from './interface-file.ts';
import { hex } from './register-document.ts';
import { widthOf } from './registers.ts';

/**
 * Names of a stub. Structured Text does not tell upper from lower case, so that a type and a constant
 * must differ by more than that.
 */
export interface StubNames {
  /** Begins the name of each type and function: `CraneBlock`. */
  readonly type: string;
  /** Begins the name of each constant: `CRANE_BLOCK`. */
  readonly constant: string;
}

export const stubNames = ({ meta }: InterfaceFile): StubNames => ({
  type: meta.id.split('-').map(capital).join(''),
  constant: meta.id.replaceAll('-', '_').toUpperCase(),
});

/** `linkStatus` → `LinkStatus` */
export const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** `changeDestination` → `CHANGE_DESTINATION` */
const upper = (word: string): string =>
  word.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();

/** `WORD#16#00FF` */
const wordLiteral = (value: number): string => `WORD#16#${hex(value, 4).slice(2)}`;

/** A comment on the line; whatever ends a comment is taken out of `text`. */
export const comment = (text: string): string =>
  `(* ${text
    .replaceAll('(*', '(')
    .replaceAll('*)', ')')
    .replaceAll(/[^\x20-\x7e]/g, '-')} *)`;

/** Constants, types and the functions below all blocks, for the PLC of `file`. IEC 61131-3, second edition. */
export const commonText = (file: InterfaceFile): string =>
  [constantsText(file), ...file.blocks.map((block) => typesText(file, block)), basics(file)].join(
    '\n\n',
  );

function constantsText(file: InterfaceFile): string {
  const { constant } = stubNames(file);
  const { mapVersion, wordOrderTest } = contractOf(file);
  const line = (name: string, type: string, value: string, doc = '') =>
    `  ${constant}_${name} : ${type} := ${value};${doc === '' ? '' : ` ${comment(doc)}`}`;
  const enums = Object.keys(file.enums).flatMap((row) =>
    [...codesOf(file, row).names].map(([code, name]) =>
      line(`${upper(row)}_${upper(name)}`, 'UINT', String(code)),
    ),
  );
  const bits = Object.entries(file.bits).flatMap(([row, places]) =>
    Object.entries(places)
      .filter(([place]) => !place.includes('-'))
      .map(([place, { name, doc }]) =>
        line(`${upper(row)}_${upper(name)}`, 'WORD', wordLiteral(1 << Number(place)), doc),
      ),
  );
  const times = file.timing
    .filter(({ side, unit }) => side !== 'craneway' && unit === 'ms')
    .map(({ name, default: value, doc }) => line(upper(name), 'TIME', `T#${value}ms`, doc));
  return [
    'VAR_GLOBAL CONSTANT',
    line('MAP_VERSION', 'UINT', String(mapVersion), hex(mapVersion, 4)),
    line('WORD_ORDER_TEST', 'UDINT', `UDINT#16#${hex(wordOrderTest, 8).slice(2)}`),
    ...times,
    ...enums,
    ...bits,
    'END_VAR',
  ].join('\n');
}

function typesText(file: InterfaceFile, block: Block): string {
  const { type } = stubNames(file);
  const { name, base, length, groups = [] } = block;
  const title = capital(name);
  return [
    `${comment(`Block ${name}: registers as the Modbus server shows them, from address ${base}.`)}`,
    `TYPE ${type}_${title}Registers : ARRAY[0..${length - 1}] OF WORD; END_TYPE`,
    ...groups.map((group) => structText(`${type}_${capital(group.name)}Slot`, group.fields)),
    structText(`${type}_${title}`, block.fields, groups, type),
  ].join('\n\n');
}

function structText(
  name: string,
  fields: readonly Field[],
  groups: readonly Group[] = [],
  prefix = '',
): string {
  const rows = [
    ...fields.map((field) => ({ offset: field.offset, text: memberText(field) })),
    ...groups.map((group) => ({
      offset: group.offset,
      text: `    ${group.name} : ARRAY[0..${group.count - 1}] OF ${prefix}_${capital(group.name)}Slot; ${comment(`${group.offset}: ${group.doc} Slot = ${group.slot}.`)}`,
    })),
  ].toSorted((a, b) => a.offset - b.offset);
  return `TYPE ${name} :\n  STRUCT\n${rows.map(({ text }) => text).join('\n')}\n  END_STRUCT;\nEND_TYPE`;
}

function memberText(field: Field): string {
  const { name, offset, doc, unit, retentive = false } = field;
  const width = widthOf(field);
  const at = width === 1 ? String(offset) : `${offset}-${offset + width - 1}`;
  const notes = [unit === undefined ? '' : ` Unit ${unit}.`, retentive ? ' Retentive.' : ''];
  return `    ${name} : ${stTypeOf(field)}; ${comment(`${at}: ${doc}${notes.join('')}`)}`;
}

/** Text stays as it is in the registers: how a STRING is laid out differs from maker to maker. */
function stTypeOf(field: Field): string {
  const { type, count = 1 } = field;
  if (type.startsWith('ascii')) return `ARRAY[0..${widthOf(field) - 1}] OF WORD`;
  const plain = { u32: 'UDINT', i32: 'DINT', bits: 'WORD', crc16: 'WORD' }[type] ?? 'UINT';
  return count > 1 ? `ARRAY[0..${count - 1}] OF ${plain}` : plain;
}

const basics = (file: InterfaceFile): string => {
  const { type } = stubNames(file);
  const shift = (indent: string) =>
    [
      `${indent}FOR i := 1 TO 8 DO`,
      `${indent}  IF (work AND WORD#16#0001) <> WORD#16#0000 THEN`,
      `${indent}    work := SHR(work, 1) XOR WORD#16#A001;`,
      `${indent}  ELSE`,
      `${indent}    work := SHR(work, 1);`,
      `${indent}  END_IF;`,
      `${indent}END_FOR;`,
    ].join('\n');
  return `${comment('CRC-16/MODBUS goes on over one register, high byte first. Begin with WORD#16#FFFF; "123456789" gives 16#4B37.')}
FUNCTION ${type}_Crc : WORD
VAR_INPUT
  crc : WORD;
  value : WORD;
END_VAR
VAR
  work : WORD;
  i : INT;
END_VAR
  work := crc XOR SHR(value, 8);
${shift('  ')}
  work := work XOR (value AND WORD#16#00FF);
${shift('  ')}
  ${type}_Crc := work;
END_FUNCTION

${comment('Whether 16-bit counter a is newer than b: (a - b) modulo 65536 is 1 to 32767.')}
FUNCTION ${type}_IsNewer : BOOL
VAR_INPUT
  a : UINT;
  b : UINT;
END_VAR
VAR
  steps : UDINT;
END_VAR
  steps := (UINT_TO_UDINT(a) + UDINT#65536 - UINT_TO_UDINT(b)) MOD UDINT#65536;
  ${type}_IsNewer := (steps >= UDINT#1) AND (steps <= UDINT#32767);
END_FUNCTION`;
};
