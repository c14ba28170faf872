import { Buffer } from 'node:buffer';
import { contractError } from './errors.ts';
import type { ContractError } from './messages.ts';
import { type CommandKey, isCommandKey } from './names.ts';
import { parseTime, timeText } from './time.ts';

export const payloadBytesMax = 256 * 1024;
const jsonDepthMax = 16;

/** A CloudEvent as read from the wire; `data` is not checked yet. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  /** Such as `order.create`, with the version beside it. */
  readonly name: string;
  readonly version: number;
  readonly correlationid: string | undefined;
  readonly epoch: number | undefined;
  readonly sequence: string | undefined;
  readonly expiresAtMs: number | undefined;
  readonly data: unknown;
}

export type ParsedEnvelope =
  | { readonly ok: true; readonly envelope: Envelope }
  /** `id` and `name` as far as they can be read: who sent it may still be answered. */
  | {
      readonly ok: false;
      readonly id: string | undefined;
      readonly name: string | undefined;
      readonly error: ContractError;
    };

const typeForm = /^craneway\.([A-Za-z]+(?:\.[A-Za-z]+)*)\.v(\d{1,4})$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads one payload. `UNSUPPORTED` is not decided here: which names are known depends on the topic.
 *
 * Source: CloudEvents 1.0.2, JSON event format, structured mode.
 */
export function parseEnvelope(payload: Uint8Array): ParsedEnvelope {
  if (payload.byteLength > payloadBytesMax) {
    return fail('TOO_LARGE', `${payload.byteLength} bytes are over ${payloadBytesMax}`);
  }
  const json = parseJson(payload);
  if (json === undefined) return fail('MALFORMED', 'The payload is not JSON in UTF-8');
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return fail('MALFORMED', 'The payload is not a JSON object');
  }
  const raw = json as Readonly<Record<string, unknown>>;
  const id = ofLength(raw['id'], 64);
  const [, name, version] = typeForm.exec(ofLength(raw['type'], 80) ?? '') ?? [];
  if (depthOf(json) > jsonDepthMax) {
    return fail('TOO_LARGE', `JSON is nested deeper than ${jsonDepthMax}`, id, name);
  }
  const wrong = problemOf(raw, id);
  if (wrong !== undefined) return fail('MALFORMED', wrong, id, name);
  if (id === undefined || name === undefined) {
    return fail('UNSUPPORTED', `Type ${String(raw['type']).slice(0, 80)} is not known`, id, name);
  }
  return { ok: true, envelope: envelopeOf(raw, { id, name, version: Number(version) }) };
}

/** The command that an envelope carries, or `UNSUPPORTED`. */
export function commandOf(envelope: Envelope): CommandKey | ContractError {
  if (envelope.version === 1 && isCommandKey(envelope.name)) return envelope.name;
  const type = `craneway.${envelope.name}.v${envelope.version}`;
  return contractError('UNSUPPORTED', `Type ${type} is not a command that is known here`);
}

function envelopeOf(
  raw: Readonly<Record<string, unknown>>,
  head: { id: string; name: string; version: number },
): Envelope {
  const { source, correlationid, epoch, sequence, expirytime } = raw;
  return {
    ...head,
    source: String(source),
    correlationid: typeof correlationid === 'string' ? correlationid : undefined,
    epoch: Number.isSafeInteger(epoch) ? (epoch as number) : undefined,
    sequence: typeof sequence === 'string' && /^\d{16}$/.test(sequence) ? sequence : undefined,
    expiresAtMs: typeof expirytime === 'string' ? parseTime(expirytime) : undefined,
    data: raw['data'],
  };
}

function problemOf(
  raw: Readonly<Record<string, unknown>>,
  id: string | undefined,
): string | undefined {
  if (raw['specversion'] !== '1.0') return 'Not a CloudEvent: specversion must be "1.0"';
  if (id === undefined) return 'Not a CloudEvent: id must have 1 to 64 characters';
  if (ofLength(raw['source'], 100) === undefined) return 'Not a CloudEvent: source is missing';
  if (ofLength(raw['type'], 80) === undefined) return 'Not a CloudEvent: type is missing';
  if (!isTime(raw['time'])) return 'time must be as in 2026-11-22T12:41:07.113Z';
  if (raw['expirytime'] !== undefined && !isTime(raw['expirytime'])) {
    return 'expirytime must be as in 2026-11-22T12:41:07.113Z';
  }
  return undefined;
}

const isTime = (value: unknown): boolean =>
  typeof value === 'string' && parseTime(value) !== undefined;

const ofLength = (value: unknown, lengthMax: number): string | undefined =>
  typeof value === 'string' && value.length >= 1 && value.length <= lengthMax ? value : undefined;

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(payload));
  } catch {
    return undefined;
  }
}

/** Levels of objects and arrays; counting stops where it is too much anyway. */
function depthOf(value: unknown, limit = jsonDepthMax + 1): number {
  if (typeof value !== 'object' || value === null || limit === 0) return 0;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, limit - 1));
  return deepest + 1;
}

const fail = (
  code: 'MALFORMED' | 'TOO_LARGE' | 'UNSUPPORTED',
  detail: string,
  id?: string,
  name?: string,
): ParsedEnvelope => ({ ok: false, id, name, error: contractError(code, detail) });

/** What is to be sent. Attributes that are `undefined` are left out. */
export interface EnvelopeDraft {
  readonly id: string;
  readonly source: string;
  /** Such as `order.create`. */
  readonly name: string;
  readonly atMs: number;
  readonly subject?: string | undefined;
  readonly epoch?: number | undefined;
  readonly sequence?: string | undefined;
  readonly correlationid?: string | undefined;
  readonly expirytime?: string | undefined;
  readonly data: object;
}

/** One CloudEvent in structured JSON. The same draft gives the same bytes. */
export function envelopeBytes(draft: EnvelopeDraft): Buffer {
  const { id, source, name, atMs, subject, epoch, sequence, correlationid, expirytime, data } =
    draft;
  return Buffer.from(
    JSON.stringify({
      specversion: '1.0',
      id,
      source,
      type: `craneway.${name}.v1`,
      time: timeText(atMs),
      subject,
      epoch,
      sequence,
      correlationid,
      expirytime,
      data,
    }),
  );
}

/** Sixteen digits with leading zeros: text order is number order. */
export const seqText = (sequence: number): string => String(sequence).padStart(16, '0');

/** One numbered event as the ledger keeps it. */
export interface EventRow {
  readonly sequence: number;
  readonly epoch: number;
  readonly name: string;
  readonly atMs: number;
  readonly subject: string;
  readonly data: object;
}

/**
 * An event on the wire: the same bytes for the same row, however often it is sent and by whichever version
 * of the program, because hosts may compare.
 */
export function eventBytes(site: string, controller: string, row: EventRow): Buffer {
  const sequence = seqText(row.sequence);
  return envelopeBytes({
    id: `${row.epoch}-${sequence}`,
    source: `/${site}/${controller}`,
    name: row.name,
    atMs: row.atMs,
    subject: row.subject,
    epoch: row.epoch,
    sequence,
    data: row.data,
  });
}
