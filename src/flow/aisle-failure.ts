import type { DeviceId, LoadUnitId, WorkflowId } from '../domain/ids.ts';
import type { Aisle } from '../domain/site.ts';
import { timerKey } from '../domain/warehouse.ts';
import { whyNotAuto } from './device-modes.ts';
import { whyDown } from './dispatch.ts';
import type { Work } from './work.ts';

type Scope = Pick<Work, 'warehouse' | 'parts'>;

/** A crane that is not heard for longer is not waited for by what can still go elsewhere. */
const offlineMaxMs = 30_000;
const timer = 'offline';
const nameOf = (crane: DeviceId) => `aisle/${crane}` as WorkflowId;

/** Type of the event of that timer. */
export const offlineLongType = 'crane.offlineLong';

/** A crane has gone offline, or is said to be so again. */
export function wentOffline({ warehouse, parts, nowMs }: Work, crane: DeviceId): void {
  const { timer: timers } = warehouse.tables;
  const workflow = nameOf(crane);
  if (parts.equipment.crane(crane).isOfflineLong || timers.has(timerKey(workflow, timer))) return;
  timers.put({ workflow, timer, dueMs: nowMs + offlineMaxMs, event: { type: offlineLongType } });
}

/** It is heard again. */
export function cameOnline({ warehouse, parts }: Work, crane: DeviceId): void {
  parts.equipment.setCrane(crane, { isOfflineLong: false });
  warehouse.tables.timer.remove(timerKey(nameOf(crane), timer));
}

export function onOfflineLong({ parts }: Work, workflow: WorkflowId): void {
  const aisle = parts.topology.site.aisles.find(({ crane }) => nameOf(crane) === workflow);
  if (aisle === undefined) return;
  const isOfflineLong = parts.equipment.crane(aisle.crane).offline !== undefined;
  parts.equipment.setCrane(aisle.crane, { isOfflineLong });
}

/**
 * Why what is on its way to an aisle should rather go to another one; undefined: it should not. What comes
 * and goes by itself does not count: a crane that is being read, or that has not been heard for a moment.
 *
 * Nothing is chosen for an aisle as soon as its crane does not work (`whyDown`), and nothing leaves its way for it
 * before it has failed: between the two lies what keeps load units from being sent back and forth.
 */
export function whyFailed(scope: Scope, aisle: Aisle): string | undefined {
  const { crane } = aisle;
  const isForPeople =
    scope.warehouse.craneBook(crane).doubt !== undefined || whyNotAuto(scope, crane) !== undefined;
  const { offline, isOfflineLong, isReconciled, snapshot } = scope.parts.equipment.crane(crane);
  const isPassing =
    offline === undefined ? !isReconciled || snapshot === undefined : isOfflineLong !== true;
  return isPassing && !isForPeople ? undefined : whyDown(scope, aisle);
}

/** Tells of an aisle that has failed, and of one that works again, what it means for what waits for its crane. */
export function watchAisles(work: Work): void {
  const { equipment, topology } = work.parts;
  const { mode, crane: books } = work.warehouse.tables;
  if (!equipment.areAislesDue(`${equipment.craneVersion}/${mode.version}/${books.version}`)) return;
  for (const aisle of topology.site.aisles) {
    const why = whyFailed(work, aisle);
    if (why === equipment.failureOf(aisle.crane)) continue;
    equipment.noteFailure(aisle.crane, why);
    for (const loadUnit of waitingAt(work, aisle)) {
      const { place } = work.unit(loadUnit);
      const text =
        why === undefined
          ? `${aisle.crane} works again: ${loadUnit} at ${place} is its next work, and what has gone elsewhere stays there.`
          : `${loadUnit} waits at ${place}: no other crane reaches it, and ${aisle.crane} does not work: ${why}.`;
      work.explain(text, loadUnit, place, aisle.crane);
    }
  }
}

/** What has come to the P&D stations of an aisle, and can leave them by its crane only. */
const waitingAt = ({ warehouse }: Work, { stations }: Aisle): readonly LoadUnitId[] =>
  stations
    .filter(({ direction }) => direction === 'in')
    .flatMap(({ location }) => warehouse.at(location))
    .map(({ loadUnit }) => loadUnit);
