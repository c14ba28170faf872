/** What a maker's scanners send and take as they leave the factory. */
export interface ScannerPreset {
  readonly prefix: string;
  readonly suffixes: readonly string[];
  readonly noRead: readonly string[];
  readonly trigger: string | undefined;
  readonly triggerOff: string | undefined;
}

const none = { trigger: undefined, triggerOff: undefined } as const;

/**
 * Starting points for the site file: what a scanner really sends is confirmed at commissioning by
 * scanning nothing. A no-read text that is empty here is set by whoever sets up the scanner.
 *
 * Sources: Keyence N-410 user's manual p. 94 and 104, SR-750 p. 71; SICK CoLa A telegrams;
 * Cognex DataMan Communications and Programming Guide (DMCC); Datalogic DS8100 and AV7000 reference
 * manuals; Omron Microscan user's manuals; HenkVanAsselt/python_hon_usbhid (Honeywell).
 */
export const scannerPresets = {
  keyence: {
    ...{ prefix: '', suffixes: ['\r'], noRead: ['ERROR'] },
    ...{ trigger: 'LON\r', triggerOff: 'LOFF\r' },
  },
  sick: {
    ...{ prefix: '\x02', suffixes: ['\x03'], noRead: ['NoRead'] },
    ...{ trigger: '\x02sMN mTCgateon\x03', triggerOff: '\x02sMN mTCgateoff\x03' },
  },
  cognex: {
    ...{ prefix: '', suffixes: ['\r\n'], noRead: [] },
    ...{ trigger: '||>TRIGGER ON\r\n', triggerOff: '||>TRIGGER OFF\r\n' },
  },
  datalogic: { prefix: '\x02', suffixes: ['\r\n'], noRead: [], ...none },
  microscan: { prefix: '', suffixes: ['\r'], noRead: ['NOREAD'], ...none },
  honeywell: {
    ...{ prefix: '', suffixes: ['\r'], noRead: ['NR'] },
    ...{ trigger: '\x16T\r', triggerOff: '\x16U\r' },
  },
  zebra: { prefix: '', suffixes: ['\r'], noRead: ['NR'], ...none },
} as const satisfies Record<string, ScannerPreset>;

export type ScannerMaker = keyof typeof scannerPresets;

/** What is so where the site file names no maker. */
export const noPreset: ScannerPreset = { prefix: '', suffixes: ['\r'], noRead: [], ...none };

const names: Readonly<Record<string, string>> = {
  '\x02': 'STX',
  '\x03': 'ETX',
  '\n': 'LF',
  '\r': 'CR',
  '\x16': 'SYN',
};

/** Bytes as a person reads them: `STX`, `CR LF`, `LON CR`. */
const bytesInWords = (bytes: string): string =>
  [...bytes]
    .map((byte) => (names[byte] === undefined ? byte : ` ${names[byte]} `))
    .join('')
    .replace(/ +/g, ' ')
    .trim();

/** One preset in a sentence, for the schema. */
export function presetText(maker: ScannerMaker): string {
  const { prefix, suffixes, noRead, trigger, triggerOff }: ScannerPreset = scannerPresets[maker];
  const code = [prefix, '\u2026', ...suffixes].map(bytesInWords).filter((part) => part !== '');
  const commands = [trigger, triggerOff].flatMap((command) =>
    command === undefined ? [] : [bytesInWords(command)],
  );
  return [
    `${maker}: ${code.join(' ')}`,
    noRead.length === 0 ? 'no no-read text' : `no-read ${noRead.join(', ')}`,
    commands.length === 0 ? 'no trigger' : `trigger ${commands.join(' / ')}`,
  ].join(', ');
}
