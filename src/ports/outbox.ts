import type { HostAhead } from '../domain/books.ts';
import type { HostId } from '../domain/ids.ts';

/** Numbering of events, for the hosts; not that of controllers. It rises only when events were lost. */
export const eventEpoch = 1;

/** One event owed to the hosts. What it becomes on the wire follows from these fields alone, byte for byte. */
export interface OutboxEvent {
  /** 1, 2, 3 … without a gap, over all names. */
  readonly sequence: number;
  readonly epoch: number;
  readonly name: 'movement' | 'order' | 'loadUnit' | 'label' | 'signal';
  readonly atMs: number;
  /** Such as `loadUnit/T-000123`. */
  readonly subject: string;
  readonly data: object;
}

/** The events of the ledger as the forwarder reads them. All of them are committed. */
export interface Outbox {
  readonly eventEpoch: number;
  /** Last number of the epoch before, which both sides share; 0 in the first. */
  readonly epochBase: number;
  /** Oldest event that can still be sent; 1 while nothing has been removed. */
  firstSequence(): number;
  /** 0 while there is none. */
  lastSequence(): number;
  /** Events from `from` on, ascending, at most `max`. */
  read(from: number, max: number): readonly OutboxEvent[];
  /** What `host` has acknowledged; 0 = nothing. */
  ackThrough(host: HostId): number;
  /** What `host` has said to have stored beyond the books; undefined: nothing, or it has taken it back. */
  ahead(host: HostId): HostAhead | undefined;
  /** Calls after every commit that appended. One listener. */
  onAppended(listener: () => void): void;
}
