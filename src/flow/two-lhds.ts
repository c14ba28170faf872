import type { CraneRequest, LhdNumber } from '../domain/crane-command.ts';
import type { Turn } from '../domain/sequencing.ts';
import type { Aisle } from '../domain/site.ts';
import { lhdsOf } from '../domain/topology.ts';
import { isOnLhd, kindOf } from './crane-turn.ts';
import { hasRoomAt } from './room.ts';
import type { Work } from './work.ts';

/** A request that could start now, and the load handling device that it would use. */
export interface Start {
  readonly request: CraneRequest;
  readonly lhd: LhdNumber;
}

/**
 * What a crane with two load handling devices can fetch besides the first one, before it brings both:
 * another load unit from the same P&D station, or another one to it that there is room for.
 *
 * The PLC takes one mission at a time, so each is fetched and brought by missions of its own.
 *
 * @param first  the one that is begun with, or that is on the crane already
 */
export function companionsOf(
  work: Work,
  aisle: Aisle,
  first: CraneRequest,
  { starts, turn }: { readonly starts: readonly Start[]; readonly turn: Turn },
): readonly Start[] {
  const isFetched = isOnLhd(work, first);
  const free = lhdsOf(aisle).filter((lhd) => work.warehouse.countAt(lhd) === 0).length;
  if (free < (isFetched ? 1 : 2)) return [];
  const others = starts.filter(
    ({ request }) => request.workflow !== first.workflow && !isOnLhd(work, request),
  );
  const isOut = first.to !== undefined && work.parts.topology.placeOf(first.to).kind === 'pd';
  // Once it has left for the other end, what is fetched there would only ride to and fro.
  if (isFetched && turn.isAtStation === isOut) return [];
  return others.filter(({ request }) => {
    const kind = kindOf(work, request);
    if (!isOut) {
      const isIn = isFetched || kindOf(work, first) === 'store';
      return isIn && kind === 'store' && (isFetched || request.from === first.from);
    }
    const { to, loadUnit } = request;
    if (kind !== 'retrieve' || to !== first.to || loadUnit === undefined) return false;
    return hasRoomAt(work, { to, loadUnit }, 1);
  });
}
