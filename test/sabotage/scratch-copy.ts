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
    checkNames(scratch);
    return await happens();
  } finally {
    for (const [path, text] of originals) writeFileSync(path, text);
  }
}

/** What the compiler says where nothing has a name: TS2304, also with a guess, and as a property. */
const unknownName = /error TS(?:2304|2552|18004): .*/;

/** A bug that uses what is not there ends every run at once, and would pass for one that is caught. */
function checkNames(scratch: string): void {
  const { stdout } = spawnSync('node_modules/.bin/tsc', [], { cwd: scratch, encoding: 'utf8' });
  const found = unknownName.exec(stdout)?.[0];
  if (found !== undefined) throw new Error(`the bug is no bug: ${found}`);
}

export const removeTree = (scratch: string): void => {
  rmSync(scratch, { recursive: true, force: true });
};
