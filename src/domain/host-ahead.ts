import type { HostAhead, HostBook, Reason } from './books.ts';

/** How far a host says that it has stored events. */
interface Mark {
  readonly epoch: number;
  /** Decimal, such as `0000000000000153`. */
  readonly ackThrough: string;
  /** Rises when the host was restored, or was set back by its people. */
  readonly hostEpoch: number;
}

/**
 * Whether a host has stored events that the books lack. Once it had, its marks are believed again only when it has been
 * set back to what the books knew by then: a lower mark alone may be an old one that was delivered late.
 *
 * @param booksEnd  last event of the books
 * @param epoch  of the events that the books tell now
 */
export function isAhead(
  { ackThrough, epoch: its, hostEpoch }: Mark,
  { booksEnd, epoch, ahead }: { booksEnd: number; epoch: number; ahead: HostAhead | undefined },
): boolean {
  if (its !== epoch) return its > epoch;
  const mark = Number(ackThrough);
  if (ahead === undefined || epoch > ahead.epoch) return mark > booksEnd;
  return mark > ahead.booksEnd || hostEpoch <= ahead.hostEpoch;
}

/** Nobody else would know why events wait while their hosts are online. */
export const whyHeld = (hosts: Iterable<HostBook>): readonly Reason[] =>
  [...hosts].flatMap(({ host, ahead }) =>
    ahead === undefined ? [] : { code: 'EVENTS_HELD', detail: aheadText(host, ahead) },
  );

/** In a sentence. */
export const aheadText = (host: string, { through, epoch, booksEnd }: HostAhead): string =>
  `${host} has events up to ${through} of epoch ${epoch}, these books only up to ${booksEnd}: no host is told any more`;
