import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openLedger } from '../../ledger/open-ledger.ts';
import { bad, type Finding, type Machine, ok, reasonOf, warn } from './finding.ts';

const fsyncWarnMs = 20;
const freeBadBytes = 100 * 2 ** 20;
const freeWarnBytes = 2 ** 30;

/** File systems that do not keep what they have confirmed. Source: linux/magic.h, `statfs(2)`. */
const unfit: Readonly<Record<number, string>> = {
  26985: 'NFS, a network share',
  4283649346: 'CIFS, a network share',
  4266872130: 'SMB, a network share',
  20859: 'SMB, a network share',
  16914836: 'tmpfs, which is memory',
  2240043254: 'ramfs, which is memory',
};

/**
 * Whether the ledger would be safe in `folder`: a database is really opened there, with the settings of
 * the ledger, and the disk is measured. Leaves nothing behind.
 */
export function checkStorage(folder: string, machine: Machine): Finding[] {
  const there = existing(resolve(folder));
  let probe: string;
  try {
    probe = mkdtempSync(join(there, '.craneway-doctor-'));
  } catch (error) {
    const fix = `sudo install -d -o ${machine.user} ${resolve(folder)}`;
    return [bad('disk', `nothing can be written in ${there}: ${reasonOf(error)}`, fix)];
  }
  try {
    return [checkDatabase(probe), checkKind(there, machine), ...measure(probe, machine)];
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

/** The folder itself, or the nearest one above it that is there: a start makes the others. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

function checkDatabase(folder: string): Finding {
  try {
    const db = openLedger(join(folder, 'ledger.db'));
    const { version } = db.prepare('SELECT sqlite_version() AS version').get() as {
      version: string;
    };
    db.close();
    return ok('sqlite', `${version}, with a write-ahead log and synchronous=FULL`);
  } catch (error) {
    const fix =
      'put the data folder on a local disk (--data), and use the Node.js that npm ci installs';
    return bad('sqlite', `a ledger cannot be opened there: ${reasonOf(error)}`, fix);
  }
}

function checkKind(folder: string, machine: Machine): Finding {
  const { type, freeBytes } = machine.statfs(folder);
  const why = unfit[type];
  if (why !== undefined) {
    const text = `${folder} is on ${why}: a power cut may take acknowledged orders`;
    return bad('disk', text, 'name a folder on a local disk with --data');
  }
  const free = `${(freeBytes / 2 ** 30).toFixed(1)} GiB free in ${folder}`;
  const fix = 'free some space, or name a folder on another disk with --data';
  if (freeBytes < freeBadBytes) return bad('disk', free, fix);
  return freeBytes < freeWarnBytes ? warn('disk', free, fix) : ok('disk', free);
}

function measure(folder: string, machine: Machine): Finding[] {
  const sorted = machine.fsyncsMs(folder).toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const worst = sorted.at(-1);
  if (middle === undefined || worst === undefined) return [];
  const text = `a write is on the disk after ${middle.toFixed(1)} ms, at the worst ${worst.toFixed(1)} ms`;
  if (middle <= fsyncWarnMs) return [ok('fsync', text)];
  const fix =
    'each decision waits for the disk: use a local SSD, and nothing else that writes much to it';
  return [warn('fsync', text, fix)];
}
