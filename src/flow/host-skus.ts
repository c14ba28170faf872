import type { SkuPutData } from '../contract/messages.ts';
import type { Sku } from '../domain/ids.ts';
import type { Answer } from './answers.ts';
import type { Work } from './work.ts';

/** Replaces the record of each SKU. */
export function putSkus(work: Work, { skus }: SkuPutData): Answer {
  for (const record of skus) {
    const { unit, strategy, split, minRemainingDays } = record;
    const sku = record.sku as Sku;
    work.warehouse.tables.sku.put({ sku, unit, strategy, split, minRemainingDays, record });
  }
  work.isAllocationDue = true;
  return {};
}
