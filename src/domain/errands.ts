import type { LoadUnit } from './books.ts';
import type { LoadUnitId, LocationId } from './ids.ts';
import type { PointBook } from './point-books.ts';

export interface Transit {
  readonly to: LocationId;
  /** False while it waits for room before its first step; from then on it counts for the room of where it goes. */
  readonly isAdmitted: boolean;
  /** How often it has left a decision point by another exit than the one on its way. */
  readonly missed: number;
  /** How often it got another aisle on the way; absent: never. */
  readonly turned?: number | undefined;
  /** Where it was last said that it keeps its aisle, though that one does not work. */
  readonly keptAt?: LocationId | undefined;
}

/** Who is under way on the conveyors, and where somebody waits: kept in step with the books. */
export class Errands {
  readonly #bound = new Map<LocationId, Map<LoadUnitId, LoadUnit>>();
  readonly #waiting = new Map<string, PointBook>();

  /** How many have begun their way to a place. They count for its capacity as if they stood there. */
  boundFor(location: LocationId): number {
    return this.#bound.get(location)?.size ?? 0;
  }

  /** Load units that have begun an errand on the conveyors. */
  *underWay(): Iterable<LoadUnit> {
    for (const units of this.#bound.values()) yield* units.values();
  }

  /** Decision points where a load unit that is known has no answer yet, the one that began to wait first first. */
  pointsWaiting(): readonly PointBook[] {
    return [...this.#waiting.values()];
  }

  index(loadUnit: LoadUnitId, before: LoadUnit | undefined, after: LoadUnit | undefined): void {
    const [from, to] = [destinationOf(before), destinationOf(after)];
    if (from !== undefined && from !== to) this.#bound.get(from)?.delete(loadUnit);
    if (to === undefined || after === undefined) return;
    const units = this.#bound.get(to) ?? new Map<LoadUnitId, LoadUnit>();
    this.#bound.set(to, units.set(loadUnit, after));
  }

  indexPoint(book: PointBook | undefined): void {
    if (book === undefined) return;
    const key = `${book.device}/${book.point}`;
    // A map keeps its order when a row is replaced: who has waited longest stays first.
    if (book.open.some(isWaiting)) this.#waiting.set(key, book);
    else this.#waiting.delete(key);
  }
}

const destinationOf = (unit: LoadUnit | undefined): LocationId | undefined =>
  unit?.transit?.isAdmitted ? unit.transit.to : undefined;

const isWaiting = ({ answer, loadUnit }: PointBook['open'][number]): boolean =>
  answer === undefined && loadUnit !== undefined;
