/** One small change of a source text, as a slip of the hand would make it. */
export interface Mutant {
  /** From 1. */
  readonly line: number;
  readonly was: string;
  readonly is: string;
  /** The whole source with the change. */
  readonly source: string;
}

/** Operators and what they are mistaken for. Formatted code has a space on both sides of them, types have not. */
const slips: readonly (readonly [was: string, is: string])[] = [
  [' === ', ' !== '],
  [' !== ', ' === '],
  [' < ', ' <= '],
  [' <= ', ' < '],
  [' > ', ' >= '],
  [' >= ', ' > '],
  [' && ', ' || '],
  [' || ', ' && '],
  [' + ', ' - '],
  [' - ', ' + '],
  [' * ', ' / '],
  [' += ', ' -= '],
  [' >>> ', ' << '],
  ['++', '--'],
];

/** A call or an assignment that stands alone on its line. */
const statement = /^\s*(?:await )?\w[\w.#?!()]*(?:\[[^\]]*\])?(?:\(.*\)| [-+|]?= [^;{]*);$/;
const declaration = /^\s*(?:const|let|return|throw|import|export|type|readonly|super)\b/;

/** What a statement begins after; after anything else the line goes on with what stands above it. */
const boundary = /(?:[;{}:)]|^)_*\s*$/;

/** Every slip that can be made in a source: operators, and statements that are left out. */
export function mutantsOf(source: string): Mutant[] {
  const code = blanked(source).split('\n');
  const lines = source.split('\n');
  const withLine = (at: number, text: string) =>
    [...lines.slice(0, at), text, ...lines.slice(at + 1)].join('\n');
  return code.flatMap((bare, at) => {
    const text = lines[at] ?? '';
    const slipped = slips.flatMap(([was, is]) =>
      placesOf(bare, was).map((column): Mutant => {
        const changed = text.slice(0, column) + is + text.slice(column + was.length);
        return {
          line: at + 1,
          was: text.trim(),
          is: changed.trim(),
          source: withLine(at, changed),
        };
      }),
    );
    const isStatement =
      statement.test(bare) && !declaration.test(bare) && boundary.test(codeAbove(code, at));
    const removed = { line: at + 1, was: text.trim(), is: '', source: withLine(at, '') };
    return isStatement ? [...slipped, removed] : slipped;
  });
}

/** The last line above that is more than a comment. */
const codeAbove = (code: readonly string[], at: number): string =>
  code.slice(0, at).findLast((line) => !/^\s*_*$/.test(line)) ?? '';

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

/** The source with comments and texts blanked, character for character: no slip is made in them. */
function blanked(source: string): string {
  const parts =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return source.replace(parts, (part) => part.replace(/[^\n]/g, '_'));
}
