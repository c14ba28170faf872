import type { Clock } from '../../src/ports/clock.ts';
import { openPtyPair, type PtyPair } from './pty.ts';
import type { ScannerSimulator } from './server.ts';

/** A scanner on a serial line whose plug can be pulled and put back. */
export class SerialLine {
  readonly #ends: readonly [string, string];
  readonly #clock: Clock;
  readonly #start: () => Promise<ScannerSimulator>;
  #pair: PtyPair | undefined;
  #scanner: ScannerSimulator | undefined;
  #isWanted = true;
  /** One pull or plug after the other. */
  #doing: Promise<void> = Promise.resolve();

  /** @param start  starts the scanner at its end of the line, once that is there */
  constructor(
    ends: readonly [string, string],
    clock: Clock,
    start: () => Promise<ScannerSimulator>,
  ) {
    this.#ends = ends;
    this.#clock = clock;
    this.#start = start;
  }

  /** @returns false where this machine has no `socat` */
  async open(): Promise<boolean> {
    await this.#plug();
    return this.#pair !== undefined;
  }

  /** Undefined while the plug is out. */
  get scanner(): ScannerSimulator | undefined {
    return this.#isWanted ? this.#scanner : undefined;
  }

  get isPlugged(): boolean {
    return this.#isWanted;
  }

  /** Pulls the plug or puts it back, after what is being done. */
  plug(isWanted: boolean): Promise<void> {
    if (isWanted !== this.#isWanted) {
      this.#isWanted = isWanted;
      this.#doing = this.#doing.then(() => (isWanted ? this.#plug() : this.#unplug()));
    }
    return this.#doing;
  }

  async close(): Promise<void> {
    this.#isWanted = false;
    await this.#doing;
    await this.#unplug();
  }

  async #plug(): Promise<void> {
    this.#pair = await openPtyPair(this.#ends, this.#clock);
    if (this.#pair !== undefined) this.#scanner = await this.#start();
  }

  async #unplug(): Promise<void> {
    const [pair, scanner] = [this.#pair, this.#scanner];
    this.#pair = undefined;
    this.#scanner = undefined;
    await pair?.close();
    await scanner?.close();
  }
}
