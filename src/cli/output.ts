import type { Command } from 'commander';

/** Options that every verb has. */
export interface Common {
  readonly url: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly timeoutS: number;
}

export const common = (command: Command): Common => command.optsWithGlobals<Common>();

/** Data goes to stdout, and nothing else does. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Talk goes to stderr, so that a pipe sees data only. */
export function say({ quiet = false }: Pick<Common, 'quiet'>, line: string): void {
  if (!quiet) process.stderr.write(`${line}\n`);
}

/** The answer as JSON for programs, or as `text` makes it for people. */
export function show<T>(
  { json = false }: Pick<Common, 'json'>,
  value: T,
  text: (value: T) => string,
) {
  print(json ? JSON.stringify(value, undefined, 2) : text(value));
}

export type Cell = string | number | boolean | undefined;

/**
 * Columns with a heading, two spaces apart; numbers to the right. What is unknown is `-`, so that
 * `awk` still counts the columns.
 */
export function table<T>(rows: readonly T[], columns: Readonly<Record<string, (row: T) => Cell>>) {
  if (rows.length === 0) return '(none)';
  const names = Object.keys(columns);
  const cells = rows.map((row) => Object.values(columns).map((cell) => cell(row)));
  const lines = [names.map((name) => name.toUpperCase()), ...cells.map((row) => row.map(plain))];
  const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const isNumber = names.map((_, i) => cells.every((row) => typeof row[i] === 'number'));
  return lines
    .map((line) =>
      line
        .map((cell, i) =>
          isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What a terminal may show: nothing that it would obey. */
export const plain = (cell: Cell): string =>
  cell === undefined || cell === '' ? '-' : String(cell).replace(controls, '?');

/** A barcode may hold them; a terminal would obey them. */
const controls = /\p{Cc}/gu;

/** Our code, and the host's where it is another one. */
export const bothText = (own: string | undefined, hostCode: string | undefined) =>
  own === undefined || hostCode === undefined ? own : `${own} (${hostCode})`;

/** The same of a place in what hosts are told, which the API gives in both. */
export function placeText<Name extends 'station' | 'location'>(
  row: { readonly [K in Name]?: string | undefined } & { readonly places?: object },
  name: Name,
): string | undefined {
  const own = (row.places as { readonly [K in Name]?: string } | undefined)?.[name];
  return own === undefined ? row[name] : bothText(own, row[name]);
}
