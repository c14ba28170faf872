import type { Clock } from '../../ports/clock.ts';

/** One thing that was looked at. `warn` works, for now or not for long; with `bad` the site does not run as it should. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'bad';
  /** `node`, `disk`, `scan-1` … */
  readonly about: string;
  readonly text: string;
  /** What to do, with the exact command where there is one. */
  readonly fix?: string | undefined;
}

/** What the checks take from the machine they run on, so that a test can be another one. */
export interface Machine {
  readonly clock: Clock;
  readonly nodeVersion: string;
  /** Where `dev`, `sys`, `run` and `etc` are: `/`. */
  readonly root: string;
  readonly user: string;
  /** Folders of programs, as in the variable PATH. */
  readonly path: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Imports a package. @throws when it, or a library that it needs, is not there */
  load(name: string): Promise<unknown>;
  /** Whether this user may read and write a file. */
  mayUse(file: string): boolean;
  /** Type of the file system, as in `statfs(2)`, and bytes that are free. */
  statfs(folder: string): { readonly type: number; readonly freeBytes: number };
  /** How long it takes until a small write is on the disk, in milliseconds, several times. */
  fsyncsMs(folder: string): readonly number[];
}

export const ok = (about: string, text: string): Finding => ({ level: 'ok', about, text });
export const warn = (about: string, text: string, fix: string): Finding => ({
  ...{ level: 'warn', about, text, fix },
});
export const bad = (about: string, text: string, fix: string): Finding => ({
  ...{ level: 'bad', about, text, fix },
});

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
