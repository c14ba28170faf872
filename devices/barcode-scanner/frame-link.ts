import type { Clock } from '../../src/ports/clock.ts';
import type { Traffic } from '../lib/traffic.ts';
import type { Link } from '../transport/link.ts';
import type { Framer } from './framer.ts';

/** What came as one: a code, a no-read text or the answer to a command. */
export interface Frame {
  /** Bytes as characters, one by one (latin1); without framing. */
  readonly text: string;
  /** AIM symbology identifier where the wire has a field for it; undefined where it has none. */
  readonly aim?: string | undefined;
  /** The wire says that it is the frame before, sent again. */
  readonly isResent?: true;
}

/**
 * One connection to a scanner until it ends, over whatever: it yields whole frames and takes
 * commands. Never reconnects.
 */
export interface FrameLink {
  /** Names the one who gets the frames. Nothing is lost before: it waits until this is called. */
  onFrame(listener: (frame: Frame) => void): void;
  /**
   * Sends a command of the scanner's maker, such as its trigger.
   *
   * @throws device errors as `Link.write`; also {DeviceUnavailableError} where this wire takes none
   */
  command(text: string, signal: AbortSignal): Promise<void>;
  /** Settles once: with the reason, `undefined` where `close` was called. A bug of the listener is a reason, too. */
  readonly closed: Promise<Error | undefined>;
  close(): Promise<void>;
}

/** How one scanner is connected: opens one connection after the other, and counts over all of them. */
export interface Attachment {
  /** @throws device errors; the supervisor tries again */
  open(signal: AbortSignal): Promise<FrameLink>;
  readonly counters: Readonly<Record<string, number>>;
  /** Longest wait between two attempts, in milliseconds; absent: the supervisor's own. */
  readonly retryMaxMs?: number;
  /** Lets go of what outlives a connection, such as a port that is listened on. */
  close(): Promise<void>;
}

/**
 * Frames out of a stream of bytes. The framer forgets what another connection has left in it.
 *
 * @param traffic  is told what the framer throws away, and why
 */
export function frameLink(
  link: Link,
  framer: Framer,
  { clock, traffic }: { readonly clock: Clock; readonly traffic: Traffic },
): FrameLink {
  framer.reset();
  const bug = Promise.withResolvers<Error>();
  let cancel = () => {};
  const closed = Promise.race([link.closed, bug.promise]).finally(() => cancel());
  return {
    closed,
    command: (text, signal) => link.write(Buffer.from(text, 'latin1'), signal),
    close: () => link.close(),
    onFrame(listener) {
      const tell = (frames: () => string[]) => {
        try {
          for (const text of judged(framer, traffic, frames)) listener({ text });
        } catch (error) {
          bug.resolve(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const onSilence = () => tell(() => framer.silence(clock.monotonicMs()));
      link.onData((bytes) => {
        cancel();
        tell(() => framer.push(bytes, clock.monotonicMs()));
        // A hair more than the gap: timers may fire early by rounding.
        if (framer.waitsForSilence) cancel = clock.after(framer.gapMs + 2, onSilence);
      });
    },
  };
}

/** The frames, after all that was thrown away for them is told. */
function judged(framer: Framer, traffic: Traffic, frames: () => string[]): string[] {
  const { frames: _, ...before } = framer.counters;
  const found = frames();
  for (const [what, count] of Object.entries(before)) {
    if (framer.counters[what as keyof typeof before] > count) traffic.judge(`discarded: ${what}`);
  }
  return found;
}
