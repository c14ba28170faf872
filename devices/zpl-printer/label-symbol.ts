import { ValueError } from '../../src/domain/errors.ts';
import { checkDigit } from '../../src/domain/gs1-check-digit.ts';
import { type Gs1Element, parseElements, writeElements } from '../../src/domain/gs1-elements.ts';
import { elementsOfField } from './gs1-field.ts';
import { code128Modules, dataMatrixModules, qrModules } from './symbol-size.ts';
import type { Symbology } from './zpl.ts';

/** A bar code as a scanner has to read it. */
export interface LabelSymbol {
  /** AIM identifier, such as `]C1`. */
  readonly aim: string;
  readonly bytes: Buffer;
  /** Of a GS1-128; empty for the others. */
  readonly elements: readonly Gs1Element[];
  /** Along the bars, or along one side, without quiet zones. */
  readonly modules: number;
}

const symbol = (aim: string, text: string, modules: number | undefined): LabelSymbol => {
  if (modules === undefined) throw new ValueError('does not fit into the largest symbol there is');
  return { aim, bytes: Buffer.from(text, 'utf8'), elements: [], modules };
};

/** By symbology: what a scanner reads of data as they stand in the field, before escapes. */
const readers: Readonly<Record<Symbology, ((data: string) => LabelSymbol) | undefined>> = {
  text: undefined,
  block: undefined,
  code128: (data) => symbol(']C0', data, code128Modules(data)),
  'gs1-128': (data) => {
    const elements = elementsOfField(data);
    const text = writeElements(elements);
    return { ...symbol(']C1', text, code128Modules(`\x1d${text}`)), elements };
  },
  sscc17: (data) => {
    if (!/^[0-9]{17}$/.test(data)) throw new ValueError('is not 17 digits');
    const text = `00${data}${checkDigit(data)}`;
    return symbol(']C1', text, code128Modules(`\x1d${text}`));
  },
  dataMatrix: (data) => {
    const text = data.replaceAll('__', '_');
    return symbol(']d1', text, dataMatrixModules(Buffer.from(text, 'utf8')));
  },
  gs1DataMatrix: (data) => {
    const text = data.slice(gs1Prefix.length).replaceAll('_1', '\x1d');
    const elements = parseElements(text);
    // What a row of elements can be read as in two ways would not come back as it was written.
    if (writeElements(elements) !== text) throw new ValueError('has an FNC1 (_1) too many');
    return { ...symbol(']d2', text, dataMatrixModules(Buffer.from(text, 'utf8'))), elements };
  },
  qr: (data) => {
    const text = data.slice(qrPrefix.length);
    return symbol(']Q1', text, qrModules(Buffer.byteLength(text)));
  },
  qrLink: (data) => readers.qr?.(data) as LabelSymbol,
};

/** Error correction M, and the printer chooses how to pack the data. */
export const qrPrefix = 'MA,';
/** FNC1 at the start makes a Data Matrix one of GS1. */
export const gs1Prefix = '_1';

/**
 * The symbol of a bar code field; undefined for text.
 *
 * @param data  as it stands in the field, without hexadecimal escapes; not empty
 * @throws {ValueError} with what is wrong as its message, to follow the field's name
 */
export const symbolOf = (symbology: Symbology, data: string): LabelSymbol | undefined =>
  readers[symbology]?.(data);
