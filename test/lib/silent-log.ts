import type { Log } from '../../src/ports/log.ts';

/** For tests that look at what happens and not at what is said about it. */
export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
