import type { AckData, ReplyData } from '../contract/messages.ts';
import type { DeviceMode } from '../domain/device-mode.ts';
import type { DeviceId, HostId, LocationId } from '../domain/ids.ts';

/** Commands of a host, by their name in the contract. */
export type CommandName =
  | 'loadUnit.announce'
  | 'sku.put'
  | 'order.create'
  | 'order.update'
  | 'order.cancel'
  | 'order.query'
  | 'stock.query'
  | 'stock.adjust'
  | 'stock.block'
  | 'label.print'
  | 'event.resend';

/** One message of a host, its envelope read and its `source` compared with where it came from. */
export interface HostCommand {
  readonly host: HostId;
  /** The envelope's `id`, or the `Idempotency-Key`: the same one again has no second effect. */
  readonly id: string;
  readonly name: CommandName;
  /** As sent; checked against the contract by the flow, so that a refusal is remembered too. */
  readonly data: unknown;
  readonly expiresAtMs: number | undefined;
  /** Arrived with MQTT's retain flag: only ever a repetition. */
  readonly retained: boolean;
}

/** What a person on site does. `key` is made once per intent, so that a double click counts once. */
export type OperatorAct = {
  readonly operator: string;
  readonly key: string;
} /** Typed in, or scanned by a scanner that belongs to the page: what stands at `station`. */ & (
  | { readonly act: 'scan'; readonly station: LocationId; readonly code: string }
  /** Answers the step that is asked for at a station, by one of its choices. */
  | {
      readonly act: 'answer';
      readonly station: LocationId;
      /** Number of the step that is meant: the answer to another one is refused. */
      readonly step?: number | undefined;
      readonly choice: string;
      /** Base units, ≥ 0. */
      readonly qty?: number | undefined;
      readonly reason?: string | undefined;
    }
  /** Settles a discrepancy in one of the ways that it offers. */
  | {
      readonly act: 'resolve';
      readonly discrepancy: number;
      readonly resolution: string;
      /** What the person saw, where the resolution asks for it: a place, a load unit. */
      readonly place?: LocationId | undefined;
      readonly loadUnit?: string | undefined;
    }
  /** What is to become of the load unit that has been confirmed at a workstation. */
  | {
      readonly act: 'finish';
      readonly station: LocationId;
      readonly loadUnit: string;
      readonly how: 'ship' | 'return';
    }
  /** Has the crane look into a cell, which is closed until books and crane agree. */
  | { readonly act: 'check'; readonly location: LocationId }
  /** Stops a crane and leads a person through the places that were changed by hand. */
  | { readonly act: 'inspect'; readonly device: DeviceId }
  /** Lets a device work again after a person has looked. */
  | { readonly act: 'release'; readonly device: DeviceId }
  /** Locks a part of the site, or unlocks it (`none`); kept over restarts. */
  | {
      readonly act: 'lock';
      readonly part: string;
      readonly lock: 'in' | 'out' | 'both' | 'none';
      readonly reason: string;
    }
  /** How far a device may be used from now on; kept over restarts. */
  | { readonly act: 'mode'; readonly device: DeviceId; readonly mode: DeviceMode }
);

export type OperatorOutcome =
  | { readonly ok: true; readonly text: string }
  /** `reason` says what would allow it. */
  | {
      readonly ok: false;
      readonly code: 'NOT_FOUND' | 'CONFLICT' | 'INVALID';
      readonly reason: string;
    };

/** The one way in for all that hosts and people want. */
export interface Intake {
  /**
   * Resolves when the effect and the reply are committed. What the sender did wrong is a reply
   * with `result: 'refused'`, never an exception.
   *
   * @throws {LimitError} when too much waits already; nothing was taken in
   */
  command(command: HostCommand): Promise<ReplyData>;
  /** Resolves when the host's mark is committed. A mark that does not fit is ignored and logged. */
  acknowledge(host: HostId, ack: AckData): Promise<void>;
  /** The host's own word, or its last will. */
  hostChanged(host: HostId, state: 'online' | 'offline'): void;
  /** Resolves when the act is committed, or refused with nothing done. */
  operator(act: OperatorAct): Promise<OperatorOutcome>;
}
