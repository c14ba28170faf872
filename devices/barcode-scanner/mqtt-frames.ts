import { Buffer } from 'node:buffer';
import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import type { MqttScannerConnection } from '../../src/domain/mqtt-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { availabilityOf } from '../lib/mqtt-availability.ts';
import type { Traffic } from '../lib/traffic.ts';
import { withDeadline } from '../transport/deadline.ts';
import type { MqttBroker, MqttChannel, MqttMessage } from '../transport/mqtt.ts';
import type { Attachment, Frame, FrameLink } from './frame-link.ts';
import { readMessage } from './mqtt-message.ts';

/** How long a scanner that says of itself whether it is there is waited for, on each attempt. */
const presenceLimitMs = 3_000;
/** It is back as soon as it says so: the wait between two attempts is short. */
const retryMaxMs = 250;
/** Frames that come before anybody listens. */
const earlyMax = 16;

export interface MqttTools {
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly broker: MqttBroker;
}

type Counters = Record<'retained' | 'tooLong' | 'unreadable' | 'resent' | 'otherMessages', number>;

/** A scanner that publishes each code as one message. */
export function attachMqtt(connection: MqttScannerConnection, tools: MqttTools): Attachment {
  const counters: Counters = {
    retained: 0,
    tooLong: 0,
    unreadable: 0,
    resent: 0,
    otherMessages: 0,
  };
  const { topic, availability } = connection;
  return {
    counters,
    retryMaxMs,
    async open(signal) {
      const ear = new Ear(connection, tools, counters);
      const topics = availability === undefined ? [topic] : [topic, availability.topic];
      const channel = await tools.broker.open(topics, (message) => ear.heard(message), signal);
      try {
        await ear.isThere(signal);
      } catch (error) {
        channel.close();
        throw error;
      }
      return ear.linkOver(channel);
    },
    close: async () => {},
  };
}

/** What is heard of one scanner on one connection. */
class Ear {
  readonly #connection: MqttScannerConnection;
  readonly #tools: MqttTools;
  readonly #counters: Counters;
  readonly #arrived = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<Error>();
  #said: 'online' | 'offline' | undefined;
  #early: Frame[] = [];
  #listener: ((frame: Frame) => void) | undefined;
  /** The newest message: the same again, marked as sent before, is the same read. */
  #last: { readonly text: string; readonly id: string | undefined } | undefined;

  constructor(connection: MqttScannerConnection, tools: MqttTools, counters: Counters) {
    this.#connection = connection;
    this.#tools = tools;
    this.#counters = counters;
  }

  /** Resolves at once where it says nothing of itself. @throws {DeviceUnavailableError} when it is not there */
  async isThere(signal: AbortSignal): Promise<void> {
    const { availability } = this.#connection;
    if (availability === undefined) return;
    const { topic, offline } = availability;
    const missing = () =>
      new DeviceUnavailableError(
        this.#said === 'offline' ? `${topic} says ${offline}` : `${topic} has said nothing`,
      );
    const { clock } = this.#tools;
    const limits = { clock, limitMs: presenceLimitMs, signal, late: missing, aborted: missing };
    await withDeadline(this.#arrived.promise, limits);
  }

  linkOver(channel: MqttChannel): FrameLink {
    const { triggerTopic } = this.#connection;
    return {
      closed: Promise.race([channel.closed, this.#ended.promise]),
      close: async () => channel.close(),
      command: async (text, signal) => {
        if (triggerTopic === undefined) {
          throw new DeviceUnavailableError('The site file names no topic for its trigger');
        }
        this.#tools.traffic.sent(Buffer.from(text, 'latin1'), () => `trigger to ${triggerTopic}`);
        await channel.publish(triggerTopic, Buffer.from(text, 'latin1'), { retain: false, signal });
      },
      onFrame: (listener) => {
        this.#listener = listener;
        for (const frame of this.#early.splice(0)) this.#tell(frame);
      },
    };
  }

  heard(message: MqttMessage): void {
    const { topic, payload } = message;
    this.#tools.traffic.received(payload);
    if (topic === this.#connection.availability?.topic) this.#availabilityHeard(payload);
    else this.#codeHeard(message);
  }

  #availabilityHeard(payload: Buffer): void {
    const { availability } = this.#connection;
    const said = availability && availabilityOf(payload, availability);
    if (said === undefined) return this.#discard('otherMessages');
    this.#tools.traffic.judge('ok', `says ${said}`);
    this.#said = said;
    if (said === 'online') this.#arrived.resolve();
    else if (this.#listener !== undefined) {
      this.#ended.resolve(
        new DeviceUnavailableError(`${availability?.topic} says ${availability?.offline}`),
      );
    }
  }

  /** A code that the broker has kept is of any age: nothing stands there that it belongs to. */
  #codeHeard({ payload, isRetained, isRepeated }: MqttMessage): void {
    const { payload: form, payloadBytesMax } = this.#connection;
    if (isRetained) return this.#discard('retained');
    if (payload.length > payloadBytesMax) return this.#discard('tooLong');
    const read = readMessage(payload, form);
    if (read === undefined) return this.#discard('unreadable');
    const { text, aim, id } = read;
    const isSame =
      this.#last?.text === text && (isRepeated || (id !== undefined && id === this.#last.id));
    this.#last = { text, id };
    if (isSame) this.#counters.resent += 1;
    this.#tell({ text, aim, ...(isSame && { isResent: true as const }) });
  }

  #tell(frame: Frame): void {
    if (this.#listener !== undefined) return this.#listener(frame);
    if (this.#early.length < earlyMax) this.#early.push(frame);
  }

  #discard(why: keyof Counters): void {
    this.#counters[why] += 1;
    this.#tools.traffic.judge(`discarded: ${why}`);
  }
}
