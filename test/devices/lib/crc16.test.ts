import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc16, crc16OfRegisters } from '../../../devices/lib/crc16.ts';

const reference: (bytes: Buffer) => number = createRequire(import.meta.url)(
  'modbus-serial/utils/crc16',
);

test('the check value is the published one', () => {
  expect(crc16(Buffer.from('123456789'))).toBe(0x4b37);
});

test('any bytes give what an independent implementation gives', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(crc16(bytes)).toBe(reference(Buffer.from(bytes)));
    }),
  );
});

test('registers count from first to last, the high byte of each first', () => {
  const bytes = Buffer.from('12345678');
  const words = [0xffff, ...[0, 2, 4, 6].map((at) => bytes.readUInt16BE(at)), 0xffff];
  expect(crc16OfRegisters(words, 1, 4)).toBe(crc16(bytes));
});
