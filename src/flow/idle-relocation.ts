import { craneTravelMs } from '../domain/crane-kinematics.ts';
import type { DeviceId, WorkflowId } from '../domain/ids.ts';
import { type Improvement, improve } from '../domain/layout-care.ts';
import type { Aisle, IdleWorkSettings } from '../domain/site.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import { cranePosition } from './crane-turn.ts';
import { nextStartMs } from './orders.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** Nothing is moved before nobody has wanted the crane for so long. */
const quietMs = 60_000;
/** One move takes no longer. */
const budgetMs = 60_000;
/** Cells that one decision looks at. */
const cellsPerLook = 500;
/** Until the whole aisle is looked at once more. */
const roundPauseMs = 900_000;
const gainByDefaultMs = 2_000;
const hourMs = 3_600_000;

/** Type of the event of the timer that wakes an idle crane. */
export const idleLookType = 'crane.idle';

/** What a crane has done of late. In memory only: after a start it waits as if it had just worked. */
interface Leisure {
  /** No move begins sooner. */
  readonly notBeforeMs: number;
  /** How far its aisle has been looked through. */
  readonly after: number;
}

const leisures = new WeakMap<Warehouse, Map<DeviceId, Leisure>>();

function leisureOf({ warehouse }: Work): Map<DeviceId, Leisure> {
  const known = leisures.get(warehouse) ?? new Map<DeviceId, Leisure>();
  leisures.set(warehouse, known);
  return known;
}

/** Whether a site wants any of it. */
export const wantsRelocations = (settings: IdleWorkSettings | undefined): boolean =>
  (settings?.relocationsPerHour ?? 0) > 0;

/** A crane has work: the quiet begins anew after it. */
export function noteBusy(work: Work, { crane }: Aisle): void {
  const all = leisureOf(work);
  const known = all.get(crane);
  const notBeforeMs = Math.max(known?.notBeforeMs ?? 0, work.nowMs + quietMs);
  if (known?.notBeforeMs !== notBeforeMs) all.set(crane, { after: known?.after ?? 0, notBeforeMs });
}

/**
 * Moves one load unit of an aisle to where it saves most time later, when nothing waits for the crane and
 * nothing is on its way to it.
 *
 * At most so many in an hour, none that takes longer than a minute, and none while an order would begin
 * before it is over.
 */
export function improveLayout(work: Work, runner: Runner, aisle: Aisle): void {
  const { idleWork } = work.parts.topology.site;
  const perHour = idleWork?.relocationsPerHour ?? 0;
  const all = leisureOf(work);
  const { notBeforeMs, after } = all.get(aisle.crane) ?? {
    notBeforeMs: work.nowMs + quietMs,
    after: 0,
  };
  if (isExpected(work, aisle) || isLocked(work, aisle)) return noteBusy(work, aisle);
  const wakeAt = (dueMs: number, next: number) => {
    all.set(aisle.crane, { notBeforeMs: dueMs, after: next });
    wake(work, aisle.crane, dueMs);
  };
  if (work.nowMs < notBeforeMs) return wakeAt(notBeforeMs, after);
  const at = { after, count: cellsPerLook };
  const look = improve(work.parts.slotting, work.warehouse, aisle, at);
  const { found } = look;
  const isWorth =
    found !== undefined &&
    found.gainMs >= (idleWork?.relocationGainMs ?? gainByDefaultMs) &&
    fits(work, aisle, found);
  if (!isWorth) return wakeAt(work.nowMs + (look.after === 0 ? roundPauseMs : 1_000), look.after);
  all.set(aisle.crane, { notBeforeMs: work.nowMs + hourMs / perHour, after });
  begin(work, runner, aisle, found);
}

const isLocked = ({ warehouse: { locks } }: Work, { aisle }: Aisle): boolean =>
  locks.onAisle(aisle, 'in') !== undefined || locks.onAisle(aisle, 'out') !== undefined;

/** Whether something is on its way to the crane, by which it will be wanted. */
function isExpected({ warehouse }: Work, { stations, crane }: Aisle): boolean {
  const { lhd } = warehouse.topology.aisleOfCrane(crane) ?? {};
  if (lhd !== undefined && warehouse.countAt(lhd) > 0) return true;
  return stations.some(
    ({ direction, location }) =>
      direction === 'in' && warehouse.countAt(location) + warehouse.errands.boundFor(location) > 0,
  );
}

/** It takes no longer than it may, and is over before the next order begins. */
function fits(work: Work, aisle: Aisle, { from, to }: Improvement): boolean {
  const { topology } = work.parts;
  const way = [cranePosition(work, aisle), topology.positionOf(from), topology.positionOf(to)];
  const travelMs = way
    .slice(1)
    .reduce(
      (sum, place, i) =>
        sum + craneTravelMs(way[i] as (typeof way)[number], place, aisle.kinematics),
      0,
    );
  const takesMs = travelMs + 2 * aisle.kinematics.transferMs;
  const nextMs = nextStartMs(work) ?? Number.POSITIVE_INFINITY;
  return takesMs <= budgetMs && work.nowMs + takesMs < nextMs;
}

function wake({ warehouse }: Work, crane: DeviceId, dueMs: number): void {
  const timer = { workflow: `idle/${crane}` as WorkflowId, timer: 'look' };
  const known = warehouse.tables.timer.get(`${timer.workflow}#${timer.timer}`);
  if (known?.dueMs === dueMs) return;
  warehouse.tables.timer.put({ ...timer, dueMs, event: { type: idleLookType } });
}

function begin(work: Work, runner: Runner, { crane }: Aisle, found: Improvement): void {
  const { loadUnit, from, to, gainMs, why } = found;
  const workflow = `idle/${loadUnit}/${work.warehouse.next('idleRelocation')}` as WorkflowId;
  work.warehouse.tables.reservation.put({ location: to, loadUnit });
  work.edit(loadUnit, { workflow });
  const text = `Nothing waits for ${crane}: ${loadUnit} is moved from ${from} to ${to}, as ${why} (${(gainMs / 1000).toFixed(1)} s to be saved).`;
  work.explain(text, crane, loadUnit, from, to);
  runner.start(work, 'relocation@1', workflow, { loadUnit, from, to });
}
