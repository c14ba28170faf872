import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { machineClock } from '../../machine/clock.ts';
import type { Machine } from './finding.ts';

const fsyncs = 20;
const writtenBytes = 4096;

/** The machine that this process runs on. */
export const thisMachine = (): Machine => ({
  clock: machineClock,
  nodeVersion: process.versions.node,
  root: '/',
  user: userInfo().username,
  path: process.env['PATH'] ?? '',
  environment: process.env,
  load: (name) => import(name),
  mayUse(file) {
    try {
      accessSync(file, constants.R_OK | constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },
  statfs(folder) {
    const { type, bavail, bsize } = statfsSync(folder);
    return { type, freeBytes: bavail * bsize };
  },
  fsyncsMs(folder) {
    const file = openSync(join(folder, 'fsync'), 'w');
    try {
      return Array.from({ length: fsyncs }, () => {
        const startMs = machineClock.monotonicMs();
        writeSync(file, Buffer.alloc(writtenBytes));
        fsyncSync(file);
        return machineClock.monotonicMs() - startMs;
      });
    } finally {
      closeSync(file);
    }
  },
});
