import type { ContractError, ContractErrorCode } from './replies.ts';

interface ErrorRow {
  /** Of the HTTP answer, and `status` of the problem. */
  readonly status: number;
  readonly title: string;
  /** The same command may be taken later with nothing changed. */
  readonly retryable: boolean;
}

const no = (status: number, title: string): ErrorRow => ({ status, title, retryable: false });
const later = (status: number, title: string): ErrorRow => ({ status, title, retryable: true });

/** Every code that a host can meet. */
export const contractErrors = {
  MALFORMED: no(400, 'Malformed'),
  UNSUPPORTED: no(400, 'Unsupported'),
  RETAINED: no(400, 'Retained command'),
  UNAUTHENTICATED: no(401, 'Unauthenticated'),
  FORBIDDEN: no(403, 'Forbidden'),
  NOT_FOUND: no(404, 'Not found'),
  ID_REUSED: no(409, 'Id reused'),
  CONFLICT: no(409, 'Conflict'),
  CANCELED: no(409, 'Canceled'),
  TOO_LATE: no(409, 'Too late'),
  LOCATION_REFUSED: no(409, 'Location refused'),
  STOCK_SHORT: no(409, 'Stock short'),
  EXPIRED: no(410, 'Expired'),
  PRECONDITION_FAILED: no(412, 'Precondition failed'),
  PRECONDITION_REQUIRED: no(428, 'Precondition required'),
  TOO_LARGE: no(413, 'Too large'),
  INVALID: no(422, 'Invalid'),
  UNKNOWN_REFERENCE: no(422, 'Unknown reference'),
  LIMIT_REACHED: later(429, 'Limit reached'),
  INTERNAL: later(500, 'Internal error'),
  INTAKE_PAUSED: later(503, 'Intake paused'),
  DEVICE_UNAVAILABLE: later(503, 'Device unavailable'),
} as const satisfies Readonly<Record<ContractErrorCode, ErrorRow>>;

/**
 * A refusal as hosts get it.
 *
 * @param detail  a sentence for people: what is wrong and what would be right
 * Source: RFC 9457, section 3.
 */
export function contractError(
  code: ContractErrorCode,
  detail: string,
  extra: Pick<ContractError, 'retryAfterS' | 'errors' | 'current'> = {},
): ContractError {
  const { status, title, retryable } = contractErrors[code];
  return { type: `urn:craneway:error:${code}`, title, status, detail, code, retryable, ...extra };
}
