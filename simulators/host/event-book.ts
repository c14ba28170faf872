import type { Envelope } from '../../src/contract/envelope.ts';
import type { StatusData } from '../../src/contract/messages.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { HostBooks } from './books.ts';
import type { HostStore, StoredEvent } from './store.ts';

/** Once the missing numbers are this old they are asked for. */
const gapMs = 5000;
const readMax = 500;

/** Stores events by number, drops what it has, and books the part without a gap. */
export class EventBook {
  readonly books = new HostBooks();
  readonly #store: HostStore;
  readonly #clock: Clock;
  readonly #booked: StoredEvent[] = [];
  #epoch: number;
  #through = 0;
  /** Highest number that the controller is known to have. */
  #known = 0;
  #restsSinceMs: number;

  constructor(store: HostStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#restsSinceMs = clock.monotonicMs();
    this.#epoch = store.number('epoch') ?? 1;
    this.#advance();
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Everything up to here is stored and booked. */
  get through(): number {
    return this.#through;
  }

  booked(): readonly StoredEvent[] {
    return this.#booked;
  }

  /** @returns how many events were booked by it: none for a double or one beyond a gap */
  take({ epoch, sequence, name, data }: Envelope): number {
    if (epoch === undefined || sequence === undefined) return 0;
    if (typeof data !== 'object' || data === null || epoch !== this.#epoch) return 0;
    const number = Number(sequence);
    this.#known = Math.max(this.#known, number);
    const event = { sequence: number, epoch, name, data };
    this.#store.addEvent(event);
    const before = this.#through;
    if (number !== before + 1) return 0;
    this.#bookOne(event);
    // What came before its turn follows.
    if (this.#known > number) this.#advance();
    return this.#through - before;
  }

  /** The controller's word on its numbers: shows a lost tail, and a new epoch. */
  heard({ epoch, epochBase, lastSequence }: StatusData): void {
    if (epoch !== undefined && epoch > this.#epoch) this.#turn(epoch, Number(epochBase ?? 0));
    this.#known = Math.max(this.#known, Number(lastSequence ?? 0));
  }

  /** As after a restore from a backup that holds no event. */
  forget(): void {
    this.#store.dropBeyond(0);
    this.#booked.length = 0;
    this.books.clear();
    this.#through = 0;
  }

  /** The numbers to ask for, when some are missing for longer than 5 s. Asked again 5 s later. */
  overdueGap(): { readonly from: number; readonly to: number } | undefined {
    const nowMs = this.#clock.monotonicMs();
    if (this.#known <= this.#through) this.#restsSinceMs = nowMs;
    if (nowMs - this.#restsSinceMs < gapMs) return undefined;
    this.#restsSinceMs = nowMs;
    const [after] = this.#store.eventsFrom(this.#through + 1, 1);
    return { from: this.#through + 1, to: (after?.sequence ?? this.#known + 1) - 1 };
  }

  #turn(epoch: number, base: number): void {
    this.#store.dropBeyond(base);
    this.#store.setNumber('epoch', epoch);
    this.#epoch = epoch;
    this.#booked.length = 0;
    this.books.clear();
    this.#through = 0;
    this.#known = base;
    this.#advance();
  }

  #advance(): void {
    for (;;) {
      const events = this.#store.eventsFrom(this.#through + 1, readMax);
      for (const event of events) {
        if (event.sequence !== this.#through + 1) return;
        this.#bookOne(event);
      }
      if (events.length < readMax) return;
    }
  }

  #bookOne(event: StoredEvent): void {
    this.#through = event.sequence;
    this.#booked.push(event);
    this.books.book(event);
    this.#restsSinceMs = this.#clock.monotonicMs();
  }
}
