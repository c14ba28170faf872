import { isDeviceError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { LinkCounters, TrafficEntry, TrafficPage } from '../../src/ports/device.ts';

export const entriesMax = 500;
export const bytesKeptMax = 256;
const textLengthMax = 200;
const roundTripsMax = 200;

/** Says what bytes mean. Called when somebody looks, with the first 256 of them. */
export type Describe = (bytes: Buffer) => string;

/** One slot of the ring. It is used again and again: what is recorded on the hot path makes no garbage. */
interface Slot {
  no: number;
  atMs: number;
  direction: TrafficEntry['direction'];
  length: number;
  readonly kept: Buffer;
  describe: Describe | undefined;
  decoded: string | undefined;
  verdict: string | undefined;
}

/**
 * The wire traffic of one device: the last 500 pieces, the first 256 bytes of each, and counts since
 * the start. Who moves bytes records them; who understands them judges, before anything else comes in.
 * Whatever is given to it can be read by everybody at the API: credentials must not be.
 */
export class Traffic {
  readonly #clock: Clock;
  readonly #slots: Slot[] = [];
  #last = 0;
  /** The newest one with bytes that came in. */
  #heard: Slot | undefined;
  readonly #counts = {
    ...{ framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 },
    ...{ errors: 0, discarded: 0, reconnects: 0, timeouts: 0 },
  };
  #connections = 0;
  readonly #roundTripsMs: number[] = [];
  #roundTrips = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A frame of ours, about to be handed to the operating system. */
  sent(bytes: Uint8Array, describe?: Describe): void {
    this.#counts.framesOut++;
    this.#counts.bytesOut += bytes.length;
    this.#record('out', bytes, describe).verdict = 'ok';
  }

  /** Bytes that came in. They count as a frame once they are judged to be one. */
  received(bytes: Uint8Array, describe?: Describe): void {
    this.#counts.bytesIn += bytes.length;
    this.#heard = this.#record('in', bytes, describe);
  }

  /**
   * What came in last held a frame; several ones are judged one after the other.
   *
   * @param verdict  `ok`, or why it is not believed: then it counts as discarded
   * @param decoded  what it means; for `sent` and `received` with `describe` not needed
   */
  judge(verdict: string, decoded?: string): void {
    if (verdict === 'ok') this.#counts.framesIn++;
    else this.#counts.discarded++;
    const slot = this.#heard;
    if (slot === undefined) return;
    if (slot.verdict === undefined || slot.verdict === 'ok') slot.verdict = verdict;
    if (decoded === undefined) return;
    const text = slot.decoded === undefined ? decoded : `${slot.decoded}; ${decoded}`;
    slot.decoded = text.length > textLengthMax ? `${text.slice(0, textLengthMax)}…` : text;
  }

  /** Somebody's answer did not come in time. */
  timedOut(what: string): void {
    this.#counts.timeouts++;
    this.#note(what, 'timeout');
  }

  /** From a question to its answer. @param ms  ≥ 0 */
  answeredIn(ms: number): void {
    this.#roundTripsMs[this.#roundTrips++ % roundTripsMax] = ms;
  }

  connected(): void {
    this.#counts.reconnects = this.#connections++;
    this.#note('connected', 'ok');
  }

  /** The connection, or the request on it, has failed. */
  failed(error: Error): void {
    this.#counts.errors++;
    this.#note(reasonOf(error), isDeviceError(error) ? error.code : 'failed');
  }

  /** There is no connection, for this reason. One attempt like the one before leaves no further trace. */
  unreachable(error: Error): void {
    const newest = this.#slots[(this.#last - 1) % entriesMax];
    const text = reasonOf(error);
    if (newest?.direction === 'link' && newest.decoded === text) return;
    this.#note(text, isDeviceError(error) ? error.code : 'failed');
  }

  /** It was closed by us. */
  closed(why: string): void {
    this.#note(why, 'ok');
  }

  /** A write that the mode of the device, or a list of what may be written, does not allow. Nothing was sent. */
  refused(bytes: Uint8Array, why: string): void {
    this.#counts.discarded++;
    this.#record('out', bytes, undefined).verdict = `refused: ${why}`;
  }

  counters(): LinkCounters {
    const sorted = Float64Array.from(this.#roundTripsMs).sort();
    const at = (share: number) => {
      const ms = sorted[Math.ceil(share * sorted.length) - 1];
      return ms === undefined ? undefined : Math.round(ms * 100) / 100;
    };
    return { ...this.#counts, roundTripP50Ms: at(0.5), roundTripP95Ms: at(0.95) };
  }

  /** See `Device.traffic`. */
  page(after: number, max: number): TrafficPage {
    const oldest = Math.max(1, this.#last - this.#slots.length + 1);
    const from = Math.max(after + 1, oldest);
    const to = Math.min(this.#last, from + max - 1);
    const items: TrafficEntry[] = [];
    for (let no = from; no <= to; no++) {
      const slot = this.#slots[(no - 1) % entriesMax];
      if (slot !== undefined) items.push(entryOf(slot));
    }
    const lost = after >= this.#last ? 0 : from - after - 1;
    return { items, last: this.#last, lost };
  }

  #note(text: string, verdict: string): void {
    const slot = this.#record('link', noBytes, undefined);
    slot.decoded = text;
    slot.verdict = verdict;
  }

  #record(direction: Slot['direction'], bytes: Uint8Array, describe: Describe | undefined): Slot {
    const at = this.#last++ % entriesMax;
    const slot = this.#slots[at] ?? emptySlot();
    this.#slots[at] = slot;
    if (slot === this.#heard) this.#heard = undefined;
    slot.no = this.#last;
    slot.atMs = this.#clock.nowMs();
    slot.direction = direction;
    slot.length = bytes.length;
    slot.kept.set(bytes.length > bytesKeptMax ? bytes.subarray(0, bytesKeptMax) : bytes);
    slot.describe = describe;
    slot.decoded = undefined;
    slot.verdict = undefined;
    return slot;
  }
}

const reasonOf = ({ message, cause }: Error): string =>
  (cause instanceof Error && !message.includes(cause.message)
    ? `${message}: ${cause.message}`
    : message
  ).slice(0, textLengthMax);

const noBytes = new Uint8Array();
const emptySlot = (): Slot => ({
  ...{ no: 0, atMs: 0, direction: 'link', length: 0, kept: Buffer.allocUnsafe(bytesKeptMax) },
  ...{ describe: undefined, decoded: undefined, verdict: undefined },
});

function entryOf(slot: Slot): TrafficEntry {
  const { no, atMs, direction, length: bytes, describe, verdict } = slot;
  const kept = slot.kept.subarray(0, Math.min(bytes, bytesKeptMax));
  const decoded = slot.decoded ?? describe?.(kept);
  const ascii = kept.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
  return { no, atMs, direction, bytes, hex: kept.toString('hex'), ascii, decoded, verdict };
}
