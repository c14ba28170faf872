import { Buffer } from 'node:buffer';
import { commandOf, type Envelope, parseEnvelope, seqText } from '../contract/envelope.ts';
import { contractError } from '../contract/errors.ts';
import type { AckData, ContractError, ReplyData } from '../contract/messages.ts';
import { inboundTopic, topicBytesMax } from '../contract/topics.ts';
import { validateAck, validateHost } from '../contract/validate.ts';
import { LimitError } from '../domain/errors.ts';
import type { HostId } from '../domain/ids.ts';
import type { Site } from '../domain/site.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostCommand, Intake } from '../ports/intake.ts';
import type { Log } from '../ports/log.ts';
import type { InboundMessage } from './broker-connection.ts';
import type { DeadLetters } from './dead-letters.ts';

export interface InboundOptions {
  readonly site: Pick<Site, 'site' | 'controller' | 'hosts'>;
  /** First levels of every topic of this controller. */
  readonly base: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly intake: Intake;
  readonly deadLetters: DeadLetters;
  /** Hands a reply to the broker. Never waited for: the PUBACK of a command must not depend on it. */
  readonly reply: (host: string, correlationid: string, data: ReplyData) => void;
  /** Before the intake hears of it. */
  readonly marked: (host: HostId, ack: AckData) => void;
  /** After the mark is committed. */
  readonly acknowledged: (host: HostId) => void;
  readonly hostChanged: (host: HostId, state: 'online' | 'offline') => void;
  readonly resend: (host: HostId, from: string, to: string) => void;
}

type Granted =
  | { readonly ok: true; readonly host: HostId }
  | { readonly ok: false; readonly reason: string };

const commandsPerS = 250;

/** Reads what hosts send and hands it to the intake. A message is answered or kept as dead letter, never lost. */
export class Inbound {
  readonly #options: InboundOptions;
  readonly #hosts: ReadonlyMap<string, HostId>;
  /** Commands that a host may still send at once, and when that was counted. */
  readonly #allowance = new Map<string, { left: number; atMs: number }>();

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#hosts = new Map(options.site.hosts.map(({ host }) => [host, host]));
  }

  /** Resolves when the message may be forgotten by the broker: committed, answered for good, or a dead letter. */
  async handle(message: InboundMessage): Promise<void> {
    const { topic, payload } = message;
    const { base, deadLetters } = this.#options;
    const inbound =
      Buffer.byteLength(topic) > topicBytesMax ? undefined : inboundTopic(base, topic);
    if (inbound === undefined) return deadLetters.add(topic, payload, 'Not a topic of ours');
    // A retained message that was taken back.
    if (payload.byteLength === 0) return;
    const parsed = parseEnvelope(payload);
    if (parsed.ok) return this.#dispatch(inbound, parsed.envelope, message);
    deadLetters.add(topic, payload, parsed.error.detail);
    if (inbound.kind === 'command' && parsed.id !== undefined) {
      this.#refuse(inbound.host, parsed.id, parsed.name, parsed.error);
    }
  }

  async #dispatch(
    { kind, host: name }: { kind: 'command' | 'ack' | 'host'; host: string },
    envelope: Envelope,
    message: InboundMessage,
  ): Promise<void> {
    const granted = this.#granted(name, envelope);
    if (granted.ok) {
      const { host } = granted;
      if (kind === 'command') return this.#command(host, envelope, message);
      if (kind === 'ack') return this.#ack(host, envelope, message);
      return this.#presence(host, envelope, message);
    }
    const { deadLetters, log } = this.#options;
    if (kind !== 'command') return deadLetters.add(message.topic, message.payload, granted.reason);
    log.warn({ topic: message.topic, source: envelope.source }, granted.reason);
    this.#refuse(name, envelope.id, envelope.name, contractError('FORBIDDEN', granted.reason));
  }

  #granted(name: string, { source }: Envelope): Granted {
    const host = this.#hosts.get(name);
    if (host === undefined) return { ok: false, reason: `Host ${name} is not in the site file` };
    const expected = `/${this.#options.site.site}/host/${name}`;
    if (source === expected) return { ok: true, host };
    return { ok: false, reason: `source must be ${expected} on this topic` };
  }

  async #command(host: HostId, envelope: Envelope, message: InboundMessage): Promise<void> {
    const { intake, deadLetters, resend } = this.#options;
    const { id, data, expiresAtMs } = envelope;
    const name = commandOf(envelope);
    if (typeof name !== 'string') {
      deadLetters.add(message.topic, message.payload, name.detail);
      return this.#refuse(host, id, envelope.name, name);
    }
    if (!this.#allowed(host)) {
      const error = contractError('LIMIT_REACHED', `More than ${commandsPerS} commands a second`, {
        retryAfterS: 1,
      });
      return this.#refuse(host, id, name, error);
    }
    const { retained } = message;
    const reply = await this.#decide({ host, id, name, data, expiresAtMs, retained }, intake);
    this.#options.reply(host, id, reply);
    if (name === 'event.resend' && reply.result === 'accepted' && reply.from !== undefined) {
      resend(host, reply.from, reply.to ?? seqText(Number.MAX_SAFE_INTEGER));
    }
  }

  async #decide(command: HostCommand, intake: Intake): Promise<ReplyData> {
    try {
      return await intake.command(command);
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      return refusal(
        command.name,
        contractError('LIMIT_REACHED', error.message, { retryAfterS: 5 }),
      );
    }
  }

  async #ack(host: HostId, envelope: Envelope, message: InboundMessage): Promise<void> {
    const { intake, deadLetters, marked, acknowledged } = this.#options;
    const checked = validateAck(envelope.data);
    if (envelope.name !== 'ack' || !checked.ok) {
      return deadLetters.add(message.topic, message.payload, 'Not an ack of version 1');
    }
    marked(host, checked.data);
    await intake.acknowledge(host, checked.data);
    acknowledged(host);
  }

  async #presence(host: HostId, envelope: Envelope, message: InboundMessage): Promise<void> {
    const { intake, deadLetters, hostChanged } = this.#options;
    const checked = validateHost(envelope.data);
    if (envelope.name !== 'host' || !checked.ok) {
      return deadLetters.add(message.topic, message.payload, 'Not a host state of version 1');
    }
    hostChanged(host, checked.data.state);
    intake.hostChanged(host, checked.data.state);
  }

  #refuse(host: string, id: string, name: string | undefined, error: ContractError): void {
    this.#options.reply(host, id, refusal(name ?? 'unknown', error));
  }

  /** Token bucket: one second's worth at once, refilled evenly. */
  #allowed(host: string): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const bucket = this.#allowance.get(host) ?? { left: commandsPerS, atMs: nowMs };
    const refilled = bucket.left + ((nowMs - bucket.atMs) * commandsPerS) / 1000;
    bucket.left = Math.min(commandsPerS, refilled);
    bucket.atMs = nowMs;
    this.#allowance.set(host, bucket);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }
}

const refusal = (command: string, error: ContractError): ReplyData => ({
  command,
  result: 'refused',
  duplicate: false,
  error,
});
