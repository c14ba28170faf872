import type { Order, OrderLine } from '../../src/domain/books.ts';
import type { HostId, OrderId } from '../../src/domain/ids.ts';
import { at, sku } from './demo.ts';

export const line = (name: string, qty: number, more: Partial<OrderLine> = {}): OrderLine => ({
  sku: sku(name),
  qty,
  stockStatus: 'available',
  qtyDone: 0,
  ...more,
});

/** A retrieval order that has just been accepted. */
export const order = (lines: readonly OrderLine[], more: Partial<Order> = {}): Order => ({
  order: 'SO-1' as OrderId,
  host: 'wms' as HostId,
  kind: 'retrieval',
  content: '',
  no: 1,
  priority: 5,
  hold: false,
  station: at('PICK-01'),
  lines,
  ifShort: 'wait',
  status: 'queued',
  revision: 1,
  loadUnits: [],
  open: [],
  reasons: [],
  changedAtMs: 0,
  ...more,
});
