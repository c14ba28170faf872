import {
  CLARIFICATION,
  type DeviceId,
  type LoadUnitId,
  type LocationId,
  type Sscc,
  type WorkflowId,
} from '../domain/ids.ts';
import type { Aisle } from '../domain/site.ts';
import { lhdsOf } from '../domain/topology.ts';
import type { OperatorOutcome } from '../ports/intake.ts';
import { leaveClosed } from './cell-check.ts';
import { askAboutClosed, closeCell, missing } from './crane-aborts.ts';
import { doubt } from './crane-commands.ts';
import { confirmCrane } from './crane-release.ts';
import { answerItself, makeUnknown } from './identify.ts';
import { goOnFromHand } from './placed-by-hand.ts';
import type { Runner } from './runner.ts';
import { bringTarget } from './station-scans.ts';
import { inspectionOf } from './station-steps.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

/** The crane is stopped, and a person is led through the places that may have changed. Begun already, it goes on. */
export function startInspection(
  work: Work,
  runner: Runner,
  { device: crane, operator }: { readonly device: DeviceId; readonly operator: string },
): OperatorOutcome {
  const aisle = work.parts.topology.aisleOfCrane(crane);
  if (aisle === undefined) {
    return { ok: false, code: 'NOT_FOUND', reason: `${crane} is not a crane of this site` };
  }
  const { lhd: desk } = aisle;
  if (!work.warehouse.tables.workflow.has(inspectionOf(desk))) {
    const detail = `${operator} looks at what was changed by hand`;
    if (work.warehouse.craneBook(crane).doubt === undefined) {
      doubt(work, crane, { code: 'INSPECTION', detail });
    }
    work.explain(`${detail} in ${aisle.aisle}.`, crane, aisle.aisle);
    const places = placesToSee(work, aisle);
    runner.start(work, 'inspection@1', inspectionOf(desk), { crane, desk, places });
  }
  return { ok: true, text: `The steps are asked for at ${desk}: craneway station ${desk}` };
}

/** The crane itself, its P&D stations, and the cells that it had to do with when it was stopped. */
function placesToSee({ warehouse }: Work, aisle: Aisle): readonly LocationId[] {
  const { crane } = aisle;
  const missions = [...warehouse.tables.mission.values()].filter(
    (mission) => mission.crane === crane && mission.state !== 'settled',
  );
  const asked = [...warehouse.openDiscrepancies()].filter(({ device }) => device === crane);
  const named = [
    ...missions.flatMap(({ command }) => [
      'from' in command && command.from,
      'to' in command && command.to,
    ]),
    ...asked.map(({ location }) => location),
  ];
  const pds = aisle.stations.map(({ location }) => location);
  return [
    ...new Set([...lhdsOf(aisle), ...pds, ...named.filter((place) => !!place)]),
  ] as LocationId[];
}

export function bookSeen(
  work: Work,
  workflow: WorkflowId,
  seen: {
    readonly location: LocationId;
    readonly loadUnit: LoadUnitId;
    readonly sscc: Sscc | undefined;
  },
): void {
  const { location, loadUnit, sscc } = seen;
  const unit = work.warehouse.loadUnit(loadUnit);
  if (unit === undefined || unit.status === 'announced' || unit.status === 'gone') {
    bringTarget(work, { station: location, order: undefined, loadUnit, sscc });
  } else {
    const isUnknown = loadUnit.startsWith('UNKNOWN-');
    if (unit.status !== 'present') answerItself(work, loadUnit);
    if (unit.place !== location) leaves(work, loadUnit);
    work.move(loadUnit, location, 'scanned');
    const now = work.edit(loadUnit, isUnknown ? {} : { status: 'present' });
    tellMovement(work, unit.status === 'missing' ? 'found' : 'relocated', now);
    if (unit.status !== now.status) tellLoadUnit(work, work.unit(loadUnit), 'resolved');
  }
  work.explain(`${loadUnit} was seen at ${location}.`, loadUnit, location);
  seenAt(work, workflow, location, loadUnit);
}

/** Books what stands there under the name that the books have for it, where there is one. */
export function bookUncoded(
  work: Work,
  workflow: WorkflowId,
  { location, found }: { readonly location: LocationId; readonly found: readonly LoadUnitId[] },
): void {
  const booked = work.warehouse.at(location).find(({ loadUnit }) => !found.includes(loadUnit));
  if (booked !== undefined) {
    const { loadUnit } = booked;
    work.move(loadUnit, location, 'sensed');
    work.explain(
      `Something without a code was seen at ${location}: it is taken for ${loadUnit}.`,
      loadUnit,
    );
    return seenAt(work, workflow, location, loadUnit);
  }
  const { loadUnit } = makeUnknown(work, undefined);
  work.move(loadUnit, location, 'sensed');
  tellMovement(work, 'found', work.unit(loadUnit));
  tellLoadUnit(work, work.unit(loadUnit), 'clarification');
  const text = `${loadUnit}, without a code, was seen at ${location}, where the books have nothing.`;
  if (closeCell(work, location, 'inspect')) {
    askAboutClosed(work, { code: 'COUNT_DIFFERS', text, location, loadUnit }, false);
  }
  seenAt(work, workflow, location, loadUnit);
}

function seenAt(
  work: Work,
  workflow: WorkflowId,
  location: LocationId,
  loadUnit: LoadUnitId,
): void {
  const isFull = work.parts.topology.capacityOf(location) === 1;
  work.send(workflow, { type: isFull ? 'place.full' : 'place.hasRoom', loadUnit } as never);
}

/** What the books had there may be seen at another place yet: until then nobody knows where it is. */
export function bookRest(
  work: Work,
  workflow: WorkflowId,
  { location, found }: { readonly location: LocationId; readonly found: readonly LoadUnitId[] },
): void {
  const lost = work.warehouse
    .at(location)
    .map(({ loadUnit }) => loadUnit)
    .filter((loadUnit) => !found.includes(loadUnit));
  for (const loadUnit of lost) {
    leaves(work, loadUnit);
    work.move(loadUnit, CLARIFICATION, 'disputed');
    work.explain(
      `${loadUnit} does not stand at ${location}, as a person has seen.`,
      loadUnit,
      location,
    );
  }
  work.explain(`Nothing ${found.length > 0 ? 'else ' : ''}was seen at ${location}.`, location);
  work.send(workflow, { type: 'place.empty', lost } as never);
}

/** On the conveyors nothing waits for it any more; where a crane was to take it, that is settled at the release. */
function leaves(work: Work, loadUnit: LoadUnitId): void {
  const { workflow, place } = work.unit(loadUnit);
  const { kind } = work.parts.topology.placeOf(place);
  const isAsked = [...work.warehouse.tables.request.values()].some(
    (row) => row.loadUnit === loadUnit,
  );
  const isCarried = [...work.warehouse.tables.mission.values()].some(
    (mission) => mission.loadUnit === loadUnit && mission.state !== 'settled',
  );
  if (workflow === undefined || kind !== 'pd' || isAsked || isCarried) return;
  work.send(workflow, { type: 'unit.lostTrack' });
}

export function leaveUnseen(work: Work, { location }: { readonly location: LocationId }): void {
  if (closeCell(work, location, 'inspect'))
    leaveClosed(work, location, 'nobody could look into it');
  else work.explain(`Nobody could look at ${location}.`, location);
}

/** The person has said that all has been seen: what has not been is missing, and the crane goes on. */
export function releaseInspected(
  work: Work,
  runner: Runner,
  workflow: WorkflowId,
  { crane, lost }: { readonly crane: DeviceId; readonly lost: readonly LoadUnitId[] },
): void {
  const aisle = work.parts.topology.aisleOfCrane(crane);
  if (aisle === undefined) return;
  for (const loadUnit of lost) noteUnseen(work, aisle, loadUnit);
  const why = confirmAll(work, runner, aisle);
  if (why !== undefined) return work.send(workflow, { type: 'release.refused', why } as never);
  tellWaiting(work, crane);
  const own = [aisle.lhd, ...aisle.stations.map(({ location }) => location)];
  for (const { loadUnit, workflow: mover, status } of own.flatMap((at) => work.warehouse.at(at))) {
    if (mover === undefined && status === 'present') goOnFromHand(work, runner, loadUnit);
  }
  work.explain(`${crane} is released: ${aisle.aisle} has been inspected.`, crane, aisle.aisle);
  work.send(workflow, { type: 'release.done' });
}

function noteUnseen(work: Work, { aisle }: Aisle, loadUnit: LoadUnitId): void {
  if (work.unit(loadUnit).place !== CLARIFICATION) return;
  missing(work, loadUnit, undefined, `${loadUnit} was not seen in ${aisle}.`);
}

function confirmAll(work: Work, runner: Runner, aisle: Aisle): string | undefined {
  for (const open of [...work.warehouse.openDiscrepancies()]) {
    const { device, code, loadUnit } = open;
    if (device !== aisle.crane || code !== 'CRANE_DOUBT') continue;
    if (loadUnit !== undefined) noteUnseen(work, aisle, loadUnit);
    const place = loadUnit && work.unit(loadUnit).place;
    const why = confirmCrane(work, open, { place }, runner);
    if (why !== undefined) return why;
    work.settle(open, 'confirmed');
  }
  return undefined;
}

/** What was to be carried from a place where it does not stand any more. */
function tellWaiting(work: Work, crane: DeviceId): void {
  for (const row of [...work.warehouse.tables.request.values()]) {
    if (row.crane !== crane || row.loadUnit === undefined) continue;
    const { place } = work.unit(row.loadUnit);
    if (place !== row.from) work.send(row.workflow, { type: 'operator.placed', place } as never);
  }
}
