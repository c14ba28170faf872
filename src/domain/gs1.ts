import { LimitError, ValueError } from './errors.ts';
import { checkDigit, hasCheckDigit } from './gs1-check-digit.ts';
import { type Gs1Element, parseElements } from './gs1-elements.ts';
import { isWebAddress, parseLink } from './gs1-link.ts';
import { isLoadUnitId, type LoadUnitId, type Sscc } from './ids.ts';
import type { SsccRange } from './site.ts';

/**
 * The SSCC in `text`.
 *
 * @param text  18 digits, the last one the check digit
 * @throws {ValueError} when it is anything else
 *
 * Source: GS1 General Specifications, section 2.2.1 and 3.2 (AI 00).
 */
export function parseSscc(text: string): Sscc {
  if (!isSscc(text)) throw new ValueError('Not an SSCC', { context: { text: text.slice(0, 60) } });
  return text;
}

/** How many SSCCs a range holds: serial numbers 0 up to one less than this. */
export const ssccCount = ({ companyPrefix }: Pick<SsccRange, 'companyPrefix'>): number =>
  10 ** (16 - companyPrefix.length);

/**
 * The SSCC with this serial number: extension digit, company prefix, serial number, check digit.
 *
 * @param serial  from 0; the caller counts, and never gives one twice within 12 months
 * @throws {LimitError} when the range holds no such number: all are given out
 * @throws {ValueError} when the range is none, or `serial` is no whole number from 0
 */
export function makeSscc({ extension, companyPrefix }: SsccRange, serial: number): Sscc {
  if (!/^[0-9]$/.test(String(extension)) || !/^[0-9]{4,12}$/.test(companyPrefix)) {
    throw new ValueError('Not an SSCC range', { context: { extension, companyPrefix } });
  }
  if (!Number.isSafeInteger(serial) || serial < 0) {
    throw new ValueError('Not a serial number', { context: { serial } });
  }
  if (serial >= ssccCount({ companyPrefix })) {
    throw new LimitError('All SSCCs of the range are given out', {
      context: { extension, companyPrefix, serial },
    });
  }
  const digits = String(serial).padStart(16 - companyPrefix.length, '0');
  const payload = `${extension}${companyPrefix}${digits}`;
  return parseSscc(`${payload}${checkDigit(payload)}`);
}

/** Whom or what a scanned code names. */
export type CodeReading =
  | { readonly kind: 'sscc'; readonly sscc: Sscc }
  | { readonly kind: 'lpn'; readonly loadUnit: LoadUnitId }
  /** A sound GS1 code that names no load unit: articles, batches, orders. */
  | { readonly kind: 'gs1'; readonly elements: readonly Gs1Element[] }
  | { readonly kind: 'malformed'; readonly reason: string };

/**
 * Symbologies that announce GS1 elements: GS1-128, GS1 DataMatrix, GS1 QR, GS1 DataBar, GS1 DotCode.
 * Source: ISO/IEC 15424; gs1/gs1-syntax-engine `src/c-lib/scandata.c`.
 */
const gs1Symbologies: ReadonlySet<string> = new Set([']C1', ']d2', ']Q3', ']e0', ']J1']);

/** Symbologies in which an address may be a GS1 Digital Link: QR code and Data Matrix. */
const linkSymbologies: ReadonlySet<string> = new Set([']Q1', ']d1']);

/**
 * Reads a scanned code as an identity.
 *
 * A code announced as GS1 holds element strings or it is malformed. One announced
 * as something else is an LPN even where it looks like GS1. Where the scanner sends no symbology,
 * 18 digits, or 00 and 18 digits, with a right check digit are an SSCC; all else is an LPN.
 * An address in a QR code, in a Data Matrix or without symbology is a GS1 Digital Link if it holds a key.
 *
 * @param code  without framing and AIM identifier; control characters kept
 * @param aim   such as `]C1`; undefined where the scanner does not send it
 */
export function readCode(code: string, aim: string | undefined): CodeReading {
  if (aim !== undefined && gs1Symbologies.has(aim)) return readElements(code, parseElements);
  if (isWebAddress(code) && (aim === undefined || linkSymbologies.has(aim))) {
    const reading = readElements(code, parseLink);
    return reading.kind === 'malformed' && isLoadUnitId(code)
      ? { kind: 'lpn', loadUnit: code }
      : reading;
  }
  if (aim === undefined) {
    const digits = code.length === 20 && code.startsWith('00') ? code.slice(2) : code;
    if (isSscc(digits)) return { kind: 'sscc', sscc: digits };
  }
  if (isLoadUnitId(code)) return { kind: 'lpn', loadUnit: code };
  return { kind: 'malformed', reason: whyNoLpn(code) };
}

function readElements(code: string, parse: (code: string) => readonly Gs1Element[]): CodeReading {
  try {
    const elements = parse(code);
    const sscc = elements.find(({ ai }) => ai === '00')?.value;
    return sscc === undefined ? { kind: 'gs1', elements } : { kind: 'sscc', sscc: parseSscc(sscc) };
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return { kind: 'malformed', reason: error.message };
  }
}

const isSscc = (text: string): text is Sscc => text.length === 18 && hasCheckDigit(text);

function whyNoLpn(code: string): string {
  if (code === '') return 'Empty';
  if (code.length > 20) return 'Longer than an LPN';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for.
  if (/[\x00-\x1f\x7f]/.test(code)) return 'Holds control characters';
  return 'Holds characters that no LPN has';
}
