import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { type LabelTemplate, render, symbolsOf } from '../../devices/zpl-printer/index.ts';
import { createRenderer } from '../../simulators/zpl-printer/render.ts';

/** A bar code that was read from a drawing, or should have been. */
export interface ReadSymbol {
  /** AIM identifier, such as `]C1`. */
  readonly aim: string;
  readonly bytes: Buffer;
}

export interface SymbolVerdict {
  readonly aim: string;
  readonly expected: Buffer | undefined;
  readonly read: Buffer | undefined;
  readonly ok: boolean;
}

type LabelData = Readonly<Record<string, string>>;

/**
 * Draws a label as its printer would, by a program that knows nothing of ours.
 *
 * @returns PNG, one pixel for each dot
 * @throws {ValueError} when the template does not take the data
 */
export async function drawLabel(template: LabelTemplate, data: LabelData): Promise<Uint8Array> {
  const zpl = render(template, data);
  const dotsPerMm = 8;
  const renderer = createRenderer({
    widthMm: template.widthDots / dotsPerMm,
    heightMm: template.heightDots / dotsPerMm,
    dotsPerMm,
  });
  try {
    return await renderer.render(zpl);
  } finally {
    await renderer.close();
  }
}

let isPrepared = false;

/** Every bar code that a foreign decoder finds in a picture. */
export async function readSymbols(png: Uint8Array): Promise<readonly ReadSymbol[]> {
  if (!isPrepared) {
    const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
    const wasmBinary = new Uint8Array(readFileSync(wasm)).buffer;
    // Its own bytes: by itself it would fetch them from a public server.
    prepareZXingModule({ overrides: { wasmBinary } });
    isPrepared = true;
  }
  const found = await readBarcodes(png, { tryHarder: true });
  return found.map((code) => ({ aim: code.symbologyIdentifier, bytes: Buffer.from(code.bytes) }));
}

/** Each bar code that should be on the label beside what was read; what is there and should not be comes last. */
export function compareSymbols(
  template: LabelTemplate,
  data: LabelData,
  read: readonly ReadSymbol[],
): readonly SymbolVerdict[] {
  const rest = [...read];
  const take = (fits: (symbol: ReadSymbol) => boolean): ReadSymbol | undefined => {
    const index = rest.findIndex(fits);
    return index < 0 ? undefined : rest.splice(index, 1)[0];
  };
  const expected = symbolsOf(template, data).map(({ aim, bytes }) => ({ aim, bytes }));
  const found = expected.map((one) =>
    take((other) => other.aim === one.aim && other.bytes.equals(one.bytes)),
  );
  const verdicts = expected.map((one, index): SymbolVerdict => {
    const right = found[index];
    const other = right ?? take(({ aim }) => aim === one.aim);
    const ok = right !== undefined;
    return { aim: one.aim, expected: one.bytes, read: other?.bytes, ok };
  });
  const tooMany = rest.map(
    ({ aim, bytes }): SymbolVerdict => ({ aim, expected: undefined, read: bytes, ok: false }),
  );
  return [...verdicts, ...tooMany];
}
