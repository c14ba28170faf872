/**
 * What scanners put on the wire for one read, by hand from the makers' manuals
 * that `devices/barcode-scanner/fields.ts` names; and what code that is.
 */
export const telegrams: readonly {
  readonly maker: 'keyence' | 'sick' | 'cognex' | 'datalogic' | 'honeywell';
  readonly hex: string;
  readonly code: string;
}[] = [
  { maker: 'keyence', hex: '54 4f 54 45 2d 31 0d', code: 'TOTE-1' },
  { maker: 'sick', hex: '02 54 4f 54 45 2d 31 03', code: 'TOTE-1' },
  { maker: 'cognex', hex: '54 4f 54 45 2d 31 0d 0a', code: 'TOTE-1' },
  { maker: 'datalogic', hex: '02 54 4f 54 45 2d 31 0d 0a', code: 'TOTE-1' },
  { maker: 'honeywell', hex: '5d 43 31 30 30 1d 0d', code: ']C100\x1d' },
];
