import { carriesLoad } from '../domain/crane-command.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { missionOf } from './crane-commands.ts';
import type { Work } from './work.ts';

/**
 * Why a cell cannot take a load unit that is on its way there; undefined when it can. Other places
 * have a conveyor that says so itself.
 */
export function whyLost(
  { warehouse, parts }: Pick<Work, 'warehouse' | 'parts'>,
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

/** Tells whoever sent a load unit to a cell that it cannot go there any more, once for each cell. */
export function watchDestinations(work: Work): void {
  const { request, mission: missions } = work.warehouse.tables;
  for (const waiting of [...request.values()]) {
    const { to, loadUnit, lostTo } = waiting;
    if (to === undefined || loadUnit === undefined || lostTo === to) continue;
    if (tellLost(work, loadUnit, to)) request.put({ ...waiting, lostTo: to });
  }
  for (const { crane } of work.parts.topology.site.aisles) {
    const mission = missionOf(work, crane, work.warehouse.craneBook(crane).open);
    if (mission?.loadUnit === undefined || mission.state === 'doubt') continue;
    const { command, loadUnit, redirect, lostTo } = mission;
    if (!carriesLoad(command) || redirect !== undefined || lostTo === command.to) continue;
    if (tellLost(work, loadUnit, command.to)) missions.put({ ...mission, lostTo: command.to });
  }
}

function tellLost(work: Work, loadUnit: LoadUnitId, to: LocationId): boolean {
  const why = whyLost(work, to, loadUnit);
  if (why === undefined) return false;
  const { workflow } = work.unit(loadUnit);
  work.explain(`${loadUnit} cannot go to ${to} any more: ${why}.`, loadUnit, to);
  if (workflow !== undefined) work.send(workflow, { type: 'location.lost', tried: to } as never);
  return true;
}
