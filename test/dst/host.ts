import type { SimulatedBroker } from '../../simulators/dst/broker.ts';
import type { HostSeen } from '../../simulators/dst/evidence.ts';
import { SimulatedMqttClient } from '../../simulators/dst/mqtt-client.ts';
import { hostFaults } from '../../simulators/host/faults.ts';
import { createHost, type FaultyHost } from '../../simulators/host/host.ts';
import type { Fault, Faults } from '../../simulators/lib/fault.ts';
import type { MovementData, OrderData, ReplyData } from '../../src/contract/messages.ts';
import type { CommandKey } from '../../src/contract/names.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import type { HostId } from '../../src/domain/ids.ts';
import type { Site } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import { silent } from '../lib/silent-log.ts';

interface DstHostOptions {
  readonly site: Site;
  readonly host: HostId;
  readonly broker: SimulatedBroker;
  readonly clock: Clock;
  readonly random: Random;
  readonly lookEveryMs: number;
  readonly ackDelayMs: number | undefined;
  /** Where load units are that were there before it was told of any. */
  readonly stock: ReadonlyMap<string, string>;
}

/** Movements of what is in a load unit, which stays where it is. */
const ofContents: ReadonlySet<string> = new Set(['picked', 'packed']);
const final: ReadonlySet<string> = new Set(['completed', 'canceled', 'failed']);

/** The simulated host of the demo, at the broker of a simulated site. */
export class DstHost {
  readonly faults: Faults;
  readonly #options: DstHostOptions;
  readonly #host: FaultyHost;
  #marks: number[] = [];

  constructor(options: DstHostOptions) {
    const { site, host, broker, clock, random, lookEveryMs, ackDelayMs } = options;
    this.#options = options;
    const around = {
      broker,
      within: (call: () => void) => call(),
      leaving: (call: () => void) => call(),
    };
    this.#host = createHost({
      ...{ host, site: site.site, controller: site.controller, clock, random, lookEveryMs },
      ...(ackDelayMs !== undefined && { ackDelayMs }),
      ...{ brokerPort: 0, log: silent },
      connect: (wanted) => new SimulatedMqttClient(wanted, around).asLibrary(),
    });
    this.#host.onMark = (through) => this.#marks.push(through);
    this.faults = hostFaults(this.#host);
  }

  start(): void {
    this.#host.start();
  }

  /** Everything up to here is booked. */
  get through(): number {
    return this.#host.ackThrough();
  }

  /** Calls back with the reply, once it is answered. */
  give(name: CommandKey, data: object, replied: (reply: ReplyData) => void = () => {}): void {
    // One who has given too much is answered in time, and tries no more than that.
    this.#host.give(name, data).then(replied, () => {});
  }

  /** Orders that have not ended, as told last. */
  get openOrders(): ReadonlyMap<string, OrderData> {
    return new Map([...this.#host.orders()].filter(([, { status }]) => !final.has(status)));
  }

  away(): Fault {
    return this.faults['away'] as Fault;
  }

  /** It books, and does not say so. */
  mute(): Fault {
    return this.faults['mute'] as Fault;
  }

  set doubles(isOn: boolean) {
    this.#host.doubles = isOn;
  }

  /** What nobody who keeps to the contract would send, as drawn. */
  rubbish(kind: number, isRetained: boolean): void {
    const { broker, site, host } = this.#options;
    const topics = topicsOf(site.site, site.controller);
    const topic = [topics.command(host), topics.ack(host), topics.host(host)][kind % 3] as string;
    const text = rubbish[kind % rubbish.length] as string;
    broker.publish(topic, Buffer.from(text), isRetained);
  }

  evidence(): HostSeen {
    return { host: this.#options.host, received: this.#host.received(), marks: this.#marks };
  }

  /** What it was told that cannot be right, in sentences. */
  get findings(): string[] {
    const places = new Map(this.#options.stock);
    return this.#host.received().flatMap(({ name, data }) => {
      if (name === 'loadUnit') rename(places, data as { loadUnit: string; formerly?: string });
      return name === 'movement' ? move(places, data as MovementData) : [];
    });
  }
}

function move(places: Map<string, string>, { kind, loadUnit, from, to }: MovementData): string[] {
  if (ofContents.has(kind)) return [];
  const known = places.get(loadUnit) ?? 'OUTSIDE';
  if (to === 'OUTSIDE') places.delete(loadUnit);
  else places.set(loadUnit, to);
  return known === from ? [] : [`${loadUnit} came from ${from} and was at ${known} for the host`];
}

function rename(
  places: Map<string, string>,
  { loadUnit, formerly }: { readonly loadUnit: string; readonly formerly?: string },
): void {
  const place = formerly === undefined ? undefined : places.get(formerly);
  if (formerly === undefined || place === undefined || formerly === loadUnit) return;
  places.delete(formerly);
  places.set(loadUnit, place);
}

/** Nothing of it may have an effect, and nothing may stop what comes behind it. */
const rubbish = [
  'not even JSON',
  '{',
  '[]',
  '{"specversion":"1.0"}',
  JSON.stringify({
    ...{ specversion: '1.0', id: 'x-1', source: '/demo/host/nobody', type: 'order.create' },
    data: { order: 'SO-RUBBISH' },
  }),
  '{"__proto__":{"result":"accepted"}}',
  `${'['.repeat(200)}${']'.repeat(200)}`,
];
