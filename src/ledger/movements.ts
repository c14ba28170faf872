import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Movement } from '../domain/books.ts';
import { LedgerDamagedError } from '../domain/errors.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';

interface MovementRow {
  readonly no: number;
  readonly at_ms: number;
  readonly cause: string;
  readonly load_unit: string;
  readonly from_id: string;
  readonly to_id: string;
  readonly by_id: string;
  readonly order_id: string | null;
  readonly hash: string;
}

/** Appends to the history. Keeps the last hash at hand, so it must be the only writer. */
export class MovementLog {
  readonly #append: ReturnType<DatabaseSync['prepare']>;
  readonly #tail: ReturnType<DatabaseSync['prepare']>;
  #last: { no: number; hash: string };

  constructor(db: DatabaseSync) {
    this.#append = db.prepare('INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#tail = db.prepare('SELECT no, hash FROM movement ORDER BY no DESC LIMIT 1');
    this.#last = this.#readTail();
  }

  get lastNo(): number {
    return this.#last.no;
  }

  append(movement: Movement): void {
    const { no, atMs, cause, loadUnit, from, to, by, order = null } = movement;
    const chained = chain(this.#last.hash, [no, atMs, cause, loadUnit, from, to, by, order]);
    this.#append.run(no, atMs, cause, loadUnit, from, to, by, order, chained);
    this.#last = { no, hash: chained };
  }

  /** After a transaction that was not committed. */
  rewind(): void {
    this.#last = this.#readTail();
  }

  #readTail(): { no: number; hash: string } {
    const row = this.#tail.get() as { no: number; hash: string } | undefined;
    return row ?? { no: 0, hash: '' };
  }
}

interface Stretch {
  readonly from?: number;
  readonly max?: number;
  /** Hash of the movement before, where it was read already; else the row says it. */
  readonly previous?: string;
}

/** What a load unit's place follows from. */
interface Step {
  readonly no: number;
  readonly loadUnit: LoadUnitId;
  readonly to: LocationId;
  readonly hash: string;
}

/**
 * The history, oldest first, from movement number `from` on, `max` movements at most.
 *
 * @throws {LedgerDamagedError} at the first row that is not what was written, or is missing
 */
export function* readMovements(
  db: DatabaseSync,
  { from = 1, max = -1, previous: given }: Stretch = {},
): Iterable<Step> {
  const before = db.prepare('SELECT hash FROM movement WHERE no = ?').get(from - 1);
  let previous = given ?? String(before?.['hash'] ?? '');
  let expected = from;
  for (const untyped of db
    .prepare('SELECT * FROM movement WHERE no >= ? ORDER BY no LIMIT ?')
    .iterate(from, max)) {
    const row = untyped as unknown as MovementRow;
    const { no, at_ms, cause, load_unit, from_id, to_id, by_id, order_id } = row;
    previous = chain(previous, [no, at_ms, cause, load_unit, from_id, to_id, by_id, order_id]);
    if (previous !== row.hash || no !== expected) {
      throw new LedgerDamagedError('A movement is not what was written', {
        context: { no, cause },
      });
    }
    expected++;
    const [loadUnit, to] = [load_unit as LoadUnitId, to_id as LocationId];
    yield { no, loadUnit, to, hash: previous };
  }
}

/** SHA-256 of the hash before and the row, as hexadecimal text; '' stands before the first row. */
const chain = (previous: string, row: readonly (string | number | null)[]): string =>
  hash('sha256', JSON.stringify([previous, ...row]));
