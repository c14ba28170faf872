import { DeviceUnavailableError, invariant } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Claim } from '../../src/ports/crane.ts';
import { AbortWatch } from '../transport/abort-watch.ts';
import type { Modbus } from '../transport/modbus.ts';
import { contractOf, type InterfaceFile } from './interface-file.ts';
import type { Traffic } from './traffic.ts';

/** Facts that the core did not store in this time are told again: it may have been full. */
export const retellMs = 1000;
/** Before a torn or old reading is read again: less than any poll, more than a busy loop. */
export const rereadMs = 5;

/** Time as PLCs are told it: whole seconds since 1970. */
export const utcS = (nowMs: number): number => Math.max(0, Math.floor(nowMs / 1000));

/** The next value of a u16 counter, which wraps. */
export const nextCount = (count: number): number => (count + 1) & 0xffff;

/** Steps from `from` on to `to` on a u16 counter that wraps: 0 to 65 535. */
export const countsFrom = (from: number, to: number): number => (to - from) & 0xffff;

/** Whether u16 counter `a` is older than `b`: (b - a) mod 65536 is 1 to 32767. */
export function isOlder(a: number, b: number): boolean {
  const steps = countsFrom(a, b);
  return steps >= 1 && steps <= 0x7fff;
}

/** The registers by which a PLC proves that it is the one meant. */
export const headFields = {
  mapVersion: 'number',
  wordOrderTest: 'number',
  deviceNumber: 'number',
} as const;

const hex = (n: number, digits: number) =>
  `0x${n.toString(16).toUpperCase().padStart(digits, '0')}`;

/**
 * Why nothing may be written to this PLC, as a sentence that names the fix.
 *
 * @returns undefined when map version (its major part), word order and device number are as expected
 */
export function headProblem(
  head: Readonly<Record<keyof typeof headFields, number>>,
  file: InterfaceFile,
  deviceNumber: number,
): string | undefined {
  const { wordOrderTest, mapVersion } = contractOf(file);
  if (head.wordOrderTest !== wordOrderTest) {
    return `wordOrderTest reads ${hex(head.wordOrderTest, 8)} instead of ${hex(wordOrderTest, 8)}: check meta.wordOrder and the base of the block`;
  }
  if (head.mapVersion >> 8 !== mapVersion >> 8) {
    return `mapVersion reads ${hex(head.mapVersion, 4)} instead of ${hex(mapVersion, 4)}: choose the interface file of this PLC`;
  }
  if (head.deviceNumber !== deviceNumber) {
    return `deviceNumber reads ${head.deviceNumber} instead of ${deviceNumber}: check host, unit and deviceNumber`;
  }
  return undefined;
}

/**
 * The times of an interface file, in milliseconds.
 *
 * @param overrides  win over the file's defaults; for tests and the bench
 */
export function timingOf<const Name extends string>(
  { meta, timing }: InterfaceFile,
  names: readonly Name[],
  overrides: Partial<Readonly<Record<Name, number>>> = {},
): Readonly<Record<Name, number>> {
  const entries = names.map((name): [Name, number] => {
    const value = overrides[name] ?? timing.find((row) => row.name === name)?.default;
    invariant(value !== undefined, `${meta.id} has no timing ${name}`);
    return [name, value];
  });
  return Object.fromEntries(entries) as Record<Name, number>;
}

export const isSameClaim = (a: Claim | undefined, b: Claim | undefined): boolean =>
  a !== undefined && a.epoch === b?.epoch && a.nonce === b.nonce;

/** What of a PLC the core has judged last: whose it is, and since which start. */
export interface Judged {
  readonly bootId: number;
  readonly claim: Claim;
}

/**
 * Whether the core has to look at this reading before anything goes on. A claim that neither the
 * core asked for nor was there before means another controller: judged as after connecting.
 */
export function askFor(
  judged: Judged,
  now: Judged,
  driven: Claim | undefined,
): 'connected' | 'restarted' | 'claimed' | undefined {
  if (judged.bootId !== now.bootId) return 'restarted';
  if (isSameClaim(judged.claim, now.claim)) return undefined;
  return isSameClaim(driven, now.claim) ? 'claimed' : 'connected';
}

/** Part of a numbered list that a PLC keeps in a ring: an entry, or numbers that are gone. */
export type RingPart<Entry> =
  | { readonly entry: Entry }
  | { readonly from: number; readonly to: number };

/**
 * Entries `from` to `head` of a ring, in order. What was overwritten comes as one gap, however long.
 *
 * @param slots  the used ones, in any order
 */
export function ringParts<Entry>(
  slots: readonly Entry[],
  numberOf: (entry: Entry) => number,
  { from, head }: { readonly from: number; readonly head: number },
): RingPart<Entry>[] {
  const entries = slots
    .filter((slot) => numberOf(slot) >= from && numberOf(slot) <= head)
    .sort((a, b) => numberOf(a) - numberOf(b));
  const parts: RingPart<Entry>[] = [];
  let next = from;
  for (const entry of entries) {
    const number = numberOf(entry);
    if (number > next) parts.push({ from: next, to: number - 1 });
    parts.push({ entry });
    next = number + 1;
  }
  if (next <= head) parts.push({ from: next, to: head });
  return parts;
}

/** One answered reading of the counter. */
interface LifeReading {
  /** Undefined: it was read across an update, and says nothing. */
  readonly life: number | undefined;
  /** On the monotonic clock. What it says is no older. */
  readonly askedMs: number;
  readonly nowMs: number;
}

/**
 * Judges by its counter whether the control task runs, and not only its communication stack. The proof is a reading
 * that was asked for when the counter should have moved long ago: how often this very process has stood still
 * meanwhile, and for how long an answer has waited for it, changes nothing about that.
 */
export class LifeWatch {
  readonly #limitMs: number;
  #life: number | undefined;
  /** Since then, or since before that, the counter has not been seen to move. */
  #movedAtMs: number;
  #askedMs: number;
  #moves = false;

  constructor(limitMs: number, nowMs: number) {
    this.#limitMs = limitMs;
    this.#movedAtMs = nowMs;
    this.#askedMs = nowMs;
  }

  /** Whether two readings have differed: before, nothing may be concluded. */
  get moves(): boolean {
    return this.#moves;
  }

  see({ life, askedMs, nowMs }: LifeReading): void {
    this.#askedMs = askedMs;
    if (life === undefined || life === this.#life) return;
    this.#moves = this.#life !== undefined;
    this.#life = life;
    this.#movedAtMs = nowMs;
  }

  /** @throws {DeviceUnavailableError} when the counter has stood still for too long */
  check(): void {
    const stillMs = this.#askedMs - this.#movedAtMs;
    if (stillMs < this.#limitMs) return;
    throw new DeviceUnavailableError('The control task of the PLC stands still', {
      context: { life: this.#life ?? 'never read', stillMs: Math.round(stillMs) },
    });
  }
}

/** A pause that ends early when somebody rings. Only for waiting right after looking for work. */
export class Wakeup {
  readonly #clock: Clock;
  readonly #aborts = new AbortWatch();
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#end?.();
  }

  wait(delayMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#aborts.off(signal, done);
        this.#end = undefined;
        resolve();
      };
      const cancel = this.#clock.after(delayMs, done);
      this.#aborts.on(signal, done);
      this.#end = done;
    });
  }
}

/** What only a PLC has to count. */
export interface PlcCounters {
  reads: number;
  writes: number;
  /** Readings dropped: across an update, or older than one before. */
  torn: number;
}

export const nothingCounted = (): PlcCounters => ({ reads: 0, writes: 0, torn: 0 });

/** The same client, with its requests counted and the time to each answer taken. */
export function countRequests(
  modbus: Modbus,
  counters: PlcCounters,
  { traffic, clock }: { readonly traffic: Traffic; readonly clock: Clock },
): Modbus {
  const timed = async <T>(answer: Promise<T>): Promise<T> => {
    const askedMs = clock.monotonicMs();
    const result = await answer;
    traffic.answeredIn(clock.monotonicMs() - askedMs);
    return result;
  };
  return {
    readHolding(address, words, signal) {
      counters.reads++;
      return timed(modbus.readHolding(address, words, signal));
    },
    writeHolding(address, words, signal) {
      counters.writes++;
      return timed(modbus.writeHolding(address, words, signal));
    },
  };
}
