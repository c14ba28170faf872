import { expect, test } from 'vitest';
import { machineClock } from '../../src/machine/clock.ts';
import { rawClient, rawServer } from '../lib/raw-tcp.ts';

const limitMs = 20;

/** This very thread does nothing, as a process that the system does not let run. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** An answer comes in time, and nobody is there to take it. @returns what the process made of both, in its order */
async function answeredDuring(stillMs: number, isTakenBack: boolean): Promise<string[]> {
  const server = await rawServer();
  const client = await rawClient(server.port);
  const peer = await server.peer();
  const seen: string[] = [];
  const last = new Promise<void>((resolve) => {
    const cancel = machineClock.after(limitMs, () => seen.push('too late'));
    machineClock.after(limitMs + 1, resolve);
    peer.socket.once('data', () => {
      seen.push('answer');
      if (isTakenBack) cancel();
    });
  });
  client.send('00');
  standStill(stillMs);
  await last;
  await server.close();
  return seen;
}

test('what came while the process stood still is read before anything is too late', async () => {
  const fromMs = machineClock.monotonicMs();
  expect(await answeredDuring(400, false)).toEqual(['answer', 'too late']);
  expect(machineClock.wokeAtMs?.()).toBeGreaterThanOrEqual(fromMs + 400);
});

test('a deadline that the answer has taken back never comes', async () => {
  expect(await answeredDuring(400, true)).toEqual(['answer']);
});
