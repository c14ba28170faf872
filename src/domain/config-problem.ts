/** One thing that is wrong in a file under config/, and where. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1, as an editor shows it; 0 when the file could not be read at all. */
  readonly line: number;
  readonly column: number;
  /** `warn`: it can be used, but a person should look. */
  readonly severity: 'error' | 'warn';
  /** `devices[1].settings.port`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** One line each, in columns: `config/sites/dc1.yaml:7:5   error  devices[0]  unknown key "prot", did you mean "port"?` */
export function formatProblems(problems: readonly ConfigProblem[]): string[] {
  const rows = problems.map((problem) => ({ ...problem, place: placeOf(problem) }));
  const placeWidth = widest(rows.map(({ place }) => place));
  const pathWidth = widest(rows.map(({ path }) => path));
  return rows.map(({ place, severity, path, message }) =>
    [place.padEnd(placeWidth), severity.padEnd(6), path.padEnd(pathWidth), '', message].join(' '),
  );
}

const placeOf = ({ file, line, column }: ConfigProblem): string =>
  line === 0 ? file : `${file}:${line}:${column}`;

/** A single long entry must not push every message off the screen. */
const widest = (texts: readonly string[]): number =>
  Math.min(40, Math.max(0, ...texts.map(({ length }) => length)));
