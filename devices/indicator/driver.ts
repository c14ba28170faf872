import { Buffer } from 'node:buffer';
import type { DeviceMode } from '../../src/domain/device-mode.ts';
import { DeviceUnavailableError, isDeviceError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { dark, type Indication, type LampColor } from '../../src/domain/indication.ts';
import type { IndicatorSettings } from '../../src/domain/mqtt-settings.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { ProbeCheck } from '../../src/ports/device.ts';
import type { Indicator, IndicatorFact } from '../../src/ports/indicator.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import { DeviceLink } from '../lib/device-link.ts';
import { LinkedDevice, type LinkLife } from '../lib/linked-device.ts';
import { withDeadline } from '../transport/deadline.ts';
import type { MqttBroker, MqttChannel, MqttMessage } from '../transport/mqtt.ts';
import { interpret } from './interpret.ts';
import { messagesFor } from './messages.ts';

/** Below the limit that a device's link has for its whole end. */
const farewellLimitMs = 500;

export interface IndicatorOptions {
  readonly id: DeviceId;
  readonly settings: IndicatorSettings;
  readonly broker: MqttBroker;
  readonly report: (fact: IndicatorFact) => void;
  /** An error of ours, not of the wire: the process should stop. */
  readonly onBug: (error: unknown) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A stack light behind an MQTT broker. What it shows is retained there, and told again and again. */
export class StackLight extends LinkedDevice implements Indicator {
  readonly id: DeviceId;
  readonly #options: IndicatorOptions;
  readonly #counters = { changes: 0, published: 0, otherMessages: 0 };
  readonly #device: DeviceLink<MqttChannel>;
  #channel: MqttChannel | undefined;
  /** Undefined until the core has said what to show: nothing is published then. */
  #wanted: Indication | undefined;
  /** What the light has last said of itself on this connection. */
  #said: IndicatorFact | undefined;
  #news = Promise.withResolvers<void>();
  /** Told as offline, and not yet as online again. */
  #isGone = false;
  #isLeaving = false;

  constructor(options: IndicatorOptions) {
    super();
    this.id = options.id;
    this.#options = options;
    const { id: device, report } = options;
    this.#device = new DeviceLink<MqttChannel>(options, {
      kind: 'indicator',
      connect: (signal) => this.#connect(signal),
      serve: (channel, signal, proved) => this.#serve(channel, signal, proved),
      onOnline: () => {
        this.#isGone = false;
        this.#device.say('shows what it is told');
        report({ device, type: 'indicator.online' });
      },
      onOffline: (reason) => {
        this.#isGone = true;
        report({ device, type: 'indicator.offline', reason });
      },
      probe: async () => [this.#looked()],
      counters: () => ({ ...this.#counters }),
    });
  }

  protected override get link(): LinkLife {
    return this.#device;
  }

  override setMode(mode: DeviceMode): void {
    super.setMode(mode);
    this.#tell();
  }

  /** Leaves it dark: what a light shows that nobody tells anything would be believed. */
  override async stop(): Promise<void> {
    this.#isLeaving = true;
    await this.#farewell();
    await super.stop();
  }

  drive(indication: Indication): void {
    if (this.#isLeaving || isSame(this.#wanted, indication)) return;
    this.#wanted = indication;
    this.#counters.changes += 1;
    this.#tell();
  }

  #connect(signal: AbortSignal): Promise<MqttChannel> {
    const { broker, settings } = this.#options;
    const { availability } = settings;
    this.#said = undefined;
    const topics = availability === undefined ? [] : [availability.topic];
    return broker.open(topics, (message) => this.#heard(message), signal);
  }

  /** Publishes at once, after each change, when the light comes back, and every so often. */
  async #serve(channel: MqttChannel, signal: AbortSignal, proved: () => void): Promise<void> {
    const { clock, settings } = this.#options;
    const { availability, repeatEveryMs } = settings;
    if (availability) this.#device.say(`waits for a word on ${availability.topic}`);
    this.#channel = channel;
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => stopped.resolve(), { once: true });
    let isEnded = false;
    const ended = channel.closed.then((reason) => {
      isEnded = true;
      if (reason) throw reason;
    });
    // Heard in the race below, whenever that is.
    ended.catch(() => {});
    try {
      while (!signal.aborted && !isEnded) {
        const news = this.#news.promise;
        await this.#publish(channel, signal);
        this.#judge(proved);
        const repeat = new AbortController();
        const again = pause(clock, repeatEveryMs, repeat.signal);
        await Promise.race([news, again, ended, stopped.promise]).finally(() => repeat.abort());
      }
    } finally {
      this.#channel = undefined;
    }
  }

  /** Without a topic of its own a light says nothing: that the broker has taken its level is all there is to know. */
  #judge(proved: () => void): void {
    const { availability } = this.#options.settings;
    if (availability === undefined || this.#said?.type === 'indicator.online') return proved();
    // Told once: from then on the connection is kept, to hear when it is back.
    if (this.#said === undefined || this.#isGone) return;
    throw new DeviceUnavailableError(this.#said.reason);
  }

  #looked(): ProbeCheck {
    const said = this.#said;
    if (said === undefined) {
      return { check: 'light', verdict: 'unknown', detail: 'it has said nothing of itself' };
    }
    return said.type === 'indicator.online'
      ? { check: 'light', verdict: 'ok', detail: 'it says that it is there' }
      : { check: 'light', verdict: 'bad', detail: said.reason };
  }

  async #publish(channel: MqttChannel, signal: AbortSignal): Promise<void> {
    // Only in auto: in all other modes it keeps what it shows.
    if (this.#wanted === undefined || this.#device.mode !== 'auto') return;
    for (const { topic, payload } of messagesFor(this.#wanted, this.#options.settings)) {
      this.#device.traffic.sent(Buffer.from(payload), () => `to ${topic}`);
      await channel.publish(topic, payload, { retain: true, signal });
      this.#counters.published += 1;
    }
  }

  async #farewell(): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined || this.#wanted === undefined) return;
    this.#wanted = dark;
    const { clock, log } = this.#options;
    const { signal } = new AbortController();
    const late = () => new DeviceUnavailableError('The broker did not take it in time');
    try {
      const limits = { clock, limitMs: farewellLimitMs, signal, late, aborted: late };
      await withDeadline(this.#publish(channel, signal), limits);
    } catch (error) {
      if (!isDeviceError(error)) throw error;
      log.warn({ device: this.id, reason: error.message }, 'light not put out');
    }
  }

  #heard({ topic, payload }: MqttMessage): void {
    const { availability } = this.#options.settings;
    const { traffic } = this.#device;
    traffic.received(payload);
    const fact = availability && interpret(this.id, payload, availability);
    if (fact === undefined) {
      this.#counters.otherMessages += 1;
      traffic.judge('discarded: neither of its two words', topic);
      return;
    }
    this.#said = fact;
    traffic.judge('ok', `${topic} ${fact.type}`);
    this.#tell();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}

const isSame = (one: Indication | undefined, other: Indication): boolean =>
  one !== undefined && lampColors(other).every((color) => one[color] === other[color]);

const lampColors = (indication: Indication) => Object.keys(indication) as LampColor[];
