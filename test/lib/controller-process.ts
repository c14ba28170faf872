import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../src/ports/clock.ts';
import { compiledBefore } from './compile-cache.ts';
import { systemClock } from './system-clock.ts';

const entry = new URL('../../src/cli/craneway.ts', import.meta.url).pathname;
const startLimitMs = 60_000;
const stopLimitMs = 15_000;
const lookEveryMs = 2;

export interface ControllerOptions {
  /** Path of the site file. */
  readonly siteFile: string;
  readonly dataFolder: string;
  readonly httpPort: number;
  readonly mqttPort: number;
  /** Gets its log, over all of its lives. */
  readonly logFile: string;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** `craneway run` as a process of its own, to be killed and started again. */
export class ControllerProcess {
  readonly #options: ControllerOptions;
  #child: ChildProcess | undefined;
  #said = '';
  #isAskedToEnd = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    // Whoever watches it may be ended, too.
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  /** Begins a life. Its ledger is not open yet. */
  spawn(): void {
    const { siteFile, dataFolder, httpPort, mqttPort, logFile, env } = this.#options;
    const log = openSync(logFile, 'a');
    const ports = ['--http-port', `${httpPort}`, '--mqtt-port', `${mqttPort}`];
    this.#said = '';
    this.#isAskedToEnd = false;
    this.#child = spawn(
      process.execPath,
      [entry, 'run', siteFile, '--simulated', '--data', dataFolder, ...ports],
      {
        stdio: ['ignore', log, 'pipe'],
        env: { ...process.env, ...compiledBefore(), ...env },
      },
    );
    closeSync(log);
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#said = (this.#said + text.toString()).slice(-4_000);
    });
  }

  /** Resolves once it has its data folder for itself: from here on it opens the ledger and recovers. */
  opensLedger(): Promise<void> {
    const owner = join(this.#options.dataFolder, 'controller.pid');
    return this.#until('takes its data folder', () => {
      try {
        return readFileSync(owner, 'utf8') === String(this.#child?.pid);
      } catch {
        return false;
      }
    });
  }

  /** Resolves once it says that it runs. */
  runs(): Promise<void> {
    return this.#until('runs', () => this.#said.includes(' runs.'));
  }

  /** Ended without being asked to, which is never right. */
  hasGivenUp(): boolean {
    return this.#child !== undefined && this.#isGone() && !this.#isAskedToEnd;
  }

  /**
   * As a power switch for the process: nothing that it wanted to do still happens.
   *
   * @throws when it has ended by itself before
   */
  async kill(): Promise<void> {
    if (this.hasGivenUp()) throw new Error('The controller has ended by itself');
    await this.#end('SIGKILL');
  }

  /**
   * Waits until it is killed from within, see `Harm`; one that lives on for so long is killed from outside.
   *
   * @returns whether it was killed from within
   */
  async dies(limitMs: number): Promise<boolean> {
    this.#isAskedToEnd = true;
    const startedMs = systemClock.monotonicMs();
    while (!this.#isGone() && systemClock.monotonicMs() - startedMs < limitMs) {
      await pause(systemClock, lookEveryMs);
    }
    const hasDied = this.#child?.signalCode === 'SIGKILL';
    await this.#end('SIGKILL');
    return hasDied;
  }

  /** @returns its process id @throws when it has not begun a life */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('The controller was not started');
    return this.#child.pid;
  }

  /**
   * Waits until it ends by itself.
   *
   * @returns its exit code, and what it said to whoever has started it
   * @throws when it lives on
   */
  async ends(): Promise<{ readonly code: number | null | undefined; readonly said: string }> {
    this.#isAskedToEnd = true;
    const startedMs = systemClock.monotonicMs();
    while (!this.#isGone()) {
      if (systemClock.monotonicMs() - startedMs > startLimitMs) {
        throw new Error(`The controller lives on: ${this.#said}`);
      }
      await pause(systemClock, lookEveryMs);
    }
    // What it said last is still on its way.
    await pause(systemClock, lookEveryMs);
    return { code: this.#child?.exitCode, said: this.#said };
  }

  /** The process stands still, as a virtual machine that is paused; what it holds stays open. */
  async standStill(ms: number): Promise<void> {
    if (this.hasGivenUp()) throw new Error('The controller has ended by itself');
    this.#child?.kill('SIGSTOP');
    await pause(systemClock, ms);
    this.#child?.kill('SIGCONT');
  }

  /** An orderly stop. @returns its exit code; undefined when it did not end and was killed */
  async stop(): Promise<number | undefined> {
    const ended = this.#end('SIGTERM');
    const code = await Promise.race([ended, pause(systemClock, stopLimitMs).then(() => 'late')]);
    if (typeof code === 'number') return code;
    await this.#end('SIGKILL');
    return undefined;
  }

  #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || this.#isGone()) return Promise.resolve(child?.exitCode ?? null);
    this.#isAskedToEnd = true;
    return new Promise((resolve) => {
      child.once('exit', (code) => resolve(code));
      child.kill(signal);
    });
  }

  #isGone(): boolean {
    const { exitCode = null, signalCode = null } = this.#child ?? {};
    return exitCode !== null || signalCode !== null;
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    const startedMs = systemClock.monotonicMs();
    while (!isSo()) {
      const isGone = this.#isGone();
      const isLate = systemClock.monotonicMs() - startedMs > startLimitMs;
      if (isGone || isLate) {
        const how = isGone ? 'ended by itself' : `took more than ${startLimitMs} ms`;
        throw new Error(`The controller ${how} before it ${what}: ${this.#said}`);
      }
      await pause(systemClock, lookEveryMs);
    }
  }
}
