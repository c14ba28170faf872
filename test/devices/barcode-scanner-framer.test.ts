import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Framing } from '../../devices/barcode-scanner/fields.ts';
import { Framer } from '../../devices/barcode-scanner/framer.ts';
import { scannerPresets } from '../../src/config/scanner-presets.ts';
import { InvariantError } from '../../src/domain/errors.ts';
import { telegrams } from '../vectors/scanner.ts';

const framing = (own: Partial<Framing>): Framing => ({
  ...{ prefix: '', suffixes: ['\r'], lengthMax: 256, gapMs: 200, gap: 'discard' as const },
  ...own,
});
const enclosed = framing({ prefix: '\x02', suffixes: ['\x03'] });
const bytes = (text: string) => Buffer.from(text, 'latin1');
const framed = (own: Framing, ...chunks: string[]) => {
  const framer = new Framer(own);
  const frames = chunks.flatMap((chunk) => framer.push(bytes(chunk), 0));
  return { frames, counters: framer.counters };
};

test.each(telegrams)('a telegram of $maker is one code', ({ maker, hex, code }) => {
  const { prefix, suffixes } = scannerPresets[maker];
  const own = framing({ prefix, suffixes });
  expect(
    framed(own, Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1')).frames,
  ).toEqual([code]);
});

const noisy = fc.string({
  unit: fc.constantFrom('A', '7', '\x02', '\x03', '\r', '\n', '\x1d', '\0', '\xff'),
  maxLength: 80,
});
const ends = fc.constantFrom('\r', '\n', '\x03', '\r\n', '\x03\x03');
const anyFraming = fc
  .record({
    prefix: fc.constantFrom('', '\x02', '\x02\x02', 'A7', '\n'),
    by: fc.oneof(
      fc.record({ suffixes: fc.uniqueArray(ends, { minLength: 1, maxLength: 3 }) }),
      fc.record({ suffixes: fc.constant([]), length: fc.constantFrom(1, 3) }),
      fc.record({
        suffixes: fc.uniqueArray(ends, { maxLength: 1 }),
        gap: fc.constant('end' as const),
      }),
    ),
    lengthMax: fc.constantFrom(3, 10, 256),
  })
  .map(({ by, ...own }) => framing({ ...own, ...by }));

/** Bytes with the time at which they came; the pauses are part of what was sent, the chunks are not. */
const bursts = fc.array(fc.tuple(noisy, fc.constantFrom(0, 200, 201)), { maxLength: 4 });
function timed(
  own: Framing,
  sent: readonly (readonly [string, number])[],
  cuts: readonly number[],
) {
  const framer = new Framer(own);
  let atMs = 0;
  const frames = sent.flatMap(([text, pauseMs]) => {
    atMs += pauseMs;
    const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b)];
    return at.flatMap((start, index) => framer.push(bytes(text.slice(start, at[index + 1])), atMs));
  });
  frames.push(...framer.silence(atMs + 1_000));
  return { frames, counters: framer.counters };
}

test('however the bytes are split, the codes and the counts are the same', () => {
  fc.assert(
    fc.property(anyFraming, bursts, fc.array(fc.nat(80)), (own, sent, cuts) => {
      const whole = timed(own, sent, []);
      expect(timed(own, sent, cuts)).toEqual(whole);
      expect(timed(own, sent, [...Array(80).keys()])).toEqual(whole);
    }),
    { numRuns: 2_000 },
  );
});

test('no code holds its prefix or suffix or is longer than allowed', () => {
  fc.assert(
    fc.property(anyFraming, bursts, (own, sent) => {
      for (const code of timed(own, sent, []).frames) {
        expect(code.length).toBeLessThanOrEqual(own.lengthMax);
        expect(code).not.toBe('');
        if (own.length !== undefined) {
          expect(code).toHaveLength(own.length);
          continue;
        }
        for (const suffix of own.suffixes) expect(code).not.toContain(suffix);
        if (own.prefix !== '') expect(code).not.toContain(own.prefix);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('any of several suffixes ends a code, and CR LF is one end', () => {
  const own = framing({ suffixes: ['\n', '\r\n', '\x03'] });
  expect(framed(own, 'A\nB\r\nC\x03D\r\n').frames).toEqual(['A', 'B', 'C', 'D']);
  expect(framed(framing({ suffixes: ['\r', '\r\n'] }), 'A\r\nB\rC\r\n').frames).toEqual([
    ...['A', 'B', 'C'],
  ]);
});

test('a code of a fixed length may hold anything, also what else would begin or end one', () => {
  const own = framing({ prefix: '\x02', suffixes: [], length: 5 });
  expect(framed(own, 'xx\x02A\x02\r\x03B\x0212', '345').frames).toEqual([
    ...['A\x02\r\x03B', '12345'],
  ]);
});

test('silence ends a code where nothing else does, and is only noticed when it is over', () => {
  const own = framing({ suffixes: [], gap: 'end' });
  const framer = new Framer(own);
  expect(framer.push(bytes('TOTE'), 0)).toEqual([]);
  expect(framer.push(bytes('-1'), 200)).toEqual([]);
  expect(framer.silence(400)).toEqual([]);
  expect(framer.silence(401)).toEqual(['TOTE-1']);
  expect(framer.silence(5_000)).toEqual([]);
  framer.push(bytes('TOTE-2'), 6_000);
  expect(framer.push(bytes('TOTE-3'), 6_201)).toEqual(['TOTE-2']);
  expect(framer.counters).toMatchObject({ frames: 2, cutOff: 0 });
});

test('silence in a code of a fixed length throws it away: it has lost bytes', () => {
  const framer = new Framer(framing({ suffixes: [], length: 6 }));
  framer.push(bytes('TOTE'), 0);
  expect(framer.push(bytes('TOTE-2'), 201)).toEqual(['TOTE-2']);
  expect(framer.counters).toMatchObject({ frames: 1, cutOff: 1 });
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
  const own = framing({ lengthMax: 4, suffixes: ['\r\n'] });
  expect(framed(own, 'ABCD\r\nABCDE\r\nEF\r\n').frames).toEqual(['ABCD', 'EF']);
});

test('a code that grows too long is given up before its end comes: a flood takes no memory', () => {
  const own = framing({ lengthMax: 4, suffixes: ['\r\n'] });
  // Its last character might have been the beginning of its end.
  expect(framed(own, 'ABCDE').counters.tooLong).toBe(0);
  expect(framed(own, 'ABCDEF').counters.tooLong).toBe(1);
  expect(framed(own, 'ABCDEFGH\r\nTOTE\r\n')).toMatchObject({
    ...{ frames: ['TOTE'], counters: { frames: 1, tooLong: 1 } },
  });
});

test('a code one too long is none, whichever end comes', () => {
  const own = framing({ lengthMax: 4, suffixes: ['\r\n', '\x03'] });
  expect(framed(own, 'ABCDE\x03TOTE\x03')).toMatchObject({
    ...{ frames: ['TOTE'], counters: { frames: 1, tooLong: 1 } },
  });
});

test.each([
  ['without an end', { suffixes: [] }],
  ['with a length above what it allows', { suffixes: [], length: 5, lengthMax: 4 }],
  ['with an end of nothing', { suffixes: ['\r', ''] }],
])('a framing %s is our own bug: the check of the site file has passed it', (_, own) => {
  expect(() => new Framer(framing(own))).toThrow(InvariantError);
});

test('an LF in a code belongs to it, where CR is the end', () => {
  expect(framed(framing({}), 'A\nB\r').frames).toEqual(['A\nB']);
});

test('where CR is set and CR LF is sent, the LF is neither part of the next code nor noise', () => {
  expect(framed(framing({}), 'A\r\nB\r\n\nC\r').frames).toEqual(['A', 'B', 'C']);
  const { frames, counters } = framed(framing({ prefix: '\x02' }), '\x02A\r\n\x02B\r\n');
  expect(frames).toEqual(['A', 'B']);
  expect(counters).toMatchObject({ strayBytes: 0 });
});

test('a prefix of LF is a prefix, also behind CR', () => {
  expect(framed(framing({ prefix: '\n' }), '\nA\r\nB\r').frames).toEqual(['A', 'B']);
});

test('noise and half codes are thrown away and counted', () => {
  const { frames, counters } = framed(enclosed, 'xx\x02HALF\x02WHOLE\x03y\x02\x03');
  expect(frames).toEqual(['WHOLE']);
  expect(counters).toEqual({ frames: 1, strayBytes: 3, tooLong: 0, cutOff: 1, empty: 1 });
});

test('noise is counted as it comes, also before a prefix of two characters', () => {
  expect(framed(enclosed, 'xyz').counters.strayBytes).toBe(3);
  const twice = framing({ prefix: '\x02\x02', suffixes: ['\x03'] });
  expect(framed(twice, 'x\x02yz\x02\x02A\x03')).toMatchObject({
    ...{ frames: ['A'], counters: { strayBytes: 4, cutOff: 0 } },
  });
});

test('a pause or a new connection between two codes cuts nothing off', () => {
  const framer = new Framer(framing({}));
  framer.push(bytes('TOTE-1\r'), 0);
  expect(framer.push(bytes('TOTE-2\r'), 5_000)).toEqual(['TOTE-2']);
  framer.reset();
  const outside = new Framer(framing({ prefix: '\x02\x02' }));
  outside.push(bytes('x\x02'), 0);
  outside.reset();
  expect([framer.counters.cutOff, outside.counters.cutOff]).toEqual([0, 0]);
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
