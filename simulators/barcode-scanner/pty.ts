import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, rmSync } from 'node:fs';
import { type Clock, pause } from '../../src/ports/clock.ts';

const readyLimitMs = 5_000;
const lookEveryMs = 20;

/** Two ends of a serial line without a cable. */
export interface PtyPair {
  /** As one who pulls the cable: both ends hang up. */
  close(): Promise<void>;
}

/**
 * Makes a pair of pseudo terminals with `socat`, and waits until both ends are there.
 *
 * @param ends  paths of the two ends; a link left there by a run that was killed is replaced
 * @returns     undefined where this machine has no `socat`
 * @throws      when it ends by itself or takes longer than 5 s
 */
export async function openPtyPair(
  ends: readonly [string, string],
  clock: Clock,
): Promise<PtyPair | undefined> {
  for (const end of ends) if (isLink(end)) rmSync(end);
  const child = spawn(
    'socat',
    ends.map((end) => `pty,raw,echo=0,link=${end}`),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let says = '';
  child.stderr.on('data', (text: Buffer) => {
    says = (says + text.toString()).slice(-500);
  });
  const ended = endOf(child);
  const startedAtMs = clock.monotonicMs();
  for (;;) {
    const end = await Promise.race([ended, pause(clock, lookEveryMs)]);
    if (end === 'missing') return undefined;
    if (end === 'exited') throw new Error(`socat gave up: ${says}`);
    if (ends.every(isLink)) break;
    if (clock.monotonicMs() - startedAtMs > readyLimitMs) {
      child.kill('SIGKILL');
      throw new Error(`socat made no serial line within ${readyLimitMs} ms: ${says}`);
    }
  }
  return {
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<'missing' | 'exited'> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const isMissing = 'code' in error && error.code === 'ENOENT';
      resolve(isMissing ? 'missing' : 'exited');
    });
    child.once('exit', () => resolve('exited'));
  });
}

/** Also where it points to a terminal that is gone. Anything else at that path is left alone. */
const isLink = (path: string) =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
