import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * Makes a library of a C file beside this one, to be preloaded into a process that is to be watched or
 * harmed at its system calls.
 *
 * @returns its path, for `LD_PRELOAD`, and what removes it
 * @throws when gcc is not there, or says anything
 */
export function buildPreload(source: string): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-preload-'));
  const path = join(folder, `${basename(source, '.c')}.so`);
  const file = new URL(source, import.meta.url).pathname;
  const flags = ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-Werror'];
  const { status, stderr, error } = spawnSync(
    'gcc',
    [...flags, '-o', path, file, '-ldl', '-lpthread'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`gcc cannot build ${source}: ${error ?? stderr}`);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
