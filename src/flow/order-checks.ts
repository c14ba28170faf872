import type { OrderCreateData } from '../contract/messages.ts';
import type { HostId, LoadUnitId, LocationId, OrderId, Sku } from '../domain/ids.ts';
import { type Answer, refuse } from './answers.ts';
import type { Work } from './work.ts';

/** Orders for one load unit that may wait for each other. */
const ordersPerLoadUnitMax = 5;

interface Unknown {
  readonly path: string;
  readonly message: string;
}

/** A load unit may be named by its SSCC. */
export function canonicalUnit(work: Work, name: string): LoadUnitId {
  return work.warehouse.bySscc(name as never)?.loadUnit ?? (name as LoadUnitId);
}

/** Why an order cannot be taken in as it is; undefined when it can. */
export function whyNotOrder(work: Work, host: HostId, data: OrderCreateData): Answer | undefined {
  const unknown = unknownNames(work, data);
  if (unknown.length > 0) {
    const count = unknown.length === 1 ? '1 name is' : `${unknown.length} names are`;
    return refuse('UNKNOWN_REFERENCE', `${count} not known here`, { errors: unknown });
  }
  return whyTooMany(work, host, data) ?? whyNotThere(work, data);
}

function whyTooMany(work: Work, host: HostId, data: OrderCreateData): Answer | undefined {
  const { openOrdersMax } = work.parts.topology.site.limits;
  const open = [...work.warehouse.openOrders()];
  if (open.filter((order) => order.host === host).length >= openOrdersMax) {
    return refuse('LIMIT_REACHED', `${openOrdersMax} orders of ${host} are open`, {
      retryAfterS: 60,
    });
  }
  const wanted = data.loadUnit && canonicalUnit(work, data.loadUnit);
  const rivals = open.filter((order) => wanted !== undefined && order.wanted === wanted).length;
  if (rivals >= ordersPerLoadUnitMax) {
    return refuse('LIMIT_REACHED', `${rivals} orders wait for ${wanted}`, { retryAfterS: 60 });
  }
  return undefined;
}

/** What can never be done, whatever comes: who asks for it should know at once. */
function whyNotThere(
  work: Work,
  { kind, loadUnit, location }: OrderCreateData,
): Answer | undefined {
  const unit = loadUnit && work.warehouse.loadUnit(canonicalUnit(work, loadUnit));
  if (!unit) return undefined;
  const from = work.parts.topology.placeOf(unit.place);
  if (kind === 'putaway' && from.kind === 'cell') {
    return refuse('TOO_LATE', `${unit.loadUnit} is stored at ${unit.place} already`);
  }
  if (kind !== 'relocation') return undefined;
  if (from.kind !== 'cell') {
    return refuse('LOCATION_REFUSED', `${unit.loadUnit} is at ${unit.place}, not in a rack`);
  }
  const to = location === undefined ? undefined : work.parts.topology.find(location);
  if (to?.kind === 'cell' && to.aisle.aisle !== from.aisle.aisle) {
    const detail = `no crane reaches both ${unit.place} and ${location}: order it out and in again`;
    return refuse('LOCATION_REFUSED', detail);
  }
  return undefined;
}

function unknownNames(work: Work, data: OrderCreateData): Unknown[] {
  const { lines = [], target, orders = [], label, sku } = data;
  const { templates } = work.parts;
  const type = target?.loadUnitType;
  const template = label?.template;
  return [
    ...unknownStation(work, data),
    ...unknownUnits(work, data),
    ...unless(type === undefined || isUnitType(work, type), '/target/loadUnitType', type),
    ...lines.flatMap((line, i) => unless(isSku(work, line.sku), `/lines/${i}/sku`, line.sku)),
    ...unless(sku === undefined || isSku(work, sku), '/sku', sku),
    ...orders.flatMap((order, i) => {
      const row = work.warehouse.tables.order.get(order as OrderId);
      return unless(row?.kind === 'pick', `/orders/${i}`, order, 'is not a pick order known here');
    }),
    ...unless(
      template === undefined || templates === undefined || templates.has(template),
      '/label/template',
      template,
      'is not a template of this site',
    ),
    ...unknownLocation(work, data),
  ];
}

const unless = (
  isKnown: boolean,
  path: string,
  name: string | undefined,
  what = 'is not known',
): Unknown[] => (isKnown ? [] : [{ path, message: `${name} ${what}` }]);

function unknownStation(work: Work, { kind, station }: OrderCreateData): Unknown[] {
  const isAtStation = kind !== 'putaway' && kind !== 'relocation';
  const where = kind === 'count' ? (station ?? firstWorkstation(work)) : station;
  if (!isAtStation && where === undefined) return [];
  const isKnown = where !== undefined && isWorkstation(work, where);
  return unless(isKnown, '/station', where, 'is not a workstation of this site');
}

const unknownUnits = (work: Work, { loadUnit, loadUnits = [] }: OrderCreateData): Unknown[] => [
  ...unless(loadUnit === undefined || isKnownUnit(work, loadUnit), '/loadUnit', loadUnit),
  ...loadUnits.flatMap((name, i) => unless(isKnownUnit(work, name), `/loadUnits/${i}`, name)),
];

function unknownLocation(work: Work, { kind, location }: OrderCreateData): Unknown[] {
  if (location === undefined) return [];
  const path = '/location';
  if (work.parts.topology.find(location)?.kind !== 'cell') {
    return [{ path, message: `${location} is not a cell of this site` }];
  }
  if (kind !== 'count' || work.warehouse.countAt(location as LocationId) > 0) return [];
  const message = `nothing is booked at ${location}: have the crane look into it (stock check)`;
  return [{ path, message }];
}

const isSku = ({ warehouse }: Work, sku: string): boolean => warehouse.tables.sku.has(sku as Sku);

const isUnitType = ({ parts }: Work, type: string): boolean =>
  parts.topology.site.loadUnitTypes.some(({ code }) => code === type);

const isKnownUnit = (work: Work, name: string): boolean =>
  work.warehouse.loadUnit(canonicalUnit(work, name)) !== undefined;

export function isWorkstation({ parts }: Work, location: string): boolean {
  const place = parts.topology.find(location);
  return place?.kind === 'station' && place.station.kind === 'workstation';
}

/** Where a count that names no station is done: the first workstation of the site file. */
export const firstWorkstation = ({ parts }: Work): LocationId | undefined =>
  parts.topology.site.stations.find(({ kind }) => kind === 'workstation')?.location;

/** What a count order counts: what it names, and what stands there or holds it now. */
export function unitsToCount(
  work: Work,
  { loadUnit, location, sku }: OrderCreateData,
): readonly LoadUnitId[] {
  if (loadUnit !== undefined) return [canonicalUnit(work, loadUnit)];
  const units =
    location === undefined
      ? work.warehouse.withSku(sku as Sku)
      : work.warehouse.at(location as LocationId);
  return units.filter(({ status }) => status === 'present').map((unit) => unit.loadUnit);
}
