import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { craneFields, craneGroups } from '../../devices/asrs-crane/fields.ts';
import { conveyorFields, conveyorGroups } from '../../devices/conveyor/fields.ts';
import { bind } from '../../devices/lib/codec.ts';
import {
  findReply,
  type RtuRequest,
  readRequest,
  writeRequest,
} from '../../devices/transport/modbus-rtu-frame.ts';
import { ModbusTcpPort } from '../../devices/transport/modbus-tcp-port.ts';
import { DeviceProtocolError } from '../../src/domain/errors.ts';
import { readConveyorInterface, readCraneInterface } from '../lib/interfaces.ts';
import { type Draw, type FuzzTarget, must } from './target.ts';

/** CRC-16/MODBUS bit by bit, as the specification describes it: shares nothing with the table of the product. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

const sealed = (body: Uint8Array): Buffer => {
  const crc = crcOf(body);
  return Buffer.from([...body, crc & 0xff, crc >> 8]);
};

/** A socket without a wire. */
class Wire extends EventEmitter {
  destroyed = false;
  sent: Buffer = Buffer.alloc(0);
  write(bytes: Buffer): void {
    this.sent = Buffer.from(bytes);
  }
}

type Sent = 'right' | 'exception' | 'late' | 'broken';
const header = (id: number, protocol: number, length: number, rest: readonly number[]) =>
  Buffer.from([
    id >> 8,
    id & 0xff,
    protocol >> 8,
    protocol & 0xff,
    length >> 8,
    length & 0xff,
    ...rest,
  ]);

/** One frame of a server, and what a client has to make of it while it waits for `id`. */
function frameOf(draw: Draw, id: number): { readonly bytes: Buffer; readonly is: Sent } {
  const words = draw.below(4);
  const body = [3, 2 * words, ...draw.bytes(2 * words)];
  const whole = (unit: number, pdu: readonly number[], tid = id) =>
    header(tid, 0, pdu.length + 1, [unit, ...pdu]);
  switch (draw.below(8)) {
    case 0:
      return { bytes: whole(1, [0x83, draw.below(256)]), is: 'exception' };
    case 1:
      return { bytes: whole(1, body, (id + 1 + draw.below(0xffff)) & 0xffff), is: 'late' };
    case 2:
      return { bytes: whole(draw.oneOf([0, 2, 255]), body), is: 'broken' };
    case 3:
      return { bytes: whole(1, [draw.oneOf([4, 16, 0x84, 0x90]), ...body.slice(1)]), is: 'broken' };
    case 4:
      return { bytes: header(id, 1 + draw.below(0xffff), 5, [1, ...body]), is: 'broken' };
    case 5:
      return { bytes: header(id, 0, draw.oneOf([0, 1, 255, 4096, 65_535]), [1, 3]), is: 'broken' };
    default:
      return { bytes: whole(1, body), is: 'right' };
  }
}

/** Frames in pieces of any size: exactly the first reply to what was asked comes out, and nothing after a broken one. */
export function modbusTcpFuzz(): FuzzTarget {
  const counts = { right: 0, exception: 0, late: 0, broken: 0, silent: 0 };
  return {
    doc: 'Modbus TCP: no reply that was not sent for the request, none after a broken frame',
    counts: () => ({ ...counts }),
    run(draw) {
      const wire = new Wire();
      const seen = { late: 0, broken: 0, frames: [] as Buffer[] };
      const port = new ModbusTcpPort(wire as unknown as Socket, {
        late: () => seen.late++,
        broken: () => {
          seen.broken++;
          wire.destroyed = true;
        },
      });
      port.on('data', (frame: Buffer) => seen.frames.push(frame));
      for (let n = draw.below(3); n > 0; n--) port.write(sealed([1, 3, 0, 0, 0, 1] as never));
      port.write(sealed(Uint8Array.of(1, 3, 0, 0, 0, draw.below(4))));
      const frames = Array.from({ length: draw.below(6) }, () =>
        frameOf(draw, wire.sent.readUInt16BE(0)),
      );
      feed(draw, wire, Buffer.concat(frames.map(({ bytes }) => bytes)));
      const expected = outcomeOf(frames);
      must(seen.frames.length === expected.answers.length, () => `${seen.frames.length} answers`);
      for (const [i, frame] of seen.frames.entries()) {
        const bytes = expected.answers[i] ?? Buffer.alloc(0);
        must(frame.equals(sealed(bytes.subarray(6))), () => 'an answer that was not sent');
      }
      must(seen.late === expected.late, () => `${seen.late} late, not ${expected.late}`);
      must(seen.broken === expected.broken, () => `${seen.broken} broken`);
      if (frames.length === 0) counts.silent++;
      for (const { is } of frames) counts[is]++;
    },
  };
}

function feed(draw: Draw, wire: Wire, bytes: Buffer): void {
  for (let at = 0; at < bytes.length && !wire.destroyed; ) {
    const size = 1 + draw.below(draw.oneOf([2, 20, 400]));
    wire.emit('data', bytes.subarray(at, at + size));
    at += size;
  }
}

/** What has to come of them, by the kinds they were made as. */
function outcomeOf(frames: readonly { readonly bytes: Buffer; readonly is: Sent }[]) {
  const answers: Buffer[] = [];
  let late = 0;
  for (const { bytes, is } of frames) {
    const isHeaderBroken =
      bytes.readUInt16BE(2) !== 0 || bytes.readUInt16BE(4) !== bytes.length - 6;
    // Once it is answered, whatever comes under its number is late, if only its header is right.
    if (isHeaderBroken || (is === 'broken' && answers.length === 0)) {
      return { answers, late, broken: 1 };
    }
    if (answers.length > 0 || is === 'late') late++;
    else answers.push(bytes);
  }
  return { answers, late, broken: 0 };
}

const requestOf = (draw: Draw): RtuRequest => {
  const unit = 1 + draw.below(3);
  const words = 1 + draw.below(4);
  return draw.once(2)
    ? readRequest(unit, draw.below(0x1_0000), words)
    : writeRequest(unit, draw.below(0x1_0000), [...new Uint16Array(draw.bytes(words))]);
};

function replyOf(draw: Draw, { unit, code, replyBytes, echo }: RtuRequest): Buffer {
  if (draw.once(4)) return sealed(Uint8Array.of(unit, code | 0x80, 1 + draw.below(11)));
  const rest = replyBytes - 4 - echo.length;
  return sealed(Uint8Array.of(unit, code, ...echo, ...draw.bytes(rest)));
}

/** Noise, echoes and damage around a reply: what is taken for one has its unit, function, length and CRC. */
export function modbusRtuFuzz(): FuzzTarget {
  const counts = { clean: 0, reply: 0, exception: 0, damaged: 0, incomplete: 0 };
  return {
    doc: 'Modbus RTU: no reply without its unit, function, length and CRC; a clean one is always found',
    counts: () => ({ ...counts }),
    run(draw) {
      const request = requestOf(draw);
      const reply = replyOf(draw, request);
      const echo = draw.once(4) ? request.bytes : Buffer.alloc(0);
      const clean = Buffer.concat([echo, reply]);
      const found = findReply(request, clean);
      must(found.kind === 'reply' || found.kind === 'exception', () => `clean is ${found.kind}`);
      counts.clean++;
      const noise = Buffer.from(draw.bytes(draw.below(12)));
      const spoilt = Buffer.concat([echo, noise, reply, draw.once(3) ? noise : Buffer.alloc(0)]);
      for (let n = draw.below(3); n > 0; n--) {
        const at = draw.below(spoilt.length);
        spoilt[at] = (spoilt[at] as number) ^ (1 << draw.below(8));
      }
      // As it grows, since it is judged with every piece that comes in.
      for (let end = 1; end <= spoilt.length; end += 1 + draw.below(5)) {
        judge(request, spoilt.subarray(0, end));
      }
      counts[judge(request, spoilt)]++;
    },
  };
}

function judge(
  request: RtuRequest,
  bytes: Buffer,
): 'reply' | 'exception' | 'damaged' | 'incomplete' {
  const found = findReply(request, bytes);
  if (found.kind !== 'reply' && found.kind !== 'exception') return found.kind;
  const length = found.kind === 'reply' ? request.replyBytes : 5;
  const frame = bytes.subarray(found.dropped, found.dropped + length);
  must(found.dropped + length + found.rest === bytes.length, () => 'bytes are not accounted for');
  must(frame[0] === request.unit, () => 'a reply of another unit');
  must(((frame[1] as number) & 0x7f) === request.code, () => 'a reply of another function');
  must(sealed(frame.subarray(0, -2)).equals(frame), () => 'a reply with a wrong CRC');
  return found.kind;
}

/** Registers of any content: values or a typed error come out, and no flipped bit passes a CRC. */
export function registersFuzz(): FuzzTarget {
  const [crane, conveyor] = [readCraneInterface(), readConveyorInterface()];
  const blocks = [
    bind(crane, 'status', craneFields.status, craneGroups.status),
    bind(crane, 'command', craneFields.command),
    bind(conveyor, 'linkStatus', conveyorFields.linkStatus, conveyorGroups.linkStatus),
    bind(conveyor, 'link', conveyorFields.link),
    bind(conveyor, 'answers', conveyorFields.answers, conveyorGroups.answers),
    bind(conveyor, 'point', conveyorFields.point, conveyorGroups.point),
  ];
  const link = bind(conveyor, 'link', conveyorFields.link);
  const idle = link.decode(new Array(link.length).fill(0));
  const counts = { decoded: 0, refused: 0, flipped: 0, whole: 0 };
  return {
    doc: 'registers of PLCs: values or a typed error, and no damaged frame passes its CRC',
    counts: () => ({ ...counts }),
    run(draw) {
      const block = draw.oneOf(blocks);
      const small = draw.once(2);
      const words = Array.from({ length: block.length }, () => draw.below(small ? 6 : 0x1_0000));
      try {
        block.decode(words);
        counts.decoded++;
      } catch (error) {
        if (!(error instanceof DeviceProtocolError)) throw error;
        counts.refused++;
      }
      const frame = link.encode({
        ...idle,
        life: draw.below(0x1_0000),
        utcS: draw.below(0x7fff_ffff),
      });
      must(link.crcHolds(frame), () => 'a whole frame fails its CRC');
      counts.whole++;
      const at = draw.below(link.length - 1);
      frame[at] = (frame[at] as number) ^ (1 << draw.below(16));
      must(!link.crcHolds(frame), () => `a flipped bit in register ${at} passes the CRC`);
      counts.flipped++;
    },
  };
}
