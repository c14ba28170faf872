import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../../src/ports/clock.ts';
import { type OutsideBroker, stablePort } from './kill-site.ts';
import { systemClock as clock } from './system-clock.ts';

const startLimitMs = 20_000;
const lookEveryMs = 20;

/** Debian's Mosquitto as a process that can be killed and comes back on its port, with nothing remembered. */
export async function startOutsideBroker(
  onRestart: () => void,
): Promise<OutsideBroker & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-broker-'));
  const config = join(folder, 'mosquitto.conf');
  const port = await stablePort();
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  let child = await started();
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  return {
    port,
    async restart() {
      onRestart();
      await killed(child);
      child = await started();
    },
    async stop() {
      process.off('exit', end);
      await killed(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };

  async function started(): Promise<ChildProcess> {
    const broker = spawn('/usr/sbin/mosquitto', ['-c', config], { stdio: 'ignore' });
    const startedMs = clock.monotonicMs();
    while (!(await isListening(port))) {
      if (clock.monotonicMs() - startedMs > startLimitMs)
        throw new Error('mosquitto does not start');
      await pause(clock, lookEveryMs);
    }
    return broker;
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
