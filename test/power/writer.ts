import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Kernel } from '../../simulators/virtual/kernel.ts';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { startCheckpointer } from '../../src/ledger/checkpointer.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { seededRandom } from '../../src/machine/random.ts';
import type { Commit } from '../../src/ports/store.ts';
import { startVirtualSite, type VirtualSite } from '../../src/virtual/virtual-site.ts';
import { silent } from '../lib/silent-log.ts';
import { busyDay } from '../lib/virtual-day.ts';
import { fingerprintOf } from './fingerprint.ts';
import { ackLine } from './recording.ts';

/**
 * A process whose power is cut: a site at work on virtual time, whose commits all go into a ledger on disk.
 * Each one is said on stdout once it is committed, which is what may never be lost. Kills itself after the last one.
 */
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    commits: { type: 'string', default: '300' },
    /** The planted bug: SQLite then acknowledges what a power cut takes. */
    unsynced: { type: 'boolean', default: false },
    /** A second life: opens what the first one has left, and closes it in order. */
    reopen: { type: 'boolean', default: false },
  },
});

const minuteMs = 60_000;
const minutesMax = 6 * 60;
const day = { ...busyDay, stock: { ...busyDay.stock, fillPercent: 0 } };
const files = readSiteFiles(day.site);
const topology = new Topology(files.site);
const file = join(values.folder, 'ledger.db');
const db = openLedger(file);
if (values.unsynced) db.exec('PRAGMA synchronous = NORMAL');
const ledger = new Ledger(db, topology, { nonce: 1, nowMs: 0 });
const checkpointer = startCheckpointer(file, { ledger, log: silent });
let commits = 0;

if (values.reopen) {
  ledger.load(new Warehouse(topology));
  await checkpointer.stop();
  ledger.close();
} else {
  await work(Number(values.seed), Number(values.commits));
}
process.kill(process.pid, 'SIGKILL');

async function work(seed: number, commitsMax: number): Promise<void> {
  const kernel = new Kernel(0);
  const random = seededRandom(seed);
  const site = startVirtualSite({ files, day, stock: [], kernel, random, log: silent });
  site.store.onCommit = (commit) => keep(site, commit, commitsMax);
  site.workload.start();
  for (let minute = 1; minute <= minutesMax; minute++) {
    await kernel.run(minute * minuteMs, () => commits >= commitsMax);
    if (commits >= commitsMax) return;
    // Lets the checkpointer say that it is done.
    await turn();
  }
  throw new Error(`only ${commits} commits in ${minutesMax} min`);
}

function keep({ people }: VirtualSite, commit: Commit, commitsMax: number): void {
  for (const [, row] of commit.rows.discrepancy) if (row?.state === 'open') people.asked(row.no);
  if (commits >= commitsMax) return;
  ledger.commit(commit);
  commits++;
  const [movement, sequence] = [ledger.lastMovement(), ledger.lastSequence()];
  writeSync(1, ackLine({ commit: commits, movement, sequence, fingerprint: fingerprintOf(db) }));
}
