import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Framing, makerPresets } from '../../devices/barcode-scanner/fields.ts';
import { Framer } from '../../devices/barcode-scanner/framer.ts';
import { interpret } from '../../devices/barcode-scanner/interpret.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import { telegrams } from '../vectors/scanner.ts';

const framing = (own: Partial<Framing>): Framing => ({
  ...{ prefix: '', suffix: '\r', lengthMax: 256, gapMs: 200 },
  ...own,
});
const enclosed = framing({ prefix: '\x02', suffix: '\x03' });
const bytes = (text: string) => Buffer.from(text, 'latin1');
const framed = (own: Framing, ...chunks: string[]) => {
  const framer = new Framer(own);
  const frames = chunks.flatMap((chunk) => framer.push(bytes(chunk), 0));
  return { frames, counters: framer.counters };
};

test.each(telegrams)('a telegram of $maker is one code', ({ maker, hex, code }) => {
  const own = framing(makerPresets[maker]);
  expect(
    framed(own, Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1')).frames,
  ).toEqual([code]);
});

const noisy = fc.string({
  unit: fc.constantFrom('A', '7', '\x02', '\x03', '\r', '\n', '\x1d', '\0', '\xff'),
  maxLength: 80,
});
const anyFraming = fc.record({
  prefix: fc.constantFrom('', '\x02', '\x02\x02', 'A7'),
  suffix: fc.constantFrom('\r', '\x03', '\r\n', '\x03\x03'),
  lengthMax: fc.constantFrom(1, 3, 10, 256),
  gapMs: fc.constant(200),
});

test('however the bytes are split, the codes and the counts are the same', () => {
  fc.assert(
    fc.property(anyFraming, noisy, fc.array(fc.nat(80)), (own, text, cuts) => {
      const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b)];
      const chunks = at.map((start, index) => text.slice(start, at[index + 1]));
      expect(framed(own, ...chunks)).toEqual(framed(own, text));
      expect(framed(own, ...text)).toEqual(framed(own, text));
    }),
    { numRuns: 1_000 },
  );
});

test('no code holds its prefix or suffix or is longer than allowed', () => {
  fc.assert(
    fc.property(anyFraming, noisy, (own, text) => {
      for (const code of framed(own, text).frames) {
        expect(code.length).toBeLessThanOrEqual(own.lengthMax);
        expect(code).not.toContain(own.suffix);
        if (own.prefix !== '') expect(code).not.toContain(own.prefix);
      }
    }),
  );
});

test('control characters between STX and ETX belong to the code', () => {
  const code = '\x1d0106\0A\rB\nC\x1e';
  expect(framed(enclosed, `\x02${code}\x03`).frames).toEqual([code]);
});

test('10 kB without a suffix are read over, and what is left of them is no code', () => {
  const flood = framed(framing({}), 'A'.repeat(10_000), 'TAIL\rTOTE-1\r');
  expect(flood.frames).toEqual(['TOTE-1']);
  expect(flood.counters).toMatchObject({ frames: 1, tooLong: 1 });
  const enclosedFlood = framed(enclosed, `\x02${'A'.repeat(10_000)}`, 'TAIL\x03\x02TOTE-1\x03');
  expect(enclosedFlood.frames).toEqual(['TOTE-1']);
});

test('a code of the greatest length passes, one longer does not', () => {
  const own = framing({ lengthMax: 4, suffix: '\r\n' });
  expect(framed(own, 'ABCD\r\nABCDE\r\nEF\r\n').frames).toEqual(['ABCD', 'EF']);
});

test('where CR is set and CR LF is sent, the LF is not part of the next code', () => {
  expect(framed(framing({}), 'A\r\nB\r\n\nC\r').frames).toEqual(['A', 'B', 'C']);
});

test('noise and half codes are thrown away and counted', () => {
  const { frames, counters } = framed(enclosed, 'xx\x02HALF\x02WHOLE\x03y\x02\x03');
  expect(frames).toEqual(['WHOLE']);
  expect(counters).toEqual({ frames: 1, strayBytes: 3, tooLong: 0, cutOff: 1, empty: 1 });
});

test.each([
  ['a pause', (framer: Framer) => framer.push(bytes('TOTE-2\r'), 201)],
  [
    'a new connection',
    (framer: Framer) => {
      framer.reset();
      return framer.push(bytes('TOTE-2\r'), 1);
    },
  ],
])('half a code before %s is not joined to what follows', (_, resume) => {
  const framer = new Framer(framing({}));
  expect(framer.push(bytes('HALF'), 0)).toEqual([]);
  expect(resume(framer)).toEqual(['TOTE-2']);
  expect(framer.counters.cutOff).toBe(1);
});

const device = parseDeviceId('scan-1');
const told = (frame: string, aim = false) => {
  const settings = { noRead: ['NoRead', '?'], trigger: makerPresets.sick.trigger, aim };
  return interpret(frame, { device, readId: 'e-1' }, settings);
};

test('a no-read is exactly the text set for it', () => {
  expect(told('NoRead')).toEqual({ device, type: 'scanner.noRead', readId: 'e-1' });
  expect(told('?')).toMatchObject({ type: 'scanner.noRead' });
  for (const code of ['NoRead1', 'noread', ' NoRead', 'NOREAD', 'ERROR']) {
    expect(told(code)).toMatchObject({ type: 'scanner.read', code });
  }
});

test('the symbology is told apart from the code, where the scanner sends it', () => {
  expect(told(']C100340123450000000000', true)).toMatchObject({
    aim: ']C1',
    code: '00340123450000000000',
  });
  expect(told(']C1X', false)).toMatchObject({ aim: undefined, code: ']C1X' });
  expect(told('TOTE-1', true)).toMatchObject({ aim: undefined, code: 'TOTE-1' });
});

test.each(['sAN mTCgateon 1', 'sFA 3', 'OK,LON', '||[0]'])(
  'the answer %j to a trigger is no code',
  (reply) => {
    expect(told(reply)).toBeUndefined();
  },
);
