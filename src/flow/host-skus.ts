import type { SkuPutData } from '../contract/messages.ts';
import type { Sku } from '../domain/ids.ts';
import type { Answer } from './answers.ts';
import type { Work } from './work.ts';

/** Replaces the record of each SKU. */
export function putSkus(work: Work, { skus }: SkuPutData): Answer {
  for (const record of skus) {
    const { unit, strategy, split, minRemainingDays } = record;
    const sku = record.sku as Sku;
    const demand = work.warehouse.tables.sku.get(sku)?.demand;
    const known = { unit, strategy, split, minRemainingDays, demand };
    work.warehouse.tables.sku.put({ sku, ...known, record });
  }
  work.isAllocationDue = true;
  return {};
}
