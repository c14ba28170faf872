import type { EarlyRead, PointBook } from '../domain/point-books.ts';
import type { Work } from './work.ts';

/** How long before the PLC's word of the arrival a scanner may have sent its code. */
const earlyReadMs = 5_000;

/** The read that the load which is told next may take; undefined when there is none of its time. */
export function earlyRead({ nowMs }: Work, { early }: PointBook): EarlyRead | undefined {
  return early !== undefined && nowMs - early.atMs <= earlyReadMs ? early : undefined;
}

/**
 * Keeps a read that came before any load was told. Two that differ, one of which may be a no-read, belong to two loads,
 * and nothing says which of them comes first: none is believed, and the load that is told next is read anew.
 */
export function keepEarly(
  work: Work,
  book: PointBook,
  { code, aim }: Pick<EarlyRead, 'code' | 'aim'>,
): void {
  const before = earlyRead(work, book);
  const isDoubtful = before !== undefined && (before.isDoubtful === true || before.code !== code);
  const early = { code, aim, atMs: work.nowMs, ...(isDoubtful && { isDoubtful }) };
  work.warehouse.tables.point.put({ ...book, early });
}
