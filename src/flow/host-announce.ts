import type { AnnounceData } from '../contract/messages.ts';
import type { LoadUnit } from '../domain/books.ts';
import { type LoadUnitId, OUTSIDE, type Sku, type Sscc } from '../domain/ids.ts';
import { type Answer, refuse } from './answers.ts';
import { tellLoadUnit } from './telling.ts';
import type { Work } from './work.ts';

type Notice = AnnounceData['loadUnits'][number];

/** Advance notice of load units, taken whole or refused whole; changeable until received. */
export function announce(work: Work, { asn, loadUnits }: AnnounceData): Answer {
  const unknown = unknownNames(work, loadUnits);
  if (unknown.length > 0) {
    const count = unknown.length === 1 ? '1 name is' : `${unknown.length} names are`;
    return refuse('UNKNOWN_REFERENCE', `${count} not known here`, { errors: unknown });
  }
  const twice = namedTwice(loadUnits);
  if (twice.length > 0) {
    return refuse('INVALID', 'a load unit is announced once in a notice', { errors: twice });
  }
  const taken = loadUnits.flatMap((notice, i) => takenSscc(work, notice, i));
  if (taken.length > 0) {
    return refuse('CONFLICT', 'an SSCC belongs to another load unit', { errors: taken });
  }
  for (const notice of loadUnits) {
    const known = find(work, notice);
    if (known !== undefined && isHere(known)) {
      return refuse('TOO_LATE', `${known.loadUnit} is in the warehouse already`, {
        current: { loadUnit: known.loadUnit, status: known.status, location: known.toldPlace },
      });
    }
  }
  for (const notice of loadUnits) note(work, notice, asn);
  return {};
}

const isHere = ({ status }: LoadUnit): boolean => status !== 'announced' && status !== 'gone';

/** One SSCC, one load unit: whoever scans it must find the right one. */
function takenSscc(work: Work, { lpn, sscc }: Notice, i: number) {
  const bearer = sscc === undefined ? undefined : work.warehouse.bySscc(sscc as Sscc);
  if (bearer === undefined || lpn === undefined || bearer.loadUnit === lpn) return [];
  return [{ path: `/loadUnits/${i}/sscc`, message: `${sscc} belongs to ${bearer.loadUnit}` }];
}

/** The later one would silently take the place of the first, or both would bear one SSCC. */
function namedTwice(notices: readonly Notice[]): { path: string; message: string }[] {
  const seen = new Map<string, number>();
  return notices.flatMap(({ lpn, sscc }, i) => {
    const names = [...new Set([lpn, sscc])].flatMap((name) => name ?? []);
    const known = names.find((name) => seen.has(name));
    for (const name of names) if (!seen.has(name)) seen.set(name, i);
    if (known === undefined) return [];
    const first = `/loadUnits/${seen.get(known)}`;
    return [{ path: `/loadUnits/${i}`, message: `${known} is named at ${first} already` }];
  });
}

function find(work: Work, { lpn, sscc }: Notice): LoadUnit | undefined {
  const byName = work.warehouse.loadUnit((lpn ?? sscc) as LoadUnitId);
  return byName ?? (sscc === undefined ? undefined : work.warehouse.bySscc(sscc as Sscc));
}

function note(work: Work, notice: Notice, asn: string | undefined): void {
  const known = find(work, notice);
  const loadUnit = known?.loadUnit ?? ((notice.lpn ?? notice.sscc) as LoadUnitId);
  if (notice.withdraw) {
    if (known?.status !== 'announced') return;
    tellLoadUnit(work, work.edit(loadUnit, { status: 'gone' }), 'withdrawn');
    return;
  }
  const unit: LoadUnit = {
    loadUnit,
    handle: known?.handle ?? work.warehouse.next('handle'),
    lpn: notice.lpn,
    sscc: notice.sscc as Sscc | undefined,
    type: notice.loadUnitType,
    massKg: notice.weightKg,
    heightMm: notice.heightMm,
    lines: (notice.lines ?? []).map(({ sku, qty, lot, expiry, stockStatus }) => ({
      sku: sku as Sku,
      qty,
      lot,
      expiry,
      stockStatus,
    })),
    status: 'announced',
    place: OUTSIDE,
    toldPlace: OUTSIDE,
    confidence: 'inferred',
    movedNo: known?.movedNo ?? 0,
    receivedNo: 0,
    asn,
    expectedAt: notice.expectedAt,
    station: notice.station,
  };
  work.warehouse.tables.loadUnit.put(unit);
  tellLoadUnit(work, unit, 'announced');
}

/** Nothing is created silently: every name must be known. Master data of SKUs come first. */
function unknownNames(
  work: Work,
  loadUnits: readonly Notice[],
): { path: string; message: string }[] {
  const { site } = work.parts.topology;
  return loadUnits.flatMap(({ loadUnitType, station, lines = [] }, i) => {
    const found: { path: string; message: string }[] = [];
    if (!site.loadUnitTypes.some(({ code }) => code === loadUnitType)) {
      found.push({ path: `/loadUnits/${i}/loadUnitType`, message: `${loadUnitType} is not known` });
    }
    if (station !== undefined && work.parts.topology.find(station) === undefined) {
      found.push({ path: `/loadUnits/${i}/station`, message: `${station} is not known` });
    }
    lines.forEach(({ sku }, line) => {
      if (work.warehouse.tables.sku.has(sku as Sku)) return;
      found.push({ path: `/loadUnits/${i}/lines/${line}/sku`, message: `${sku} is not known` });
    });
    return found;
  });
}
