import { contractError } from '../contract/errors.ts';
import type { ContractErrorCode, ReplyData } from '../contract/messages.ts';

/** What a command led to; the rest of the reply follows from it. */
export type Answer = Omit<ReplyData, 'command' | 'result' | 'duplicate'> & {
  readonly duplicate?: boolean;
};

export const refuse = (
  code: ContractErrorCode,
  detail: string,
  extra: Parameters<typeof contractError>[2] = {},
): Answer => ({ error: contractError(code, detail.slice(0, 400), extra) });

/** 16 digits with leading zeros. */
export const seqText = (sequence: number): string => String(sequence).padStart(16, '0');

/** JSON with sorted keys: two texts are equal when two values are. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
