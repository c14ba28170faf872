import { ValueError } from '../../src/domain/errors.ts';

/**
 * Widths of bars and spaces in modules, by value, beginning with a bar; the stop has 13 modules.
 * Source: ISO/IEC 15417, table 1.
 */
const widths = (
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 ' +
  '122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 ' +
  '322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 ' +
  '112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 ' +
  '331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 ' +
  '112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 ' +
  '124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 ' +
  '411311 113141 114131 311141 411131 211412 211214 211232 2331112'
).split(' ');
const startB = 104;
const stop = 106;
const quietModules = 10;
const textMax = 80;

/**
 * Values of a Code 128 symbol in set B: start, one for each character, check, stop.
 *
 * @param text  1 to 80 characters from space to tilde
 * @throws {ValueError} when it is anything else
 */
export function code128Values(text: string): readonly number[] {
  if (!/^[ -~]{1,80}$/.test(text)) {
    throw new ValueError(`Code 128 B takes 1 to ${textMax} characters from space to tilde`, {
      context: { text: text.slice(0, textMax) },
    });
  }
  const values = [startB, ...[...text].map((character) => character.charCodeAt(0) - 32)];
  const check = values.reduce((sum, value, i) => sum + value * Math.max(i, 1), 0) % 103;
  return [...values, check, stop];
}

/**
 * A Code 128 symbol as SVG, with its quiet zones.
 *
 * @param text      as for `code128Values`
 * @param moduleMm  width of the narrowest bar; 0.33 is read by every handheld
 * @param heightMm  of the bars
 */
export function code128Svg(text: string, moduleMm = 0.33, heightMm = 15): string {
  const pattern = code128Values(text)
    .map((value) => widths[value] ?? '')
    .join('');
  let at = quietModules;
  const bars = [...pattern].flatMap((width, i) => {
    const x = at;
    at += Number(width);
    return i % 2 === 0 ? [`M${x} 0h${width}v1h-${width}z`] : [];
  });
  const total = at + quietModules;
  const size = `width="${(total * moduleMm).toFixed(2)}mm" height="${heightMm}mm"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${total} 1" preserveAspectRatio="none" ` +
    `shape-rendering="crispEdges"><rect width="${total}" height="1" fill="#fff"/><path d="${bars.join('')}"/></svg>`
  );
}
