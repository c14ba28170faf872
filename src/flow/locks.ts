import { timeText } from '../contract/time.ts';
import type { LoadUnit } from '../domain/books.ts';
import { edgeKey } from '../domain/conveyor-network.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { fixedBy, lockText, type PartLock, whoLocked } from '../domain/locks.ts';
import { whyLockedIn } from '../domain/reachability.ts';
import { cellsInRange, partForms, partOf, type SitePart } from '../domain/site-part.ts';
import type { OperatorOutcome } from '../ports/intake.ts';
import type { LockView } from '../ports/reader.ts';
import type { Work } from './work.ts';

type Scope = Pick<Work, 'warehouse' | 'parts'>;

/** Locks that there may be. */
const locksMax = 10_000;
/** Of them ranges of cells: each of them is looked at for each cell of its aisle that changes. */
const rangesMax = 100;
/** Cells of one range: they are looked at one by one when it is locked or unlocked. */
const rangeCellsMax = 10_000;

export interface LockWish {
  readonly part: string;
  readonly lock: PartLock['lock'] | 'none';
  readonly reason: string;
}

/**
 * Locks a part of the site, or unlocks it. A new lock on the same part takes the place of the one before.
 *
 * What a crane or a conveyor has been sent to do is finished. What waits is planned anew: retrievals from locked cells
 * are taken back, and their orders get other load units or wait; putaways get another cell; ways lead round.
 */
export function setLock(work: Work, wish: LockWish): OperatorOutcome {
  const part = partOf(work.parts.topology, wish.part);
  if (part === undefined) return unknownPart(work, wish);
  const refused = whyRefused(work, part, wish);
  if (refused !== undefined) return refused;
  const { partLock } = work.warehouse.tables;
  const before = partLock.get(part.code);
  const { by } = work.cause;
  const { reason, lock } = wish;
  work.isAllocationDue = true;
  if (lock === 'none') {
    const fixed = work.warehouse.locks.fixed.find((one) => one.part === part.code);
    if (before === undefined && fixed !== undefined) {
      return conflict(`${lockText(part.code, fixed)}; take it out of the file to unlock it`);
    }
    if (before === undefined) return { ok: true, text: `${part.code} is not locked.` };
    partLock.remove(part.code);
    const text = `${part.code} is unlocked by ${whoLocked({ ...before, by })}: ${reason}.`;
    work.explain(text, part.code);
    return { ok: true, text };
  }
  const row: PartLock = { part: part.code, lock, reason, by, atMs: work.nowMs };
  partLock.put(row);
  const text = `${lockText(part.code, row)}.`;
  const instead = before === undefined ? '' : ` It was: ${lockText(part.code, before)}.`;
  work.explain(`${text}${instead}`, part.code);
  return { ok: true, text: `${text}${instead}${takeBack(work)}${tellThose(work, part, row)}` };
}

function unknownPart(work: Work, { part, lock, reason }: LockWish): OperatorOutcome {
  const { partLock } = work.warehouse.tables;
  // The site file has changed since: a lock on what is no more can only be cleared.
  if (lock === 'none' && partLock.has(part)) {
    partLock.remove(part);
    work.explain(
      `The lock on ${part}, which the site does not have any more, is cleared: ${reason}.`,
      part,
    );
    return { ok: true, text: `The lock on ${part}, which the site does not have, is cleared.` };
  }
  return notFound(`${part} cannot be locked here: name ${partForms}`);
}

function whyRefused(work: Work, part: SitePart, { lock }: LockWish): OperatorOutcome | undefined {
  const { partLock } = work.warehouse.tables;
  const before = partLock.get(part.code);
  if (before?.by.startsWith('operator/') === true && work.cause.by.startsWith('host/')) {
    return conflict(`${lockText(part.code, before)}; only people unlock it`);
  }
  if (lock === 'none') return undefined;
  if (part.kind === 'exit' && lock !== 'both') {
    return invalid(`${part.code} is an exit, which leads one way: lock it as both`);
  }
  if (part.kind === 'cells' && cellsInRange(part.range) > rangeCellsMax) {
    const cells = cellsInRange(part.range);
    return invalid(
      `${part.code} is ${cells} cells, ${rangeCellsMax} are allowed: lock the aisle, or less of it`,
    );
  }
  if (before !== undefined) return undefined;
  if (partLock.size >= locksMax) return conflict(`There are ${locksMax} locks: clear some first`);
  const isRange = (code: string) => partOf(work.parts.topology, code)?.kind === 'cells';
  const ranges = part.kind === 'cells' ? [...partLock.values()].filter((l) => isRange(l.part)) : [];
  return ranges.length < rangesMax
    ? undefined
    : conflict(`${rangesMax} ranges are locked: clear some, or lock their aisle`);
}

const notFound = (reason: string): OperatorOutcome => ({ ok: false, code: 'NOT_FOUND', reason });
const invalid = (reason: string): OperatorOutcome => ({ ok: false, code: 'INVALID', reason });
const conflict = (reason: string): OperatorOutcome => ({ ok: false, code: 'CONFLICT', reason });

/** Retrievals that wait for a crane and cannot begin any more: their orders look for something else, or wait. */
function takeBack(work: Work): string {
  let count = 0;
  for (const { loadUnit } of [...work.warehouse.tables.request.values()]) {
    const unit = loadUnit && work.unit(loadUnit);
    if (!unit?.workflow?.startsWith('retrieval/')) continue;
    const held = whyLockedIn(work.warehouse, unit);
    if (held === undefined) continue;
    work.explain(`${unit.loadUnit} is not fetched: ${held.detail}.`, unit.loadUnit, unit.order);
    work.send(unit.workflow, { type: 'order.cancel' });
    count++;
  }
  return count === 0 ? '' : ` ${count} that were to be fetched stay where they are.`;
}

/** Whoever stands in a place that is locked, or is on the way there or over an exit, is told. */
function tellThose(work: Work, part: SitePart, lock: PartLock): string {
  const concerned = placesOf(work, part).flatMap((place) => [
    ...work.warehouse.at(place),
    ...[...work.warehouse.errands.underWay()].filter(({ transit }) => transit?.to === place),
  ]);
  const units = [...new Map(concerned.map((unit): [string, LoadUnit] => [unit.loadUnit, unit]))];
  for (const [, { loadUnit, place, order, workflow }] of units) {
    const text = `${lockText(lock.part, lock)}; ${loadUnit} is at ${place} and goes on by what is open.`;
    work.explain(text, loadUnit, order, workflow);
  }
  return units.length === 0 ? '' : ` Concerned: ${units.map(([id]) => id).join(', ')}.`;
}

function placesOf({ parts }: Work, part: SitePart): readonly LocationId[] {
  if (part.kind === 'place') return [part.location];
  if (part.kind === 'area') return part.area.places;
  if (part.kind !== 'exit') return [];
  return parts.topology.network.edges
    .filter((edge) => edgeKey(edge) === part.code)
    .map(({ from }) => from);
}

/** What is locked, by code. */
export function lockViews({ warehouse, parts }: Scope): readonly LockView[] {
  const rows = [...warehouse.locks.fixed, ...warehouse.tables.partLock.values()];
  return rows
    .map(({ part, lock, reason, by, atMs }): LockView => {
      const kind = partOf(parts.topology, part)?.kind;
      const at = by === fixedBy ? {} : { at: timeText(atMs) };
      const hostCode = parts.topology.hostCodes.otherThan(part);
      const names = { part, ...(hostCode !== undefined && { hostCode }), ...(kind && { kind }) };
      return { ...names, lock, reason, by, ...at };
    })
    .sort((a, b) => (a.part < b.part ? -1 : 1));
}

/** The locks that are in force for a code: its own and those that it inherits; for a load unit, those of its place. */
export function locksFor({ warehouse, parts }: Scope, subject: string): readonly PartLock[] {
  const code = warehouse.loadUnit(subject as LoadUnitId)?.place ?? subject;
  const { locks, tables } = warehouse;
  const isAisle = parts.topology.site.aisles.some(({ aisle }) => aisle === code);
  const edge = parts.topology.network.edges.find((one) => edgeKey(one) === code);
  const found = (['in', 'out'] as const).map((way) =>
    isAisle ? locks.onAisle(code, way) : locks.on(code as LocationId, way),
  );
  const own = tables.partLock.get(partOf(parts.topology, code)?.code ?? code);
  const all = [own, ...found, edge && locks.onExit(edge)];
  return [...new Set(all)].flatMap((lock) => lock ?? []);
}
