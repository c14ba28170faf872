/**
 * What a printer can be asked, and what it answers:
 * `status` three lines of fields, `extended` error and warning bits, `identity` who it is,
 * `odometer` how many labels it has printed in its life, without feeds and calibration.
 *
 * Source: Zebra ZPL II Programming Guide, `~HS`, `~HQES`, `~HI`; SGD `odometer.total_label_count`.
 */
export const requests = {
  status: '~HS',
  extended: '~HQES',
  identity: '~HI',
  odometer: '! U1 getvar "odometer.total_label_count"\r\n',
} as const;
export type Question = keyof typeof requests;

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
 * Bits of the first group of errors in the answer to `~HQES`, a hexadecimal number of 8 digits.
 *
 * Source: Zebra ZPL II Programming Guide, `~HQES`, table of error flags.
 */
export const errorBits = {
  paperOut: 0x1,
  ribbonOut: 0x2,
  headOpen: 0x4,
  cutter: 0x8,
  headTooHot: 0x10,
  motorTooHot: 0x20,
  badHeadElement: 0x40,
  headNotDetected: 0x80,
  firmwareConfiguration: 0x100,
  thermistorOpen: 0x200,
  retractJam: 0x1000,
  presenterStopped: 0x2000,
  paperFeed: 0x4000,
  paperPathBlocked: 0x8000,
  paused: 0x10000,
  retractTimedOut: 0x20000,
  blackMarkCalibration: 0x40000,
  blackMarkMissing: 0x80000,
} as const;

/** The same for warnings: it prints all the same. Source: as above, table of warning flags. */
export const warningBits = {
  calibrationNeeded: 0x1,
  cleanHead: 0x2,
  replaceHead: 0x4,
  paperNearEnd: 0x8,
} as const;

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

/**
 * Sent before each label: sets back the characters that commands begin with, whatever a person or another
 * program has made of them. Works as long as one of caret and tilde is still what it was.
 */
export const prefixReset = '^CT~~CD,~CC^';
