import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../src/ports/clock.ts';

/** A stretch of holding registers, by zero-based address. */
export interface RegisterRange {
  readonly base: number;
  readonly length: number;
}

/** The holding registers of one unit. */
export interface RegisterBank {
  /** 65 536 registers, by zero-based address. */
  readonly image: Uint16Array;
  /** Replaces the image for reads, such as for a torn block. */
  readonly read?: (address: number, words: number) => ArrayLike<number>;
  /** Registers that exist; all of them by default. Outside, exception 2. */
  readonly readable?: readonly RegisterRange[];
  /** Registers that a client may write; all of them by default. Outside, exception 2. */
  readonly writable?: readonly RegisterRange[];
  /** The number of an exception that answers the next request, whatever it asks; undefined: none. */
  readonly exception?: () => number | undefined;
  /** Called when a write is in the image as one piece, before it is answered. */
  readonly onWrite?: (address: number, words: number) => void;
  /** How this unit misbehaves at the moment; asked with every request. */
  readonly fault?: () => UnitFault | undefined;
}

/** `silent`: it does nothing. `late`: it is done and answered, after a while. */
export type UnitFault =
  | { readonly kind: 'silent' }
  | { readonly kind: 'late'; readonly ms: number; readonly clock: Clock };

export interface ModbusServerOptions {
  /** By unit id. A request to any other is answered with exception 11, as a gateway does. */
  readonly units: Readonly<Record<number, RegisterBank>>;
  /** More connections than this are closed at once, the newest first. Default 2. */
  readonly connectionsMax?: number;
  /** A PLC looks at requests once per cycle: each waits this long, then is done and answered. */
  readonly answerDelay?: { readonly ms: number; readonly clock: Clock };
}

const headerBytes = 7; // transaction, protocol, length, unit
const lengthMax = 254;
// A client that asks on without reading its answers is cut off.
const unsentBytesMax = 65_536;

/**
 * A Modbus TCP server as a PLC has one: functions 3, 6, 16 and 23, a few connections, each block
 * read and written as one piece, copied upwards.
 *
 * Source: MODBUS Application Protocol V1.1b3; Messaging on TCP/IP V1.0b.
 */
export class ModbusServer {
  readonly counters = {
    ...{ connections: 0, refused: 0, framingErrors: 0 },
    /** Requests done; those that a mute server did not look at are ignored. */
    ...{ requests: 0, exceptions: 0, ignored: 0 },
  };
  readonly #options: ModbusServerOptions;
  readonly #units: Map<number, RegisterBank>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #silence: 'requests' | 'answers' | undefined;

  constructor(options: ModbusServerOptions) {
    this.#options = options;
    this.#units = new Map(
      Object.entries(options.units).map(([unit, bank]) => [Number(unit), bank]),
    );
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** One more device behind this gateway. */
  add(unit: number, bank: RegisterBank): void {
    this.#units.set(unit, bank);
  }

  /** @param port  0 for any free one  @returns the port that it listens on */
  listen(port: number, host = '127.0.0.1'): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.drop();
    await closed;
  }

  /** Ends every connection with a reset; new ones are welcome. */
  drop(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /**
   * Connections stay, answers do not come. What is sent meanwhile is never answered.
   *
   * @param what  `requests`: they are not even looked at; `answers`: they are done, the answer is lost
   */
  mute(muted: boolean, what: 'requests' | 'answers' = 'requests'): void {
    this.#silence = muted ? what : undefined;
  }

  #accept(socket: Socket): void {
    const { connectionsMax = 2 } = this.#options;
    socket.on('error', () => {}); // `close` follows
    if (this.#sockets.size >= connectionsMax) {
      this.counters.refused++;
      socket.destroy();
      return;
    }
    this.counters.connections++;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      rest = this.#takeFrames(socket, rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
    });
  }

  /** @returns the bytes of a frame that has only begun */
  #takeFrames(socket: Socket, bytes: Buffer): Buffer {
    let at = 0;
    while (bytes.length - at >= headerBytes) {
      const length = bytes.readUInt16BE(at + 4);
      if (bytes.readUInt16BE(at + 2) !== 0 || length < 2 || length > lengthMax) {
        this.counters.framingErrors++;
        socket.destroy();
        return Buffer.alloc(0);
      }
      const end = at + 6 + length;
      if (bytes.length < end) break;
      this.#take(socket, bytes.subarray(at, end));
      at = end;
    }
    return bytes.subarray(at);
  }

  #take(socket: Socket, frame: Buffer): void {
    if (this.#silence === 'requests') {
      this.counters.ignored++;
      return;
    }
    const fault = this.#units.get(frame[6] as number)?.fault?.();
    if (fault?.kind === 'silent') {
      this.counters.ignored++;
      return;
    }
    const answerDelay = fault?.kind === 'late' ? fault : this.#options.answerDelay;
    if (answerDelay === undefined) this.#answer(socket, frame);
    else answerDelay.clock.after(answerDelay.ms, () => this.#answer(socket, frame));
  }

  #answer(socket: Socket, frame: Buffer): void {
    if (socket.destroyed) return;
    this.counters.requests++;
    const bank = this.#units.get(frame[6] as number);
    const pdu = frame.subarray(headerBytes);
    const result = bank === undefined ? 11 : answerPdu(bank, pdu);
    if (typeof result === 'number') this.counters.exceptions++;
    if (this.#silence !== undefined) return;
    const body =
      typeof result === 'number' ? Buffer.from([(pdu[0] as number) | 0x80, result]) : result;
    const answer = Buffer.alloc(headerBytes + body.length);
    frame.copy(answer, 0, 0, headerBytes);
    answer.writeUInt16BE(body.length + 1, 4);
    body.copy(answer, headerBytes);
    socket.write(answer);
    if (socket.writableLength > unsentBytesMax) socket.destroy();
  }
}

/** Does what a request asks for. @returns the answer's PDU, or the number of an exception */
export function answerPdu(bank: RegisterBank, pdu: Buffer): Buffer | number {
  const exception = bank.exception?.();
  if (exception !== undefined) return exception;
  switch (pdu[0]) {
    case 3:
      return pdu.length === 5 ? readRegisters(bank, pdu, 1) : 3;
    case 6:
      return pdu.length === 5 ? writeOne(bank, pdu) : 3;
    case 16:
      return writeSeveral(bank, pdu, 1, 123) ?? pdu.subarray(0, 5);
    case 23:
      return readAndWrite(bank, pdu);
    default:
      return 1;
  }
}

/** @param at  where address and quantity stand in the PDU */
function readProblem(bank: RegisterBank, pdu: Buffer, at: number): number | undefined {
  const [address, words] = [pdu.readUInt16BE(at), pdu.readUInt16BE(at + 2)];
  if (words < 1 || words > 125) return 3;
  return isInside(bank.readable, address, words) ? undefined : 2;
}

function readRegisters(bank: RegisterBank, pdu: Buffer, at: number): Buffer | number {
  const problem = readProblem(bank, pdu, at);
  if (problem !== undefined) return problem;
  const [address, words] = [pdu.readUInt16BE(at), pdu.readUInt16BE(at + 2)];
  const values = bank.read?.(address, words) ?? bank.image.subarray(address, address + words);
  const answer = Buffer.allocUnsafe(2 + 2 * words);
  answer[0] = pdu[0] as number;
  answer[1] = 2 * words;
  for (let i = 0; i < words; i++) answer.writeUInt16BE(values[i] as number, 2 + 2 * i);
  return answer;
}

function writeOne(bank: RegisterBank, pdu: Buffer): Buffer | number {
  const address = pdu.readUInt16BE(1);
  if (!isInside(bank.writable, address, 1)) return 2;
  bank.image[address] = pdu.readUInt16BE(3);
  bank.onWrite?.(address, 1);
  return pdu;
}

/** @returns the number of an exception, or undefined when it is written */
function writeSeveral(
  { image, writable, onWrite }: RegisterBank,
  pdu: Buffer,
  at: number,
  wordsMax: number,
): number | undefined {
  const valuesAt = at + 5;
  if (pdu.length < valuesAt) return 3;
  const [address, words] = [pdu.readUInt16BE(at), pdu.readUInt16BE(at + 2)];
  if (words < 1 || words > wordsMax) return 3;
  if (pdu[at + 4] !== 2 * words || pdu.length !== valuesAt + 2 * words) return 3;
  if (!isInside(writable, address, words)) return 2;
  for (let i = 0; i < words; i++) image[address + i] = pdu.readUInt16BE(valuesAt + 2 * i);
  onWrite?.(address, words);
  return undefined;
}

/** The write is done first, so that the read sees it. Nothing is written when the read is impossible. */
function readAndWrite(bank: RegisterBank, pdu: Buffer): Buffer | number {
  if (pdu.length < 10) return 3;
  return (
    readProblem(bank, pdu, 1) ?? writeSeveral(bank, pdu, 5, 121) ?? readRegisters(bank, pdu, 1)
  );
}

function isInside(
  ranges: readonly RegisterRange[] | undefined,
  address: number,
  words: number,
): boolean {
  const end = address + words;
  if (end > 0x1_0000) return false;
  return ranges?.some(({ base, length }) => address >= base && end <= base + length) ?? true;
}
