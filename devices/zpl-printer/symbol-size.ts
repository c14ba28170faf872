/** Stands for FNC1 in data of a GS1 symbol: what a scanner sends for it. */
const fnc1 = '\x1d';

/**
 * Modules of the shortest Code 128 symbol of printable ASCII: start, check and stop included, without
 * quiet zones. Printers that choose the code sets by themselves come to the same or one more.
 *
 * Each character of code set B and each pair of digits of code set C takes 11 modules, as does a
 * change of the set; the stop takes 13.
 *
 * Source: ISO/IEC 15417, sections 4.3 and annex E.
 */
export function code128Modules(data: string): number {
  const away = Number.POSITIVE_INFINITY;
  const last = { b: 0, c: 0 };
  let [next, afterNext] = [last, last];
  for (let index = data.length - 1; index >= 0; index -= 1) {
    const isFnc1 = data[index] === fnc1;
    const isPair = /^[0-9]{2}/.test(data.slice(index, index + 2));
    const inB = 1 + next.b;
    const inC = isFnc1 ? 1 + next.c : isPair ? 1 + afterNext.c : away;
    afterNext = next;
    next = { b: Math.min(inB, 1 + inC), c: Math.min(inC, 1 + inB) };
  }
  return 11 * (1 + Math.min(next.b, next.c) + 1) + 13;
}

/** Bytes that a QR code of error correction M holds, from version 1 on. Source: ISO/IEC 18004, table 7. */
const qrBytes = [
  ...[
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
  ],
  ...[711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911],
  ...[1989, 2099, 2213, 2331],
];

/** Modules along one side of the QR code that surely holds `bytes`; undefined where none does. */
export function qrModules(bytes: number): number | undefined {
  const index = qrBytes.findIndex((most) => bytes <= most);
  return index < 0 ? undefined : 21 + 4 * index;
}

/** Side and codewords of square ECC 200 symbols. Source: ISO/IEC 16022, table 7. */
const dataMatrixSizes: readonly (readonly [side: number, codewords: number])[] = [
  ...([
    [10, 3],
    [12, 5],
    [14, 8],
    [16, 12],
    [18, 18],
    [20, 22],
    [22, 30],
    [24, 36],
  ] as const),
  ...([
    [26, 44],
    [32, 62],
    [36, 86],
    [40, 114],
    [44, 144],
    [48, 174],
    [52, 204],
  ] as const),
  ...([
    [64, 280],
    [72, 368],
    [80, 456],
    [88, 576],
    [96, 696],
    [104, 816],
  ] as const),
  ...([
    [120, 1050],
    [132, 1304],
    [144, 1558],
  ] as const),
];

/** Modules along one side of the Data Matrix that surely holds the data; undefined where none does. */
export function dataMatrixModules(data: Buffer): number | undefined {
  // A byte above 127 takes two codewords.
  const codewords = data.reduce((sum, byte) => sum + (byte > 127 ? 2 : 1), 0);
  return dataMatrixSizes.find(([, most]) => codewords <= most)?.[0];
}
