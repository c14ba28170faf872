import { InvariantError } from './errors.ts';
import { dictionary } from './gs1-dictionary.ts';
import { type Linter, linters } from './gs1-linters.ts';

/** One part of an element's value, with the checks that it must pass. */
interface Component {
  /** `N` digits, `X` CSET 82 (serial and batch numbers), `Y` CSET 39, `Z` base64url. */
  readonly characters: 'N' | 'X' | 'Y' | 'Z';
  readonly lengthMin: number;
  readonly lengthMax: number;
  readonly isOptional: boolean;
  readonly linters: readonly Linter[];
}

export interface ElementKind {
  /** As a person may read it, such as `BATCH/LOT`. */
  readonly title: string;
  /** Ends by its length alone, also with another element right after it: no separator is needed. */
  readonly isPredefined: boolean;
  /** May stand in the query of a Digital Link. */
  readonly isLinkAttribute: boolean;
  readonly components: readonly Component[];
  /** Of each row one alternative must be there, all of it. `310n` stands for 3100 to 3109. */
  readonly needs: readonly (readonly (readonly string[])[])[];
  /** None of these may be there. An element never excludes itself. */
  readonly excludes: readonly string[];
  /** Where it may be the primary key of a Digital Link: rows of qualifiers, each in its order. */
  readonly linkQualifiers: readonly (readonly string[])[] | undefined;
}

/**
 * Every application identifier of GS1. One that is not here is an error: where the length of one element is
 * not known, nothing after it can be believed.
 */
export const elementKinds: ReadonlyMap<string, ElementKind> = new Map(
  dictionary.trim().split('\n').flatMap(entriesOf),
);

/** Identifiers have 2 to 4 digits; the table holds no identifier that begins another one. */
export const aiLengths = [2, 3, 4] as const;

function entriesOf(line: string): [string, ElementKind][] {
  const [, first = '', last = first, flags = '', rest = '', title = ''] =
    /^(\d+)(?:-(\d+))? (?:([*?]+) )?(.+?) # (.+)$/.exec(line) ?? [];
  const words = rest.split(' ');
  const isComponent = (word: string) => /^\[?[NXYZ]/.test(word);
  const valuesOf = (name: string) =>
    words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1));
  const [qualifiers] = valuesOf('dlpkey');
  const kind: ElementKind = {
    title,
    isPredefined: flags.includes('*'),
    isLinkAttribute: flags.includes('?'),
    components: words.filter(isComponent).map(componentOf),
    needs: valuesOf('req').map((row) => row.split(',').map((group) => group.split('+'))),
    excludes: valuesOf('ex').flatMap((row) => row.split(',')),
    linkQualifiers: words.includes('dlpkey')
      ? [[]]
      : qualifiers?.split('|').map((row) => row.split(',')),
  };
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, index) => [
    String(Number(first) + index).padStart(first.length, '0'),
    kind,
  ]);
}

function componentOf(word: string): Component {
  const [, opening, characters, dots, length, , checks = ''] =
    /^(\[?)([NXYZ])(\.\.)?(\d+)(\]?)((?:,\w+)*)$/.exec(word) ?? [];
  if (length === undefined) throw new InvariantError(`The GS1 dictionary has ${word}`);
  return {
    characters: characters as Component['characters'],
    lengthMin: dots === undefined ? Number(length) : 1,
    lengthMax: Number(length),
    isOptional: opening === '[',
    linters: checks.split(',').filter(Boolean).map(linterOf),
  };
}

function linterOf(name: string): Linter {
  const found = linters.get(name);
  if (found === undefined) throw new InvariantError(`The GS1 dictionary asks for ${name}`);
  return found;
}
