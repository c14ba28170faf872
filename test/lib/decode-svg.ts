import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const pixelsPerModule = 3;
const heightPixels = 60;
const marginPixels = 20;

/** Reads what a drawing of bars (`M4 0h2…` on a line one high) shows, as a camera would. */
export async function decodeSvg(
  svg: string,
): Promise<readonly { text: string; symbology: string }[]> {
  const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  await prepareZXingModule({
    overrides: { wasmBinary: new Uint8Array(readFileSync(file)).buffer },
    fireImmediately: true,
  });
  const modules = Number(/viewBox="0 0 (\d+) 1"/.exec(svg)?.[1]);
  const width = modules * pixelsPerModule;
  const height = heightPixels + 2 * marginPixels;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [, at, bar] of svg.matchAll(/M(\d+) 0h(\d)/g)) {
    const from = Number(at) * pixelsPerModule;
    const to = from + Number(bar) * pixelsPerModule;
    for (let y = marginPixels; y < height - marginPixels; y += 1)
      for (let x = from; x < to; x += 1) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  }
  const found = await readBarcodes({ data, width, height, colorSpace: 'srgb' } as never, {
    formats: ['Code128'],
  });
  return found.map(({ text, symbologyIdentifier }) => ({ text, symbology: symbologyIdentifier }));
}
