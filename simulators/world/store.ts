import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Keeps a plant in named parts. What `save` took survives a kill of the process at any later moment. */
export interface PartStore {
  load(): Map<string, unknown>;
  /** Parts as JSON, all or none; undefined takes a part away. */
  save(parts: ReadonlyMap<string, string | undefined>): void;
  close(): void;
}

/** For a plant that ends with its process. */
export const noStore: PartStore = { load: () => new Map(), save() {}, close() {} };

/**
 * Parts in an SQLite file. The operating system keeps what was written when the process is killed,
 * so nothing waits for the disk; a power cut may lose the last seconds, which a simulation can bear.
 *
 * @param folder  is made if it is not there; the file in it is `plant.sqlite`
 */
export function openPartStore(folder: string): PartStore {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'plant.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS part (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
  `);
  const put = database.prepare('INSERT OR REPLACE INTO part (name, state) VALUES (?, ?)');
  const drop = database.prepare('DELETE FROM part WHERE name = ?');
  return {
    load() {
      const rows = database.prepare('SELECT name, state FROM part ORDER BY rowid').all();
      return new Map(rows.map(({ name, state }) => [String(name), JSON.parse(String(state))]));
    },
    save(parts) {
      if (parts.size === 0) return;
      database.exec('BEGIN IMMEDIATE');
      for (const [name, state] of parts) {
        if (state === undefined) drop.run(name);
        else put.run(name, state);
      }
      database.exec('COMMIT');
    },
    close: () => database.close(),
  };
}
