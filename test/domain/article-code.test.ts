import { expect, test } from 'vitest';
import { whyNotArticle } from '../../src/domain/article-code.ts';
import { sku } from '../lib/demo.ts';

const article = { sku: sku('MILK-1L'), gtin: '9506000134352' };
const why = (code: string, aim?: string, lot?: string) =>
  whyNotArticle({ code, aim }, article, lot);

test.each([
  ['its SKU', 'MILK-1L', undefined],
  ['its EAN-13', '9506000134352', ']E0'],
  ['the same as 14 digits', '09506000134352', undefined],
  ['a GS1 code with its GTIN', '0109506000134352', ']C1'],
  ['a GS1 Digital Link', 'https://id.gs1.org/01/09506000134352', ']Q1'],
])('%s names an article', (_, code, aim) => {
  expect(why(code, aim)).toBeUndefined();
});

test.each([
  ['another number', '4012345123456', undefined, 'does not name this article'],
  ['another GTIN', '0104012345123456', ']C1', 'it names article 04012345123456'],
  ['a GS1 code without a GTIN', '4109506000134352', ']C1', 'it names no article'],
  ['an LPN', 'T-1', undefined, 'does not name this article'],
])('%s does not', (_, code, aim, text) => {
  expect(why(code, aim)).toContain(text);
});

test('a lot in the code must be the one that is wanted; a code without a lot says nothing of it', () => {
  const code = '010950600013435210L7';
  expect(why(code, ']C1', 'L8')).toBe('it is lot L7');
  expect(why(code, ']C1', 'L7')).toBeUndefined();
  expect(why(code, ']C1', undefined)).toBeUndefined();
  expect(why('0109506000134352', ']C1', 'L8')).toBeUndefined();
});

test('an article without a GTIN is named by its SKU only', () => {
  const nameless = { sku: sku('MILK-1L') };
  const read = { code: '9506000134352', aim: undefined };
  expect(whyNotArticle(read, nameless, undefined)).toBeDefined();
  expect(whyNotArticle({ ...read, code: 'MILK-1L' }, nameless, undefined)).toBeUndefined();
});
