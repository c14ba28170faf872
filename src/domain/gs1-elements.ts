import { ValueError } from './errors.ts';
import { aiLengths, type ElementKind, elementKinds } from './gs1-table.ts';

/** One element of a GS1 code: what it tells (application identifier), and the value as read. */
export interface Gs1Element {
  readonly ai: string;
  /** Text, also where it is digits: 18 digits do not fit a number. */
  readonly value: string;
}

/** Longest GS1 code that is taken; the densest symbol in use holds fewer characters. */
const lengthMax = 512;
const separator = '\x1d';

const characters = {
  N: /^[0-9]+$/,
  X: /^[!"%-/0-9:-?A-Z_a-z]+$/,
  Y: /^[#\-/0-9A-Z]+$/,
  // Padding may be there where the whole is a multiple of 3 characters.
  Z: /^(?:[-\w]+|(?=(?:...)+$)[-\w]+={1,2})$/,
} as const;

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

/**
 * The element string that a printer puts into a symbol: a separator after each value of open length
 * but the last. `parseElements` gives the same elements back.
 */
export function writeElements(elements: readonly Gs1Element[]): string {
  const last = elements.length - 1;
  return elements
    .map(({ ai, value }, index) => {
      const isSeparated = index < last && !elementKinds.get(ai)?.isPredefined;
      return `${ai}${value}${isSeparated ? separator : ''}`;
    })
    .join('');
}

function firstElement(text: string): { element: Gs1Element; consumed: number } {
  const { ai, kind } = identifierOf(text);
  const body = text.slice(ai.length);
  const end = body.indexOf(separator);
  const upToSeparator = end < 0 ? body : body.slice(0, end);
  const value = kind.isPredefined ? upToSeparator.slice(0, longest(kind)) : upToSeparator;
  checkElement({ ai, value });
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

const longest = ({ components }: ElementKind) =>
  components.reduce((sum, component) => sum + component.lengthMax, 0);
const shortest = ({ components }: ElementKind) =>
  components.reduce((sum, { isOptional, lengthMin }) => sum + (isOptional ? 0 : lengthMin), 0);

/**
 * Checks one element by itself.
 *
 * @throws {ValueError} with what is wrong as its message
 */
export function checkElement({ ai, value }: Gs1Element): void {
  const kind = elementKinds.get(ai);
  if (kind === undefined) {
    throw new ValueError('Unknown application identifier', { context: { at: ai.slice(0, 4) } });
  }
  if (value.length > longest(kind)) throw new ValueError(`(${ai}) is too long`);
  if (value.length < shortest(kind)) throw new ValueError(`(${ai}) is too short`);
  let start = 0;
  for (const component of kind.components) {
    // Each takes all that it may; only the last one of a kind varies in length.
    const part = value.slice(start, start + component.lengthMax);
    start += part.length;
    if (part === '' && component.isOptional) return;
    if (part.length < component.lengthMin) throw new ValueError(`(${ai}) is too short`);
    if (!characters[component.characters].test(part)) {
      throw new ValueError(`(${ai}) holds a character that it may not`);
    }
    const failed = component.linters.find(({ passes }) => !passes(part));
    if (failed !== undefined) throw new ValueError(`(${ai}) ${failed.problem}`);
  }
}

/**
 * Checks which elements stand together.
 *
 * @throws {ValueError} with what is missing, too much, or there twice with different values
 */
export function checkTogether(elements: readonly Gs1Element[]): void {
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
  const isThere = (pattern: string) => others.some((other) => fits(pattern, other));
  const kind = elementKinds.get(ai);
  const excluded = kind?.excludes.find(isThere);
  if (excluded) throw new ValueError(`(${ai}) may not stand with (${excluded})`);
  const missing = kind?.needs.find((row) => !row.some((group) => group.every(isThere)));
  if (missing) {
    const alternatives = missing.map((group) => `(${group.join(') with (')})`);
    throw new ValueError(`(${ai}) needs one of ${alternatives.join(', ')}`);
  }
}

/** `310n` and `31nn` stand for identifiers of four digits that begin so. */
const fits = (pattern: string, ai: string) =>
  pattern.endsWith('n')
    ? ai.length === 4 && ai.startsWith(pattern.replace(/n+$/, ''))
    : ai === pattern;
