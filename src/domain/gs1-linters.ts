import { isDate } from './gs1-calendar.ts';
import { hasCheckCharacters, hasCheckDigit } from './gs1-check-digit.ts';
import { countryLetters, countryNumbers, currencyNumbers, packageTypes } from './gs1-code-lists.ts';
import { isCoupon, isPositiveOffer } from './gs1-coupon.ts';

/** One check of the dictionary: what passes it, and what is said of what does not, after `(17) `. */
export interface Linter {
  readonly name: string;
  readonly passes: (value: string) => boolean;
  readonly problem: string;
}

const linter = (passes: Linter['passes'], problem: string) => ({ passes, problem });
const matches = (pattern: RegExp) => (value: string) => pattern.test(value);

/** A company prefix is digits; whether it was ever given out only its registry knows. */
const prefixFrom = (start: number) => (value: string) => /^[0-9]{2}/.test(value.slice(start));

/** Digits of the same number compare as text as they do as numbers. */
const upTo = (most: string) => (value: string) => value <= most;

function isIban(value: string): boolean {
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]+$/.test(value) || !countryLetters.has(value.slice(0, 2))) {
    return false;
  }
  let rest = 0;
  for (const character of value.slice(4) + value.slice(0, 4)) {
    const number = Number.parseInt(character, 36);
    rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
  }
  return rest === 1;
}

function isPieceOfTotal(value: string): boolean {
  const piece = value.slice(0, value.length / 2);
  const total = value.slice(value.length / 2);
  return Number(piece) >= 1 && piece <= total;
}

function isPositionOfEnd(value: string): boolean {
  const [, position, end] = /^([1-9][0-9]*)\/([1-9][0-9]*)$/.exec(value) ?? [];
  return position !== undefined && end !== undefined && Number(position) <= Number(end);
}

/**
 * The checks of the dictionary by the names that it gives them.
 *
 * Not checked, for it would need a register that changes by the day: whether a company prefix was
 * given out, and how long it is.
 *
 * Source: gs1/gs1-syntax-dictionary (Apache-2.0), `src/lint_*.c`.
 */
export const linters: ReadonlyMap<string, Linter> = new Map(
  Object.entries({
    couponcode: linter(isCoupon, 'is no coupon code'),
    couponposoffer: linter(isPositiveOffer, 'is no positive offer'),
    csum: linter(hasCheckDigit, 'has a wrong check digit'),
    csumalpha: linter(hasCheckCharacters, 'has wrong check characters'),
    gcppos1: linter(prefixFrom(0), 'does not begin with a company prefix'),
    gcppos2: linter(prefixFrom(1), 'holds no company prefix after its first character'),
    hasnondigit: linter(matches(/[^0-9]/), 'is digits only'),
    hh: linter(upTo('23'), 'has no hour'),
    hhmi: linter(matches(/^(?:[01][0-9]|2[0-3])[0-5][0-9]$/), 'has no time of day'),
    hyphen: linter(matches(/^-$/), 'has another sign than a minus'),
    iban: linter(isIban, 'is no IBAN'),
    importeridx: linter(matches(/^[-0-9A-Z_a-z]$/), 'has no importer index'),
    iso3166: linter((value) => countryNumbers.has(value), 'has an unknown country'),
    iso3166999: linter(
      (value) => value === '999' || countryNumbers.has(value),
      'has an unknown country',
    ),
    iso3166alpha2: linter((value) => countryLetters.has(value), 'has an unknown country'),
    iso4217: linter((value) => currencyNumbers.has(value), 'has an unknown currency'),
    iso5218: linter(matches(/^[0129]$/), 'is not 0, 1, 2 or 9'),
    latitude: linter(upTo('1800000000'), 'has no latitude'),
    longitude: linter(upTo('3600000000'), 'has no longitude'),
    mediatype: linter(matches(/^(?:0[1-9]|10|[89][0-9])$/), 'is an unknown kind of medium'),
    mi: linter(upTo('59'), 'has no minute'),
    nonzero: linter(matches(/[^0]/), 'is zero where it may not be'),
    nozeroprefix: linter(matches(/^(?:0$|[^0])/), 'begins with zero'),
    packagetype: linter((value) => packageTypes.has(value), 'is an unknown kind of package'),
    pcenc: linter(matches(/^(?:[^%]|%[0-9A-Fa-f]{2})*$/), 'has a % without two digits after it'),
    pieceoftotal: linter(isPieceOfTotal, 'has no piece of a total'),
    posinseqslash: linter(isPositionOfEnd, 'is no position in a row'),
    ss: linter(upTo('59'), 'has no second'),
    winding: linter(matches(/^[019]$/), 'has no direction of winding'),
    yesno: linter(matches(/^[01]$/), 'is not 0 or 1'),
    yymmd0: linter((value) => isDate(value, 0), 'is no date'),
    yymmdd: linter((value) => isDate(value, 1), 'is no date'),
    yyyymmdd: linter((value) => isDate(value, 1), 'is no date'),
    zero: linter(matches(/^0$/), 'does not begin with zero'),
  }).map(([name, check]) => [name, { name, ...check }]),
);
