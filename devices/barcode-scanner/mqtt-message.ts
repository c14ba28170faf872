import type { Buffer } from 'node:buffer';
import type { MqttPayload } from '../../src/domain/mqtt-settings.ts';

/** What one message holds; undefined in `id` and `aim` where it does not say. */
export interface MessageRead {
  readonly text: string;
  readonly aim: string | undefined;
  readonly id: string | undefined;
}

const aimForm = /^\][A-Za-z][0-9A-Za-z]$/;

/**
 * @returns undefined where the payload is not what the site file says: no JSON, nothing at the path, or
 *   nothing that is a text or a whole number there
 */
export function readMessage(payload: Buffer, form: MqttPayload): MessageRead | undefined {
  if (form.format === 'text') {
    return { text: payload.toString('latin1'), aim: undefined, id: undefined };
  }
  const value = parsed(payload.toString('utf8'));
  const text = textAt(value, form.code);
  if (text === undefined) return undefined;
  const aim = form.aim === undefined ? undefined : textAt(value, form.aim);
  const id = form.id === undefined ? undefined : textAt(value, form.id);
  return { text, aim: aim !== undefined && aimForm.test(aim) ? aim : undefined, id };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param path  field names and list indices with dots between: `data.codes.0.text` */
function textAt(value: unknown, path: string): string | undefined {
  const found = path
    .split('.')
    .reduce<unknown>(
      (part, key) =>
        typeof part === 'object' && part !== null && Object.hasOwn(part, key)
          ? (part as Record<string, unknown>)[key]
          : undefined,
      value,
    );
  if (typeof found === 'string') return found;
  // A number that JSON cannot hold exactly would be another code.
  return Number.isSafeInteger(found) ? String(found) : undefined;
}
