import { carriesLoad } from '../domain/crane-command.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { lockText } from '../domain/locks.ts';
import { missionOf } from './crane-commands.ts';
import type { Work } from './work.ts';

type Scope = Pick<Work, 'warehouse' | 'parts'>;

/**
 * Why a cell cannot take a load unit that is on its way there; undefined when it can. Other places
 * have a conveyor that says so itself.
 */
function whyLost(
  { warehouse, parts }: Scope,
  to: LocationId,
  loadUnit: LoadUnitId,
): string | undefined {
  if (parts.topology.placeOf(to).kind !== 'cell') return undefined;
  const lock = warehouse.tables.lock.get(to);
  if (lock !== undefined && lock.lock !== 'out') return `it is closed: ${lock.reason}`;
  const front = parts.topology.frontOf(to);
  const before = front === undefined ? undefined : warehouse.at(front)[0];
  if (before !== undefined && before.loadUnit !== loadUnit) {
    return `${before.loadUnit} stands before it`;
  }
  const other = warehouse.at(to).find((unit) => unit.loadUnit !== loadUnit);
  return other === undefined ? undefined : `${other.loadUnit} stands there`;
}

/**
 * Why nothing is begun with a load unit that is to go to a place; undefined: it may. A lock comes too late for what
 * the crane has been sent to do, and an aisle takes what is on its crane already.
 */
export function whyNotBegun(
  scope: Scope,
  to: LocationId,
  loadUnit: LoadUnitId,
): string | undefined {
  const { warehouse, parts } = scope;
  const lost = whyLost(scope, to, loadUnit);
  if (lost !== undefined) return lost;
  const at = warehouse.loadUnit(loadUnit)?.place;
  const isOnCrane = at !== undefined && parts.topology.placeOf(at).kind === 'lhd';
  const { locks } = warehouse;
  const lock = isOnCrane ? locks.onCell(to, 'in') : locks.on(to, 'in');
  return lock && lockText(to, lock);
}

/** Tells whoever sent a load unit to a cell that it cannot go there any more, once for each cell. */
export function watchDestinations(work: Work): void {
  watchRequests(work);
  const { mission: missions } = work.warehouse.tables;
  for (const { crane } of work.parts.topology.site.aisles) {
    const mission = missionOf(work, crane, work.warehouse.craneBook(crane).open);
    if (mission?.loadUnit === undefined || mission.state === 'doubt') continue;
    const { command, loadUnit, redirect, lostTo } = mission;
    if (!carriesLoad(command) || redirect !== undefined || lostTo === command.to) continue;
    const why = whyLost(work, command.to, loadUnit);
    if (why === undefined) continue;
    tellLost(work, loadUnit, command.to, why);
    missions.put({ ...mission, lostTo: command.to });
  }
}

function watchRequests(work: Work): void {
  const { request } = work.warehouse.tables;
  for (const waiting of [...request.values()]) {
    const { to, loadUnit, lostTo } = waiting;
    if (to === undefined || loadUnit === undefined || lostTo === to) continue;
    // To a station there is one way only: it is waited for.
    if (work.parts.topology.placeOf(to).kind !== 'cell') continue;
    const why = whyNotBegun(work, to, loadUnit);
    if (why === undefined) continue;
    tellLost(work, loadUnit, to, why);
    request.put({ ...waiting, lostTo: to });
  }
}

function tellLost(work: Work, loadUnit: LoadUnitId, to: LocationId, why: string): void {
  const { workflow } = work.unit(loadUnit);
  work.explain(`${loadUnit} cannot go to ${to} any more: ${why}.`, loadUnit, to);
  if (workflow !== undefined) work.send(workflow, { type: 'location.lost', tried: to } as never);
}
