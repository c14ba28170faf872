import { whyNotArticle } from '../domain/article-code.ts';
import type { LoadUnit } from '../domain/books.ts';
import { readCode } from '../domain/gs1.ts';
import {
  type LoadUnitId,
  type LocationId,
  type OrderId,
  OUTSIDE,
  type Sscc,
} from '../domain/ids.ts';
import type { Expectation } from '../domain/station-step.ts';
import { type Goods, isSameGoods, qtyOf } from '../domain/stock-lines.ts';
import { tellReading } from './code-text.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

interface Asked {
  readonly station: LocationId;
  readonly order?: OrderId | undefined;
  readonly expects: readonly Expectation[];
  readonly loadUnit?: LoadUnitId | undefined;
  readonly done?: readonly Goods[] | undefined;
}

interface Read {
  readonly code: string;
  readonly aim: string | undefined;
}

/** What a scan says to the workflow that asks, or why it is no answer to it. */
export type ScanVerdict =
  | { readonly event: { readonly type: string }; readonly text: string }
  | { readonly why: string };

/** Compares a scan with what the step expects; the first expectation that it meets counts. */
export function answersStep(work: Work, step: Asked, read: Read): ScanVerdict {
  let why = 'nothing is to be scanned here now';
  for (const expected of step.expects) {
    const verdict = meets(work, step, expected, read);
    if ('event' in verdict) return verdict;
    why = verdict.why;
  }
  return { why };
}

function meets(work: Work, step: Asked, expected: Expectation, read: Read): ScanVerdict {
  switch (expected.scan) {
    case 'loadUnit':
      return asLoadUnit(work, expected.loadUnit, read);
    case 'target':
      return asTarget(work, step, expected.loadUnit, read);
    case 'anyLoadUnit':
      return asAnyLoadUnit(work, step.station, expected, read);
    case 'place':
      return asPlace(work, step.station, read);
    case 'article':
      return asArticle(work, expected, read);
    case 'label':
      return asLabel(expected.sscc, read);
    case 'anyArticle':
      return asFound(work, step, read);
  }
}

function asLoadUnit(work: Work, expected: LoadUnitId, read: Read): ScanVerdict {
  const named = nameIn(work, read);
  if ('why' in named) return named;
  const { loadUnit } = named;
  if (loadUnit !== expected) return { why: `that is ${loadUnit}, not ${expected}` };
  return { event: { type: 'scan.loadUnit', loadUnit } as never, text: `${loadUnit}, right.` };
}

/** Whatever it is: the step after it says what the books know of it. */
function asAnyLoadUnit(
  work: Work,
  station: LocationId,
  { except = [] }: Expectation & { readonly scan: 'anyLoadUnit' },
  read: Read,
): ScanVerdict {
  const named = nameIn(work, read);
  if ('why' in named) return named;
  const { loadUnit, sscc } = named;
  if (except.includes(loadUnit)) return { why: `${loadUnit} has been seen already` };
  const unit = work.warehouse.loadUnit(loadUnit);
  const why = unit === undefined ? whyNoName(work, loadUnit, read.code) : undefined;
  if (why !== undefined) return { why };
  const order = unit?.place === station && unit.workflow?.startsWith('retrieval/') && unit.order;
  if (order) return { why: `${loadUnit} has come for ${order}: stop here, and scan it again` };
  return { event: { type: 'scan.seen', loadUnit, sscc } as never, text: `${loadUnit}.` };
}

/** @param desk  of the crane whose aisle it has to be in */
function asPlace(work: Work, desk: LocationId, { code }: Read): ScanVerdict {
  const { topology } = work.parts;
  const location = topology.hostCodes.meantByPerson(code);
  const [place, own] = [topology.find(location), topology.find(desk)];
  const isOfAisle = place && own && 'aisle' in place && 'aisle' in own && place.aisle === own.aisle;
  if (!isOfAisle) return { why: `${code} is no place of this aisle` };
  return { event: { type: 'scan.place', location } as never, text: `${location}.` };
}

/** What names something else cannot name a load unit. */
function whyNoName(work: Work, loadUnit: LoadUnitId, code: string): string | undefined {
  const { topology } = work.parts;
  const place = topology.hostCodes.meantByPerson(loadUnit);
  if (topology.find(place) !== undefined) return `${loadUnit} is a place`;
  const isArticle = [...work.warehouse.tables.sku.values()].some(({ sku, record }) => {
    const { gtin } = record as { gtin?: string };
    return whyNotArticle({ code, aim: undefined }, { sku, gtin }, undefined) === undefined;
  });
  return isArticle ? `${loadUnit} is an article` : undefined;
}

function asArticle(
  work: Work,
  { sku, lot }: Expectation & { readonly scan: 'article' },
  read: Read,
): ScanVerdict {
  const record = work.warehouse.tables.sku.get(sku)?.record as { gtin?: string } | undefined;
  const why = whyNotArticle(read, { sku, gtin: record?.gtin }, lot);
  if (why !== undefined) return { why: `${why}; ${sku} is wanted` };
  return { event: { type: 'scan.article' }, text: `${sku}, right.` };
}

function asLabel(expected: Sscc, { code, aim }: Read): ScanVerdict {
  const reading = readCode(code, aim);
  if (reading.kind !== 'sscc') return { why: 'that is not the label' };
  if (reading.sscc !== expected) return { why: `that is label ${reading.sscc}, not ${expected}` };
  return { event: { type: 'scan.label' }, text: 'The label is right.' };
}

/** Something that lies in a load unit, and that the books do not have there. */
function asFound(work: Work, { loadUnit, done = [] }: Asked, read: Read): ScanVerdict {
  const known = [...work.warehouse.tables.sku.values()].find(({ sku, record }) => {
    const { gtin } = record as { gtin?: string };
    return whyNotArticle(read, { sku, gtin }, undefined) === undefined;
  });
  if (known === undefined) return { why: `no article that this site knows` };
  const goods = { sku: known.sku, ...lotIn(read), stockStatus: 'available' } as const;
  if (done.some((other) => isSameGoods(other, goods))) {
    return { why: `${known.sku} has been counted already` };
  }
  const unit = loadUnit === undefined ? undefined : work.warehouse.loadUnit(loadUnit);
  const booked = unit === undefined ? 0 : qtyOf(unit.lines, goods);
  const event = { type: 'scan.found', goods, booked } as never;
  return { event, text: `${known.sku}: count it.` };
}

/** Lot and expiry, where the code tells them. */
function lotIn({ code, aim }: Read): { lot?: string; expiry?: string } {
  const reading = readCode(code, aim);
  if (reading.kind !== 'gs1') return {};
  const lot = reading.elements.find(({ ai }) => ai === '10')?.value;
  return lot === undefined ? {} : { lot };
}

/** An empty load unit that nobody works on, or a new number: it is made, and stands at the station. */
function asTarget(
  work: Work,
  { station, order }: Asked,
  wanted: LoadUnitId | undefined,
  read: Read,
): ScanVerdict {
  const named = nameIn(work, read);
  if ('why' in named) return named;
  const { loadUnit, sscc } = named;
  if (wanted !== undefined && loadUnit !== wanted)
    return { why: `that is ${loadUnit}, not ${wanted}` };
  const why = whyNoTarget(work, { station, order, loadUnit, code: read.code });
  if (why !== undefined) return { why };
  bringTarget(work, { station, order, loadUnit, sscc });
  return { event: { type: 'scan.target', loadUnit } as never, text: `${loadUnit} takes them.` };
}

function whyNoTarget(
  work: Work,
  tote: { station: LocationId; order: OrderId | undefined; loadUnit: LoadUnitId; code: string },
): string | undefined {
  const { station, order, loadUnit, code } = tote;
  const unit = work.warehouse.loadUnit(loadUnit);
  if (unit === undefined) return whyNoName(work, loadUnit, code);
  if (unit.lines.length > 0) return `${loadUnit} is not empty`;
  if (unit.workflow !== undefined) return `${loadUnit} is under way`;
  if (unit.order !== undefined && unit.order !== order) return `${loadUnit} is for ${unit.order}`;
  const isHere = unit.status === 'present' && unit.place === station;
  const isNew = unit.status === 'announced' || unit.status === 'gone';
  return isHere || isNew ? undefined : `${loadUnit} is booked at ${unit.place}`;
}

export function bringTarget(
  work: Work,
  tote: {
    station: LocationId;
    order: OrderId | undefined;
    loadUnit: LoadUnitId;
    sscc: Sscc | undefined;
  },
): void {
  const { station, order, loadUnit, sscc } = tote;
  const known = work.warehouse.loadUnit(loadUnit);
  const wantedType = order && work.warehouse.tables.order.get(order)?.targetType;
  const type = wantedType ?? work.parts.topology.site.loadUnitTypes[0]?.code ?? 'UNKNOWN';
  if (known === undefined)
    work.warehouse.tables.loadUnit.put(newUnit(work, { loadUnit, sscc, type }));
  work.move(loadUnit, station, 'scanned');
  const unit = work.edit(loadUnit, { status: 'present' });
  tellMovement(work, 'received', unit, { order });
  if (known?.status !== 'present') tellLoadUnit(work, work.unit(loadUnit), 'inducted');
}

const newUnit = (
  { warehouse }: Work,
  named: Pick<LoadUnit, 'loadUnit' | 'sscc' | 'type'>,
): LoadUnit => ({
  ...named,
  handle: warehouse.next('handle'),
  lpn: named.sscc === undefined ? named.loadUnit : undefined,
  lines: [],
  status: 'announced',
  place: OUTSIDE,
  toldPlace: OUTSIDE,
  confidence: 'inferred',
  movedNo: 0,
  receivedNo: 0,
});

/** The load unit that a code names, known or not. */
function nameIn(
  work: Work,
  { code, aim }: Read,
): { readonly loadUnit: LoadUnitId; readonly sscc: Sscc | undefined } | { readonly why: string } {
  const reading = readCode(code, aim);
  if (reading.kind === 'lpn') return { loadUnit: reading.loadUnit, sscc: undefined };
  if (reading.kind !== 'sscc') return { why: tellReading(reading, code, work.nowMs) };
  const { sscc } = reading;
  const known = work.warehouse.bySscc(sscc)?.loadUnit;
  return { loadUnit: known ?? (sscc as string as LoadUnitId), sscc };
}
