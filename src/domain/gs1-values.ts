import { isoDate } from './gs1-calendar.ts';
import type { Gs1Element } from './gs1-elements.ts';
import { elementKinds } from './gs1-table.ts';

/**
 * What a code tells, as a person may read it: `GTIN 09506000134352, NET WEIGHT (kg) 1.250`.
 *
 * @param elements  checked, from `parseElements` or `parseLink`
 * @param yearNow   the year in which it is read, four digits; decides on centuries
 */
export const tellElements = (elements: readonly Gs1Element[], yearNow: number): string =>
  elements.map(({ ai, value }) => `${titleOf(ai)} ${tellValue({ ai, value }, yearNow)}`).join(', ');

const titleOf = (ai: string) => elementKinds.get(ai)?.title ?? `(${ai})`;

/**
 * A value with its parts set apart: dates as YYYY-MM-DD (day 00 is the last of the month), times as
 * HH:MM, decimals with their point. Text throughout, for a number would lose zeros and digits.
 */
export function tellValue({ ai, value }: Gs1Element, yearNow: number): string {
  const parts: string[] = [];
  let start = 0;
  for (const { lengthMax, linters } of elementKinds.get(ai)?.components ?? []) {
    const part = value.slice(start, start + lengthMax);
    if (part === '') break;
    start += part.length;
    const is = (check: string) => linters.some(({ name }) => name === check);
    if (is('yymmd0') || is('yymmdd') || is('yyyymmdd')) parts.push(isoDate(part, yearNow));
    else if (is('hhmi')) parts.push(`${part.slice(0, 2)}:${part.slice(2)}`);
    else parts.push(is('iso4217') ? part : withPoint(ai, part));
  }
  return parts.join(' ');
}

/** The last digit of these identifiers tells how many decimals the value has. */
function withPoint(ai: string, digits: string): string {
  if (!/^3(?:[1-6]..|9[0-5].)$/.test(ai)) return digits;
  const decimals = Number(ai[3]);
  if (decimals === 0) return digits.replace(/^0+(?=.)/, '');
  const whole = digits.slice(0, -decimals).replace(/^0+/, '') || '0';
  return `${whole}.${digits.slice(-decimals).padStart(decimals, '0')}`;
}
