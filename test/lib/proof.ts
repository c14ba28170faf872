import { existsSync, readFileSync } from 'node:fs';

/** What proves that a fault does no harm: names of tests, or why there is nothing to prove. */
export type Proof =
  | { readonly file: string; readonly tests: readonly string[] }
  | { readonly exempt: string };
export const by = (file: string, ...tests: string[]): Proof => ({ file: `test/${file}`, tests });
export const exempt = (reason: string): Proof => ({ exempt: reason });

/** What is wrong with a proof, if anything. */
export function missing(proof: Proof): string[] {
  if ('exempt' in proof) return proof.exempt.length > 10 ? [] : ['an exemption has a reason'];
  if (!existsSync(proof.file)) return [`${proof.file} does not exist`];
  const source = readFileSync(proof.file, 'utf8');
  return proof.tests
    .filter((name) => !["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`)))
    .map((name) => `${proof.file} has no test "${name}"`);
}
