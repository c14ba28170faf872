import type { IClientOptions } from 'mqtt';
import type { SimulatedBroker } from '../../simulators/dst/broker.ts';
import { SimulatedMqttClient } from '../../simulators/dst/mqtt-client.ts';
import type { ReplyData } from '../../src/contract/messages.ts';
import type { Site } from '../../src/domain/site.ts';
import { liveReader } from '../../src/main.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { HostCommand, Intake, OperatorAct, OperatorOutcome } from '../../src/ports/intake.ts';
import type { Random } from '../../src/ports/random.ts';
import { Upstream } from '../../src/upstream/upstream.ts';
import { silent } from '../lib/silent-log.ts';
import type { Controller } from './controller.ts';

interface UplineOptions {
  readonly site: Site;
  readonly broker: SimulatedBroker;
  /** Of the process. */
  readonly clock: Clock;
  readonly random: Random;
  readonly replied: (by: Controller, command: HostCommand, reply: ReplyData) => void;
}

/** States are told and looked at more seldom: most of what they tell nobody asks for. */
const timing = { deviceEveryMs: 10_000, statusLookMs: 10_000 };

/** The way of one process to its hosts: all of it as in a real one, up to the client of the broker. */
export class Upline {
  readonly #process: Controller;
  readonly #options: UplineOptions;
  readonly #upstream: Upstream;
  readonly #clients: SimulatedMqttClient[] = [];

  constructor(process: Controller, options: UplineOptions) {
    this.#process = process;
    this.#options = options;
    const { site, clock, random } = options;
    const { flow, ledger } = process;
    this.#upstream = new Upstream({
      ...{ site, clock, random, log: silent, outbox: ledger, intake: this.#intake() },
      reader: liveReader(flow, () => this.#upstream.state()),
      connect: (wanted) => this.#connect(wanted),
      timing,
    });
  }

  start(): void {
    this.#upstream.start().catch((error: unknown) => this.#process.fail(error));
  }

  get state() {
    return this.#upstream.state();
  }

  /** The process is no more; the broker hears of it after a while. */
  abandon(lingerMs: number): void {
    for (const client of this.#clients) client.abandon(lingerMs);
  }

  #connect(wanted: IClientOptions) {
    const process = this.#process;
    const socket = {};
    const client = new SimulatedMqttClient(wanted, {
      broker: this.#options.broker,
      within: (call) => process.loop.take(call, socket),
      leaving: (call) => process.overEdge(call),
    });
    this.#clients.push(client);
    if (this.#clients.length > clientsMax) this.#clients.shift();
    return client.asLibrary();
  }

  #intake(): Intake {
    const { flow } = this.#process;
    const { replied } = this.#options;
    return {
      command: async (command) => {
        const reply = await flow.command(command);
        if (this.#process.isAlive) replied(this.#process, command, reply);
        return reply;
      },
      acknowledge: (host, ack) => flow.acknowledge(host, ack),
      hostChanged: (host, state) => flow.hostChanged(host, state),
      operator: (act) => flow.operator(act),
    };
  }
}

/** Connections of the past are of no interest; one is open at a time. */
const clientsMax = 3;
const pageLimitMs = 5_000;
/** One click in so many is a double click: the page sends it twice at once. */
const clicksPerDouble = 4;

interface PagesOptions {
  readonly clock: Clock;
  /** The process that answers at the moment. */
  readonly controller: () => Controller | undefined;
  readonly acted: (by: Controller, act: OperatorAct, outcome: OperatorOutcome) => void;
}

/** The pages that people act on, of whatever process runs. */
export class Pages implements Pick<Intake, 'operator'> {
  readonly #options: PagesOptions;
  #clicks = 0;

  constructor(options: PagesOptions) {
    this.#options = options;
  }

  /** A page that gets no answer in time says so; whoever meant it does it again. */
  operator(act: OperatorAct): Promise<OperatorOutcome> {
    const { controller, clock, acted } = this.#options;
    const by = controller();
    const isDouble = ++this.#clicks % clicksPerDouble === 0;
    return new Promise((resolve, reject) => {
      const away = () => reject(new Error('no answer'));
      clock.after(pageLimitMs, away);
      const click = () =>
        void by?.flow.operator(act).then((outcome) => {
          if (!by.isAlive) return;
          acted(by, act, outcome);
          resolve(outcome);
        }, away);
      click();
      if (isDouble) click();
    });
  }
}
