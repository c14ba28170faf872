import { fstatSync, writeSync } from 'node:fs';
import { machineClock } from './clock.ts';

/** Log that waits for whoever reads it. Beyond, lines are dropped: nobody's pipe may hold up a crane. */
const waitingBytesMax = 1_048_576;
/** Once lines are dropped, none is taken before so little waits: what is lost is one stretch. */
const waitingAgainBytesMax = waitingBytesMax / 2;

/** Who reads slowly gets so much longer at the end. */
const endLimitMs = 1_000;

/** Where a log goes, a line at a time. */
export interface LogStream {
  write(line: string): void;
  /** Ends once all of it is read, or after a moment; where somebody does not read it, with the process. */
  end(): Promise<void>;
}

/**
 * Writes a log to stdout without ever waiting for it, and without ending for its sake: what cannot be
 * written (a reader that has stopped, a disk that is full) is dropped, counted, and told once there is room again.
 */
export function logStream(out: NodeJS.WriteStream & { readonly fd: number }): LogStream {
  const write = fstatSync(out.fd).isFile() ? toFile(out.fd) : toReader(out);
  let dropped = 0;
  return {
    write(line) {
      if (dropped > 0 && out.writableLength < waitingAgainBytesMax && write(toldAs(dropped))) {
        dropped = 0;
      }
      if (dropped > 0 || !write(line)) dropped++;
    },
    async end() {
      if (out.destroyed || out.writableLength === 0) return;
      await new Promise<void>((resolve) => {
        const cancel = machineClock.after(endLimitMs, resolve);
        out.write('', () => {
          cancel();
          resolve();
        });
      });
      // A process with a write under way does not end by itself.
      if (out.writableLength > 0) process.exit();
    },
  };
}

/** @returns whether it was taken */
type Write = (line: string) => boolean;

const toldAs = (dropped: number): string =>
  `${JSON.stringify({ level: 40, dropped, msg: 'Log lines could not be written' })}\n`;

const toFile =
  (fd: number): Write =>
  (line) => {
    try {
      writeSync(fd, line);
      return true;
    } catch {
      return false;
    }
  };

function toReader(out: NodeJS.WriteStream): Write {
  // A reader that is gone: each write says so once more.
  out.on('error', () => {});
  return (line) => {
    if (out.destroyed || out.writableLength + line.length > waitingBytesMax) return false;
    out.write(line);
    return true;
  };
}
