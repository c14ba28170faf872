import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { contractError } from './errors.ts';
import type { AckData, ContractError, HostData } from './messages.ts';
import {
  type CommandData,
  type CommandKey,
  commandSchemas,
  type MessageName,
  otherSchemas,
} from './names.ts';
import { commandRules, type Problem } from './rules.ts';

export type Checked<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: ContractError };

/** A sender mends the first few and sends again; a reply must stay small. */
const problemsMax = 20;

const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: false, strict: true });
formats.default(ajv, ['date-time', 'date']);

const schemas: Readonly<Record<string, object>> = { ...commandSchemas, ...otherSchemas };
const compiled = new Map<string, ValidateFunction>();

/**
 * Checks the `data` of a command against the contract, all problems at once.
 *
 * @param data  as parsed from JSON; left as it is
 * @returns     a copy with every default filled in, or `INVALID` with JSON pointers into `data`
 */
export function validateCommand<Name extends CommandKey>(
  name: Name,
  data: unknown,
): Checked<CommandData<Name>> {
  const checked = check<CommandData<Name>>(name, data);
  if (!checked.ok) return checked;
  const problems = commandRules[name]?.(checked.data as never) ?? [];
  return problems.length === 0 ? checked : invalid(problems);
}

/** The same for the host's mark. */
export const validateAck = (data: unknown): Checked<AckData> => check('ack', data);
/** The same for the host's presence. */
export const validateHost = (data: unknown): Checked<HostData> => check('host', data);

/** The schema alone, for any message. Hosts and tests use it; what we say ourselves is not checked at run time. */
export const validateMessage = (name: MessageName, data: unknown): Checked<unknown> =>
  check(name, data);

function check<T>(name: MessageName, data: unknown): Checked<T> {
  let validate = compiled.get(name);
  if (validate === undefined) {
    validate = ajv.compile(schemas[name] ?? {});
    compiled.set(name, validate);
  }
  const copy: unknown = structuredClone(data);
  if (validate(copy)) return { ok: true, data: copy as T };
  return invalid((validate.errors ?? []).map(problemOf));
}

function invalid(problems: readonly Problem[]): { ok: false; error: ContractError } {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const [first] = problems;
  const detail = `${count} in data: ${first?.path} ${first?.message}`;
  return {
    ok: false,
    error: contractError('INVALID', detail.slice(0, 400), {
      errors: problems.slice(0, problemsMax),
    }),
  };
}

/** Points at the field itself, where ajv points at the object that holds it. */
function problemOf({ keyword, instancePath, params, message = 'is wrong' }: ErrorObject): Problem {
  switch (keyword) {
    case 'additionalProperties':
      return { path: pointer(instancePath, params['additionalProperty']), message: 'is no field' };
    case 'required':
      return { path: pointer(instancePath, params['missingProperty']), message: 'is required' };
    case 'enum':
      return {
        path: instancePath,
        message: `must be one of ${params['allowedValues'].join(', ')}`,
      };
    default:
      return { path: instancePath, message };
  }
}

/** Source: RFC 6901, section 3. */
const pointer = (base: string, name: string): string =>
  `${base}/${name.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1')}`;
