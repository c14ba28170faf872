import type { LocationId } from '../domain/ids.ts';
import type { Aisle } from '../domain/site.ts';
import { startCheck } from './cell-check.ts';
import { whyNotFree } from './dispatch.ts';
import { improveLayout, noteBusy, wantsRelocations } from './idle-relocation.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/**
 * Gives each crane for which nothing waits one look into a cell that it could settle a question about, or
 * one load unit that would stand better elsewhere, where the site wants that.
 *
 * One look at a time, so that what comes next waits for one mission at most; and one for each closed
 * cell, however it ends: what it has not settled is for a person. A crane in another mode than auto
 * does nothing by itself.
 */
export function startIdleWork(work: Work, runner: Runner): void {
  const { site } = work.parts.topology;
  const areLayouts = wantsRelocations(site.idleWork);
  if (site.idleWork?.checks !== true && !areLayouts) return;
  for (const aisle of site.aisles) {
    if (whyNotFree(work, aisle) !== undefined || isWanted(work, aisle)) {
      if (areLayouts) noteBusy(work, aisle);
      continue;
    }
    const cell = site.idleWork?.checks === true ? cellToSettle(work, aisle) : undefined;
    if (cell !== undefined) look(work, runner, aisle, cell);
    else if (areLayouts) improveLayout(work, runner, aisle);
  }
}

function isWanted({ warehouse }: Work, { crane }: Aisle): boolean {
  for (const request of warehouse.tables.request.values()) {
    if (request.crane === crane) return true;
  }
  return false;
}

/** The cell of the oldest question that a look may answer, and that can be reached without moving anything. */
function cellToSettle({ warehouse, parts }: Work, { aisle }: Aisle): LocationId | undefined {
  for (const { location, resolutions } of warehouse.openDiscrepancies()) {
    if (location === undefined) continue;
    if (!resolutions.some(({ resolution }) => resolution === 'check')) continue;
    const place = parts.topology.placeOf(location);
    if (place.kind !== 'cell' || place.aisle.aisle !== aisle) continue;
    const closed = warehouse.tables.lock.get(location);
    if (closed === undefined || closed.isLookedInto === true) continue;
    const front = parts.topology.frontOf(location);
    if (front === undefined || warehouse.countAt(front) === 0) return location;
  }
  return undefined;
}

function look(work: Work, runner: Runner, { crane }: Aisle, cell: LocationId): void {
  const { lock } = work.warehouse.tables;
  const closed = lock.get(cell);
  const refused = startCheck(work, runner, cell);
  if (refused !== undefined || closed === undefined) return;
  lock.put({ ...closed, isLookedInto: true });
  work.explain(`Nothing waits for ${crane}: it looks into ${cell} meanwhile.`, crane, cell);
}
