import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError } from '../domain/errors.ts';

/** What one controller has for itself on disk. */
export interface DataFolder {
  readonly ledger: string;
  release(): void;
}

/** Primary result code of SQLite: another connection holds the lock. */
const busy = 5;

/**
 * Takes a data folder for this process alone: an exclusive transaction on a small lock database,
 * which the kernel drops when the process dies and keeps while it merely stands still.
 *
 * @throws {ConfigError} naming the process that has it, or why it cannot be written
 */
export function takeDataFolder(folder: string): DataFolder {
  const owner = ownerFile(folder);
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    lock = new DatabaseSync(join(folder, 'controller.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    writeFileSync(owner, String(process.pid));
  } catch (cause) {
    lock?.close();
    throw new ConfigError(folder, [problemOf(folder, owner, cause)], { cause });
  }
  const taken = lock;
  return { ledger: ledgerFile(folder), release: () => taken.close() };
}

export const ledgerFile = (folder: string): string => join(folder, 'ledger.db');
const ownerFile = (folder: string): string => join(folder, 'controller.pid');

/** When a controller has last taken the folder, by the clock of the file system; undefined: none ever has. */
export const takenAtMs = (folder: string): number | undefined =>
  statSync(ownerFile(folder), { throwIfNoEntry: false })?.mtimeMs;

function problemOf(folder: string, owner: string, cause: unknown): string {
  const { errcode, message } = cause as { errcode?: number; message: string };
  if (errcode === busy) {
    return `${folder} is in use by another controller (process ${readOwner(owner)}): stop it first`;
  }
  return `${folder} cannot be written (${message}): free space, give it to the user of Craneway, or look at the disk`;
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
