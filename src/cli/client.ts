import { randomUUID } from 'node:crypto';
import type { ContractError, ContractErrorCode } from '../contract/messages.ts';
import { CommandFailure, type ExitName } from './failure.ts';
import type { Common } from './output.ts';

/** Who is asked. */
export interface Server extends Common {
  /** What stands before every path; by default that of the API. */
  readonly root?: string;
  /** What to do when nobody answers. */
  readonly advice?: string;
}

export interface Answer<T> {
  readonly data: T;
  /** The server had done it before. */
  readonly replayed: boolean;
}

/**
 * Asks a running site.
 *
 * @throws {CommandFailure} `unreachable`, or what the site's refusal comes to
 */
export async function get<T>(
  site: Server,
  path: string,
  query: Readonly<Record<string, string | number | readonly string[] | undefined>> = {},
): Promise<T> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) parameters.append(name, String(one));
  }
  const search = parameters.size === 0 ? '' : `?${parameters}`;
  return (await send<T>(site, { method: 'GET', path: `${path}${search}` })).data;
}

export interface Write {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object | undefined;
  /** Made by `newKey` once per intent: the same one again has no second effect. */
  readonly key: string;
}

/**
 * Changes something on a running site.
 *
 * @throws {CommandFailure} `unreachable` when nothing was sent; `unknown` when it was and no answer
 *                          came; else what the site's refusal comes to
 */
export const write = <T>(site: Server, request: Write): Promise<Answer<T>> => send(site, request);

export const newKey = (): string => randomUUID();

/** One level of a path. */
export const level = encodeURIComponent;

type Sent = Omit<Write, 'method' | 'key'> & { readonly method: string; readonly key?: string };

async function send<T>(site: Server, request: Sent): Promise<Answer<T>> {
  const { method, path, body, key } = request;
  const url = new URL(`${site.root ?? '/api/v1'}${path}`, baseOf(site.url));
  const headers = {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(key !== undefined && { 'idempotency-key': key, 'craneway-operator': operator() }),
  };
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(site.timeoutS * 1000),
    });
    const data = parse(await response.text());
    if (!response.ok) throw refusal(response.status, data);
    return { data: data as T, replayed: response.headers.has('idempotent-replayed') };
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw lost(error, site, request);
  }
}

function baseOf(url: string): URL {
  const base = URL.parse(url);
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    throw new CommandFailure('usage', `--url must be like http://127.0.0.1:8080, not ${url}`);
  }
  return base;
}

/** A pseudonym for the audit; whoever needs another one sets it. */
const operator = (): string =>
  (process.env['CRANEWAY_OPERATOR'] ?? process.env['USER'] ?? 'local')
    .replace(/[^A-Za-z0-9._:/-]/g, '-')
    .slice(0, 40) || 'local';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const advice = 'Is it a Craneway site that listens there? See --url.';
    throw new CommandFailure('failure', 'The answer is not JSON', { advice });
  }
}

/** No connection was made, so nothing was sent. */
const unsent: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function lost(error: unknown, { url, advice: known }: Server, { key }: Sent): CommandFailure {
  const cause = error instanceof Error ? error.cause : undefined;
  const why = cause instanceof Error && 'code' in cause ? cause.code : (error as Error).name;
  if (key === undefined || unsent.has(why)) {
    const advice = known ?? 'Is the site running? Name it with --url or CRANEWAY_URL.';
    return new CommandFailure('unreachable', `No answer from ${url} (${why})`, { advice });
  }
  const advice = `Repeat it with --key ${key}: it will not be done twice.`;
  const message = `No answer from ${url} (${why}); it may have been done`;
  return new CommandFailure('unknown', message, { advice });
}

const exitOf: Readonly<Record<ContractErrorCode, ExitName>> = {
  MALFORMED: 'usage',
  UNSUPPORTED: 'usage',
  RETAINED: 'usage',
  INVALID: 'usage',
  TOO_LARGE: 'usage',
  UNAUTHENTICATED: 'notAllowed',
  FORBIDDEN: 'notAllowed',
  NOT_FOUND: 'notFound',
  UNKNOWN_REFERENCE: 'notFound',
  ID_REUSED: 'conflict',
  CONFLICT: 'conflict',
  CANCELED: 'conflict',
  TOO_LATE: 'conflict',
  LOCATION_REFUSED: 'conflict',
  STOCK_SHORT: 'conflict',
  EXPIRED: 'conflict',
  PRECONDITION_FAILED: 'conflict',
  PRECONDITION_REQUIRED: 'conflict',
  LIMIT_REACHED: 'failure',
  INTERNAL: 'failure',
  INTAKE_PAUSED: 'failure',
  DEVICE_UNAVAILABLE: 'failure',
};

function refusal(status: number, data: unknown): CommandFailure {
  const { code, detail, errors = [], retryable } = (data ?? {}) as Partial<ContractError>;
  if (code === undefined || detail === undefined) {
    return new CommandFailure('failure', `The server answered ${status}`);
  }
  const places = errors.map(({ path, message }) => `\n  ${path} ${message}`).join('');
  return new CommandFailure(exitOf[code] ?? 'failure', `${detail}${places}`, {
    code,
    ...(retryable === true && { advice: 'Try again later.' }),
  });
}
