import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';

/**
 * What scanners answer to a trigger, framed like a code. Such a frame is no code.
 *
 * Sources: Keyence N-410 user's manual p. 94, SICK CoLa A telegrams, Cognex DMCC: Keyence `OK,LON`, `ER,LON,00`; SICK `sAN mTCgateon 1`, `sFA 3`; Cognex `||[0]`.
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
