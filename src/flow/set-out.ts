import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { isNobodys, isUnknown, type PointLoad } from '../domain/point-books.ts';
import type { Work } from './work.ts';

const isUndecided = (load: PointLoad): boolean => isUnknown(load) || isNobodys(load);

/**
 * A load unit is sent to a place. What stands at its points by then, and is nobody's, is not that load unit, though this
 * one's coming may be told next.
 */
export function setOut(work: Work, loadUnit: LoadUnitId, to: LocationId): void {
  for (const { device, point } of work.parts.topology.pointsAt(to)) {
    const book = work.warehouse.pointBook(device, point);
    const { namesakes, open } = book;
    const isNamesake = namesakes?.includes(loadUnit) === true;
    if (!isNamesake && !open.some(isUndecided)) continue;
    work.warehouse.tables.point.put({
      ...book,
      // What has got a name there before was not this one.
      ...(isNamesake && { namesakes: namesakes.filter((other) => other !== loadUnit) }),
      open: open.map((load) =>
        isUndecided(load) ? { ...load, isNot: [...(load.isNot ?? []), loadUnit] } : load,
      ),
    });
  }
}
