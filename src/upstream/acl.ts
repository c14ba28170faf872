import { topicsOf } from '../contract/topics.ts';
import type { DeviceTopics } from '../domain/device-topics.ts';

/** Who is connected, as far as the broker knows. */
export type Party =
  | { readonly kind: 'controller' }
  | { readonly kind: 'host'; readonly host: string }
  /** Our own drivers of devices. */
  | { readonly kind: 'drivers' }
  | { readonly kind: 'device'; readonly device: string }
  /** Only where every device is simulated: stands for any host and any device. */
  | { readonly kind: 'anonymous' };

/**
 * Topics that may be written and read, as the access list of the contract has them. A host writes its own
 * commands, marks and presence; nobody but the controller speaks for the controller. A device and its driver
 * have the topics that the site file names for it, and no others.
 */
export class AccessList {
  readonly #base: string;
  readonly #devices: readonly DeviceTopics[];

  constructor(site: string, controller: string, devices: readonly DeviceTopics[] = []) {
    this.#base = topicsOf(site, controller).base;
    this.#devices = devices;
  }

  mayPublish(party: Party, topic: string): boolean {
    return this.#writes(party).some((filter) => covers(filter, topic));
  }

  /** A filter may be wider than what is granted: what is not comes out by `mayReceive`. */
  maySubscribe(party: Party, filter: string): boolean {
    return this.#reads(party).some((granted) => overlap(granted, filter));
  }

  mayReceive(party: Party, topic: string): boolean {
    return this.#reads(party).some((filter) => covers(filter, topic));
  }

  #writes(party: Party): readonly string[] {
    const base = this.#base;
    if (party.kind === 'controller') return [`${base}/#`];
    if (party.kind === 'drivers') return this.#ofDevices('toDevice');
    if (party.kind === 'device') return this.#ofDevices('fromDevice', party.device);
    const host = party.kind === 'host' ? party.host : '+';
    const own = [`${base}/command/${host}`, `${base}/ack/${host}`, `${base}/host/${host}`];
    return party.kind === 'host' ? own : [...own, ...this.#ofDevices('fromDevice')];
  }

  #reads(party: Party): readonly string[] {
    const base = this.#base;
    if (party.kind === 'controller') return [`${base}/#`];
    if (party.kind === 'drivers') return this.#ofDevices('fromDevice');
    if (party.kind === 'device') return this.#ofDevices('toDevice', party.device);
    const host = party.kind === 'host' ? party.host : '+';
    const own = [
      `${base}/event/#`,
      `${base}/state/#`,
      `${base}/live/#`,
      `${base}/status`,
      `${base}/reply/${host}`,
    ];
    return party.kind === 'host' ? own : [...own, ...this.#ofDevices('toDevice')];
  }

  /** @param device  undefined: of all */
  #ofDevices(way: 'toDevice' | 'fromDevice', device?: string): readonly string[] {
    return this.#devices.flatMap((row) =>
      device === undefined || row.device === device ? row[way] : [],
    );
  }
}

/** Whether `filter` takes `topic`. Source: MQTT 3.1.1, section 4.7. */
function covers(filter: string, topic: string): boolean {
  // A topic has no wildcards, so that overlapping is being taken; `$SYS` is for filters that name it.
  return !topic.startsWith('$') && overlap(filter, topic);
}

/** Whether some topic is taken by both filters. */
function overlap(one: string, other: string): boolean {
  const left = one.split('/');
  const right = other.split('/');
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index], right[index]];
    if (a === '#' || b === '#') return true;
    if (a === undefined || b === undefined) return false;
    if (a !== b && a !== '+' && b !== '+') return false;
  }
  return true;
}
