import { envelopeBytes } from '../contract/envelope.ts';
import type { StatusData } from '../contract/messages.ts';
import type { Topics } from '../contract/topics.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Reader } from '../ports/reader.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { alarmData, alarmOf, deviceData } from './state-data.ts';
import type { UpstreamTiming } from './timing.ts';

export interface StatusOptions {
  readonly source: string;
  readonly topics: Topics;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly log: Log;
  readonly timing: UpstreamTiming;
  readonly simulated: boolean;
}

/** Publishes what is so: the controller, its devices, its alarms. Last value wins, nothing queues up. */
export class StatusPublisher {
  readonly #options: StatusOptions;
  /** What the broker has, by topic, as far as this connection knows. */
  readonly #told = new Map<string, string>();
  /** Topics with a publish on the way: the next value waits for it, and only the latest one is sent. */
  readonly #onTheWay = new Set<string>();
  readonly #alarms = new Set<string>();
  #connection: BrokerConnection | undefined;
  #cancels: (() => void)[] = [];
  #count = 0;
  #statusAtMs = 0;

  constructor(options: StatusOptions) {
    this.#options = options;
  }

  /** First of all: that we are here. Resolves with the broker's PUBACK. */
  begin(connection: BrokerConnection): Promise<void> {
    this.#connection = connection;
    this.#told.clear();
    this.#statusAtMs = this.#options.clock.monotonicMs();
    const status = this.#options.reader.status();
    this.#told.set(this.#options.topics.status, essence(status));
    return this.#send(this.#options.topics.status, 'status', undefined, status);
  }

  /** @param leftovers  alarms that the broker has retained, perhaps of an earlier run */
  run(leftovers: readonly string[]): void {
    for (const alarm of leftovers) this.#alarms.add(alarm);
    const { timing } = this.#options;
    this.#every(timing.deviceEveryMs, () => this.#tellDevices());
    this.#every(timing.statusLookMs, () => {
      this.#tellStatus();
      this.#tellAlarms();
    });
  }

  stop(): void {
    this.#connection = undefined;
    this.#onTheWay.clear();
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
  }

  /** The last word of an orderly end. Resolves with the PUBACK. */
  farewell(connection: BrokerConnection): Promise<void> {
    const { boot, since } = this.#options.reader.status();
    const data: StatusData = { state: 'stopped', boot, since };
    this.#connection = connection;
    return this.#send(this.#options.topics.status, 'status', undefined, data);
  }

  #every(everyMs: number, call: () => void): void {
    const index = this.#cancels.length;
    const again = () => {
      this.#cancels[index] = this.#options.clock.after(everyMs, again);
      call();
    };
    again();
  }

  #tellStatus(): void {
    const { reader, topics, clock, timing } = this.#options;
    const status = reader.status();
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#statusAtMs >= timing.statusEveryMs) this.#told.delete(topics.status);
    if (this.#tell(topics.status, essence(status), { name: 'status', data: status })) {
      this.#statusAtMs = nowMs;
    }
  }

  #tellDevices(): void {
    const { reader, topics, simulated } = this.#options;
    for (const view of reader.devices()) {
      const data = deviceData(view, simulated);
      const subject = `device/${view.device}`;
      this.#tell(topics.device(view.device), JSON.stringify(data), {
        name: 'device',
        subject,
        data,
      });
    }
  }

  #tellAlarms(): void {
    const { reader, topics } = this.#options;
    const open = reader.discrepancies('open');
    const names = new Set(open.map(alarmOf));
    for (const view of open) {
      const data = alarmData(view);
      this.#alarms.add(data.alarm);
      const subject = `alarm/${data.alarm}`;
      this.#tell(topics.alarm(data.alarm), JSON.stringify(data), { name: 'alarm', subject, data });
    }
    for (const alarm of this.#alarms) {
      if (!names.has(alarm)) this.#takeBack(alarm);
    }
  }

  #takeBack(alarm: string): void {
    const topic = this.#options.topics.alarm(alarm);
    const connection = this.#connection;
    if (connection === undefined || this.#onTheWay.has(topic)) return;
    this.#told.delete(topic);
    this.#watch(topic, connection, connection.publish(topic, '', true), () =>
      this.#alarms.delete(alarm),
    );
  }

  /** @returns whether it was sent: not when the broker has it, nor while an older value is on the way */
  #tell(
    topic: string,
    key: string,
    { name, subject, data }: { name: string; subject?: string; data: object },
  ): boolean {
    const connection = this.#connection;
    if (connection === undefined) return false;
    if (this.#told.get(topic) === key || this.#onTheWay.has(topic)) return false;
    this.#told.set(topic, key);
    this.#watch(topic, connection, this.#send(topic, name, subject, data));
    return true;
  }

  #watch(
    topic: string,
    connection: BrokerConnection,
    sent: Promise<void>,
    done: () => void = () => {},
  ): void {
    this.#onTheWay.add(topic);
    const finish = () => {
      if (this.#connection === connection) this.#onTheWay.delete(topic);
    };
    sent.then(
      () => {
        finish();
        done();
      },
      (error: unknown) => {
        finish();
        this.#options.log.debug({ topic, error: String(error) }, 'Not published');
      },
    );
  }

  #send(topic: string, name: string, subject: string | undefined, data: object): Promise<void> {
    const { clock, source, reader } = this.#options;
    this.#count += 1;
    const id = `${name.slice(0, 1)}-${reader.status().boot}-${this.#count}`;
    const payload = envelopeBytes({ id, source, name, subject, atMs: clock.nowMs(), data });
    return (
      this.#connection?.publish(topic, payload, true) ?? Promise.reject(new Error('Not connected'))
    );
  }
}

/** What makes a status worth telling at once; counters alone wait for the next regular one. */
function essence({ outbox, lastSequence, firstSequence, hosts, ...rest }: StatusData): string {
  return JSON.stringify({ ...rest, hosts: hosts?.map(({ host, online }) => ({ host, online })) });
}
