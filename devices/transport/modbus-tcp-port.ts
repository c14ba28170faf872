import { EventEmitter } from 'node:events';
import { DeviceProtocolError } from '../../src/domain/errors.ts';
import { crc16 } from '../lib/crc16.ts';
import { describeTcpReply, describeTcpRequest } from './modbus-describe.ts';
import type { WireTap } from './tap.ts';

const headerBytes = 6; // transaction, protocol, length; the unit counts as the first byte after it
const lengthMax = 254;

/** As much of a socket as a connection needs: bytes go in and come out, and it ends. */
export interface ByteSocket {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'error', listener: (cause: Error) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  write(bytes: Uint8Array): unknown;
  destroy(): unknown;
  readonly destroyed: boolean;
}

/** What is known on the wire as a request of ours that has no reply yet. */
interface Pending {
  readonly id: number;
  readonly unit: number;
  readonly code: number;
}

/** What the port tells its owner. */
export interface PortOwner {
  /** A reply to nothing that is asked: it came twice or to another request, and was dropped. */
  late(): void;
  /** Bytes that Modbus TCP does not allow. Where the next frame starts is no longer known. */
  broken(error: DeviceProtocolError): void;
}

/**
 * A port for `modbus-serial` over an open socket: puts RTU frames (unit, PDU, CRC) into Modbus TCP
 * frames and back, and lets only the reply to the one outstanding request through.
 *
 * The port of `modbus-serial` itself counts transactions modulo 256 and takes late replies, so that
 * a request can be answered with another one's registers. The ids on the wire here have 16 bits and
 * are the port's own: `modbus-serial` sees the same id in every request, as it keeps one closure per
 * id for ever.
 *
 * Source: MODBUS Messaging on TCP/IP V1.0b, section 3.1.3.
 */
export class ModbusTcpPort extends EventEmitter {
  /** Read and set by `modbus-serial`. */
  _transactionIdRead = 1;
  _transactionIdWrite = 1;
  readonly #socket: ByteSocket;
  readonly #owner: PortOwner;
  readonly #traffic: WireTap | undefined;
  #pending: Pending | undefined;
  #lastId = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: ByteSocket, owner: PortOwner, traffic?: WireTap) {
    super();
    this.#socket = socket;
    this.#owner = owner;
    this.#traffic = traffic;
    socket.on('data', (chunk) => this.#receive(chunk));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  open(callback: (error?: Error) => void): void {
    callback();
  }

  /** @param frame  unit, PDU, CRC */
  write(frame: Buffer): void {
    this.#lastId = (this.#lastId + 1) & 0xffff;
    this.#pending = { id: this.#lastId, unit: frame[0] as number, code: frame[1] as number };
    const length = frame.length - 2;
    const bytes = Buffer.allocUnsafe(headerBytes + length);
    bytes.writeUInt16BE(this.#lastId, 0);
    bytes.writeUInt16BE(0, 2);
    bytes.writeUInt16BE(length, 4);
    frame.copy(bytes, headerBytes, 0, length);
    this.#traffic?.sent(bytes, describeTcpRequest);
    this.#socket.write(bytes);
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= headerBytes && !this.#socket.destroyed) {
      const protocol = bytes.readUInt16BE(at + 2);
      const length = bytes.readUInt16BE(at + 4);
      if (protocol !== 0 || length < 2 || length > lengthMax) {
        this.#traffic?.received(bytes.subarray(at));
        this.#broken('Modbus TCP header is not valid', { protocol, length });
        return;
      }
      const end = at + headerBytes + length;
      if (bytes.length < end) break;
      this.#traffic?.received(bytes.subarray(at, end), describeTcpReply);
      this.#take(bytes.readUInt16BE(at), bytes.subarray(at + headerBytes, end));
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }

  /** @param reply  unit and PDU, at least two bytes */
  #take(id: number, reply: Buffer): void {
    const pending = this.#pending;
    if (pending === undefined || id !== pending.id) {
      this.#traffic?.judge('late');
      this.#owner.late();
      return;
    }
    const [unit, code] = [reply[0] as number, reply[1] as number];
    const isException = code === (pending.code | 0x80);
    if (unit !== pending.unit || (code !== pending.code && !isException)) {
      this.#broken('Reply is from another unit or function', { unit, code });
      return;
    }
    if (isException && reply.length !== 3) {
      this.#broken('Exception has the wrong length', { length: reply.length });
      return;
    }
    this.#pending = undefined;
    this.#traffic?.judge('ok');
    const frame = Buffer.allocUnsafe(reply.length + 2);
    reply.copy(frame);
    frame.writeUInt16LE(crc16(reply), reply.length);
    this.emit('data', frame);
  }

  #broken(message: string, context: Record<string, number>): void {
    this.#rest = Buffer.alloc(0);
    this.#traffic?.judge(`discarded: ${message}`);
    this.#owner.broken(new DeviceProtocolError(message, { context }));
  }
}
