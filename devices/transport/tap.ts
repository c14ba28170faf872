import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import type { Describe, Traffic } from '../lib/traffic.ts';
import type { Link } from './link.ts';

/** What a wire tells of its frames. */
export type WireTap = Pick<Traffic, 'sent' | 'received' | 'judge' | 'timedOut' | 'refused'>;

/** A tap for a wire that several devices share: each frame is recorded for the device that is asked. */
export class TapSwitch implements WireTap {
  to: WireTap | undefined;

  constructor(to: WireTap | undefined) {
    this.to = to;
  }

  sent(bytes: Uint8Array, describe?: Describe): void {
    this.to?.sent(bytes, describe);
  }

  received(bytes: Uint8Array, describe?: Describe): void {
    this.to?.received(bytes, describe);
  }

  judge(verdict: string, decoded?: string): void {
    this.to?.judge(verdict, decoded);
  }

  timedOut(what: string): void {
    this.to?.timedOut(what);
  }

  refused(bytes: Uint8Array, why: string): void {
    this.to?.refused(bytes, why);
  }
}

/**
 * The same link, with all of its bytes recorded. What comes in is recorded before the listener gets
 * it, so that the listener can judge it.
 *
 * @param describe  what a write means; without it, whoever writes may not say
 * @param whyNot    the last line before the wire: why these bytes may not go out now. Then nothing is sent,
 *   it counts, and the writer gets a `DeviceUnavailableError`
 */
export function tapLink(
  link: Link,
  traffic: WireTap,
  describe?: Describe,
  whyNot?: (bytes: Uint8Array) => string | undefined,
): Link {
  return {
    closed: link.closed,
    async write(bytes, signal) {
      const why = whyNot?.(bytes);
      if (why !== undefined) {
        traffic.refused(bytes, why);
        throw new DeviceUnavailableError(`Nothing was sent: ${why}`);
      }
      traffic.sent(bytes, describe);
      await link.write(bytes, signal);
    },
    onData: (listener) =>
      link.onData((bytes) => {
        traffic.received(bytes);
        listener(bytes);
      }),
    close: () => link.close(),
  };
}
