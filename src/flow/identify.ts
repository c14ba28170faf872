import type { LoadUnit } from '../domain/books.ts';
import { type CodeReading, readCode } from '../domain/gs1.ts';
import { type LoadUnitId, type LocationId, OUTSIDE, type WorkflowId } from '../domain/ids.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { printable, tellReading } from './code-text.ts';
import { tellTaken } from './listener.ts';
import { cameBack } from './returns.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

/**
 * Finds out which load unit stands at an identification point, books it there, and checks it.
 * An identity is never guessed: what was not read, or is booked elsewhere, becomes a load unit
 * of its own (`UNKNOWN-{n}`), for a person to settle.
 */
export function identify(
  work: Work,
  workflow: WorkflowId,
  { code, aim }: { code: string | undefined; aim: string | undefined },
): void {
  const found = pointOf(work, workflow);
  if (found === undefined) return;
  const { point, scanSeq } = found;
  const verdict = recognize(work, point, code, aim);
  const unit = 'unit' in verdict ? verdict.unit : makeUnknown(work, code);
  if (unit.workflow !== undefined && unit.workflow !== workflow) tellTaken(work, unit.workflow);
  arrive(work, unit, point.at, workflow);
  noteAtPoint(work, point, scanSeq, unit.loadUnit);

  const why = 'why' in verdict ? verdict.why : misfit(work, unit.loadUnit);
  if (why === undefined) {
    const hasSscc = unit.sscc !== undefined;
    work.send(workflow, { type: 'unit.identified', loadUnit: unit.loadUnit, hasSscc } as never);
    return;
  }
  work.explain(`${unit.loadUnit} is refused at ${point.at}: ${why}.`, unit.loadUnit);
  work.send(workflow, { type: 'unit.refused', loadUnit: unit.loadUnit, why } as never);
}

type Recognition = { readonly unit: LoadUnit } | { readonly why: string };

function recognize(
  work: Work,
  point: DecisionPoint,
  code: string | undefined,
  aim: string | undefined,
): Recognition {
  if (code === undefined) return { why: 'no code could be read' };
  const reading = readCode(code, aim);
  if (reading.kind === 'malformed' || reading.kind === 'gs1') {
    return { why: tellReading(reading, code, work.nowMs) };
  }
  const unit = unitNamed(work, reading);
  if (unit === undefined) return { why: `${printable(code)} was never announced` };
  return isExpectedAt(work, unit, point)
    ? { unit }
    : { why: `${unit.loadUnit} is booked at ${unit.place}` };
}

type Named = Extract<CodeReading, { kind: 'sscc' | 'lpn' }>;

/** The load unit that bears a code, as the books have it. */
export function unitNamed({ warehouse }: Work, reading: Named): LoadUnit | undefined {
  if (reading.kind !== 'sscc') return warehouse.loadUnit(reading.loadUnit);
  const { sscc } = reading;
  return warehouse.bySscc(sscc) ?? warehouse.loadUnit(sscc as string as LoadUnitId);
}

/** Announced, back from a workstation, or put back by a person. */
function isExpectedAt(work: Work, unit: LoadUnit, point: DecisionPoint): boolean {
  if (unit.status === 'announced' || unit.status === 'gone') return true;
  if (unit.status === 'missing' || unit.status === 'clarification') return true;
  if (unit.workflow !== undefined) return false;
  return unit.place === point.at || work.parts.topology.placeOf(unit.place).kind === 'station';
}

/** A load unit that nobody knows, under a name of our own. */
export function makeUnknown(work: Work, code: string | undefined): LoadUnit {
  const loadUnit = `UNKNOWN-${work.warehouse.next('unknown')}` as LoadUnitId;
  const unit: LoadUnit = {
    loadUnit,
    handle: work.warehouse.next('handle'),
    type: work.parts.topology.site.loadUnitTypes[0]?.code ?? 'UNKNOWN',
    lines: [],
    status: 'clarification',
    place: OUTSIDE,
    toldPlace: OUTSIDE,
    confidence: 'sensed',
    movedNo: 0,
    receivedNo: 0,
  };
  work.warehouse.tables.loadUnit.put(unit);
  if (code !== undefined) work.explain(`Its code reads ${printable(code)}.`, loadUnit);
  return unit;
}

function arrive(work: Work, unit: LoadUnit, at: LocationId, workflow: WorkflowId): void {
  const { loadUnit, status: before } = unit;
  const isUnknown = loadUnit.startsWith('UNKNOWN-');
  work.move(loadUnit, at, isUnknown ? 'sensed' : 'scanned');
  cameBack(work, loadUnit);
  const { heightMm, massKg } = measuresOf(work, workflow);
  const measured = {
    ...(heightMm === undefined ? {} : { heightMm }),
    ...(massKg === undefined ? {} : { massKg }),
  };
  const status = isUnknown ? 'clarification' : 'present';
  const arrived = work.edit(loadUnit, { status, workflow, order: undefined, ...measured });
  const isNew = before === 'announced' || before === 'gone' || isUnknown;
  tellMovement(work, isNew ? 'received' : before === 'missing' ? 'found' : 'relocated', arrived);
  if (!isUnknown && (before === 'clarification' || before === 'missing')) {
    answerItself(work, loadUnit);
    tellLoadUnit(work, work.unit(loadUnit), 'resolved');
  } else {
    tellLoadUnit(work, work.unit(loadUnit), isUnknown ? 'clarification' : 'inducted');
  }
}

/**
 * It is here: nobody needs to look for it any more, nor into the cell where it was not. A label of it that may lie about
 * is still to be looked for.
 */
export function answerItself(work: Work, loadUnit: LoadUnitId): void {
  for (const open of [...work.warehouse.openDiscrepancies()]) {
    if (open.loadUnit !== loadUnit || open.device !== undefined) continue;
    if (open.code === 'LABEL_UNKNOWN') continue;
    if (open.code === 'BIN_EMPTY' && open.location !== undefined) {
      work.warehouse.tables.lock.remove(open.location);
    }
    work.settle(open, 'itself');
  }
}

/** Why it may not be stored by its size or mass; undefined when it may. */
function misfit(work: Work, loadUnit: LoadUnitId): string | undefined {
  const { type: code, heightMm = 0, massKg = 0 } = work.unit(loadUnit);
  const type = work.parts.topology.site.loadUnitTypes.find((known) => known.code === code);
  if (type === undefined) return `its type ${code} is not known here`;
  if (heightMm > type.heightMaxMm) return `it is ${heightMm} mm high, ${type.heightMaxMm} mm fit`;
  if (massKg > type.massMaxKg) return `it weighs ${massKg} kg, ${type.massMaxKg} kg are allowed`;
  return undefined;
}

/** The point and the scan that an induct workflow is named after. */
export function pointOf(
  work: Work,
  workflow: WorkflowId,
): { readonly point: DecisionPoint; readonly scanSeq: number } | undefined {
  const [, device = '', number = '', , seq = ''] = workflow.split('/');
  const point = work.parts.topology.point(device as DecisionPoint['device'], Number(number));
  return point && { point, scanSeq: Number(seq) };
}

function measuresOf(
  work: Work,
  workflow: WorkflowId,
): { readonly heightMm: number | undefined; readonly massKg: number | undefined } {
  const found = pointOf(work, workflow);
  if (found === undefined) return { heightMm: undefined, massKg: undefined };
  const { device, point } = found.point;
  const load = work.warehouse
    .pointBook(device, point)
    .open.find(({ scanSeq }) => scanSeq === found.scanSeq);
  const massG = load?.massG;
  return { heightMm: load?.heightMm, massKg: massG === undefined ? undefined : massG / 1000 };
}

function noteAtPoint(
  work: Work,
  { device, point }: DecisionPoint,
  scanSeq: number,
  loadUnit: LoadUnitId,
): void {
  const book = work.warehouse.pointBook(device, point);
  const open = book.open.map((load) => (load.scanSeq === scanSeq ? { ...load, loadUnit } : load));
  work.warehouse.tables.point.put({ ...book, open });
}
