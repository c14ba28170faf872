import { topicsOf } from '../contract/topics.ts';

/** Who is connected, as far as the broker knows. */
export type Party =
  | { readonly kind: 'controller' }
  | { readonly kind: 'host'; readonly host: string }
  /** Only where every device is simulated: stands for any host. */
  | { readonly kind: 'anonymous' };

/**
 * Topics that may be written and read, as the access list of the contract has them. A host writes its own
 * commands, marks and presence; nobody but the controller speaks for the controller.
 */
export class AccessList {
  readonly #base: string;

  constructor(site: string, controller: string) {
    this.#base = topicsOf(site, controller).base;
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
    const host = party.kind === 'host' ? party.host : '+';
    return [`${base}/command/${host}`, `${base}/ack/${host}`, `${base}/host/${host}`];
  }

  #reads(party: Party): readonly string[] {
    const base = this.#base;
    if (party.kind === 'controller') return [`${base}/#`];
    const host = party.kind === 'host' ? party.host : '+';
    return [
      `${base}/event/#`,
      `${base}/state/#`,
      `${base}/live/#`,
      `${base}/status`,
      `${base}/reply/${host}`,
    ];
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
