import type { DatabaseSync } from 'node:sqlite';
import { LedgerDamagedError } from '../domain/errors.ts';
import { type LoadUnitId, type LocationId, OUTSIDE } from '../domain/ids.ts';
import { readMovements } from './movements.ts';
import { inTransaction } from './open-ledger.ts';

/** Movements that are taken in at once: few enough to go unnoticed within a commit. */
const movementsPerStep = 128;

/** Movements whose chain every start verifies, whether the fold has them already or not. */
export const verifiedAtStartMin = 20_000;

export type Places = ReadonlyMap<LoadUnitId, LocationId>;

/**
 * The places that follow from the history, kept beside it: a start compares them with the stock
 * without reading ten million movements. They are made of the movements, never of the stock, so
 * that the two stay two records of one truth.
 */
export class Fold {
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof statements>;
  /** The last movement that it has; 0 when nothing is kept. */
  #no: number;
  /** What it goes on from was verified: only then may it grow. */
  #isSound: boolean;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = statements(db);
    this.#no = this.#readNo();
    this.#isSound = this.#no > 0 || this.#sql.any.get() === undefined;
  }

  /** Takes in what has been appended, within the transaction that appends, when it is worth it. */
  follow(lastNo: number): void {
    if (!this.#isSound || lastNo - this.#no < movementsPerStep) return;
    this.#sql.take.run(this.#no, lastNo);
    this.#sql.end.run(lastNo);
    this.#no = lastNo;
  }

  /** After a transaction that was not committed. */
  rewind(): void {
    this.#no = this.#readNo();
  }

  /**
   * Where each load unit is by the history: by the fold, and by the movements after it, whose chain is verified.
   *
   * @throws {LedgerDamagedError} when one of them is not what was written, or the last of the fold is not
   */
  places(lastNo: number): Places {
    const end = this.#sql.readEnd.get();
    const endNo = Number(end?.['no'] ?? 0);
    const places = new Map<LoadUnitId, LocationId>();
    for (const { load_unit, place } of this.#sql.all.iterate()) {
      places.set(load_unit as LoadUnitId, place as LocationId);
    }
    if (this.#sql.hashAt.get(endNo)?.['hash'] !== end?.['hash']) {
      throw new LedgerDamagedError('A movement is not what was written', {
        context: { no: endNo },
      });
    }
    const from = Math.max(1, Math.min(endNo, lastNo - verifiedAtStartMin));
    for (const { no, loadUnit, to } of readMovements(this.#db, { from })) {
      if (no > endNo) places.set(loadUnit, to);
    }
    return places;
  }

  /** Keeps places that were verified from the first movement on, where nothing is kept yet. */
  keep(places: Places, lastNo: number): void {
    this.#isSound = true;
    if (this.#no > 0 || lastNo < movementsPerStep) return;
    inTransaction(this.#db, () => {
      this.#sql.clear.run();
      for (const [loadUnit, place] of places) this.#sql.put.run(loadUnit, place);
      this.#sql.end.run(lastNo);
    });
    this.#no = lastNo;
  }

  /** From now on every start reads the whole history, until one finds it sound. */
  drop(): void {
    this.#isSound = false;
    this.#no = 0;
    inTransaction(this.#db, () => {
      this.#sql.unend.run();
      this.#sql.clear.run();
    });
  }

  #readNo(): number {
    return Number(this.#sql.readEnd.get()?.['no'] ?? 0);
  }
}

/**
 * @param stock  each load unit and its place in the books
 * @throws {LedgerDamagedError} when history and stock do not agree
 */
export function compare(places: Places, stock: Iterable<readonly [LoadUnitId, LocationId]>): void {
  const books = new Map(stock);
  for (const loadUnit of new Set([...places.keys(), ...books.keys()])) {
    const folded = places.get(loadUnit) ?? OUTSIDE;
    const place = books.get(loadUnit) ?? 'nowhere';
    if (folded === place) continue;
    const context = { loadUnit, place, folded };
    throw new LedgerDamagedError('History and stock do not agree', { context });
  }
}

function statements(db: DatabaseSync) {
  return {
    readEnd: db.prepare('SELECT no, hash FROM fold_end'),
    all: db.prepare('SELECT load_unit, place FROM fold'),
    any: db.prepare('SELECT 1 FROM movement LIMIT 1'),
    hashAt: db.prepare('SELECT hash FROM movement WHERE no = ?'),
    take: db.prepare(
      `INSERT INTO fold SELECT load_unit, to_id FROM movement WHERE no > ? AND no <= ? ORDER BY no
       ON CONFLICT (load_unit) DO UPDATE SET place = excluded.place`,
    ),
    put: db.prepare('INSERT INTO fold VALUES (?, ?)'),
    end: db.prepare(
      'INSERT OR REPLACE INTO fold_end SELECT 1, no, hash FROM movement WHERE no = ?',
    ),
    unend: db.prepare('DELETE FROM fold_end'),
    clear: db.prepare('DELETE FROM fold'),
  };
}
