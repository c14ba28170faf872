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
