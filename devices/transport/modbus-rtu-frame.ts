import { crc16 } from '../lib/crc16.ts';

/** One request, and how its reply is known. */
export interface RtuRequest {
  /** Unit, PDU, CRC. */
  readonly bytes: Buffer;
  /** Unit and function that the reply begins with. */
  readonly unit: number;
  readonly code: number;
  /** Bytes of the right reply, CRC included. */
  readonly replyBytes: number;
  /** What follows unit and function in it, as far as it is known before. */
  readonly echo: Buffer;
}

const exceptionBytes = 5;

/** Reads holding registers, function 3. */
export function readRequest(unit: number, address: number, words: number): RtuRequest {
  const body = Buffer.from([unit, 3, 0, 0, 0, 0]);
  body.writeUInt16BE(address, 2);
  body.writeUInt16BE(words, 4);
  const echo = Buffer.from([2 * words]);
  return { bytes: withCrc(body), unit, code: 3, replyBytes: 5 + 2 * words, echo };
}

/** Writes holding registers, function 16. */
export function writeRequest(unit: number, address: number, words: readonly number[]): RtuRequest {
  const body = Buffer.alloc(7 + 2 * words.length);
  body.set([unit, 16]);
  body.writeUInt16BE(address, 2);
  body.writeUInt16BE(words.length, 4);
  body[6] = 2 * words.length;
  for (const [i, word] of words.entries()) body.writeUInt16BE(word, 7 + 2 * i);
  return { bytes: withCrc(body), unit, code: 16, replyBytes: 8, echo: body.subarray(2, 6) };
}

/** The same bytes with their CRC behind them, low byte first. */
export function withCrc(body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(body.length + 2);
  bytes.set(body);
  bytes.writeUInt16LE(crc16(body), body.length);
  return bytes;
}

export type RtuFound =
  /** Body without unit, function and CRC; `dropped` bytes stood before it, `rest` bytes behind it. */
  | {
      readonly kind: 'reply';
      readonly body: Buffer;
      readonly dropped: number;
      readonly rest: number;
    }
  | {
      readonly kind: 'exception';
      readonly exception: number;
      readonly dropped: number;
      readonly rest: number;
    }
  /** A reply by its beginning, whose CRC is wrong. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'incomplete' };

/**
 * Looks for the reply in what has come in. Silence between frames cannot be seen through drivers and
 * gateways, so that the shape of the one reply that is awaited tells it from noise: unit, function,
 * length and CRC.
 *
 * Source: MODBUS over Serial Line V1.02, section 2.5.1.
 */
export function findReply(request: RtuRequest, bytes: Buffer): RtuFound {
  // Adapters for two wires may hand back what was sent through them.
  const isEcho = bytes.length >= request.bytes.length && isStartOf(request.bytes, bytes);
  const from = isEcho ? request.bytes.length : 0;
  const mayBecomeEcho = isStartOf(bytes, request.bytes);
  for (let at = from; at + exceptionBytes <= bytes.length; at++) {
    const end = endOfReply(request, bytes, at);
    if (end === undefined || end > bytes.length) continue;
    if (crcHolds(bytes, at, end)) return found(request, bytes, at, end);
    // Right from the first byte on: no noise would look like that.
    if (at === from && !mayBecomeEcho) return { kind: 'damaged' };
  }
  return { kind: 'incomplete' };
}

const isStartOf = (start: Buffer, bytes: Buffer): boolean =>
  start.equals(bytes.subarray(0, start.length));

/** @returns undefined where no reply to this request begins */
function endOfReply(
  { unit, code, replyBytes, echo }: RtuRequest,
  bytes: Buffer,
  at: number,
): number | undefined {
  if (bytes[at] !== unit) return undefined;
  if (bytes[at + 1] === (code | 0x80)) return at + exceptionBytes;
  const starts = bytes[at + 1] === code && echo.every((byte, i) => bytes[at + 2 + i] === byte);
  return starts ? at + replyBytes : undefined;
}

function found({ code, echo }: RtuRequest, bytes: Buffer, at: number, end: number): RtuFound {
  const where = { dropped: at, rest: bytes.length - end };
  if (bytes[at + 1] !== code) {
    return { kind: 'exception', exception: bytes[at + 2] as number, ...where };
  }
  return { kind: 'reply', body: bytes.subarray(at + 2 + echo.length, end - 2), ...where };
}

const crcHolds = (bytes: Buffer, at: number, end: number): boolean =>
  crc16(bytes.subarray(at, end - 2)) === bytes.readUInt16LE(end - 2);
