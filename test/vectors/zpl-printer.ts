/**
 * Status telegrams. The first is Zebra's own sample for `~HS` (docs.zebra.com: paper out, paused,
 * ribbon out); the others are that one with single fields changed by hand from the table there.
 */
export const statusTelegrams = {
  sample:
    '\x02030,1,1,1225,000,0,0,0,000,0,0,0\x03\r\n\x02001,0,0,1,1,2,6,0,00000100,1,000\x03\r\n\x021234,0\x03\r\n',
  ready:
    '\x02030,0,0,1225,000,0,0,0,000,0,0,0\x03\r\n\x02001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n',
  printing:
    '\x02030,0,0,1225,001,0,0,0,000,0,0,0\x03\r\n\x02001,0,0,0,1,2,6,0,00000001,1,000\x03\r\n\x021234,0\x03\r\n',
  everyFault:
    '\x02030,1,1,1225,000,1,0,1,000,1,1,1\x03\r\n\x02001,0,1,1,1,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n',
} as const;

const extended = (errors: string, warnings: string) =>
  `\x02\r\n\r\n   PRINTER STATUS                             \r\n   ERRORS:         ${errors}        \r\n   WARNINGS:       ${warnings}        \r\n\x03\r\n`;

/** Answers to `~HQES` in Zebra's form (ZPL II Programming Guide), bits by hand from its tables of flags. */
export const extendedAnswers = {
  good: extended('0 00000000 00000000', '0 00000000 00000000'),
  mediaAndHead: extended('1 00000000 00000005', '1 00000000 00000002'),
  paused: extended('1 00000000 00010000', '0 00000000 00000000'),
  cutter: extended('1 00000000 00000008', '0 00000000 00000000'),
  unknownBit: extended('1 00000000 08000001', '0 00000000 00000000'),
  flagAlone: extended('1 00000000 00000000', '0 00000000 00000000'),
} as const;

/** What an operator, a supplier or a vandal may write into a field. */
export const hostileData: readonly string[] = [
  'Müller^FS^FO60,260^BY2^BCN,100,N^FDEVIL^FS~JA',
  '^XZ^XA^FDx^FS^XZ',
  '~JA',
  '~JR',
  '^JUF',
  '^ID*:*.*',
  '^DFR:T.ZPL^FS',
  '^CC/',
  '~CT+',
  '_5EXZ',
  '_',
  '__5E',
  '\\&\\\\',
  '>;>8>0>6>5',
  '\r\n^XZ\r\n',
  '\0\x01\x07\x1b\x7f',
  '$^{}{{sscc}}%',
  '日本語 ✓ €',
  '\ufeff\u2028\u202e',
  'A'.repeat(500),
];
