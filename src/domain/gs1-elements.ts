import { ValueError } from './errors.ts';
import { hasCheckDigit } from './gs1-check-digit.ts';
import { aiLengths, type Component, type ElementKind, elementKinds } from './gs1-table.ts';

/** One element of a GS1 code: what it tells (application identifier), and the value as read. */
export interface Gs1Element {
  readonly ai: string;
  /** Text, also where it is digits: 18 digits do not fit a number. */
  readonly value: string;
}

/** Longest GS1 code that is taken; the densest symbol in use holds fewer characters. */
const lengthMax = 512;
const separator = '\x1d';

const characters: Readonly<Record<Component['characters'], RegExp>> = {
  digits: /^[0-9]+$/,
  cset82: /^[!"%-/0-9:-?A-Z_a-z]+$/,
};

const checks: Readonly<Record<NonNullable<Component['check']>, (value: string) => boolean>> = {
  checkDigit: hasCheckDigit,
  date: (value) => isDate(value, 1),
  dateOrMonth: (value) => isDate(value, 0),
  hourMinute: (value) => Number(value.slice(0, 2)) <= 23 && Number(value.slice(2)) <= 59,
  pieceOfTotal: (value) => isPieceOfTotal(Number(value.slice(0, 2)), Number(value.slice(2))),
};

/**
 * Takes a GS1 element string apart: what a GS1-128, GS1 DataMatrix or GS1 QR code holds.
 *
 * Strict: an unknown identifier, a wrong check digit, a date that is not in the
 * calendar, a value too short or too long, or identifiers that may not stand
 * together make the whole code unusable. A separator that is missing after a value of open
 * length cannot be noticed: what follows is then part of that value.
 *
 * @param text  without AIM identifier; separators are GS (0x1D), one in front is ignored
 * @returns     in the order of the code; at least one
 * @throws {ValueError} with what is wrong as its message
 *
 * Source: GS1 General Specifications, sections 3 and 7.8; gs1/gs1-syntax-engine `src/c-lib/ai.c`.
 */
export function parseElements(text: string): readonly Gs1Element[] {
  if (text.length > lengthMax) throw new ValueError(`Longer than ${lengthMax} characters`);
  const elements: Gs1Element[] = [];
  let rest = text.startsWith(separator) ? text.slice(1) : text;
  if (rest === '') throw new ValueError('Holds no element');
  while (rest !== '') {
    const { element, consumed } = firstElement(rest);
    elements.push(element);
    rest = rest.slice(consumed);
  }
  checkTogether(elements);
  return elements;
}

function firstElement(text: string): { element: Gs1Element; consumed: number } {
  const { ai, kind } = identifierOf(text);
  const body = text.slice(ai.length);
  const end = body.indexOf(separator);
  const upToSeparator = end < 0 ? body : body.slice(0, end);
  const lengthMax = total(kind, 'lengthMax');
  const value = kind.isPredefined ? upToSeparator.slice(0, lengthMax) : upToSeparator;
  if (value.length > lengthMax) throw new ValueError(`(${ai}) is too long`);
  if (value.length < total(kind, 'lengthMin')) throw new ValueError(`(${ai}) is too short`);
  checkValue(ai, kind, value);
  const isSeparated = body[value.length] === separator;
  const consumed = ai.length + value.length + (isSeparated ? 1 : 0);
  // Between elements a needless separator is harmless; at the end it tells that something was cut off.
  if (kind.isPredefined && isSeparated && consumed === text.length) {
    throw new ValueError(`Nothing follows the separator after (${ai})`);
  }
  return { element: { ai, value }, consumed };
}

function identifierOf(text: string): { ai: string; kind: ElementKind } {
  for (const length of aiLengths) {
    const ai = text.slice(0, length);
    const kind = elementKinds.get(ai);
    if (kind) return { ai, kind };
  }
  throw new ValueError('Unknown application identifier', { context: { at: text.slice(0, 4) } });
}

const total = ({ components }: ElementKind, of: 'lengthMin' | 'lengthMax') =>
  components.reduce((sum, component) => sum + component[of], 0);

function checkValue(ai: string, kind: ElementKind, value: string): void {
  let start = 0;
  for (const component of kind.components) {
    // Only the last component of a kind may vary in length, so the others can be cut off by theirs.
    const part = value.slice(start, start + component.lengthMax);
    start += part.length;
    if (!characters[component.characters].test(part)) {
      throw new ValueError(`(${ai}) holds a character that it may not`);
    }
    if (component.check && !checks[component.check](part)) {
      throw new ValueError(`(${ai}) is wrong: ${component.check}`);
    }
  }
}

function checkTogether(elements: readonly Gs1Element[]): void {
  const values = new Map<string, string>();
  for (const { ai, value } of elements) {
    const before = values.get(ai);
    if (before !== undefined && before !== value) {
      throw new ValueError(`(${ai}) stands twice with different values`);
    }
    values.set(ai, value);
  }
  const present = [...values.keys()];
  for (const ai of present) checkCompanions(ai, present);
}

function checkCompanions(ai: string, present: readonly string[]): void {
  const others = present.filter((other) => other !== ai);
  const kind = elementKinds.get(ai);
  const excluded = kind?.excludes.find((pattern) => others.some((other) => fits(pattern, other)));
  if (excluded) throw new ValueError(`(${ai}) may not stand with (${excluded})`);
  const missing = kind?.needs.find(
    (group) => !group.some((pattern) => others.some((other) => fits(pattern, other))),
  );
  if (missing) throw new ValueError(`(${ai}) needs one of (${missing.join('), (')})`);
}

const fits = (pattern: string, ai: string) =>
  pattern.endsWith('n') ? ai.length === 4 && ai.startsWith(pattern.slice(0, -1)) : ai === pattern;

/** YYMMDD. The century does not matter: of the two that a year can mean, 00 is the leap year 2000. */
function isDate(value: string, dayMin: number): boolean {
  const [year, month, day] = [0, 2, 4].map((start) => Number(value.slice(start, start + 2)));
  if (year === undefined || month === undefined || day === undefined) return false;
  const february = year % 4 === 0 ? 29 : 28;
  const days = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= dayMin && day <= days;
}

const isPieceOfTotal = (piece: number, of: number) => piece >= 1 && piece <= of;
