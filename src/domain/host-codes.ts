import { CellPattern } from './cell-pattern.ts';
import type { Aisle, Site } from './site.ts';
import type { Topology } from './topology.ts';

/** Our own codes of cells. */
const ownCells = new CellPattern('{aisle}-{side}-{bay:3}-{level:2}-{depth}', []);

/**
 * How hosts call places, aisles and areas, both ways. What the site file says nothing of has our code for hosts, too.
 * Cells are printed and read by a pattern, not listed; names are a few hundred at most.
 */
export class HostCodes {
  /** Nothing is called otherwise. */
  readonly isPlain: boolean;
  readonly #aisles: readonly Aisle[];
  readonly #find: Topology['find'];
  readonly #toHost: ReadonlyMap<string, string>;
  readonly #toOwn: ReadonlyMap<string, string>;
  readonly #cells: CellPattern | undefined;

  constructor({ aisles, hostCodes }: Pick<Site, 'aisles' | 'hostCodes'>, find: Topology['find']) {
    const { names = {}, cells } = hostCodes ?? {};
    this.#aisles = aisles;
    this.#find = find;
    this.#toHost = new Map(Object.entries(names));
    this.#toOwn = new Map(Object.entries(names).map(([own, code]) => [code, own]));
    const called = aisles.map(({ aisle }) => names[aisle] ?? aisle);
    this.#cells = cells === undefined ? undefined : new CellPattern(cells, called);
    this.isPlain = this.#toHost.size === 0 && cells === undefined;
  }

  /** The host's code of what we call `own`; what is no place of this site stays as it is. */
  of(own: string): string {
    const named = this.#toHost.get(own);
    if (named !== undefined || this.#cells === undefined) return named ?? own;
    const place = this.#find(own);
    if (place?.kind !== 'cell') return own;
    return this.#cells.print(this.of(place.aisle.aisle), place.cell);
  }

  /** The same where it is another one than ours. */
  otherThan(own: string): string | undefined {
    const code = this.of(own);
    return code === own ? undefined : code;
  }

  /** What a host means by `code`, in our codes; undefined: it is ours, and hosts call that otherwise. */
  meantByHost(code: string): string | undefined {
    const own = this.#toOwn.get(code) ?? this.cellCalled(code);
    if (own !== undefined) return own;
    return this.otherThan(code) === undefined ? code : undefined;
  }

  /** What a person means, who may use either code; what is no code at all stays as it is. */
  meantByPerson(code: string): string {
    if (this.#toHost.has(code) || this.#find(code) !== undefined) return code;
    return this.meantByHost(code) ?? code;
  }

  /** The cell that hosts call so, where they have codes of their own for cells. */
  cellCalled(code: string): string | undefined {
    const read = this.#cells?.read(code);
    if (read === undefined) return undefined;
    const aisle = this.#aisles.find((one) => [undefined, this.of(one.aisle)].includes(read.aisle));
    const own = aisle && ownCells.print(aisle.aisle, read.cell);
    // What only looks like a cell: a bay that there is not, or zeros that nobody would write.
    return own !== undefined && this.#find(own) && this.of(own) === code ? own : undefined;
  }
}
