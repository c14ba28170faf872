/**
 * What HID POS scanners say of themselves and send, by hand.
 *
 * Sources: USB Device Class Definition for HID 1.11, section 6.2.2; HID Point of Sale Usage Tables 1.02;
 * Access-IS LSR118 product manual (table of the 64 bytes, the scan of 60 bytes); Omron Microscan, help of Mini Hawk.
 */

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

const head = `
  05 8c  09 02  a1 01          (bar code scanner, application)
    09 12  a1 02  85 02        (scanned data report, id 2)
      15 00  26 ff 00  75 08
      95 01  05 01  09 3b  81 02
      95 03  05 8c  09 fb  09 fc  09 fd  81 02
      95 38  09 fe  82 02 01`.replaceAll(/\(.*?\)/g, '');
const flag = '05 8c  25 01  75 01  95 08  09 ff  81 02  c0 c0';

/** 64 bytes: with two bytes of the maker's own between data and flag. */
export const descriptor64 = hex(`${head}  06 66 ff  95 02  09 04  09 00  81 02  ${flag}`);
/** 62 bytes: without them. */
export const descriptor62 = hex(`${head}  ${flag}`);
/** The AIM fields as a range, and an output report before the scan, as some makers order it. */
export const descriptorOtherOrder = hex(`
  05 8c  09 02  a1 01
    09 14  a1 02  85 04  15 00  25 01  75 01  95 08  09 60  91 02  c0
    09 12  a1 02  85 02  15 00  26 ff 00  75 08
      95 01  0b 3b 00 01 00  81 02
      95 03  19 fb  29 fd  81 02
      95 38  09 fe  81 02
      75 01  95 01  09 ff  81 02  95 07  81 03
    c0 c0`);

/** A trigger report of eight flags: undefined, keep from reading, read, two undefined, two beeps, undefined. */
export const descriptorTriggerOfEight = hex(`
  05 8c  09 02  a1 01
    09 12  a1 02  85 02  15 00  26 ff 00  75 08
      95 01  0b 3b 00 01 00  81 02
      95 3e  09 fe  81 02
    c0
    09 14  a1 02  85 06  15 00  25 01  75 01  95 08
      09 00  09 5f  09 60  09 00  09 00  09 85  09 86  09 00  91 02
    c0 c0`);

/** A report of the 64-byte form: AIM identifier, data, whether more follow. */
export function report64(aim: string, data: string | Uint8Array, more = false): Uint8Array {
  const bytes = Buffer.from(data as string, 'latin1');
  const report = new Uint8Array(64);
  report.set([0x02, bytes.length], 0);
  report.set(Buffer.from(aim, 'latin1'), 2);
  report.set(bytes.subarray(0, 56), 5);
  report[61] = 0x73;
  report[63] = more ? 1 : 0;
  return report;
}

/** The QR code of 60 bytes of the manual: 56 of them in the first report, 4 in the second. */
export const scanOf60 = {
  code: `${'0123456789'.repeat(5)}abcdefghij`,
  aim: ']Q0',
  reports: [
    hex(`02 38 5d 51 30 ${'30 31 32 33 34 35 36 37 38 39 '.repeat(5)} 61 62 63 64 65 66 73 00 01`),
    hex(`02 04 5d 51 30 67 68 69 6a ${'00 '.repeat(52)} 73 00 00`),
  ],
} as const;

/** Code 128 `TOTE-1` of a scanner with 62-byte reports. */
export const report62 = hex(`02 06 5d 43 30 54 4f 54 45 2d 31 ${'00 '.repeat(50)} 00`);
/** The same, with one byte more before the AIM identifier. Source: NielsLeenheer/WebHidBarcodeScanner. */
export const reportShifted = hex(
  `02 06 00 5d 43 30 54 4f 54 45 2d 31 ${'00 '.repeat(49)} 73 00 00`,
);
/** The same of a Microscan: id 1, length, data. */
export const reportMicroscan = hex(`01 06 54 4f 54 45 2d 31 ${'00 '.repeat(56)}`);
