import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError } from '../domain/errors.ts';

/** What one controller has for itself on disk. */
export interface DataFolder {
  readonly ledger: string;
  release(): void;
}

/**
 * Takes a data folder for this process alone: an exclusive transaction on a small lock database,
 * which the kernel drops when the process dies and keeps while it merely stands still.
 *
 * @throws {ConfigError} naming the process that has it
 */
export function takeDataFolder(folder: string): DataFolder {
  mkdirSync(folder, { recursive: true });
  const owner = join(folder, 'controller.pid');
  const lock = new DatabaseSync(join(folder, 'controller.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const pid = readOwner(owner);
    const message = `is in use by another controller (process ${pid}): stop it first`;
    throw new ConfigError(folder, [`${folder} ${message}`], { cause });
  }
  writeFileSync(owner, String(process.pid));
  return { ledger: join(folder, 'ledger.db'), release: () => lock.close() };
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
