import { gs1Prefix, qrPrefix } from './label-symbol.ts';
import { placeholder } from './template-problems.ts';
import type { Symbology, ZplCommand } from './zpl.ts';

export interface Placeholder {
  readonly name: string;
  readonly isOptional: boolean;
}

/** How a field is printed. For text, there is always room. */
interface Print {
  readonly symbology: Symbology;
  readonly moduleDots: number;
  /** From the field's origin to the edge of the label, less the quiet zone there. */
  readonly roomDots: number;
}

/** A field's data: texts of the template and names of what is filled in. */
export interface Field extends Print {
  readonly pieces: readonly (string | Placeholder)[];
}

interface Place {
  readonly x: number;
  readonly y: number;
  /** Of bar codes with bars only; the others name their modules in their own commands. */
  readonly barDots: number;
}

const asText: Print = { symbology: 'text', moduleDots: 0, roomDots: 0 };
const modes: Readonly<Record<string, Symbology>> = { A: 'code128', D: 'gs1-128', U: 'sscc17' };
/** Modules that stay white beside a symbol: ISO/IEC 15417, 18004 and 16022. */
const quietModules = { bars: 10, qr: 4, dataMatrix: 1 } as const;

/**
 * Commands as they are sent, and fields to fill in. Comments are left out: they are for people.
 *
 * @param size  of the label, in dots
 */
export function partsOf(
  commands: readonly ZplCommand[],
  size: { readonly widthDots: number; readonly heightDots: number },
): readonly (string | Field)[] {
  let place: Place = { x: 0, y: 0, barDots: 2 };
  let print = asText;
  const parts: (string | Field)[] = [];
  for (const { name, parameters } of commands) {
    if (name === 'FX') continue;
    const values = parameters.split(',').map((value) => value.trim());
    if (name === 'FD') {
      const symbology = refined(print.symbology, parameters);
      parts.push({ ...print, symbology, pieces: piecesOf(parameters) });
      continue;
    }
    if (name === 'FS') print = asText;
    place = placeAfter(place, name, values);
    print = printOf(name, values, place, size) ?? print;
    parts.push(`^${name}${parameters.trim()}`);
  }
  return parts;
}

function placeAfter(place: Place, name: string, values: readonly string[]): Place {
  const [first = 0, second = 0] = values.map(Number);
  if (name === 'FO' || name === 'FT') return { ...place, x: first, y: second };
  return name === 'BY' ? { ...place, barDots: first } : place;
}

function printOf(
  name: string,
  values: readonly string[],
  { x, y, barDots }: Place,
  { widthDots, heightDots }: { readonly widthDots: number; readonly heightDots: number },
): Print | undefined {
  const [across, along] = [widthDots - x, heightDots - y];
  const print = (symbology: Symbology, moduleDots: number, room: number, quiet: number): Print => ({
    symbology,
    moduleDots,
    roomDots: room - quiet * moduleDots,
  });
  const room = Math.min(across, along);
  if (name === 'FB') return { ...asText, symbology: 'block' };
  if (name === 'BX') return print('dataMatrix', Number(values[1]), room, quietModules.dataMatrix);
  if (name === 'BQ') return print('qr', Number(values[2]), room, quietModules.qr);
  if (name !== 'BC') return undefined;
  const isUpright = values[0] === 'R' || values[0] === 'B';
  const symbology = modes[values[5] ?? ''] ?? 'code128';
  return print(symbology, barDots, isUpright ? along : across, quietModules.bars);
}

/** What a field's own text says about it. */
function refined(symbology: Symbology, text: string): Symbology {
  if (symbology === 'dataMatrix' && text.startsWith(gs1Prefix)) return 'gs1DataMatrix';
  const isLink = symbology === 'qr' && /^https?:\/\//.test(text.slice(qrPrefix.length));
  return isLink ? 'qrLink' : symbology;
}

function piecesOf(text: string): (string | Placeholder)[] {
  const pieces: (string | Placeholder)[] = [];
  let end = 0;
  for (const match of text.matchAll(placeholder)) {
    const [whole, name = '', mark] = match;
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push({ name, isOptional: mark === '?' });
    end = match.index + whole.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}
