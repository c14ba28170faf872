import { readCode } from './gs1.ts';
import type { Sku } from './ids.ts';

/** An article as its codes name it. */
export interface ArticleNames {
  readonly sku: Sku;
  /** 8, 12, 13 or 14 digits. */
  readonly gtin?: string | undefined;
}

/** What of a code speaks against the goods that are asked for; undefined: it names them. */
export function whyNotArticle(
  { code, aim }: { readonly code: string; readonly aim: string | undefined },
  article: ArticleNames,
  lot: string | undefined,
): string | undefined {
  if (code === article.sku) return undefined;
  const wanted = article.gtin === undefined ? undefined : asGtin14(article.gtin);
  const reading = readCode(code, aim);
  if (reading.kind !== 'gs1') {
    const isIt = wanted !== undefined && /^[0-9]{8,14}$/.test(code) && asGtin14(code) === wanted;
    return isIt ? undefined : 'it does not name this article';
  }
  const elementOf = (ai: string) => reading.elements.find((element) => element.ai === ai)?.value;
  const gtin = elementOf('01');
  if (gtin === undefined) return 'it names no article';
  if (asGtin14(gtin) !== wanted) return `it names article ${gtin}`;
  const read = elementOf('10');
  return read === undefined || lot === undefined || read === lot ? undefined : `it is lot ${read}`;
}

/** All GTINs are 14 digits with leading zeros. Source: GS1 General Specifications, section 3.3.2. */
const asGtin14 = (digits: string): string => digits.padStart(14, '0');
