import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import { expectation } from './expect.ts';
import { aimIdentifier, commandReplies } from './fields.ts';
import type { Frame } from './frame-link.ts';

/** What one frame tells. */
export type Told =
  | { readonly kind: 'read'; readonly code: string; readonly aim: string | undefined }
  /** It was triggered and read nothing. */
  | { readonly kind: 'noRead' }
  /** The answer to a trigger. */
  | { readonly kind: 'reply' }
  /** A code that is not as codes of ours are, or nothing that is left after stripping. */
  | { readonly kind: 'notOurs'; readonly code: string };

type Reading = Pick<ScannerSettings, 'noRead' | 'trigger' | 'aim' | 'gs' | 'strip' | 'expect'>;

const separator = '\x1d';

/**
 * Makes the function that says what a frame tells. A no-read is a text like any other and is known
 * only by being exactly one of the texts set for this scanner.
 */
export function interpreter(settings: Reading): (frame: Frame) => Told {
  const { noRead, trigger, aim: sendsAim, gs, strip } = settings;
  const isOurs = expectation(settings.expect);
  // The longest first: one may begin another.
  const separators = gs.toSorted((a, b) => b.length - a.length);
  return ({ text, aim: known }) => {
    if (noRead.includes(text)) return { kind: 'noRead' };
    if (trigger !== undefined && commandReplies.some((reply) => reply.test(text))) {
      return { kind: 'reply' };
    }
    const aim = known ?? (sendsAim ? aimIdentifier.exec(text)?.[0] : undefined);
    const whole = known === undefined && aim !== undefined ? text.slice(aim.length) : text;
    const kept = whole.slice(strip.first, whole.length - strip.last);
    const code = separators.reduce((part, sign) => part.replaceAll(sign, separator), kept);
    return code !== '' && isOurs(code, aim)
      ? { kind: 'read', code, aim }
      : { kind: 'notOurs', code };
  };
}
