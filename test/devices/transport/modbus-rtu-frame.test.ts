import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findReply,
  readRequest,
  withCrc,
  writeRequest,
} from '../../../devices/transport/modbus-rtu-frame.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const framed = (text: string) => withCrc(hex(text));
/** Two registers of unit 17 from address 107 on, read and written. */
const read = readRequest(0x11, 0x6b, 2);
const write = writeRequest(0x11, 0x6b, [0x0a, 0x0102]);
const readReply = framed('11 03 04 0007 ffff');
const writeReply = framed('11 10 006b 0002');
const body = hex('0007 ffff');
const damaged = (frame: Buffer) => Buffer.from(frame.with(-1, (frame.at(-1) ?? 0) ^ 1));

test('requests are those of the specification', () => {
  // MODBUS over Serial Line and Application Protocol V1.1b3, sections 6.3 and 6.12; CRC low byte first.
  expect(readRequest(0x11, 0x6b, 3).bytes).toEqual(hex('11 03 006b 0003 7687'));
  expect(writeRequest(0x11, 1, [0x0a, 0x0102]).bytes).toEqual(
    hex('11 10 0001 0002 04 000a 0102 c6f0'),
  );
});

describe('in what has come in', () => {
  test.each([
    ['the registers that were read', read, [readReply], { kind: 'reply', body }],
    ['that registers were written', write, [writeReply], { kind: 'reply', body: hex('') }],
    ['an exception', read, [framed('11 83 02')], { kind: 'exception', exception: 2 }],
    ['an exception to a write', write, [framed('11 90 06')], { kind: 'exception', exception: 6 }],
    ['a wrong CRC', read, [damaged(readReply)], { kind: 'damaged' }],
    ['a wrong CRC of an exception', write, [damaged(framed('11 90 06'))], { kind: 'damaged' }],
  ])('%s is found', (_, request, parts, found) => {
    expect(findReply(request, Buffer.concat(parts))).toMatchObject(found);
  });

  test.each([
    ['of another unit', framed('12 03 04 0007 ffff')],
    ['to another function', framed('11 04 04 0007 ffff')],
    ['of another length', framed('11 03 06 0007 ffff 0000')],
    [
      'with a wrong CRC behind noise, which may be noise as well',
      hex(`00${damaged(readReply).toString('hex')}`),
    ],
  ])('a reply %s is none', (_, bytes) => {
    expect(findReply(read, bytes)).toEqual({ kind: 'incomplete' });
  });

  test('a write of other registers has not been answered', () => {
    for (const text of ['11 10 006c 0002', '11 10 006b 0001']) {
      expect(findReply(write, framed(text))).toEqual({ kind: 'incomplete' });
    }
  });

  test.each([
    ['read', read, readReply],
    ['write', write, writeReply],
    ['read that is refused', read, framed('11 83 02')],
  ])('the reply to a %s is not complete before its last byte', (_, request, reply) => {
    for (let length = 0; length < reply.length; length++) {
      expect(findReply(request, reply.subarray(0, length))).toEqual({ kind: 'incomplete' });
    }
    expect(findReply(request, reply)).not.toEqual({ kind: 'incomplete' });
  });

  test('bytes before and behind the reply are counted', () => {
    const noise = fc
      .uint8Array({ maxLength: 9 })
      .map((bytes) => Buffer.from(bytes.map((b) => b & 0x0f)));
    fc.assert(
      fc.property(noise, noise, (before, behind) => {
        expect(findReply(read, Buffer.concat([before, readReply, behind]))).toEqual({
          ...{ kind: 'reply', body, dropped: before.length, rest: behind.length },
        });
      }),
    );
    const refused = Buffer.concat([hex('00 01'), framed('11 83 02'), hex('03')]);
    expect(findReply(read, refused)).toMatchObject({ kind: 'exception', dropped: 2, rest: 1 });
  });
});

describe('an adapter for two wires hands back what was sent through it', () => {
  test.each([
    ['read', read, readReply],
    ['write', write, writeReply],
  ])(
    'a %s is no reply to itself, in no part of it, and the reply is found behind it',
    (_, request, reply) => {
      for (let length = 0; length <= request.bytes.length; length++) {
        expect(findReply(request, request.bytes.subarray(0, length))).toEqual({
          kind: 'incomplete',
        });
      }
      expect(findReply(request, Buffer.concat([request.bytes, reply]))).toMatchObject({
        ...{ kind: 'reply', dropped: request.bytes.length, rest: 0 },
      });
    },
  );

  test('a wrong CRC behind it is seen at once', () => {
    const bytes = Buffer.concat([read.bytes, damaged(readReply)]);
    expect(findReply(read, bytes)).toEqual({ kind: 'damaged' });
  });
});
