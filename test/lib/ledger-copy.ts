import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Books } from '../../simulators/tally.ts';
import { OUTSIDE } from '../../src/domain/ids.ts';
import type { Site } from '../../src/domain/site.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';

/** What a ledger file says, for a witness. */
export interface LedgerBooks extends Books {
  /** `crane/seq` of every command that was ever committed. */
  readonly missions: ReadonlySet<string>;
  readonly orders: ReadonlySet<string>;
  /** Every license plate and SSCC that the books know. */
  readonly codes: ReadonlySet<string>;
  readonly movements: number;
  /** Questions to people, by code: how many were ever asked. */
  readonly questions: Readonly<Record<string, number>>;
  /** The same one by one, with the time when they were asked, UTC milliseconds. */
  readonly asked: readonly { readonly code: string; readonly atMs: number }[];
  /** Those that are open, as people read them. */
  readonly openQuestions: readonly string[];
}

/**
 * Reads the ledger that a controller has left behind, from a copy: opening raises the epoch. What
 * counts is read from the tables as they are, so that a ledger that hides rows hides nothing here.
 *
 * @throws {LedgerDamagedError} when the chain is broken, or movements and places disagree
 */
export const readLedger = (file: string, site: Site): LedgerBooks =>
  withLedgerCopy(file, site, booksOf);

/** Looks into a copy, which is gone afterwards. */
export function withLedgerCopy<T>(
  file: string,
  site: Site,
  look: (db: DatabaseSync, warehouse: Warehouse) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-ledger-'));
  try {
    const copy = join(folder, 'ledger.db');
    for (const ending of ['', '-wal']) {
      if (existsSync(file + ending)) copyFileSync(file + ending, copy + ending);
    }
    const topology = new Topology(site);
    const db = openLedger(copy);
    const ledger = new Ledger(db, topology, { nonce: 1, nowMs: 0 });
    const warehouse = new Warehouse(topology);
    ledger.load(warehouse);
    const seen = look(db, warehouse);
    ledger.close();
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function booksOf(db: DatabaseSync, warehouse: Warehouse): LedgerBooks {
  const texts = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map(({ text }) => String(text));
  const units = [...warehouse.tables.loadUnit.values()];
  const codesOf = ({ lpn, sscc }: (typeof units)[number]) =>
    [lpn, sscc && `00${sscc}`].filter((code) => code !== undefined);
  const questions: Record<string, number> = {};
  const asked = db
    .prepare("SELECT body ->> 'code' AS code, body ->> 'raisedAtMs' AS at_ms FROM discrepancy")
    .all()
    .map(({ code, at_ms: atMs }) => ({ code: String(code), atMs: Number(atMs) }));
  for (const { code } of asked) questions[code] = (questions[code] ?? 0) + 1;
  return {
    present: units
      .filter(({ place }) => place !== OUTSIDE)
      .map((unit) => ({ loadUnit: unit.loadUnit, place: unit.place, codes: codesOf(unit) })),
    events: db
      .prepare('SELECT sequence, name, data FROM outbox ORDER BY sequence')
      .all()
      .map(({ sequence, name, data }) => ({
        sequence: Number(sequence),
        name: String(name),
        data: JSON.parse(String(data)) as object,
      })),
    openOrders: [...warehouse.openOrders()].length,
    openWorkflows: warehouse.tables.workflow.size,
    openDiscrepancies: [...warehouse.openDiscrepancies()].length,
    missions: new Set(texts('SELECT mission AS text FROM mission')),
    orders: new Set(texts('SELECT order_id AS text FROM transport_order')),
    codes: new Set(units.flatMap(codesOf)),
    movements: Number(db.prepare('SELECT count(*) AS count FROM movement').get()?.['count']),
    ...{ questions, asked },
    openQuestions: [...warehouse.openDiscrepancies()].map(({ code, text }) => `${code}: ${text}`),
  };
}
