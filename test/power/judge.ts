import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { auditLedger } from '../../src/ledger/audit.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { busyDay } from '../lib/virtual-day.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Ack } from './recording.ts';

/** What a start finds after a power cut. */
export type Verdict =
  /** The state after this commit, whole. */
  | { readonly kind: 'whole'; readonly commit: number }
  /** It does not open, or an audit finds something. */
  | { readonly kind: 'corrupt'; readonly why: string }
  /** It opens, and is what no commit had left. */
  | { readonly kind: 'torn'; readonly why: string };

const topology = new Topology(readSiteFiles(busyDay.site).site);

/** Knows what each commit of a recording had left, and says which of them a start finds. */
export class Judge {
  readonly #folder: string;
  readonly #commits: ReadonlyMap<string, Ack>;

  /** @param folder  for the images; emptied before each */
  constructor(folder: string, acks: readonly Ack[]) {
    this.#folder = folder;
    const empty = openLedger(':memory:');
    const none: Ack = { commit: 0, movement: 0, sequence: 0, fingerprint: fingerprintOf(empty) };
    empty.close();
    this.#commits = new Map([none, ...acks].map((ack) => [ack.fingerprint, ack]));
  }

  judge(image: ReadonlyMap<string, Buffer>): Verdict {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
    for (const [name, bytes] of image) writeFileSync(join(this.#folder, name), bytes);
    let db: DatabaseSync | undefined;
    try {
      db = openLedger(join(this.#folder, 'ledger.db'));
      return this.#lookAt(db);
    } catch (error) {
      return { kind: 'corrupt', why: String(error) };
    } finally {
      db?.close();
    }
  }

  #lookAt(db: DatabaseSync): Verdict {
    const found = db.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
    if (found !== 'ok') return { kind: 'corrupt', why: String(found) };
    const ledger = new Ledger(db, topology, { nonce: 2, nowMs: 0 });
    ledger.load(new Warehouse(topology));
    auditLedger(db);
    const ack = this.#commits.get(fingerprintOf(db));
    const [movement, sequence] = [ledger.lastMovement(), ledger.lastSequence()];
    if (ack === undefined) {
      return { kind: 'torn', why: `movement ${movement}, event ${sequence}: no commit left that` };
    }
    if (ack.movement !== movement || ack.sequence !== sequence) {
      return { kind: 'torn', why: `movement ${movement} is not that of commit ${ack.commit}` };
    }
    return { kind: 'whole', commit: ack.commit };
  }
}
