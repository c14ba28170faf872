import type { HostId } from '../domain/ids.ts';

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
  readonly epoch: number;
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
  /** Calls after every commit that appended. One listener. */
  onAppended(listener: () => void): void;
}
