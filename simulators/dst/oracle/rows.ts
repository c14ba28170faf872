import type { DatabaseSync } from 'node:sqlite';

/** A row as it is stored, read without any type of the code that has written it. */
export type Body = Readonly<Record<string, unknown>>;

/** The stored rows of a table. @param where  SQL, of columns and `body` */
export const bodiesOf = (db: DatabaseSync, table: string, where = 'TRUE'): readonly Body[] =>
  db
    .prepare(`SELECT body FROM ${table} WHERE ${where}`)
    .all()
    .map(({ body }) => JSON.parse(String(body)) as Body);

export const all = (db: DatabaseSync, sql: string): readonly Body[] => db.prepare(sql).all();

/** A field as text; undefined where it is not said. */
export const text = (row: Body, field: string): string | undefined => {
  const value = row[field];
  return value === undefined || value === null ? undefined : String(value);
};

/** Questions that a person has not settled. */
export const questionsOf = (db: DatabaseSync): readonly Body[] =>
  bodiesOf(db, 'discrepancy', "state = 'open'");

/** Groups of more than one. */
export function doubles<T>(rows: Iterable<T>, keyOf: (row: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups].filter(([, group]) => group.length > 1);
}

/** JSON with its keys in order, so that equal values are equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** As JSON; what is none, as nothing else is. */
export const asText = (value: unknown): string => JSON.stringify(value) ?? absent;
const absent = 'absent';

/** Whether two texts of `asText` say the same, whatever the order of their keys: mostly it is the same, too. */
export function isSameText(left: string, right: string): boolean {
  if (left === right) return true;
  if (left === absent || right === absent) return false;
  return canonical(JSON.parse(left)) === canonical(JSON.parse(right));
}
