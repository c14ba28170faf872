import { ValueError } from './errors.ts';

const digits = /^[0-9]+$/;

/**
 * Check digit of a GS1 key. Weights 3, 1, 3, … from the rightmost payload digit leftwards:
 *
 *     c = (10 − (3·d₁ + d₂ + 3·d₃ + …) mod 10) mod 10,   d₁ rightmost
 *
 * @param payload  decimal digits without the check digit; 17 of them for an SSCC
 * @returns        one digit, 0–9
 * @throws {ValueError} when `payload` is empty or holds anything but digits
 *
 * Source: GS1 General Specifications, section 7.9.
 */
export function checkDigit(payload: string): number {
  if (!digits.test(payload)) {
    throw new ValueError('A check digit is made of digits only', {
      context: { payload: payload.slice(0, 60) },
    });
  }
  let sum = 0;
  let weight = 3;
  for (let index = payload.length - 1; index >= 0; index -= 1) {
    sum += weight * Number(payload[index]);
    weight = 4 - weight;
  }
  return (10 - (sum % 10)) % 10;
}

/** Whether `key` is digits of which the last is the check digit of the others. */
export function hasCheckDigit(key: string): boolean {
  if (key.length < 2 || !digits.test(key)) return false;
  return checkDigit(key.slice(0, -1)) === Number(key.at(-1));
}

const cset82 =
  '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const cset32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
];

/**
 * Whether the last two characters of `key` are the check characters of those before them.
 *
 * Each character's place in CSET 82, times the primes from 2 upwards counted from the right, summed up
 * modulo 1021; the sum is written as two digits of 32, in an alphabet without 0, 1, I and O.
 *
 * @param key  3 to 25 characters
 *
 * Source: GS1 General Specifications, section 7.9.5 (alphanumeric keys: GMN).
 */
export function hasCheckCharacters(key: string): boolean {
  const payload = [...key.slice(0, -2)].reverse();
  if (payload.length === 0 || payload.length > primes.length) return false;
  let sum = 0;
  for (const [index, character] of payload.entries()) {
    const place = cset82.indexOf(character);
    if (place < 0) return false;
    sum += place * (primes[index] ?? 0);
  }
  const rest = sum % 1021;
  return key.slice(-2) === `${cset32[Math.floor(rest / 32)]}${cset32[rest % 32]}`;
}
