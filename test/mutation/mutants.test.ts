import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modules } from './modules.ts';
import { mutantsOf } from './mutants.ts';

const slipsOf = (source: string) => mutantsOf(source).map(({ line, is }) => `${line} ${is}`);

test('a comparison, a sum and a condition are mistaken for their neighbors', () => {
  expect(slipsOf('const a = b < c && d;')).toEqual([
    '1 const a = b <= c && d;',
    '1 const a = b < c || d;',
  ]);
  expect(slipsOf('const a =\n  b + 1;')).toEqual(['2 b - 1;']);
});

test('a statement is left out, a declaration is not', () => {
  expect(slipsOf('  this.#sent.add(no);')).toEqual(['1 ']);
  expect(slipsOf('  a.b = c;')).toEqual(['1 ']);
  expect(slipsOf('  const a = b(c);')).toEqual([]);
  expect(slipsOf('  return b(c);')).toEqual([]);
});

test('what only parses as a whole is not torn apart: a private field, the end of a chain or of a function', () => {
  expect(slipsOf('class A {\n  #sent = 0;\n}')).toEqual([]);
  expect(slipsOf('const a = b\n  .get();')).toEqual([]);
  expect(slipsOf('const a = (b: number) =>\n  c(b);')).toEqual([]);
  expect(slipsOf("switch (a) {\n  case 'b':\n    // why\n    c(a);\n}")).toEqual(['4 ']);
});

test('texts, comments and types are left alone', () => {
  expect(slipsOf("const a = 'b < c';")).toEqual([]);
  expect(slipsOf('/** a < b */')).toEqual([]);
  expect(slipsOf('const a: Map<string, number> = b;')).toEqual([]);
});

test.each(Object.entries(modules))('%s can be mutated, and has tests', (file, tests) => {
  expect(mutantsOf(readFileSync(file, 'utf8')).length).toBeGreaterThan(3);
  expect(tests.filter((path) => !existsSync(path))).toEqual([]);
});
