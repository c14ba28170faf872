import type { LocationId } from '../../src/domain/ids.ts';
import type { DiscrepancyView, Reader } from '../../src/ports/reader.ts';
import { asStranger, type Booked, canBeSeen, type Stranger } from '../answers.ts';
import type { Tote, Truth } from '../world/world.ts';

/** What can be looked at on the floor. */
export interface Sight {
  contentsOf(location: LocationId): readonly Tote[];
  truth(): Pick<Truth, 'totes'>;
}

/** What people see when they compare what stands before them with what their screen says. */
export class Eyes {
  readonly #floor: Sight;
  readonly #reader: () => Reader;

  constructor(floor: Sight, reader: () => Reader) {
    this.#floor = floor;
    this.#reader = reader;
  }

  /** What the books say of a tote, by what can be read on it: a label may have been stuck on in vain. */
  unitOf({ lpn, label }: Tote) {
    const reader = this.#reader();
    for (const name of [label?.slice(2), lpn]) {
      const unit = name === undefined ? undefined : reader.loadUnit(name);
      if (unit !== undefined) return unit;
    }
    return undefined;
  }

  /** What the screen says of the load unit in question, and what stands where it is booked. */
  bookedOf({ loadUnit }: DiscrepancyView): Booked {
    const unit = loadUnit === undefined ? undefined : this.#reader().loadUnit(loadUnit);
    const codes = [unit?.lpn, unit?.sscc && `00${unit.sscc}`].filter((code) => code !== undefined);
    const strangers = this.#strangers(unit?.location)?.concat(
      codes.length > 0 ? this.#putDown(unit?.location) : [],
    );
    return { codes, location: unit?.location, strangers };
  }

  /** What stands somewhere and is booked elsewhere or nowhere. */
  #strangers(at: string | undefined) {
    if (at === undefined) return undefined;
    const there = canBeSeen(at) ? this.#floor.contentsOf(at as LocationId) : [];
    return there.filter((tote) => this.unitOf(tote)?.location !== at).map(asStranger);
  }

  /**
   * What stands without a name in a cell of a crane's aisle in which the books have no goods: any tote of the site. What
   * is not of the site is seen to be none that was lost.
   */
  #putDown(at: string | undefined): Stranger[] {
    const aisle = at?.endsWith('-LHD') && at.slice(0, -'LHD'.length);
    if (!aisle) return [];
    const reader = this.#reader();
    const isEmptyInBooks = (location: string) =>
      reader.stock({ by: 'loadUnit', location, limit: 1 }).items.length === 0;
    return this.#floor.truth().totes.flatMap(({ id, codes, location, isForeign }) => {
      if (isForeign) return [];
      const isInCell = location.startsWith(aisle) && location !== at && canBeSeen(location);
      return codes.length === 0 && isInCell && isEmptyInBooks(location)
        ? [{ id, isNameless: true, cell: location }]
        : [];
    });
  }
}
