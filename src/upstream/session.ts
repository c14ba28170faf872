import type { Topics } from '../contract/topics.ts';
import type { HostId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { BrokerConnection, InboundMessage } from './broker-connection.ts';
import type { Forwarder } from './forwarder.ts';
import type { Repeater } from './repeater.ts';
import type { StatusPublisher } from './status.ts';

export interface SessionOptions {
  readonly connection: BrokerConnection;
  readonly topics: Topics;
  readonly acknowledging: readonly HostId[];
  readonly clock: Clock;
  readonly log: Log;
  readonly acksWaitMs: number;
  readonly status: StatusPublisher;
  readonly forwarder: Forwarder;
  readonly repeater: Repeater;
}

/** Alarms looked for at the start of a connection, so that none outlives its reason. */
const leftoversMax = 1000;

/**
 * The order of things on a new connection: (1) that we are here, then what the hosts have stored, because
 * it may show that our books are an old backup; (2) states; (3) events. Commands are taken all the while.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #awaited: Set<HostId>;
  readonly #leftovers = new Set<string>();
  readonly #alarmPrefix: string;
  #marksRead: () => void = () => {};
  #stopped = false;
  #cancelLook: (() => void) | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#awaited = new Set(options.acknowledging);
    this.#alarmPrefix = options.topics.alarm('');
  }

  /** Returns at once. What fails on the way ends the connection, and the next one begins anew. */
  run(): void {
    const { connection, log } = this.#options;
    this.#begin().catch((error: unknown) => {
      log.debug({ error: String(error) }, 'A session ended while it began');
      connection.drop(String(error));
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelLook?.();
    this.#marksRead();
  }

  /** The mark of `host` is here and committed. */
  marked(host: HostId): void {
    this.#awaited.delete(host);
    if (this.#awaited.size === 0) this.#marksRead();
  }

  /** Takes a message that is a retained alarm of ours. */
  leftover({ topic, payload, retained }: InboundMessage): boolean {
    if (!topic.startsWith(this.#alarmPrefix)) return false;
    if (retained && payload.byteLength > 0 && this.#leftovers.size < leftoversMax) {
      this.#leftovers.add(topic.slice(this.#alarmPrefix.length));
    }
    return true;
  }

  async #begin(): Promise<void> {
    const { connection, topics, status, forwarder, repeater } = this.#options;
    await status.begin(connection);
    const alarms = topics.alarm('+');
    const marks = this.#marks();
    await connection.subscribe([topics.command('+'), topics.ack('+'), topics.host('+'), alarms]);
    await marks;
    await connection.unsubscribe([alarms]);
    if (this.#stopped) return;
    status.run([...this.#leftovers]);
    forwarder.start(connection);
    repeater.start(connection);
    this.#look();
  }

  /** Resolves when every acknowledging host's mark was read, or after the wait. */
  #marks(): Promise<void> {
    const { clock, acksWaitMs } = this.#options;
    if (this.#awaited.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.after(acksWaitMs, resolve);
      this.#marksRead = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Events go on by themselves when a hold has ended. */
  #look(): void {
    this.#cancelLook = this.#options.clock.after(1000, () => {
      this.#options.forwarder.pump();
      this.#look();
    });
  }
}
