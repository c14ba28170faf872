import type { DeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/site.ts';
import type { ScannerFact } from '../../src/ports/scanner.ts';
import { aimIdentifier, commandReplies } from './fields.ts';

/**
 * What a frame tells. A no-read is a text like any other and is known only by being
 * exactly one of the texts set for this scanner.
 *
 * @param frame  without prefix and suffix
 * @returns      undefined for the answer to a trigger, which is no code
 */
export function interpret(
  frame: string,
  { device, readId }: { readonly device: DeviceId; readonly readId: string },
  { noRead, trigger, aim: sendsAim }: Pick<ScannerSettings, 'noRead' | 'trigger' | 'aim'>,
): ScannerFact | undefined {
  if (noRead.includes(frame)) return { device, type: 'scanner.noRead', readId };
  if (trigger !== undefined && commandReplies.some((reply) => reply.test(frame))) return undefined;
  const aim = sendsAim ? aimIdentifier.exec(frame)?.[0] : undefined;
  const code = aim === undefined ? frame : frame.slice(aim.length);
  return { device, type: 'scanner.read', readId, code, aim };
}
