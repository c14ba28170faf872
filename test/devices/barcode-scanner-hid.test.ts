import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReportDescriptor } from '../../devices/barcode-scanner/hid-descriptor.ts';
import { HidKeyboardAssembler } from '../../devices/barcode-scanner/hid-keyboard.ts';
import { HidPosAssembler } from '../../devices/barcode-scanner/hid-pos.ts';
import {
  descriptor62,
  descriptor64,
  descriptorOtherOrder,
  report62,
  report64,
  reportMicroscan,
  reportShifted,
  scanOf60,
} from '../vectors/hid-pos.ts';

const fields64 = { reportId: 2, reportBytes: 64, lengthAt: 1, aimAt: 2, dataAt: 5, dataBytes: 56 };

describe('a report descriptor', () => {
  test('of 64-byte reports tells where length, symbology, data and the flag are', () => {
    expect(parseReportDescriptor(descriptor64)).toEqual([
      { ...fields64, continued: { at: 63, mask: 1 } },
    ]);
  });

  test('of 62-byte reports does so, too', () => {
    expect(parseReportDescriptor(descriptor62)).toEqual([
      { ...fields64, reportBytes: 62, continued: { at: 61, mask: 1 } },
    ]);
  });

  test('in another order, with ranges of usages and long usages, does so, too', () => {
    expect(parseReportDescriptor(descriptorOtherOrder)).toEqual([
      { ...fields64, reportBytes: 62, continued: { at: 61, mask: 1 } },
    ]);
  });

  test('that is cut off, or of a keyboard, tells of no scan', () => {
    expect(parseReportDescriptor(descriptor64.subarray(0, 30))).toEqual([]);
    expect(parseReportDescriptor(Uint8Array.of(0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0xc0))).toEqual(
      [],
    );
    expect(parseReportDescriptor(new Uint8Array())).toEqual([]);
  });

  test('whose fields do not begin at a byte tells of no scan', () => {
    const shifted =
      '058c 0902 a101 8502 7504 9501 0900 8102 7508 0501 093b 8102 058c 9538 09fe 820201 c0';
    const whole = shifted.replace('7504', '7508');
    const parsed = (hex: string) =>
      parseReportDescriptor(Buffer.from(hex.replaceAll(' ', ''), 'hex')).map(
        ({ dataAt }) => dataAt,
      );
    expect(parsed(shifted)).toEqual([]);
    expect(parsed(whole)).toEqual([3]);
    // A field of no bits is none, wherever it stands.
    expect(parsed(whole.replace('8102', '8102 7500 09ff 8102'))).toEqual([3]);
  });

  test('of any bytes is no trouble', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const { reportBytes } of parseReportDescriptor(bytes))
          expect(reportBytes).toBeLessThanOrEqual(4_097);
      }),
      { numRuns: 2_000 },
    );
  });
});

const assembler = (descriptor?: Uint8Array, lengthMax = 4_096) => {
  const made = new HidPosAssembler(lengthMax);
  made.begin(descriptor === undefined ? [] : parseReportDescriptor(descriptor));
  return made;
};
const scans = (own: HidPosAssembler, ...reports: readonly Uint8Array[]) =>
  reports.flatMap((report) => own.push(report, 0));

describe('a HID POS scan', () => {
  test('of one report is a code with its symbology', () => {
    expect(scans(assembler(descriptor64), report64(']C1', '00340123450000000000'))).toEqual([
      { text: '00340123450000000000', aim: ']C1' },
    ]);
  });

  test.each([
    ['as its descriptor says', descriptor64],
    ['as most do, where it has no descriptor to read', undefined],
  ])('of two reports is one code, %s', (_, descriptor) => {
    const { code: text, aim, reports } = scanOf60;
    expect(scans(assembler(descriptor), ...reports)).toEqual([{ text, aim }]);
  });

  test('of five reports is one code', () => {
    const part = 'x'.repeat(56);
    const reports = [...Array(4)].map(() => report64(']d1', part, true));
    const [scan] = scans(assembler(descriptor64), ...reports, report64(']d1', 'end'));
    expect(scan).toEqual({ text: `${part.repeat(4)}end`, aim: ']d1' });
  });

  test('is as long as its length byte says: NUL, CR and GS in it are kept', () => {
    const text = 'A\0\0B\r\x1d\0';
    expect(scans(assembler(descriptor64), report64(']d2', text))).toEqual([{ text, aim: ']d2' }]);
  });

  test('with a length of 57 is thrown away and counted, with all that belongs to it', () => {
    const own = assembler(descriptor64);
    const bad = report64(']C0', 'A'.repeat(56), true);
    bad[1] = 57;
    expect(scans(own, bad, report64(']C0', 'rest'), report64(']C0', 'TOTE-1'))).toEqual([
      { text: 'TOTE-1', aim: ']C0' },
    ]);
    expect(own.counters).toEqual({ scans: 1, foreign: 0, tooLong: 1, cutOff: 0, empty: 0 });
  });

  test('of which a continuation is missing is never joined to the next one', () => {
    const own = assembler(descriptor64);
    const [first] = scanOf60.reports;
    expect(own.push(first, 0)).toEqual([]);
    expect(own.push(report64(']Q0', 'NEXT'), 201)).toEqual([{ text: 'NEXT', aim: ']Q0' }]);
    expect(own.push(first, 300)).toEqual([]);
    expect(own.push(report64(']C0', 'TOTE-1'), 310)).toEqual([{ text: 'TOTE-1', aim: ']C0' }]);
    expect(own.counters).toMatchObject({ scans: 2, cutOff: 2 });
  });
});

describe('half a HID POS scan', () => {
  test('cut by unplugging is forgotten at the next connection', () => {
    const own = assembler(descriptor64);
    own.push(scanOf60.reports[0], 0);
    own.begin(parseReportDescriptor(descriptor64));
    expect(scans(own, report64(']Q0', 'TOTE-2'))).toEqual([{ text: 'TOTE-2', aim: ']Q0' }]);
    expect(own.counters).toMatchObject({ cutOff: 1 });
  });

  test('that is longer than allowed is thrown away, however many reports it has', () => {
    const own = assembler(descriptor64, 100);
    const part = report64(']d1', 'x'.repeat(56), true);
    expect(scans(own, part, part, part, report64(']d1', 'x'), report64(']d1', 'ok'))).toEqual([
      { text: 'ok', aim: ']d1' },
    ]);
    expect(own.counters).toMatchObject({ tooLong: 1, scans: 1 });
  });
});

describe('a report of a HID POS scanner', () => {
  test('of 62 bytes, of Microscan, or with AIM one byte later is read without a descriptor', () => {
    const own = assembler();
    expect(scans(own, report62, reportShifted, reportMicroscan)).toEqual([
      { text: 'TOTE-1', aim: ']C0' },
      { text: 'TOTE-1', aim: ']C0' },
      { text: 'TOTE-1', aim: undefined },
    ]);
  });

  test('of another form is none, and counted', () => {
    const own = assembler(descriptor64);
    expect(scans(own, report62, reportMicroscan, new Uint8Array(), Uint8Array.of(4, 1))).toEqual(
      [],
    );
    expect(own.counters).toMatchObject({ foreign: 4, scans: 0 });
  });
});

/** A press and release of each key, as a wedge sends them. */
const typed = (keys: readonly (readonly [key: number, modifiers?: number])[]) =>
  keys.flatMap(([key, modifiers = 0]) => [
    Uint8Array.of(modifiers, 0, key, 0, 0, 0, 0, 0),
    Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0),
  ]);
const enter = [0x28] as const;

describe('a keyboard wedge', () => {
  const codes = (own: HidKeyboardAssembler, reports: readonly Uint8Array[]) =>
    reports.flatMap((report) => own.push(report, 0)).map(({ text }) => text);

  test('types a code and ends it with Enter', () => {
    const own = new HidKeyboardAssembler(256);
    const keys = [[0x17, 2], [0x12, 0x20], [0x17, 2], [0x08, 2], [0x2d], [0x1e]] as const;
    expect(codes(own, typed([...keys, enter]))).toEqual(['TOTE-1']);
    expect(own.counters).toMatchObject({ scans: 1, unknownKeys: 0 });
  });

  test('that holds a key down, or presses the next one before, types each key once', () => {
    const own = new HidKeyboardAssembler(256);
    const down = (...keys: number[]) =>
      Uint8Array.from([0, 0, ...keys, 0, 0, 0, 0, 0, 0].slice(0, 8));
    expect(codes(own, [down(4), down(4), down(4, 5), down(5), down(), down(0x28)])).toEqual(['ab']);
  });

  test('sends GS as Ctrl and ]', () => {
    const own = new HidKeyboardAssembler(256);
    expect(codes(own, typed([[0x27], [0x30, 1], [0x1e], [0x58]]))).toEqual(['0\x1d1']);
  });

  test('that presses a key without a character spoils the code, which is thrown away and counted', () => {
    const own = new HidKeyboardAssembler(256);
    expect(codes(own, typed([[4], [0x3a], [0x3a], [5], enter, [6], enter]))).toEqual(['c']);
    expect(codes(own, typed([[4, 4], enter, [6], enter]))).toEqual(['c']);
    expect(own.counters).toMatchObject({ scans: 2, unknownKeys: 3, spoiled: 2 });
  });

  test('that stops in the middle of a code has sent none', () => {
    const own = new HidKeyboardAssembler(3);
    expect(own.push(Uint8Array.of(0, 0, 4, 0, 0, 0, 0, 0), 0)).toEqual([]);
    expect(own.push(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0), 600)).toEqual([]);
    expect(codes(own, typed([[5], [5], [5], [5], enter, [6], enter]))).toEqual(['c']);
    expect(own.counters).toMatchObject({ cutOff: 1, tooLong: 1 });
    expect(codes(own, [new Uint8Array(64)])).toEqual([]);
    expect(own.counters).toMatchObject({ foreign: 1 });
  });
});
