import type { Describe, Traffic } from '../lib/traffic.ts';
import type { Link } from './link.ts';

/**
 * The same link, with all of its bytes recorded. What comes in is recorded before the listener gets
 * it, so that the listener can judge it.
 *
 * @param describe  what a write means; without it, whoever writes may not say
 */
export function tapLink(link: Link, traffic: Traffic, describe?: Describe): Link {
  return {
    closed: link.closed,
    write(bytes, signal) {
      traffic.sent(bytes, describe);
      return link.write(bytes, signal);
    },
    onData: (listener) =>
      link.onData((bytes) => {
        traffic.received(bytes);
        listener(bytes);
      }),
    close: () => link.close(),
  };
}
