import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { PlantedBug } from './planted-bug.ts';

const leftOut = new Set(['node_modules', '.git', '.craneway', 'coverage']);

/** Copies the work tree to a folder of its own, where bugs may be planted. */
export function copyTree(): string {
  const root = resolve('.');
  const scratch = mkdtempSync(join(tmpdir(), 'craneway-sabotage-'));
  cpSync(root, scratch, {
    recursive: true,
    filter: (path) => path === root || !leftOut.has(basename(path)),
  });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  return scratch;
}

/**
 * Lets something happen in the copy while a bug is in it, and takes the bug out again.
 *
 * @throws {Error} when an edit does not apply exactly once, or has names that nothing has: the bug would prove nothing
 */
export async function withBug<T>(
  scratch: string,
  { edits }: PlantedBug,
  happens: () => Promise<T>,
): Promise<T> {
  const originals = new Map<string, string>();
  try {
    for (const { file, old, new: by } of edits) {
      const path = join(scratch, file);
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const found = text.split(old).length - 1;
      if (found !== 1) {
        throw new Error(`the bug no longer applies: ${file} has its text ${found} times`);
      }
      if (!originals.has(path)) originals.set(path, text);
      const spoilt = text.replace(old, () => by);
      writeFileSync(path, spoilt);
    }
    checkNames(scratch, edits);
    return await happens();
  } finally {
    for (const [path, text] of originals) writeFileSync(path, text);
  }
}

const undeclared = /The (.*) variable is undeclared/;

/** A bug that uses what is not there ends every run at once, and would pass for one that is caught. */
function checkNames(scratch: string, edits: PlantedBug['edits']): void {
  const files = edits.map(({ file }) => file).filter((file) => file.endsWith('.ts'));
  if (files.length === 0) return;
  const args = ['lint', '--only=correctness/noUndeclaredVariables', ...files];
  const options = { cwd: scratch, encoding: 'utf8' } as const;
  const { stdout, stderr, error } = spawnSync('node_modules/.bin/biome', args, options);
  if (error !== undefined) throw error;
  const said = stdout + stderr;
  if (!said.includes('Checked ')) throw new Error(`the linter has looked at nothing: ${said}`);
  const [, name] = undeclared.exec(said) ?? [];
  if (name !== undefined) throw new Error(`the bug is no bug: nothing is named ${name}`);
}

export const removeTree = (scratch: string): void => {
  rmSync(scratch, { recursive: true, force: true });
};
