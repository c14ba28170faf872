import type { Buffer } from 'node:buffer';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import {
  type BrokerAddress,
  BrokerConnection,
  type ConnectBroker,
  type InboundMessage,
} from './broker-connection.ts';
import type { UpstreamTiming } from './timing.ts';

export interface LinkOptions {
  /** Asked for every connection: the embedded broker's port is known late. */
  readonly address: () => BrokerAddress;
  readonly will: () => { readonly topic: string; readonly payload: Buffer };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly timing: UpstreamTiming;
  readonly connected: (connection: BrokerConnection) => void;
  readonly message: (message: InboundMessage) => Promise<void>;
  readonly disconnected: () => void;
  readonly connect?: ConnectBroker | undefined;
}

export interface LinkState {
  readonly connected: boolean;
  /** A sentence: since when it works, or why it does not. */
  readonly detail: string;
  readonly sinceMs: number;
  /** Sessions that the broker ended soon after taking them, in a row. */
  readonly closedSoon: number;
}

/** From here on it is no accident: somebody else uses our client id, or a topic is not granted. */
const closedSoonMax = 3;

/** Keeps one connection to the broker, dialing again after 1 s, doubling to 60 s, with jitter. */
export class MqttLink {
  readonly #options: LinkOptions;
  #connection: BrokerConnection | undefined;
  #cancelDial: (() => void) | undefined;
  #stopped = false;
  #attempts = 0;
  #state: LinkState;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#state = {
      connected: false,
      detail: 'not started',
      sinceMs: options.clock.nowMs(),
      closedSoon: 0,
    };
  }

  start(): void {
    this.#dial();
  }

  /** Dials no more and takes leave of the broker, within `limitMs`. */
  async stop(limitMs: number): Promise<void> {
    this.#stopped = true;
    this.#cancelDial?.();
    await this.#connection?.leave(limitMs);
  }

  state(): LinkState {
    return this.#state;
  }

  /** The connection while there is one that works. */
  connection(): BrokerConnection | undefined {
    return this.#connection?.open ? this.#connection : undefined;
  }

  #dial(): void {
    const { clock, timing, address, will, message, connected, connect } = this.#options;
    const { connectLimitMs, publishLimitMs } = timing;
    let openedAtMs: number | undefined;
    const connection: BrokerConnection = new BrokerConnection({
      address: address(),
      will: will(),
      clock,
      connect,
      connectLimitMs,
      publishLimitMs,
      events: {
        opened: () => {
          openedAtMs = clock.monotonicMs();
          this.#opened();
          connected(connection);
        },
        message,
        ended: (reason, byPeer) => this.#ended(reason, { byPeer, openedAtMs }),
      },
    });
    this.#connection = connection;
  }

  #opened(): void {
    const { clock, log } = this.#options;
    const { closedSoon } = this.#state;
    this.#state = { connected: true, detail: 'connected', sinceMs: clock.nowMs(), closedSoon };
    if (closedSoon < closedSoonMax) log.info({}, 'Connected to the broker');
  }

  #ended(
    reason: string,
    { byPeer, openedAtMs }: { byPeer: boolean; openedAtMs?: number | undefined },
  ): void {
    const { clock, timing, disconnected } = this.#options;
    const livedMs = openedAtMs === undefined ? 0 : clock.monotonicMs() - openedAtMs;
    const stable = livedMs >= timing.stableMs;
    if (stable) this.#attempts = 0;
    const soon = byPeer && !stable;
    const closedSoon = soon ? this.#state.closedSoon + 1 : stable ? 0 : this.#state.closedSoon;
    this.#report(reason, closedSoon, openedAtMs !== undefined);
    if (openedAtMs !== undefined) disconnected();
    if (this.#stopped) return;
    const delayMs = this.#delayMs();
    this.#attempts += 1;
    this.#cancelDial = clock.after(delayMs, () => this.#dial());
  }

  /** Once when gone: what follows until it is back is the same story. */
  #report(reason: string, closedSoon: number, wasOpen: boolean): void {
    const { clock, log, address } = this.#options;
    const { clientId } = address();
    const before = this.#state;
    const takenOver = closedSoon >= closedSoonMax;
    const detail = takenOver
      ? `The broker ended ${closedSoon} sessions in a row: another client uses the id ${clientId}, or a topic is not granted to us`
      : reason;
    const sinceMs = wasOpen || before.detail === 'not started' ? clock.nowMs() : before.sinceMs;
    this.#state = { connected: false, detail, sinceMs, closedSoon };
    if (this.#stopped) return;
    if (closedSoon === closedSoonMax && before.closedSoon < closedSoonMax) {
      log.error({ clientId, closedSoon }, detail);
    } else if (!takenOver && (wasOpen || before.detail === 'not started')) {
      log.warn({ reason }, 'No connection to the broker; events wait on disk');
    }
  }

  #delayMs(): number {
    const { random, timing } = this.#options;
    const fullMs = Math.min(
      timing.dialMaxMs,
      timing.dialFirstMs * 2 ** Math.min(this.#attempts, 20),
    );
    return fullMs * (0.75 + (0.5 * random.u32()) / 2 ** 32);
  }
}
