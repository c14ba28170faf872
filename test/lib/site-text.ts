import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { checkSite } from '../../src/config/read-site.ts';

export const demo = readFileSync('config/sites/demo.yaml', 'utf8');
export const minimal = readFileSync('config/sites/minimal.yaml', 'utf8');

/** The demo site with edits; each must find what it replaces. Places are found by text, as an editor shows them. */
export function edited(...edits: readonly (readonly [from: string | RegExp, to: string])[]) {
  return edits.reduce((text, [from, to]) => {
    const next = text.replace(from, to);
    expect(next, `nothing to replace for ${from}`).not.toBe(text);
    return next;
  }, demo);
}

export const problemsOf = (text: string) =>
  checkSite('s.yaml', text).problems.map(
    ({ line, column, severity, path, message }) =>
      `${line}:${column} ${severity} ${path} ${message}`,
  );

/** Line and column of the first place of `mark`, from 1. */
export function at(text: string, mark: string): string {
  const before = text.slice(0, text.indexOf(mark)).split('\n');
  expect(text).toContain(mark);
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** What is asked for, the edit of the demo site, the text at its place, and the problem without the place. */
export type SiteCase = readonly [
  requirement: string,
  edit: readonly [string | RegExp, string],
  mark: string,
  problem: string,
];
