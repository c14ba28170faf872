import type { LabelData, LoadUnitData, MovementData, OrderData } from '../contract/messages.ts';
import type { LoadUnit, Order, OrderLine, StockLine } from '../domain/books.ts';
import type { LoadUnitId, LocationId, OrderId } from '../domain/ids.ts';
import type { Label } from '../domain/label.ts';
import type { Work } from './work.ts';

/** Rows of the books as the hosts are told of them. */
export const eventData = {
  order: (order: Order): OrderData => ({
    order: order.order,
    host: order.host,
    kind: order.kind,
    revision: order.revision,
    status: order.status,
    lines: order.lines.length === 0 ? undefined : order.lines.map((line) => orderLine(order, line)),
    loadUnits: order.loadUnits,
    target: order.targets?.at(-1) ?? order.targetWanted,
    station: order.station,
    location: order.location,
    wave: order.wave,
    reasons: order.reasons.length === 0 ? undefined : order.reasons,
  }),
  loadUnit: (unit: LoadUnit, change: LoadUnitData['change']): LoadUnitData => ({
    loadUnit: unit.loadUnit,
    lpn: unit.lpn,
    sscc: unit.sscc,
    change,
    status: unit.status,
    location: unit.status === 'announced' ? undefined : unit.toldPlace,
    loadUnitType: unit.type,
    weightKg: unit.massKg,
    heightMm: unit.heightMm,
    lines: unit.lines.map(stockLine),
  }),
};

function orderLine(order: Order, { qtyDone, ...line }: OrderLine) {
  const isOver = order.status === 'completed' || order.status === 'canceled';
  return { ...line, qtyDone, qtyShort: isOver ? Math.max(0, line.qty - qtyDone) : 0 };
}

const stockLine = ({ stockStatus, ...line }: StockLine) =>
  stockStatus === 'available' ? line : { ...line, stockStatus };

/** Tells the hosts that a load unit has come to where it is now, from where they believed it to be. */
export function tellMovement(
  work: Work,
  kind: MovementData['kind'],
  unit: LoadUnit,
  more: {
    readonly order?: OrderId | undefined;
    readonly to?: LocationId;
    readonly reasons?: MovementData['reasons'];
  } = {},
): void {
  const { order, reasons } = more;
  const to = more.to ?? unit.place;
  if (to === unit.toldPlace) return;
  const data: MovementData = {
    kind,
    loadUnit: unit.loadUnit,
    sscc: unit.sscc,
    from: unit.toldPlace,
    to,
    lines: unit.lines.map(stockLine),
    cause: work.cause.id,
    order,
    host: order && work.warehouse.tables.order.get(order)?.host,
    ...bySource(work.cause.by),
    reasons,
  };
  work.emit('movement', `loadUnit/${unit.loadUnit}`, data);
  work.edit(unit.loadUnit, { toldPlace: to });
}

/**
 * Tells the hosts that goods have changed: from one load unit to another, by a count, or in their status. Where
 * the load unit is, is told elsewhere.
 */
export function tellGoods(
  work: Work,
  kind: 'picked' | 'packed' | 'adjusted' | 'counted',
  unit: LoadUnit,
  more: {
    readonly from: string;
    readonly to: string;
    readonly lines: MovementData['lines'];
    readonly toLoadUnit?: LoadUnitId | undefined;
    readonly order?: OrderId | undefined;
    readonly why?: string | undefined;
  },
): void {
  const { order, why, lines, ...where } = more;
  const source = bySource(work.cause.by);
  const code = source.host === undefined ? 'OPERATOR' : 'HOST';
  const data: MovementData = {
    kind,
    loadUnit: unit.loadUnit,
    sscc: unit.sscc,
    ...where,
    lines: lines.map((line) => ({ ...line, ...hiddenStatus(line) })),
    cause: work.cause.id,
    order,
    host: order && work.warehouse.tables.order.get(order)?.host,
    ...source,
    reasons: why === undefined ? undefined : [{ code, detail: why.slice(0, 200) }],
  };
  work.emit('movement', `loadUnit/${unit.loadUnit}`, data);
}

/** Available is what is not said. */
const hiddenStatus = ({ stockStatus, fromStatus }: MovementData['lines'][number]) =>
  stockStatus === 'available' && fromStatus === undefined ? { stockStatus: undefined } : {};

export function tellLoadUnit(
  work: Work,
  unit: LoadUnit,
  change: LoadUnitData['change'],
  more: Partial<LoadUnitData> = {},
): void {
  const data = { ...eventData.loadUnit(unit, change), ...bySource(work.cause.by), ...more };
  work.emit('loadUnit', `loadUnit/${unit.loadUnit}`, data);
}

export function tellLabel(work: Work, label: Label, status: LabelData['status']): void {
  const { template, printer, loadUnit, sscc, proof, copy = 1, name, host = 'local' } = label;
  const data: LabelData = {
    label: name ?? label.label,
    template,
    status,
    copy,
    ...(status !== 'failed' && status !== 'unknown' && { proof }),
    printer,
    loadUnit,
    sscc,
    host,
  };
  work.emit('label', `label/${data.label}`, data);
}

/** `operator/op-1` is a person, `host/wms` a host, `timer` nobody; all else is a device. */
function bySource(by: string): { device?: string; operator?: string; host?: string } {
  const [kind, name] = by.split('/');
  if (kind === 'operator' && name !== undefined) return { operator: name };
  if (kind === 'host' && name !== undefined) return { host: name };
  return kind === 'timer' ? {} : { device: by };
}
