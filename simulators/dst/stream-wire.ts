import { EventEmitter } from 'node:events';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import { Cable, type LineState } from './cable.ts';

/** A connection as the device at the end of the cable has it. */
export interface DeviceChannel {
  /** Whether the device still believes that somebody is there. */
  readonly isOpen: boolean;
  send(data: string | Uint8Array): void;
  /** Takes no more bytes, or takes them again. */
  hold(isHeld: boolean): void;
  /** Breaks the connection. */
  drop(): void;
}

interface StreamWireOptions {
  readonly clock: Clock;
  /** Draws how long bytes take, and how they are cut. */
  readonly random: Random;
  /** The device: gets what comes in on the channel; called once for each connection. */
  readonly accept: (channel: DeviceChannel) => (bytes: Uint8Array) => void;
}

/** How a cable is ill at the moment. */
interface StreamIllness {
  line: LineState;
  /** What the device says takes so much longer, milliseconds. */
  lateMs: number;
  /** What the device says arrives byte by byte: so many times still. */
  dribbles: number;
}

const healthy: Readonly<StreamIllness> = { line: 'whole', lateMs: 0, dribbles: 0 };
/** Of one way, milliseconds: from here on, and so much more at most. */
const [wayMs, wayMoreMs] = [1, 4];
/** Between two bytes that come one by one, milliseconds at most. */
const dribbleMs = 3;
/** So many come byte by byte; what follows comes as it is. */
const dribbledMax = 24;

/** A cable of bytes between controllers and one device that has no frames: they arrive in order, in any pieces, or not at all. */
export class StreamWire extends Cable<StreamEnd> {
  readonly illness: StreamIllness = { ...healthy };
  readonly options: StreamWireOptions;
  /** How often the cable has done what it can do. */
  readonly counts = { connections: 0, refused: 0, lost: 0, dribbled: 0, bytesLost: 0 };

  constructor(options: StreamWireOptions) {
    super(options.random);
    this.options = options;
  }

  /** @returns a connection; undefined: nobody is there */
  dial(generation: number): StreamEnd | undefined {
    if (this.illness.line !== 'whole') {
      this.counts.refused++;
      return undefined;
    }
    this.counts.connections++;
    return this.connect(new StreamEnd(this, generation));
  }

  heal(): void {
    Object.assign(this.illness, healthy);
  }
}

/** The controller's end of one connection, as a socket. */
export class StreamEnd extends EventEmitter {
  destroyed = false;
  /** All of it is with the operating system at once. */
  readonly writableLength = 0;
  readonly generation: number;
  readonly #wire: StreamWire;
  readonly #received: (bytes: Uint8Array) => void;
  #isAbandoned = false;
  /** Until then nothing that a dead process has sent arrives. */
  #lingersUntilMs = 0;
  /** The device knows of its end. */
  #isOverThere = false;
  #held: Buffer[] | undefined;
  /** No byte arrives before the one sent before it. */
  readonly #arrivesMs = { there: 0, back: 0 };

  constructor(wire: StreamWire, generation: number) {
    super();
    this.#wire = wire;
    this.generation = generation;
    const isOver = () => this.#isOverThere;
    this.#received = wire.options.accept({
      get isOpen() {
        return !isOver();
      },
      send: (data) => this.#say(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
      hold: (isHeld) => this.#hold(isHeld),
      drop: () => this.#dropped(),
    });
  }

  write(bytes: Uint8Array, done: (error?: Error) => void = () => {}): void {
    if (this.destroyed || this.#isAbandoned) return done(new Error('write after end'));
    const copy = Buffer.from(bytes);
    this.#travel('there', 0, () => this.#arrive(copy));
    done();
  }

  /** Lets out what was written. */
  end(): void {
    this.#travel('there', 0, () => {
      this.#isOverThere = true;
    });
    this.#close();
  }

  destroy(): void {
    this.end();
  }

  resume(): void {}

  /** Ended by the other side, or by what lies between. */
  lose(): void {
    this.#isOverThere = true;
    if (this.destroyed) return;
    this.#wire.counts.lost++;
    if (!this.#isAbandoned) this.emit('error', new Error('ECONNRESET'));
    this.#close();
  }

  abandon(lingerMs: number): void {
    if (this.destroyed) return;
    this.#isAbandoned = true;
    this.#lingersUntilMs = this.#wire.options.clock.monotonicMs() + lingerMs;
    // Behind all that is still on its way.
    this.#wire.options.clock.after(lingerMs + wayMs + 2 * wayMoreMs, () => {
      this.#isOverThere = true;
      this.#close();
    });
  }

  #close(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }

  #dropped(): void {
    this.#isOverThere = true;
    this.#reset();
  }

  #reset(): void {
    this.#travel('back', 0, () => this.#wire.illness.line === 'whole' && this.lose());
  }

  #hold(isHeld: boolean): void {
    if (isHeld) this.#held ??= [];
    else {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const bytes of held) this.#arrive(bytes);
    }
  }

  /** The device gets it, also where nobody waits for an answer any more. */
  #arrive(bytes: Buffer): void {
    const { illness, options, counts } = this.#wire;
    if (illness.line !== 'whole' || this.#isOverThere) {
      counts.bytesLost += bytes.length;
      // It knows of no such connection any more, and says so.
      if (illness.line === 'whole') this.#reset();
      return;
    }
    if (this.#held !== undefined) {
      this.#held.push(bytes);
      return;
    }
    const lingersMs = this.#lingersUntilMs - options.clock.monotonicMs();
    if (lingersMs > 0) this.#travel('there', lingersMs, () => this.#arrive(bytes));
    else this.#received(bytes);
  }

  #say(bytes: Uint8Array): void {
    if (this.#isOverThere || bytes.length === 0) return;
    const { illness, counts } = this.#wire;
    if (illness.dribbles > 0) {
      illness.dribbles--;
      counts.dribbled++;
      const dribbled = bytes.subarray(0, dribbledMax);
      for (const byte of dribbled) this.#tell(Uint8Array.of(byte), this.#wire.draw(dribbleMs));
      if (bytes.length > dribbledMax) this.#tell(bytes.subarray(dribbledMax));
      return;
    }
    // In two pieces now and then: a stream has no frames.
    const at = this.#wire.draw(8) === 0 ? this.#wire.draw(bytes.length) : 0;
    if (at > 0) this.#tell(bytes.subarray(0, at));
    this.#tell(bytes.subarray(at));
  }

  #tell(bytes: Uint8Array, moreMs = 0): void {
    this.#travel('back', this.#wire.illness.lateMs + moreMs, () => {
      if (this.destroyed || this.#isAbandoned) return;
      if (this.#wire.illness.line !== 'whole') this.#wire.counts.bytesLost += bytes.length;
      else this.emit('data', Buffer.from(bytes));
    });
  }

  #travel(way: 'there' | 'back', moreMs: number, call: () => void): void {
    const { clock } = this.#wire.options;
    const nowMs = clock.monotonicMs();
    const soonest = nowMs + wayMs + moreMs + this.#wire.draw(wayMoreMs * 1_000) / 1_000;
    // Strictly later, so that nothing overtakes where the order of what is due together is drawn.
    const dueMs = Math.max(soonest, this.#arrivesMs[way] + 0.001);
    this.#arrivesMs[way] = dueMs;
    clock.after(dueMs - nowMs, call);
  }
}
