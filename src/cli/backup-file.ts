import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LedgerDamagedError } from '../domain/errors.ts';
import {
  copyLedger,
  examine,
  examineCopy,
  type LedgerEnd,
  logGrowthMaxBytes,
} from '../ledger/backup.ts';
import { whyUnwritable } from '../ledger/open-ledger.ts';
import { ledgerFile, takenAtMs } from '../machine/data-folder.ts';
import type { Clock } from '../ports/clock.ts';
import { CommandFailure } from './failure.ts';

/** After each MiB: the disk is the controller's first. */
const restMs = 20;
/** What a controller needs on its disk to take in orders, and what its log may grow by meanwhile. */
const leftBesideBytes = 100 * 2 ** 20 + logGrowthMaxBytes;

export interface BackupOptions {
  readonly dataFolder: string;
  readonly target: string;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Holds up the thread for so many milliseconds. */
  readonly rest: (ms: number) => void;
  readonly logGrowthMaxBytes?: number;
}

export interface Backup extends LedgerEnd {
  readonly file: string;
  readonly bytes: number;
  readonly tookMs: number;
}

/**
 * Makes `target` a copy of the ledger: whole, synced and read back, or not there at all.
 *
 * @throws {CommandFailure} when it cannot be; nothing is at `target` then
 * @throws {LedgerDamagedError} when the ledger is not what was written
 */
export async function backUp(options: BackupOptions): Promise<Backup> {
  const { dataFolder, target, clock } = options;
  const startMs = clock.monotonicMs();
  const file = ledgerFile(dataFolder);
  requireLedgerFile(file, dataFolder);
  try {
    refuseExisting(target);
    requireRoom(file, target);
    const end = await copyOf(file, options);
    const tookMs = Math.round(clock.monotonicMs() - startMs);
    return { file: target, bytes: statSync(target).size, ...end, tookMs };
  } catch (error) {
    throw asFailure(error, target);
  }
}

/** A ledger that this user may not look at is there all the same. */
function requireLedgerFile(file: string, dataFolder: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      const advice = 'Make the backup as the user whom the data folder belongs to.';
      throw new CommandFailure('failure', `${file} cannot be read (${message})`, { advice });
    }
    const advice = 'Name the data folder of its controller with --data.';
    throw new CommandFailure('notFound', `There is no ledger in ${dataFolder}`, { advice });
  }
}

/** What SQLite keeps beside a database, and would take for a part of the one that gets this name. */
const besides = ['-journal', '-wal', '-shm'];

function refuseExisting(target: string): void {
  for (const path of [target, ...besides.map((ending) => target + ending)]) {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
    const advice = 'A backup overwrites nothing: name another file, or move that one away.';
    throw new CommandFailure('conflict', `${path} is there already`, { advice });
  }
}

function requireRoom(file: string, target: string): void {
  const folder = dirname(resolve(target));
  const { bavail, bsize } = statfsSync(folder);
  const isBeside = statSync(folder).dev === statSync(file).dev;
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const needed = statSync(file).size + log + (isBeside ? leftBesideBytes : 0);
  if (bavail * bsize >= needed) return;
  const miB = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  const why = isBeside ? `, ${miB(leftBesideBytes)} of it for the controller on the same disk` : '';
  const found = `${folder} has ${miB(bavail * bsize)} left, and a backup needs ${miB(needed)}${why}`;
  throw new CommandFailure('failure', found, { advice: 'Free space, or name another disk.' });
}

async function copyOf(file: string, options: BackupOptions): Promise<LedgerEnd> {
  const { target } = options;
  const part = `${target}.part`;
  // Of a run that was killed. A journal of it would be taken for one of the new copy.
  remove(part);
  const own = openSync(part, 'wx');
  try {
    const end = await wholeCopy(file, part, own, options);
    refuseExisting(target);
    requireOwn(own, part);
    renameSync(part, target);
    syncFolder(target);
    return end;
  } catch (error) {
    if (isOwn(own, part)) remove(part);
    throw error;
  } finally {
    closeSync(own);
  }
}

async function wholeCopy(
  file: string,
  part: string,
  own: number,
  options: BackupOptions,
): Promise<LedgerEnd> {
  try {
    const end = await copyInto(part, own, file, options);
    readBack(file, part, end);
    return end;
  } catch (error) {
    // What SQLite makes of a file that has gone says nothing.
    requireOwn(own, part);
    throw error;
  }
}

async function copyInto(
  part: string,
  own: number,
  file: string,
  { dataFolder, rest, logGrowthMaxBytes: max }: BackupOptions,
): Promise<LedgerEnd> {
  const takenMs = takenAtMs(dataFolder);
  const end = await copyLedger(file, part, {
    ...(max !== undefined && { logGrowthMaxBytes: max }),
    afterStep() {
      // What is left to the system would be written at its will, in front of the controller's commits.
      fsyncSync(own);
      rest(restMs);
      if (takenAtMs(dataFolder) === takenMs) return;
      const advice = 'It has not been held up. Make the backup again.';
      throw new CommandFailure('failure', `A controller has started on ${dataFolder}`, { advice });
    },
  });
  fsyncSync(own);
  return end;
}

/** Whose damage it is decides what a person does. */
function readBack(file: string, part: string, end: LedgerEnd): void {
  try {
    examineCopy(part, end);
  } catch (error) {
    if (!(error instanceof LedgerDamagedError)) throw error;
    examine(file);
    const found = `${part} is not what was written: ${JSON.stringify(error.context)}`;
    throw new CommandFailure('failure', found, {
      advice: 'The ledger itself is sound: look at the disk of the copy.',
    });
  }
}

/** Two backups to one file: the later one has replaced what the first one writes. */
function requireOwn(own: number, part: string): void {
  if (isOwn(own, part)) return;
  throw new CommandFailure('conflict', `${part} was taken away or replaced meanwhile`, {
    advice: 'Make one backup to a file at a time.',
  });
}

const isOwn = (own: number, part: string): boolean =>
  lstatSync(part, { throwIfNoEntry: false })?.ino === fstatSync(own).ino;

function remove(part: string): void {
  for (const ending of ['', ...besides]) rmSync(part + ending, { force: true });
}

/** A name that a power cut may take back is none. */
function syncFolder(target: string): void {
  try {
    const folder = openSync(dirname(resolve(target)), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
}

const advices: Readonly<Record<string, string>> = {
  EACCES: 'give it to the user who makes backups',
  EIO: 'look at the disk, which answers with errors',
  ELOOP: 'name a folder that is one',
  ENAMETOOLONG: 'give it a shorter name',
  ENOENT: 'make the folder',
  ENOSPC: 'free space',
  ENOTDIR: 'name a file in a folder',
  EPERM: 'give it to the user who makes backups',
  EROFS: 'name a disk that can be written',
};

function asFailure(error: unknown, target: string): unknown {
  const { code = '', message } = error as { code?: string; message: string };
  const advice = advices[code] ?? whyUnwritable(error);
  if (advice === undefined) return error;
  return new CommandFailure('failure', `No backup was made at ${target} (${message})`, {
    advice: `What to do: ${advice}.`,
  });
}
