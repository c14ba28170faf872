import { EventEmitter } from 'node:events';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import { answerPdu, type RegisterBank } from '../lib/modbus-server.ts';
import { Cable, type LineState } from './cable.ts';

/** Registers as they went over a wire: what the controller sent, or what has reached it. */
export interface Access {
  readonly connection: number;
  readonly kind: 'read' | 'write';
  readonly address: number;
  readonly words: readonly number[];
}

interface PlcWireOptions {
  readonly clock: Clock;
  /** Draws how long bytes take. */
  readonly random: Random;
  /** Of one way, milliseconds: at least, and so much more at most. */
  readonly wayMs: readonly [least: number, more: number];
  readonly bank: RegisterBank;
  /** Told of what leaves the controller and of what reaches it. */
  readonly seen: (access: Access, generation: number) => void;
}

/** How a wire is ill at the moment. */
interface WireIllness {
  line: LineState;
  /** Requests are done and their answers vanish: so many still. */
  lostAnswers: number;
  /** Answers are spoilt: so many still. */
  spoiltAnswers: number;
  /** Requests and answers take up to so much longer, milliseconds, each as drawn. */
  lateMs: number;
}

const headerBytes = 7;
const [readsHolding, writesHolding] = [3, 16];

/** A network cable between controllers and one PLC: bytes take their time, in order, and may not arrive. */
export class PlcWire extends Cable<WireEnd> {
  readonly illness: WireIllness = { line: 'whole', lostAnswers: 0, spoiltAnswers: 0, lateMs: 0 };
  readonly options: PlcWireOptions;
  #connections = 0;

  constructor(options: PlcWireOptions) {
    super(options.random);
    this.options = options;
  }

  /** @returns a connection; undefined: nobody is there */
  dial(generation: number): WireEnd | undefined {
    if (this.illness.line !== 'whole') return undefined;
    return this.connect(new WireEnd(this, ++this.#connections, generation));
  }

  heal(): void {
    Object.assign(this.illness, { line: 'whole', lostAnswers: 0, spoiltAnswers: 0, lateMs: 0 });
  }
}

/** The controller's end of one connection, as a socket; and what the PLC makes of the bytes. */
class WireEnd extends EventEmitter {
  destroyed = false;
  readonly generation: number;
  readonly #wire: PlcWire;
  readonly #connection: number;
  #isAbandoned = false;
  #lingerMs = 0;
  /** No byte arrives before the one sent before it. */
  readonly #arrivesMs = { there: 0, back: 0 };

  constructor(wire: PlcWire, connection: number, generation: number) {
    super();
    this.#wire = wire;
    this.#connection = connection;
    this.generation = generation;
  }

  write(bytes: Uint8Array): void {
    if (this.destroyed || this.#isAbandoned) return;
    const frame = Buffer.from(bytes);
    if (frame[headerBytes] === writesHolding) {
      const words = wordsOf(frame, headerBytes + 6, frame.readUInt16BE(headerBytes + 3));
      this.#seen({ kind: 'write', address: frame.readUInt16BE(headerBytes + 1), words });
    }
    this.#travel('there', () => this.#arrive(frame));
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }

  /** Ended by the other side. */
  lose(): void {
    if (this.destroyed) return;
    if (this.#isAbandoned) this.destroy();
    else {
      this.emit('error', new Error('ECONNRESET'));
      this.destroy();
    }
  }

  abandon(lingerMs: number): void {
    this.#isAbandoned = true;
    this.#lingerMs = lingerMs;
  }

  /** The PLC does what a request asks for, also where nobody waits for the answer any more. */
  #arrive(frame: Buffer): void {
    const { illness, options } = this.#wire;
    if (illness.line !== 'whole') return;
    if (this.#isAbandoned && this.#lingerMs > 0) {
      const lingerMs = this.#lingerMs;
      this.#lingerMs = 0;
      options.clock.after(lingerMs, () => this.#arrive(frame));
      return;
    }
    const pdu = frame.subarray(headerBytes);
    const result = answerPdu(options.bank, pdu);
    const body =
      typeof result === 'number' ? Buffer.from([(pdu[0] as number) | 0x80, result]) : result;
    const answer = Buffer.allocUnsafe(headerBytes + body.length);
    frame.copy(answer, 0, 0, headerBytes);
    answer.writeUInt16BE(body.length + 1, 4);
    body.copy(answer, headerBytes);
    if (illness.lostAnswers > 0) {
      illness.lostAnswers--;
      return;
    }
    const isSpoilt = illness.spoiltAnswers > 0;
    if (isSpoilt) illness.spoiltAnswers--;
    this.#travel('back', () => this.#deliver(frame, answer, isSpoilt));
  }

  #deliver(request: Buffer, answer: Buffer, isSpoilt: boolean): void {
    if (this.destroyed || this.#isAbandoned || this.#wire.illness.line !== 'whole') return;
    if (isSpoilt) {
      this.emit('data', spoilt(answer, this.#wire.draw(4)));
      return;
    }
    if (answer[headerBytes] === readsHolding) {
      const words = wordsOf(answer, headerBytes + 2, (answer[headerBytes + 1] as number) / 2);
      this.#seen({ kind: 'read', address: request.readUInt16BE(headerBytes + 1), words });
    }
    // In two pieces now and then: a stream has no frames.
    const at = this.#wire.draw(8) === 0 ? 1 + this.#wire.draw(answer.length - 1) : 0;
    if (at > 0) this.emit('data', answer.subarray(0, at));
    this.emit('data', answer.subarray(at));
  }

  #travel(way: 'there' | 'back', call: () => void): void {
    const {
      clock,
      wayMs: [leastMs, wayMoreMs],
    } = this.#wire.options;
    const { lateMs } = this.#wire.illness;
    // Each by another time: what a connection has sent that is given up may come when the next one has read.
    const moreMs = lateMs && this.#wire.draw(lateMs);
    const nowMs = clock.monotonicMs();
    const soonest = nowMs + leastMs + moreMs + this.#wire.draw(wayMoreMs * 1_000) / 1_000;
    // Strictly later, so that nothing overtakes where the order of what is due together is drawn.
    const dueMs = Math.max(soonest, this.#arrivesMs[way] + 0.001);
    this.#arrivesMs[way] = dueMs;
    clock.after(dueMs - nowMs, call);
  }

  #seen(access: Omit<Access, 'connection'>): void {
    const { seen } = this.#wire.options;
    seen({ connection: this.#connection, ...access }, this.generation);
  }
}

function wordsOf(bytes: Buffer, at: number, count: number): number[] {
  const words = new Array<number>(count);
  for (let i = 0, from = at; i < count; i++, from += 2) {
    words[i] = ((bytes[from] as number) << 8) | (bytes[from + 1] as number);
  }
  return words;
}

/** Bytes that Modbus TCP does not allow, or that answer another request. */
function spoilt(answer: Buffer, kind: number): Buffer {
  const bytes = Buffer.from(answer);
  if (kind === 0) bytes.writeUInt16BE((bytes.readUInt16BE(0) + 1) & 0xffff, 0);
  else if (kind === 1) bytes.writeUInt16BE(1, 2);
  else if (kind === 2) bytes[headerBytes] = (bytes[headerBytes] as number) ^ 0x40;
  else return bytes.subarray(0, bytes.length - 1);
  return bytes;
}
