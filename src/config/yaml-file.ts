import type { Static, TSchema } from 'typebox';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { ConfigProblem } from '../domain/config-problem.ts';
import { ConfigError } from '../domain/errors.ts';
import { type Finding, type SchemaFinding, schemaFindings } from './schema-problems.ts';
import { formatPath, offsetOf, type Path } from './yaml-position.ts';

export type { Finding } from './schema-problems.ts';

/** A check that a schema cannot say. It runs when the shape of all that it needs is right. */
export interface Rule<T> {
  /**
   * What it looks at, such as `points` or `devices.*.type`, where `*` is any entry of a list or mapping.
   * Absent: the whole file.
   */
  readonly needs?: readonly string[];
  readonly check: (value: T) => readonly Finding[];
}

export type Rules<T> = ((value: T) => readonly Finding[]) | readonly Rule<T>[];

/** A megabyte of YAML is no configuration that a person wrote. */
const lengthMax = 1_000_000;

/**
 * Reads a YAML file: its syntax, then its shape, then what one entry says of another.
 *
 * Defaults are filled in; nothing is repaired, dropped or clamped. What runs is what the file says.
 *
 * @param file   name for the messages
 * @param rules  checks that a schema cannot say: one function, or a list where each says what it needs,
 *               so that a fault in one section does not hide what is wrong in another
 * @throws {ConfigError} with every problem of the file, each with its line and column; warnings are
 *                       among them, but do not throw by themselves
 */
export function readYaml<S extends TSchema>(
  file: string,
  text: string,
  schema: S,
  rules: Rules<Static<S>> = [],
): Static<S> {
  const { value, problems } = checkYaml(file, text, schema, rules);
  if (value === undefined) throw new ConfigError(file, problems);
  return value;
}

/** As `readYaml`, with the problems as a result. `value` is there when none of them is an error. */
export function checkYaml<S extends TSchema>(
  file: string,
  text: string,
  schema: S,
  rules: Rules<Static<S>> = [],
): { readonly value?: Static<S>; readonly problems: readonly ConfigProblem[] } {
  const lines = new LineCounter();
  const locate = (offset: number, found: Omit<Finding, 'key'>): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    const { path, message, severity = 'error' } = found;
    return { file, line, column: col, severity, path: formatPath(path), message };
  };
  if (text.length > lengthMax) {
    return { problems: [locate(0, { path: [], message: `is over ${lengthMax} characters long` })] };
  }

  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const { value, syntax } = toValue(document);
  if (syntax.length > 0) {
    return { problems: syntax.map(({ at, message }) => locate(at, { path: [], message })) };
  }

  const faults = schemaFindings(schema, value);
  const found = [...faults, ...runRules(rules, value as Static<S>, faults)];
  const problems = found.map((finding) => locate(offsetOfFinding(document, finding), finding));
  const sorted = worstFirst(problems);
  const isUsable = !sorted.some(({ severity }) => severity === 'error');
  return isUsable ? { value: value as Static<S>, problems: sorted } : { problems: sorted };
}

/** The plain value of the document, and what its author must mend before there is one. */
function toValue(document: Document.Parsed) {
  const syntax = [...document.errors, ...document.warnings].map(({ code, pos, message }) => ({
    at: pos[0],
    message: code === 'MULTIPLE_DOCS' ? 'a file holds one document: remove this line' : message,
  }));
  if (syntax.length > 0) return { value: undefined, syntax };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown, syntax };
  } catch (error) {
    // An alias without its anchor, or aliases that would grow without end: `yaml` throws here, without a place.
    if (!(error instanceof ReferenceError)) throw error;
    return { value: undefined, syntax: [{ at: 0, message: error.message }] };
  }
}

function runRules<T>(rules: Rules<T>, value: T, faults: readonly SchemaFinding[]): Finding[] {
  const broken = faults.filter(({ breaksShape }) => breaksShape).map(placeOf);
  const list: readonly Rule<T>[] = typeof rules === 'function' ? [{ check: rules }] : rules;
  return list
    .filter(({ needs = [''] }) => !needs.some((need) => broken.some((at) => touches(at, need))))
    .flatMap(({ check }) => check(value));
}

/** Where the shape is wrong: the entry itself, or the one that is not there. */
const placeOf = ({ path, missing }: SchemaFinding): Path =>
  missing === undefined ? path : [...path, missing];

/** Whether one of the two lies on the way to the other. */
function touches(path: Path, need: string): boolean {
  const steps = need === '' ? [] : need.split('.');
  return path.every((step, i) => ['*', String(step), undefined].includes(steps[i]));
}

const offsetOfFinding = (document: Document, { path, key }: Finding): number =>
  key === undefined ? offsetOf(document, path) : offsetOf(document, [...path, key], 'key');

/** Errors before warnings, each in the order of the file; what two rules say alike is said once. */
function worstFirst(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...unique.values()].sort(
    (a, b) =>
      Number(a.severity === 'warn') - Number(b.severity === 'warn') ||
      a.line - b.line ||
      a.column - b.column,
  );
}
