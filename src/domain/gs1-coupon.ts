import { isDate } from './gs1-calendar.ts';

/**
 * One field of a coupon, read from the front of what is left.
 *
 * `length`: so many digits. `counted`: one digit that tells the length, and that many and `plus` more digits.
 */
type Field =
  | { readonly length: number; readonly is?: RegExp }
  | { readonly counted: RegExp; readonly plus: number; readonly none?: string };

const companyPrefix: Field = { counted: /[0-6]/, plus: 6 };
/** 9 says that there is none, and nothing follows it. */
const otherPrefix: Field = { counted: /[0-6]/, plus: 6, none: '9' };
const offerCode: Field = { length: 6 };
const amount: Field = { counted: /[1-5]/, plus: 0 };
const requirement: Field = { length: 1, is: /[0-49]/ };
const family: Field = { length: 3 };
const date: Field = { length: 6 };
const serial: Field = { counted: /[0-9]/, plus: 6 };

const required = [companyPrefix, offerCode, amount, amount, requirement, family];
const flags: readonly Field[] = [
  { length: 1, is: /[01256]/ },
  { length: 1, is: /[0-2]/ },
  { length: 1 },
  { length: 1, is: /[01]/ },
];
/** Groups that may follow, each after its digit, in rising order. */
const groups: readonly (readonly [mark: string, fields: readonly Field[]])[] = [
  ['1', [{ length: 1, is: /[0-3]/ }, amount, requirement, family, otherPrefix]],
  ['2', [amount, requirement, family, otherPrefix]],
  ['3', [date]],
  ['4', [date]],
  ['5', [serial]],
  ['6', [{ counted: /[1-7]/, plus: 6 }]],
  ['9', flags],
];

/** What follows a field; undefined when the text does not begin with it. */
function after(text: string, field: Field): string | undefined {
  if ('length' in field) {
    const value = text.slice(0, field.length);
    const fits = value.length === field.length && (field.is?.test(value) ?? true);
    return fits ? text.slice(field.length) : undefined;
  }
  const count = text.slice(0, 1);
  if (count !== '' && count === field.none) return text.slice(1);
  if (!field.counted.test(count)) return undefined;
  const end = 1 + Number(count) + field.plus;
  return text.length < end ? undefined : text.slice(end);
}

function afterAll(text: string, fields: readonly Field[]): string | undefined {
  let rest: string | undefined = text;
  for (const field of fields) {
    if (rest === undefined) return undefined;
    rest = after(rest, field);
  }
  return rest;
}

/** North American coupon code. Source: gs1-syntax-dictionary (Apache-2.0), `lint_couponcode.c`. */
export function isCoupon(value: string): boolean {
  if (!/^[0-9]+$/.test(value)) return false;
  let rest = afterAll(value, required);
  const dates = new Map<string, string>();
  for (const [mark, fields] of groups) {
    if (!rest?.startsWith(mark)) continue;
    if (fields[0] === date) dates.set(mark, rest.slice(1, 7));
    rest = afterAll(rest.slice(1), fields);
  }
  const expires = dates.get('3');
  const isInOrder = expires === undefined || (dates.get('4') ?? expires) <= expires;
  return rest === '' && [...dates.values()].every((day) => isDate(day, 1)) && isInOrder;
}

/** North American positive offer file. Source: gs1-syntax-dictionary (Apache-2.0), `lint_couponposoffer.c`. */
export const isPositiveOffer = (value: string): boolean =>
  /^[0-9]+$/.test(value) &&
  afterAll(value, [{ length: 1, is: /[01]/ }, companyPrefix, offerCode, serial]) === '';
