import type { Cell } from './topology.ts';

/** How hosts name what they name otherwise than the site file does. */
export interface HostCodeSettings {
  /** By our code of a place, an aisle or an area: the host's. */
  readonly names: Readonly<Record<string, string>>;
  /** How cells are named, such as `{aisle}-{side:12}-{bay:3}-{level:2}-{depth}`; absent: as here. */
  readonly cells?: string | undefined;
}

const fieldNames = ['aisle', 'side', 'bay', 'level', 'depth'] as const;
type FieldName = (typeof fieldNames)[number];

interface Field {
  readonly field: FieldName;
  /** Of a number: it is written with so many digits; undefined: with as many as it takes. */
  readonly digits?: number | undefined;
  /** Of the side: how left and right are written, one character each. */
  readonly sides?: string | undefined;
}
type Part = string | Field;

const partForm = /\{([a-z]+)(?::([^{}]+))?\}|([^{}]+)|[{}]/g;
const sidesByDefault = 'LR';

/** How to write a pattern, for messages. */
const forms =
  'write {aisle}, {side} or {side:12} (left, right), {bay}, {level} and {depth}, or {bay:3} for three digits';

/** @returns a sentence where `text` is no pattern */
function partsOf(text: string): readonly Part[] | string {
  const parts: Part[] = [];
  for (const [all, name, form, literal] of text.matchAll(partForm)) {
    if (literal !== undefined) {
      parts.push(literal);
      continue;
    }
    const field = fieldNames.find((known) => known === name);
    if (field === undefined) return `"${all}" is no field: ${forms}`;
    if (parts.some((part) => typeof part === 'object' && part.field === field)) {
      return `{${field}} is there twice`;
    }
    const part = fieldOf(field, form);
    if (part === undefined) return `"${all}" is no field: ${forms}`;
    parts.push(part);
  }
  return parts;
}

function fieldOf(field: FieldName, form: string | undefined): Field | undefined {
  if (form === undefined) return { field };
  if (field === 'aisle') return undefined;
  if (field !== 'side') return /^[1-3]$/.test(form) ? { field, digits: Number(form) } : undefined;
  const [left, right, more] = [...form];
  return right !== undefined && more === undefined && left !== right
    ? { field, sides: form }
    : undefined;
}

/** An aisle as far as its cells have names: how hosts call it, and how many cells it has. */
export interface NamedAisle {
  readonly name: string;
  readonly bays: number;
  readonly levels: number;
  readonly depths: number;
}

/**
 * Prints the code of a cell and reads it back, so that no list of cells is kept: a million of them cost nothing.
 * Reading is the inverse of printing where `whyNotClear` finds nothing.
 */
export class CellPattern {
  readonly #parts: readonly Part[];
  readonly #form: RegExp;

  /** @throws {TypeError} when `text` is no pattern: whoever calls this has asked `whyNotClear` */
  constructor(text: string, aisles: readonly string[]) {
    const parts = partsOf(text);
    if (typeof parts === 'string') throw new TypeError(parts);
    this.#parts = parts;
    this.#form = new RegExp(`^${parts.map((part) => formOf(part, aisles)).join('')}$`, 'u');
  }

  print(aisle: string, cell: Cell): string {
    return this.#parts
      .map((part) => {
        if (typeof part === 'string') return part;
        const { field, digits = 0, sides = sidesByDefault } = part;
        if (field === 'aisle') return aisle;
        if (field === 'side') return [...sides][cell.side === 'L' ? 0 : 1];
        return String(cell[field]).padStart(digits, '0');
      })
      .join('');
  }

  /** @returns the cell, which the aisle may not have; undefined: no cell is written like this */
  read(code: string): { readonly aisle: string | undefined; readonly cell: Cell } | undefined {
    const found = this.#form.exec(code)?.groups;
    if (found === undefined) return undefined;
    const { aisle, side, bay, level, depth = '1' } = found;
    const [left] = [...this.#sides];
    const numbers = { bay: Number(bay), level: Number(level), depth: Number(depth) };
    return { aisle, cell: { side: side === left ? 'L' : 'R', ...numbers } };
  }

  get #sides(): string {
    const side = this.#parts.find((part) => typeof part === 'object' && part.field === 'side');
    return (typeof side === 'object' ? side.sides : undefined) ?? sidesByDefault;
  }
}

function formOf(part: Part, aisles: readonly string[]): string {
  if (typeof part === 'string') return escaped(part);
  const { field, digits, sides = sidesByDefault } = part;
  if (field === 'aisle') return `(?<aisle>${aisles.map(escaped).join('|')})`;
  if (field === 'side') return `(?<side>${[...sides].map(escaped).join('|')})`;
  return `(?<${field}>${digits === undefined ? '[1-9]\\d*' : `\\d{${digits}}`})`;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * Why two cells could get the same code, or one no code; undefined: every cell has a code of its own, which can be
 * read from the left to the right without a doubt.
 */
export function whyNotClear(text: string, aisles: readonly NamedAisle[]): string | undefined {
  const parts = partsOf(text);
  if (typeof parts === 'string') return parts;
  return (
    whyMissing(parts, aisles) ??
    parts.map((_, i) => whyRunsOn(parts, i, aisles)).find((why) => why !== undefined) ??
    whyAislesMix(parts, aisles) ??
    whyTooMany(text, parts, aisles)
  );
}

function whyMissing(parts: readonly Part[], aisles: readonly NamedAisle[]): string | undefined {
  const has = (name: FieldName) =>
    parts.some((part) => typeof part === 'object' && part.field === name);
  const missing = (['side', 'bay', 'level'] as const).find((name) => !has(name));
  if (missing !== undefined) return `{${missing}} is missing: cells would share a code`;
  if (!has('depth') && aisles.some(({ depths }) => depths > 1)) {
    return '{depth} is missing: an aisle is double deep, and its cells would share a code';
  }
  if (!has('aisle') && aisles.length > 1) {
    return `{aisle} is missing: the cells of ${aisles.length} aisles would share a code`;
  }
  return undefined;
}

/** A number without a fixed length ends where something else than a digit comes. */
function whyRunsOn(
  parts: readonly Part[],
  i: number,
  aisles: readonly NamedAisle[],
): string | undefined {
  const [part, next] = [parts[i], parts[i + 1]];
  if (typeof part !== 'object' || next === undefined) return undefined;
  if (part.field === 'aisle' || part.field === 'side' || part.digits !== undefined)
    return undefined;
  const canBeDigit = firstOf(next, aisles).some((first) => /^\d/.test(first));
  if (!canBeDigit) return undefined;
  return `nobody can tell where {${part.field}} ends: say how many digits it has, as {${part.field}:3}, or put a - behind it`;
}

/** What may stand at the beginning of a part. */
function firstOf(part: Part, aisles: readonly NamedAisle[]): readonly string[] {
  if (typeof part === 'string') return [part];
  if (part.field === 'aisle') return aisles.map(({ name }) => name);
  if (part.field === 'side') return [...(part.sides ?? sidesByDefault)];
  return ['1'];
}

/** With what comes behind it, no name of an aisle may be the beginning of another one's. */
function whyAislesMix(parts: readonly Part[], aisles: readonly NamedAisle[]): string | undefined {
  const at = parts.findIndex((part) => typeof part === 'object' && part.field === 'aisle');
  if (at < 0) return undefined;
  const next = parts[at + 1];
  const end = typeof next === 'string' ? next : '';
  for (const { name } of aisles) {
    const other = aisles.find(
      (one) => one.name !== name && `${one.name}${end}`.startsWith(`${name}${end}`),
    );
    if (other === undefined) continue;
    return `aisle "${name}" cannot be told from aisle "${other.name}": put a - behind {aisle}, or give them other names`;
  }
  return undefined;
}

/** As the contract says of codes. */
const codeLengthMax = 24;

/** Digits must do for the largest aisle, and the code for the contract. */
function whyTooMany(
  text: string,
  parts: readonly Part[],
  aisles: readonly NamedAisle[],
): string | undefined {
  const largest = { bay: 'bays', level: 'levels', depth: 'depths' } as const;
  for (const part of parts) {
    if (typeof part === 'string' || part.field === 'aisle' || part.field === 'side') continue;
    const { field, digits = 3 } = part;
    const most = Math.max(...aisles.map((aisle) => aisle[largest[field]]));
    if (String(most).length > digits) return `{${field}:${digits}} is too short for ${most}`;
  }
  for (const { name, bays, levels, depths } of aisles) {
    const last: Cell = { side: 'L', bay: bays, level: levels, depth: depths };
    const code = new CellPattern(text, [name]).print(name, last);
    if (code.length > codeLengthMax) {
      return `"${code}" has ${code.length} characters, ${codeLengthMax} are allowed`;
    }
  }
  return undefined;
}
