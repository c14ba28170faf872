import { readCode } from '../../src/domain/gs1.ts';

/** Bar codes of people at a workstation; every scanner may read them. */
const ownCommand = /^CRANEWAY-/;

/**
 * Tells codes of ours from the others that stand on a carton: article numbers, carriers' labels.
 *
 * @param patterns  `sscc` for any code that names an SSCC, or a regular expression for the whole code;
 *   none: every code is ours
 */
export function expectation(patterns: readonly string[]) {
  const isOfForm = patterns
    .filter((pattern) => pattern !== 'sscc')
    .map((pattern) => new RegExp(`^(?:${pattern})$`, 'u'));
  const takesSscc = patterns.includes('sscc');
  return (code: string, aim: string | undefined): boolean =>
    patterns.length === 0 ||
    ownCommand.test(code) ||
    isOfForm.some((form) => form.test(code)) ||
    (takesSscc && readCode(code, aim).kind === 'sscc');
}
