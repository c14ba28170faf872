import type { Buffer } from 'node:buffer';
import { envelopeBytes } from '../contract/envelope.ts';
import type { ReplyData } from '../contract/messages.ts';
import { type Topics, topicsOf } from '../contract/topics.ts';
import type { DeviceTopics } from '../domain/device-topics.ts';
import type { HostId } from '../domain/ids.ts';
import type { Site } from '../domain/site.ts';
import type { Clock } from '../ports/clock.ts';
import type { Intake } from '../ports/intake.ts';
import type { Log } from '../ports/log.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Random } from '../ports/random.ts';
import type { Reader } from '../ports/reader.ts';
import type { BrokerAddress, ConnectBroker, InboundMessage } from './broker-connection.ts';
import { type DeadLetter, DeadLetters } from './dead-letters.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from './embedded-broker.ts';
import { Forwarder } from './forwarder.ts';
import { Inbound } from './inbound.ts';
import { MemoryLoss } from './memory-loss.ts';
import { MqttLink } from './mqtt-link.ts';
import { Repeater } from './repeater.ts';
import { Session } from './session.ts';
import { StatusPublisher } from './status.ts';
import { defaultTiming, type UpstreamTiming } from './timing.ts';

export interface UpstreamOptions {
  readonly site: Pick<Site, 'site' | 'controller' | 'hosts' | 'broker'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly intake: Intake;
  readonly reader: Reader;
  readonly outbox: Outbox;
  /** For a broker outside, from the variable that the site file names. */
  readonly password?: string | undefined;
  /** What devices may say and hear at the embedded broker. */
  readonly deviceTopics?: readonly DeviceTopics[];
  /** All devices are simulated: the embedded broker then takes clients without a user name. */
  readonly simulated?: boolean;
  readonly timing?: Partial<UpstreamTiming>;
  /** In place of the network, for simulations. */
  readonly connect?: ConnectBroker;
}

export interface UpstreamState {
  readonly connected: boolean;
  /** A sentence for people. */
  readonly detail: string;
  readonly sinceMs: number;
  /** Port of the embedded broker, once it listens. */
  readonly brokerPort: number | undefined;
  /** Events up to here have been handed to the broker. */
  readonly sentThrough: number;
  /** Why no events are sent although there is a connection. */
  readonly heldBecause: string | undefined;
  readonly deadLetters: number;
}

/** Replies on their way at once; a host repeats a command whose reply was left out. */
const repliesMax = 1000;

/** The way to the central systems: commands in, replies, events and states out, over one MQTT broker. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #timing: UpstreamTiming;
  readonly #topics: Topics;
  readonly #source: string;
  readonly #secret: string;
  readonly #deadLetters: DeadLetters;
  readonly #loss: MemoryLoss;
  readonly #forwarder: Forwarder;
  readonly #repeater: Repeater;
  readonly #status: StatusPublisher;
  readonly #inbound: Inbound;
  readonly #link: MqttLink;
  #session: Session | undefined;
  #broker: EmbeddedBroker | undefined;
  #replies = 0;
  #repliesMade = 0;

  constructor(options: UpstreamOptions) {
    const { site, clock, random, log, intake, reader, outbox } = options;
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    const timing = this.#timing;
    const topics = topicsOf(site.site, site.controller);
    this.#topics = topics;
    this.#source = `/${site.site}/${site.controller}`;
    this.#secret = Array.from({ length: 8 }, () => random.u32().toString(36)).join('');
    const acknowledging = site.hosts.filter((each) => each.acknowledges).map(({ host }) => host);
    this.#deadLetters = new DeadLetters(clock, log);
    this.#loss = new MemoryLoss(outbox, acknowledging, log);
    const held = () => this.#loss.held();
    const events = { topics, outbox, acknowledging, clock, log, held };
    this.#forwarder = new Forwarder({ ...events, site: site.site, controller: site.controller });
    this.#repeater = new Repeater({
      ...events,
      markRestMs: timing.markRestMs,
      bytesOf: (event) => this.#forwarder.bytesOf(event),
      sentThrough: () => this.#forwarder.sentThrough(),
    });
    const simulated = options.simulated ?? false;
    const source = this.#source;
    this.#status = new StatusPublisher({ source, topics, reader, clock, log, timing, simulated });
    this.#inbound = new Inbound({
      site,
      base: topics.base,
      clock,
      log,
      intake,
      deadLetters: this.#deadLetters,
      reply: (host, id, data) => this.#reply(host, id, data),
      marked: (host, ack) => this.#loss.marked(host, ack),
      acknowledged: (host) => this.#session?.marked(host),
      hostChanged: (host, state) => this.#repeater.hostChanged(host, state),
      resend: (host, from, to) => this.#repeater.resend(host, Number(from), Number(to)),
    });
    this.#link = this.#newLink();
    outbox.onAppended(() => this.#forwarder.pump());
  }

  /**
   * Starts the embedded broker where there is one, then dials for ever.
   *
   * @throws {ConfigError} when the embedded broker's port cannot be had
   */
  async start(): Promise<void> {
    const { site, clock, log, simulated = false } = this.#options;
    if (site.broker.embedded) {
      this.#broker = await startEmbeddedBroker({
        site: site.site,
        controller: site.controller,
        host: site.broker.host,
        port: site.broker.port,
        hosts: site.hosts.map(({ host }) => host),
        controllerUser: site.controller,
        controllerPassword: this.#secret,
        controllerClientId: this.#address().clientId,
        driversClientId: this.driversAddress().clientId,
        devices: this.#options.deviceTopics ?? [],
        anonymous: simulated,
        clock,
        log,
      });
    }
    this.#link.start();
  }

  /** Tells the hosts, takes leave of the broker, and ends the embedded one. Bounded by a few seconds. */
  async stop(): Promise<void> {
    const { clock } = this.#options;
    const { stopLimitMs } = this.#timing;
    this.#disconnected();
    const connection = this.#link.connection();
    if (connection !== undefined) {
      const farewell = this.#status.farewell(connection).catch(() => {});
      await new Promise<void>((done) => {
        const cancel = clock.after(stopLimitMs, done);
        void farewell.then(cancel).then(done);
      });
    }
    this.#status.stop();
    await this.#link.stop(stopLimitMs);
    await this.#broker?.stop();
  }

  state(): UpstreamState {
    const { connected, detail, sinceMs } = this.#link.state();
    return {
      connected,
      detail,
      sinceMs,
      brokerPort: this.#broker?.port,
      sentThrough: this.#forwarder.sentThrough(),
      heldBecause: this.#loss.detail(),
      deadLetters: this.#deadLetters.count,
    };
  }

  /** Where drivers of devices find the broker of the site, and as whom they come. */
  driversAddress(): BrokerAddress {
    const own = this.#address();
    return { ...own, clientId: `${own.clientId}-devices` };
  }

  /** The last messages that could not be read, oldest first. */
  deadLetters(): readonly DeadLetter[] {
    return this.#deadLetters.list();
  }

  #newLink(): MqttLink {
    const { site, clock, random, log, connect } = this.#options;
    return new MqttLink({
      connect,
      clock,
      random,
      log,
      timing: this.#timing,
      address: () => this.#address(),
      will: () => ({ topic: this.#topics.status, payload: this.#will() }),
      message: (message) => this.#message(message),
      disconnected: () => this.#disconnected(),
      connected: (connection) => {
        this.#session = new Session({
          connection,
          topics: this.#topics,
          clock,
          log,
          acksWaitMs: this.#timing.acksWaitMs,
          acknowledging: site.hosts.filter((each) => each.acknowledges).map(({ host }) => host),
          status: this.#status,
          forwarder: this.#forwarder,
          repeater: this.#repeater,
        });
        this.#session.run();
      },
    });
  }

  #message(message: InboundMessage): Promise<void> {
    if (this.#session?.leftover(message)) return Promise.resolve();
    return this.#inbound.handle(message);
  }

  #disconnected(): void {
    this.#session?.stop();
    this.#session = undefined;
    this.#status.stop();
    this.#forwarder.stop();
    this.#repeater.stop();
  }

  #reply(host: HostId | string, correlationid: string, data: ReplyData): void {
    const { clock, log, reader } = this.#options;
    const connection = this.#link.connection();
    if (connection === undefined || this.#replies >= repliesMax) {
      log.warn({ host, correlationid }, 'A reply was not sent; its host repeats the command');
      return;
    }
    this.#repliesMade += 1;
    const payload = envelopeBytes({
      id: `r-${reader.status().boot}-${this.#repliesMade}`,
      source: this.#source,
      name: 'reply',
      atMs: clock.nowMs(),
      correlationid,
      data,
    });
    this.#replies += 1;
    connection
      .publish(this.#topics.reply(host), payload)
      .catch((error: unknown) => log.debug({ host, error: String(error) }, 'A reply was not sent'))
      .finally(() => {
        this.#replies -= 1;
      });
  }

  #address(): BrokerAddress {
    const { site, password } = this.#options;
    const { broker, controller } = site;
    const clientId = `craneway-${site.site}-${controller}`;
    const { host } = broker;
    return broker.embedded
      ? {
          host,
          port: this.#broker?.port ?? broker.port,
          username: controller,
          password: this.#secret,
          clientId,
        }
      : { host, port: broker.port, username: broker.username, password, clientId };
  }

  /** What the broker says of us when we are gone without a word. */
  #will(): Buffer {
    const { clock, reader } = this.#options;
    const { boot, since } = reader.status();
    return envelopeBytes({
      id: `s-${boot}-will`,
      source: this.#source,
      name: 'status',
      atMs: clock.nowMs(),
      data: { state: 'offline', boot, since },
    });
  }
}
