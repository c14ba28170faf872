/** Request for the status telegram; the printer answers at once, also in the midst of a label. */
export const hostStatusRequest = '~HS';

export const telegramStart = '\x02';
export const telegramEnd = '\x03';

/**
 * The answer to `~HS`, line by line and field by field: name, what it is, digits.
 * Each line stands between STX and ETX, followed by CR LF; commas part the fields.
 *
 * Source: Zebra ZPL II Programming Guide 45541L and docs.zebra.com, `~HS`.
 */
export const hostStatusLines = [
  [
    ['communication', 'number', 3],
    ['paperOut', 'flag', 1],
    ['paused', 'flag', 1],
    ['labelLengthDots', 'number', 4],
    ['formatsInBuffer', 'number', 3],
    ['bufferFull', 'flag', 1],
    ['diagnostics', 'flag', 1],
    /** A format has begun and its `^XZ` has not come. */
    ['partialFormat', 'flag', 1],
    ['unused1', 'number', 3],
    ['corruptRam', 'flag', 1],
    ['underTemperature', 'flag', 1],
    ['overTemperature', 'flag', 1],
  ],
  [
    ['functions', 'number', 3],
    ['unused2', 'number', 1],
    ['headOpen', 'flag', 1],
    ['ribbonOut', 'flag', 1],
    ['thermalTransfer', 'flag', 1],
    ['printMode', 'number', 1],
    ['widthMode', 'number', 1],
    ['labelWaiting', 'flag', 1],
    ['labelsRemaining', 'number', 8],
    ['formatWhilePrinting', 'number', 1],
    ['graphicsStored', 'number', 3],
  ],
  [
    ['password', 'number', 4],
    ['staticRam', 'flag', 1],
  ],
] as const satisfies readonly (readonly (readonly [string, 'flag' | 'number', number])[])[];

type Field = (typeof hostStatusLines)[number][number];
export type HostStatus = {
  readonly [F in Field as F[0]]: F[1] extends 'flag' ? boolean : number;
};

/**
 * Commands that a label may hold. All others change the printer, its memory or its
 * network for good, or print what nobody asked for.
 *
 * Source: Zebra ZPL II Programming Guide 45541L.
 */
export const labelCommands = {
  XA: 'begins the label',
  XZ: 'ends the label',
  CI: 'character set; 28 is UTF-8',
  PW: 'print width',
  LL: 'label length',
  LH: 'label home',
  PO: 'orientation',
  FO: 'field origin, top left',
  FT: 'field origin, base line',
  A: 'font of a field',
  CF: 'font of the fields that name none',
  FB: 'text in a block of lines',
  BY: 'bar code module width and height',
  BC: 'Code 128, GS1-128',
  BX: 'Data Matrix',
  BQ: 'QR code',
  GB: 'box or line',
  FD: 'data of a field',
  FH: 'hexadecimal escapes in the data of a field',
  FS: 'ends a field',
  FX: 'comment',
} as const;

/** Put into each label: a label that a fault interrupts is not printed once more by itself. */
export const noReprint = '^JZN';
