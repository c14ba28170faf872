import type { EventEmitter } from 'node:events';
import type { Random } from '../../src/ports/random.ts';

/** `cut`: connections end, new ones are refused. `halfOpen`: bytes vanish, and nobody is told. */
export type LineState = 'whole' | 'cut' | 'halfOpen';

/** The controller's end of a connection. */
interface CableEnd extends EventEmitter {
  readonly generation: number;
  /** Ended by the other side. */
  lose(): void;
  /** Its process is gone; what it has sent may still be on its way, for so long. */
  abandon(lingerMs: number): void;
}

/** What goes over a cable between controllers and one device, over connections that come and go. */
export abstract class Cable<End extends CableEnd> {
  /** How the cable is ill at the moment. */
  abstract readonly illness: { line: LineState };
  readonly #random: Random;
  readonly #ends = new Set<End>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A connection has been made. */
  protected connect(end: End): End {
    this.#ends.add(end);
    end.on('close', () => this.#ends.delete(end));
    return end;
  }

  /** All connections end by a reset. */
  reset(): void {
    for (const end of [...this.#ends]) end.lose();
  }

  /** A controller is gone. What it has sent may still be on its way, for so long. */
  abandon(generation: number, lingerMs: number): void {
    for (const end of this.#ends) if (end.generation === generation) end.abandon(lingerMs);
  }

  set(line: LineState): void {
    this.illness.line = line;
    if (line === 'cut') this.reset();
  }

  draw(below: number): number {
    return this.#random.u32() % below;
  }
}
