import type { StockAdjustData, StockBlockData } from '../contract/messages.ts';
import type { LoadUnit, StockLine } from '../domain/books.ts';
import type { LocationId, Sku } from '../domain/ids.ts';
import { partOf } from '../domain/site-part.ts';
import { type Goods, qtyOf } from '../domain/stock-lines.ts';
import { type Answer, refuse } from './answers.ts';
import { setLock } from './locks.ts';
import { canonicalUnit } from './order-checks.ts';
import { adjustGoods, restateGoods } from './picking.ts';
import { stationWorkOf } from './station-steps.ts';
import { tellLoadUnit } from './telling.ts';
import type { Work } from './work.ts';

/** Sets the quantity of one line of one load unit, if the books still show what the host believes. */
export function adjust(work: Work, data: StockAdjustData): Answer {
  const { loadUnit: name, sku, lot, expiry, stockStatus, expectedQty, qty, reason } = data;
  const unit = work.warehouse.loadUnit(canonicalUnit(work, name));
  if (unit === undefined || !isStock(unit)) {
    return unknown('/loadUnit', `${name} is not in the warehouse`);
  }
  if (!work.warehouse.tables.sku.has(sku as Sku)) return unknown('/sku', `${sku} is not known`);
  const goods: Goods = { sku: sku as Sku, lot, expiry, stockStatus };
  const booked = qtyOf(unit.lines, goods);
  if (booked !== expectedQty) {
    const detail = `${name} holds ${booked} of it, not ${expectedQty}`;
    return refuse('PRECONDITION_FAILED', detail, { current: { loadUnit: name, sku, qty: booked } });
  }
  adjustGoods(work, 'adjusted', { loadUnit: unit.loadUnit, goods, qty, why: reason });
  work.explain(`${booked} x ${sku} were set to ${qty}: ${reason}.`, unit.loadUnit);
  tellStation(work, unit);
  return {};
}

const isStock = ({ status }: LoadUnit): boolean => status !== 'announced' && status !== 'gone';

const unknown = (path: string, message: string): Answer =>
  refuse('UNKNOWN_REFERENCE', '1 name is not known here', { errors: [{ path, message }] });

/** What people were asked to take may not be there any more: they are asked anew. */
function tellStation(work: Work, { workflow }: LoadUnit): void {
  if (workflow === undefined) return;
  const atStation = stationWorkOf(workflow);
  if (!work.warehouse.tables.workflow.has(atStation)) return;
  work.send(atStation, { type: 'stock.changed' });
}

/** Changes the status of stock, also of what is only announced, or locks a place. */
export function block(work: Work, data: StockBlockData): Answer {
  if (data.location !== undefined) return lock(work, data.location as LocationId, data);
  const units = unitsOf(work, data);
  if (!Array.isArray(units)) return units as Answer;
  for (const unit of units as readonly LoadUnit[]) restate(work, unit, data);
  return {};
}

function unitsOf(work: Work, { loadUnit, sku }: StockBlockData): readonly LoadUnit[] | Answer {
  if (loadUnit !== undefined) {
    const unit = work.warehouse.loadUnit(canonicalUnit(work, loadUnit));
    const isHere = unit !== undefined && unit.status !== 'gone';
    return isHere ? [unit] : unknown('/loadUnit', `${loadUnit} is not in the warehouse`);
  }
  if (!work.warehouse.tables.sku.has(sku as Sku)) return unknown('/sku', `${sku} is not known`);
  return work.warehouse.withSku(sku as Sku).filter(({ status }) => status !== 'gone');
}

function restate(work: Work, unit: LoadUnit, data: StockBlockData): void {
  const { sku, lot, stockStatus = 'blocked', reason } = data;
  const isMeant = (line: StockLine) =>
    (sku === undefined || line.sku === sku) &&
    (lot === undefined || line.lot === lot) &&
    line.stockStatus !== stockStatus;
  const lines = unit.lines.filter(isMeant);
  if (lines.length === 0) return;
  if (!isStock(unit)) {
    // Nobody has it yet, so no movement says so; but it comes in with this status.
    const restated = unit.lines.map((line) => (isMeant(line) ? { ...line, stockStatus } : line));
    return tellLoadUnit(work, work.edit(unit.loadUnit, { lines: restated }), 'statusChanged');
  }
  for (const { qty: _, ...goods } of lines) {
    restateGoods(work, { loadUnit: unit.loadUnit, goods, stockStatus, why: reason });
  }
  tellStation(work, unit);
}

function lock(work: Work, location: LocationId, { lock: how, reason }: StockBlockData): Answer {
  const { lock: questions } = work.warehouse.tables;
  const kind = partOf(work.parts.topology, location)?.kind;
  // What stands on the floor is locked by those who see it.
  if (kind === undefined || kind === 'place' || kind === 'exit') {
    return unknown('/location', `${location} is not a place that can be locked`);
  }
  const open = [...work.warehouse.openDiscrepancies()].find(
    (question) => question.location === location && questions.has(location),
  );
  if (open !== undefined) {
    const detail = `${location} is closed until discrepancy ${open.no} is settled: ${open.text}`;
    return refuse('CONFLICT', detail);
  }
  // Ledgers of before kept these locks among the questions.
  if (how === 'none') questions.remove(location);
  const outcome = setLock(work, { part: location, lock: how ?? 'none', reason });
  return outcome.ok ? {} : refuse(outcome.code, outcome.reason);
}
