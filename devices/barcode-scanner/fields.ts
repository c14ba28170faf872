import type { ScannerSettings } from '../../src/domain/site.ts';

/** What a maker's scanners send and take as they leave the factory. */
export interface ScannerPreset {
  readonly prefix: string;
  readonly suffix: string;
  readonly noRead: readonly string[];
  readonly trigger: string | undefined;
}

/**
 * Starting points for the site file, never believed by themselves: what a
 * scanner really sends is confirmed at commissioning by scanning nothing.
 *
 * Sources: Keyence N-410 user's manual p. 94 and 104, SR-750 p. 71; SICK CoLa A telegrams;
 * Cognex DataMan Communications and Programming Guide (DMCC); Datalogic DS8100 and AV7000 reference
 * manuals; Omron Microscan user's manuals; HenkVanAsselt/python_hon_usbhid (Honeywell).
 */
export const makerPresets = {
  keyence: { prefix: '', suffix: '\r', noRead: ['ERROR'], trigger: 'LON\r' },
  sick: { prefix: '\x02', suffix: '\x03', noRead: ['NoRead'], trigger: '\x02sMN mTCgateon\x03' },
  cognex: { prefix: '', suffix: '\r\n', noRead: [], trigger: '||>TRIGGER ON\r\n' },
  datalogic: { prefix: '\x02', suffix: '\r\n', noRead: [], trigger: undefined },
  microscan: { prefix: '', suffix: '\r', noRead: ['NOREAD'], trigger: undefined },
  honeywell: { prefix: '', suffix: '\r', noRead: ['NR'], trigger: '\x16T\r' },
  zebra: { prefix: '', suffix: '\r', noRead: ['NR'], trigger: undefined },
} as const satisfies Record<string, ScannerPreset>;

/**
 * What scanners answer to a trigger, framed like a code. Such a frame is no code.
 *
 * Sources as above: Keyence `OK,LON`, `ER,LON,00`; SICK `sAN mTCgateon 1`, `sFA 3`; Cognex `||[0]`.
 */
export const commandReplies: readonly RegExp[] = [
  /^(?:OK|ER),LO(?:N|FF)(?:,\d+)?$/,
  /^sAN mTCgate(?:on|off)(?: \d+)?$/,
  /^sFA \d+$/,
  /^\|\|[0-9:]*\[\d+\]$/,
];

/** `]`, a letter for the symbology, a modifier. Source: ISO/IEC 15424. */
export const aimIdentifier = /^\][A-Za-z][0-9A-Za-z]/;

/** Where the bytes of a code begin and end. */
export type Framing = ScannerSettings['framing'];
