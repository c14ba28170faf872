import { type ChildProcess, spawn } from 'node:child_process';
import { systemClock } from './system-clock.ts';

const lineLimitMs = 10_000;

/** A bash that goes on from line to line, as a person's does: variables and background jobs stay. */
export class Shell {
  readonly #bash: ChildProcess;
  #said = '';
  #look: () => void = () => {};
  #lines = 0;

  constructor({ cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> }) {
    // A process group of its own: what still runs in the background ends with it.
    this.#bash = spawn('bash', ['--noprofile', '--norc'], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const hear = (text: Buffer) => {
      this.#said += text.toString();
      this.#look();
    };
    this.#bash.stdout?.on('data', hear);
    this.#bash.stderr?.on('data', hear);
  }

  /** Runs one line. @returns what it printed. @throws when it fails, or takes more than 10 s */
  run(line: string): Promise<string> {
    const mark = `--line-${++this.#lines}-ended-`;
    const ended = new RegExp(`${mark}(\\d+)\n`);
    this.#said = '';
    this.#bash.stdin?.write(`${line}\necho ${mark}$?\n`);
    return new Promise((resolve, reject) => {
      const cancel = systemClock.after(lineLimitMs, () => {
        reject(new Error(`${line}\ntook more than ${lineLimitMs} ms: ${this.#said}`));
      });
      this.#look = () => {
        const [all = '', status] = ended.exec(this.#said) ?? [];
        if (status === undefined) return;
        cancel();
        this.#look = () => {};
        const said = this.#said.replace(all, '');
        if (status === '0') resolve(said);
        else reject(new Error(`${line}\nended with ${status}: ${said}`));
      };
    });
  }

  close(): Promise<void> {
    const { pid } = this.#bash;
    if (pid === undefined || this.#bash.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#bash.once('exit', () => resolve());
      process.kill(-pid, 'SIGKILL');
    });
  }
}

/** The commands of the first `sh` block that holds `word`, without comments, in order. */
export function commandsWith(word: string, markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const block = blocks.find((text) => text.includes(word));
  if (block === undefined) throw new Error(`No sh block holds ${word}`);
  return block.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
