import { ValueError } from './errors.ts';
import { checkElement, checkTogether, type Gs1Element } from './gs1-elements.ts';
import { elementKinds } from './gs1-table.ts';

/** Longest address that is taken, and most elements in it. */
const lengthMax = 2_048;
const elementsMax = 64;

/** Whether a code is an address, and so may be a Digital Link. */
export const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text);

/**
 * Takes a GS1 Digital Link apart: `https://domain/stem/01/GTIN/10/batch/21/serial?17=date`.
 *
 * The last primary key in the path counts; what stands before it belongs to the domain's owner.
 * Its qualifiers must come in their order. In the query, keys that are not digits are left alone, for
 * they are the owner's as well; digits that are no identifier are an error. GTINs of 8, 12 and 13
 * digits are filled up to 14. Everything else is as strict as in `parseElements`.
 *
 * @returns  the path's elements, then the query's
 * @throws {ValueError} with what is wrong as its message
 *
 * Source: GS1 Digital Link Standard: URI Syntax, section 6; gs1/gs1-syntax-engine `src/c-lib/dl.c`.
 */
export function parseLink(text: string): readonly Gs1Element[] {
  if (text.length > lengthMax) throw new ValueError(`Longer than ${lengthMax} characters`);
  // Only the addresses that its standard allows: the scheme in one case, a domain, a path.
  const [, domain, path = '', query = ''] =
    /^(?:https?|HTTPS?):\/\/([^/?#]+)(\/[^?#]*)(?:\?([^#]*))?(?:#.*)?$/.exec(text) ?? [];
  if (domain === undefined || !/^[A-Za-z0-9.:[\]-]+$/.test(domain)) {
    throw new ValueError('Is no http or https address with a path');
  }
  if (!/^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(text)) {
    throw new ValueError('Holds characters that no address has');
  }
  const inPath = elementsOfPath(path);
  const inQuery = elementsOfQuery(query);
  if (inPath.length + inQuery.length > elementsMax) {
    throw new ValueError(`Holds more than ${elementsMax} elements`);
  }
  checkQuery(inQuery, inPath);
  const elements = [...inPath, ...inQuery];
  for (const element of elements) checkElement(element);
  checkTogether(elements);
  return elements;
}

/** From the end of the path back to the last primary key: identifier, value, identifier, value. */
function elementsOfPath(path: string): Gs1Element[] {
  const segments = path.split('/').slice(1);
  const elements: Gs1Element[] = [];
  for (let index = segments.length - 2; index >= 0; index -= 2) {
    const ai = segments[index] ?? '';
    const kind = elementKinds.get(ai);
    if (kind === undefined) break;
    elements.unshift({ ai, value: gtin14(ai, decoded(ai, segments[index + 1] ?? '')) });
    if (kind.linkQualifiers === undefined) continue;
    if (!isInOrder(elements.map((element) => element.ai))) {
      throw new ValueError(`After (${ai}), the path holds what may not follow it there`);
    }
    return elements;
  }
  throw new ValueError('The path holds no GS1 key');
}

function elementsOfQuery(query: string): Gs1Element[] {
  return query.split('&').flatMap((pair) => {
    const end = pair.indexOf('=');
    const ai = pair.slice(0, end);
    if (end < 0 || !/^[0-9]+$/.test(ai)) return [];
    const value = decoded(ai, pair.slice(end + 1).replaceAll('+', ' '));
    return [{ ai, value: gtin14(ai, value) }];
  });
}

/** The key first, then qualifiers of one of its rows, each after those before it in the row. */
function isInOrder([key = '', ...qualifiers]: readonly string[]): boolean {
  return (elementKinds.get(key)?.linkQualifiers ?? []).some((row) => {
    let from = 0;
    return qualifiers.every((ai) => {
      const index = row.indexOf(ai, from);
      from = index + 1;
      return index >= 0;
    });
  });
}

/** @throws {ValueError} for what may not stand in a query, stands there twice, or belongs into the path */
function checkQuery(query: readonly Gs1Element[], path: readonly Gs1Element[]): void {
  const inPath = path.map(({ ai }) => ai);
  const seen = new Set(inPath);
  for (const { ai } of query) {
    if (seen.has(ai)) throw new ValueError(`(${ai.slice(0, 4)}) stands twice`);
    seen.add(ai);
    const kind = elementKinds.get(ai);
    if (kind === undefined) throw new ValueError('Unknown application identifier in the query');
    if (!kind.isLinkAttribute) throw new ValueError(`(${ai}) may not stand in the query`);
    const withIt = inPath.map((_, index) => inPath.toSpliced(index + 1, 0, ai));
    if (withIt.some(isInOrder)) throw new ValueError(`(${ai}) belongs into the path`);
  }
}

function decoded(ai: string, value: string): string {
  if (value === '') throw new ValueError(`(${ai.slice(0, 4)}) is too short`);
  // Byte by byte: GS1 values are ASCII, and half a percent sign is left to the character check.
  return value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const gtin14 = (ai: string, value: string) =>
  ai === '01' && [8, 12, 13].includes(value.length) ? value.padStart(14, '0') : value;
