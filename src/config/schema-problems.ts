import { Ajv, type ErrorObject } from 'ajv';
import type { TSchema } from 'typebox';
import { didYouMean, unknownName } from './did-you-mean.ts';
import type { Path } from './yaml-position.ts';

/** What is wrong with one entry of a file; the file's name and the line are added by `readYaml`. */
export interface Finding {
  /** Keys and indices that lead there from the top of the file. */
  readonly path: Path;
  readonly message: string;
  readonly severity?: 'error' | 'warn';
  /** Name of an entry below `path` whose key is what the reader should look at. */
  readonly key?: string;
}

/** A fault of the schema: `breaksShape` when the value is not even of the type that rules expect. */
export interface SchemaFinding extends Finding {
  readonly breaksShape: boolean;
  /** The key that is not there, below `path`. */
  readonly missing?: string;
}

/**
 * Compares `value` with `schema` and fills defaults into it.
 *
 * @returns everything that the schema forbids, in the words of the person who wrote the file
 */
export function schemaFindings(schema: TSchema, value: unknown): SchemaFinding[] {
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: true,
    verbose: true,
    discriminator: true,
    allowUnionTypes: true,
  });
  ajv.addKeyword(patternWords);
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(toFinding);
}

/** These leave a value in its type: a number out of range is still a number. */
const shapeKeeping: ReadonlySet<string> = new Set([
  'additionalProperties',
  'format',
  'maximum',
  'maxItems',
  'maxLength',
  'minimum',
  'minItems',
  'minLength',
  'multipleOf',
  'pattern',
  'uniqueItems',
]);

function toFinding(error: ErrorObject): SchemaFinding {
  const path = pathOf(error.instancePath);
  const breaksShape = !shapeKeeping.has(error.keyword);
  const words = wordsFor[error.keyword];
  const found = words?.(error) ?? { message: `${error.message ?? 'is not valid'}${got(error)}` };
  const missing: unknown = error.params['missingProperty'];
  return {
    ...found,
    path: [...path, ...(found.path ?? [])],
    breaksShape,
    ...(typeof missing === 'string' && { missing }),
  };
}

type Words = (error: ErrorObject) => Omit<Finding, 'path'> & { readonly path?: Path };

const wordsFor: Readonly<Record<string, Words>> = {
  additionalProperties: ({ params, parentSchema }) => {
    const key = String(params['additionalProperty']);
    const known = Object.keys(parentSchema?.['properties'] ?? {});
    return { key, message: unknownName('key', key, known) };
  },
  required: ({ params }) => ({ message: `"${params['missingProperty']}" is missing` }),
  enum: ({ params, data }) => ({ message: oneOf(data, params['allowedValues']) }),
  const: ({ params, data }) => ({ message: oneOf(data, [params['allowedValue']]) }),
  discriminator: ({ params, parentSchema }) => {
    const tag = String(params['tag']);
    const known = tagsOf(parentSchema, tag);
    if (params['tagValue'] === undefined) return { message: `"${tag}" is missing` };
    return { path: [tag], message: oneOf(params['tagValue'], known) };
  },
  type: (error) => ({ message: `must be ${nameOfType(error.params['type'])}${got(error)}` }),
  pattern: (error) => ({ message: `${hintOf(error)}${got(error)}` }),
  minimum: (error) => ({ message: `must be ${error.params['limit']} or more${got(error)}` }),
  maximum: (error) => ({ message: `must be ${error.params['limit']} or less${got(error)}` }),
  minItems: ({ params }) => ({ message: `needs ${params['limit']} or more entries` }),
  maxItems: ({ params }) => ({ message: `may have ${params['limit']} entries at most` }),
};

function oneOf(data: unknown, allowed: readonly unknown[]): string {
  const known = allowed.map(String);
  const suggestion = didYouMean(String(data), known);
  const list = allowed.map((name) => JSON.stringify(name)).join(', ');
  return `must be ${known.length > 1 ? 'one of ' : ''}${list}${gotValue(data)}${suggestion}`;
}

/** Words for a pattern, which nobody should have to read; editors with a YAML language server show them too. */
const patternWords = 'patternErrorMessage';

const hintOf = ({ params, parentSchema }: ErrorObject): string =>
  String(parentSchema?.[patternWords] ?? `must match ${params['pattern']}`);

const tagsOf = (schema: ErrorObject['parentSchema'], tag: string): string[] => {
  const branches: Record<string, Record<string, Record<string, unknown>>>[] =
    schema?.['oneOf'] ?? [];
  return branches.map((branch) => String(branch['properties']?.[tag]?.['const']));
};

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'a mapping with keys',
  string: 'text',
};
const nameOfType = (type: unknown): string => typeNames[String(type)] ?? String(type);

function got({ data, keyword, params }: ErrorObject): string {
  const isUnquoted = keyword === 'type' && params['type'] === 'string' && isPlain(data);
  return `${gotValue(data)}${isUnquoted ? ': put it in quotes' : ''}`;
}

const isPlain = (data: unknown): boolean => typeof data === 'number' || typeof data === 'boolean';

function gotValue(data: unknown): string {
  if (data === undefined || data === null) return ', got nothing';
  if (Array.isArray(data)) return ', got a list';
  if (typeof data === 'object') return ', got a mapping';
  return `, got ${JSON.stringify(data).slice(0, 60)}`;
}

/** A JSON pointer as keys; an index becomes a number so that it prints as `[1]`. */
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
