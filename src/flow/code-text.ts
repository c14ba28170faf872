import { timeText } from '../contract/time.ts';
import type { CodeReading } from '../domain/gs1.ts';
import { tellElements } from '../domain/gs1-values.ts';

const textLengthMax = 200;

/** A code as people may read it: control characters as their code point. */
export const printable = (code: string): string =>
  code.slice(0, 60).replace(/[^\x20-\x7e]/g, (c) => `<${c.charCodeAt(0).toString(16)}>`);

/** What a code says that names no load unit, to the people who scanned it. */
export function tellReading(reading: CodeReading, code: string, nowMs: number): string {
  if (reading.kind === 'malformed') return `its code is malformed: ${reading.reason}`;
  if (reading.kind !== 'gs1') return `${printable(code)} is not known here`;
  const yearNow = Number(timeText(nowMs).slice(0, 4));
  const text = tellElements(reading.elements, yearNow).slice(0, textLengthMax);
  return `its code tells of goods, not of a load unit: ${text}`;
}
