import type { Discrepancy, LoadUnit } from '../domain/books.ts';
import {
  CLARIFICATION,
  type DeviceId,
  type LoadUnitId,
  type LocationId,
  MISSING,
  OUTSIDE,
} from '../domain/ids.ts';
import type { OperatorAct, OperatorOutcome } from '../ports/intake.ts';
import { startCheck } from './cell-check.ts';
import { foundBeyond } from './conveyor-arrivals.ts';
import { takeUpLoads } from './conveyor-resume.ts';
import { missionUnderWay } from './crane-commands.ts';
import { confirmCrane, reset } from './crane-release.ts';
import { reconcileCrane } from './crane-start.ts';
import { setMode } from './device-modes.ts';
import { leaveByHand } from './found-elsewhere.ts';
import { fromPerson } from './host-codes.ts';
import { answerItself } from './identify.ts';
import { startInspection } from './inspecting.ts';
import { labelCameOut, labelGone, labelToReprint } from './labels.ts';
import { setLock } from './locks.ts';
import { carryOf } from './moves.ts';
import { failOrder } from './orders.ts';
import { goOnFromHand, isDeadEnd } from './placed-by-hand.ts';
import { remindOf } from './reminders.ts';
import { cameBack, expectBack } from './returns.ts';
import type { Runner } from './runner.ts';
import { answerAtStation, finish, scanAtStation } from './station-desk.ts';
import { deskOf } from './station-view.ts';
import { takeOver } from './take-over.ts';
import { takeFromStation } from './taken-away.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

type Resolve = Extract<OperatorAct, { act: 'resolve' }>;

/** Carries out what a person on site does, or says why not and what would allow it. */
export function onAct(work: Work, runner: Runner, told: OperatorAct): OperatorOutcome {
  const act = fromPerson(work.parts.topology.hostCodes, told);
  switch (act.act) {
    case 'scan':
      return isStation(work, act.station)
        ? asOutcome(scanAtStation(work, runner, { ...act, aim: undefined }))
        : notFound(`${act.station} is not a station of this site`);
    case 'answer':
      return isStation(work, act.station)
        ? asOutcome(answerAtStation(work, runner, act.station, { ...act, no: act.step }))
        : notFound(`${act.station} is not a station of this site`);
    case 'finish':
      return isStation(work, act.station)
        ? asOutcome(finish(work, act.station, act.loadUnit as LoadUnitId, act.how))
        : notFound(`${act.station} is not a station of this site`);
    case 'resolve':
      return resolve(work, runner, act);
    case 'check':
      return check(work, runner, act.location);
    case 'release':
      return release(work, runner, act.device);
    case 'lock':
      return setLock(work, act);
    case 'inspect':
      return startInspection(work, runner, act);
    case 'mode':
      return changeMode(work, runner, act);
  }
}

function changeMode(
  work: Work,
  runner: Runner,
  act: Extract<OperatorAct, { act: 'mode' }>,
): OperatorOutcome {
  const outcome = setMode(work, act.operator, act);
  if (outcome.ok && act.mode === 'auto') takeUpLoads(work, runner, act.device);
  return outcome;
}

const asOutcome = ({ ok, text }: { ok: boolean; text: string }): OperatorOutcome =>
  ok ? { ok, text } : { ok: false, code: 'CONFLICT', reason: text };
const notFound = (reason: string): OperatorOutcome => ({ ok: false, code: 'NOT_FOUND', reason });
const invalid = (reason: string): OperatorOutcome => ({ ok: false, code: 'INVALID', reason });
const conflict = (reason: string): OperatorOutcome => ({ ok: false, code: 'CONFLICT', reason });

function isStation(work: Work, location: LocationId): boolean {
  const place = work.parts.topology.find(location);
  if (place?.kind === 'station') return place.station.kind !== 'segment';
  return deskOf(work.warehouse, place) === location;
}

function check(work: Work, runner: Runner, location: LocationId): OperatorOutcome {
  if (work.parts.topology.find(location)?.kind !== 'cell') {
    return notFound(`${location} is not a cell of this site`);
  }
  const refused = startCheck(work, runner, location);
  if (refused !== undefined) return conflict(refused);
  return { ok: true, text: `The crane looks into ${location}; it is closed until then.` };
}

function resolve(work: Work, runner: Runner, act: Resolve): OperatorOutcome {
  const open = work.warehouse.tables.discrepancy.get(String(act.discrepancy));
  if (open === undefined) return notFound(`There is no discrepancy ${act.discrepancy}`);
  if (open.state === 'resolved') {
    return conflict(`It was settled as ${open.resolvedAs} by ${open.resolvedBy}`);
  }
  const offered = open.resolutions.find(({ resolution }) => resolution === act.resolution);
  if (offered === undefined) {
    const names = open.resolutions.map(({ resolution }) => resolution).join(', ');
    return invalid(`It can be settled as: ${names}`);
  }
  if (offered.needs.includes('place') && act.place === undefined) {
    return invalid(`Say the place: ${offered.text}`);
  }
  if (act.place !== undefined && work.parts.topology.find(act.place) === undefined) {
    return invalid(`${act.place} is not a place of this site`);
  }
  if (act.place === MISSING || act.place === CLARIFICATION) {
    return invalid(`Say where it can be seen, or ${OUTSIDE}: ${act.place} means that nobody knows`);
  }
  const refused = effects[act.resolution]?.(work, open, act, runner);
  if (refused !== undefined) return conflict(refused);
  work.settle(open, act.resolution);
  work.explain(
    `${act.operator} settled "${open.text}" as ${act.resolution}.`,
    open.loadUnit,
    open.device,
  );
  return { ok: true, text: offered.text };
}

/** What each answer does beyond closing the question. @returns why it cannot be done now */
type Effect = (work: Work, open: Discrepancy, act: Resolve, runner: Runner) => string | undefined;
const effects: Readonly<Record<string, Effect>> = {
  putBack,
  removed: (work, open) => takeOut(work, open.loadUnit) ?? unlock(work, open.location),
  lost: (work, open) => takeOut(work, open.loadUnit) ?? unlock(work, open.location),
  found: (work, open, act, runner) => place(work, open, act, runner) ?? unlock(work, open.location),
  placed: place,
  here: isHere,
  cameOut: labelCameOut,
  printAgain: labelToReprint,
  destroyed: labelGone,
  neverPrinted: labelGone,
  noted: remindOf,
  notThere(work, { workflow, loadUnit }) {
    // Where it has come to other hands since, they know where it is.
    const isTheirs = loadUnit !== undefined && work.unit(loadUnit).workflow === workflow;
    if (isTheirs) work.move(loadUnit, CLARIFICATION, 'disputed');
    if (workflow !== undefined) work.send(workflow, { type: 'unit.lostTrack' });
    return undefined;
  },
  opened: (work, open) => unlock(work, open.location),
  check: (work, open, _, runner) =>
    open.location === undefined ? undefined : startCheck(work, runner, open.location),
  reset: (work, open) => reset(work, open.device),
  confirmed: confirmCrane,
  retry(work, open) {
    if (open.order) work.editOrder(open.order, { status: 'queued', reasons: [] });
    work.isAllocationDue = true;
    return undefined;
  },
  fail(work, open) {
    if (open.order) failOrder(work, open.order);
    return undefined;
  },
  release(work) {
    for (const host of [...work.warehouse.tables.host.values()]) {
      work.warehouse.tables.host.put({ ...host, isPaused: false });
    }
    return undefined;
  },
  takeOver: takeDevice,
};

/** At once where our epoch is above the other one, else with the next start. */
function takeDevice(work: Work, open: Discrepancy, _: Resolve, runner: Runner): string | undefined {
  const refused = takeOver(work, open);
  const { device } = open;
  if (refused !== undefined || device === undefined) return refused;
  const { snapshot } = work.parts.equipment.crane(device);
  if (snapshot !== undefined) reconcileCrane(work, runner, device, snapshot);
  return undefined;
}

/** A person has it before them, at the station where it was scanned. */
function isHere(work: Work, { loadUnit, location }: Discrepancy): string | undefined {
  const unit = loadUnit && work.warehouse.loadUnit(loadUnit);
  if (!unit || location === undefined) return undefined;
  const why = takeFromStation(work, unit);
  if (why !== undefined) return why;
  const { status } = unit;
  cameBack(work, unit.loadUnit);
  answerItself(work, unit.loadUnit);
  work.move(unit.loadUnit, location, 'scanned');
  const now = work.edit(unit.loadUnit, { status: 'present' });
  tellMovement(work, status === 'missing' ? 'found' : 'relocated', now);
  if (status !== 'present') tellLoadUnit(work, work.unit(unit.loadUnit), 'resolved');
  // No work is left for it there: whoever has it before them carries it back.
  expectBack(work, unit.loadUnit);
  return undefined;
}

/** A load unit without a name starts anew when it comes by the infeed again; any other is to be known again there. */
function putBack(work: Work, { loadUnit }: Discrepancy): string | undefined {
  if (loadUnit === undefined || loadUnit.startsWith('UNKNOWN-')) return takeOut(work, loadUnit);
  // What a machine may be at comes back in spite of its work, and is known again at the infeed.
  takeFromQueue(work, work.unit(loadUnit));
  expectBack(work, loadUnit);
  return undefined;
}

/**
 * What waits for a crane is waited for no more: a person has it in hand.
 *
 * @returns why not: a machine may be at it, and its word is to come
 */
function takeFromQueue(work: Work, { loadUnit, workflow }: LoadUnit): string | undefined {
  if (workflow === undefined) return undefined;
  const carry = carryOf(workflow);
  if (!work.warehouse.tables.request.has(carry)) return `${loadUnit} is under way (${workflow})`;
  work.send(carry, { type: 'operator.removed' });
  return undefined;
}

function takeOut(work: Work, loadUnit: LoadUnitId | undefined): string | undefined {
  const unit = loadUnit && work.warehouse.loadUnit(loadUnit);
  if (!unit || unit.status === 'gone' || unit.status === 'announced') return undefined;
  const refused = takeFromQueue(work, unit);
  if (refused !== undefined) return refused;
  work.move(unit.loadUnit, OUTSIDE, 'inferred');
  leaveByHand(work, unit);
  return undefined;
}

/** A person has looked and says where it is. */
function place(work: Work, open: Discrepancy, act: Resolve, runner: Runner): string | undefined {
  const { loadUnit, workflow } = open;
  const to = act.place as LocationId;
  if (loadUnit === undefined) return undefined;
  if (open.location === to && isDeadEnd(work, to)) {
    return `${loadUnit} cannot stay at ${to}: put it onto the infeed, or take it out`;
  }
  const unit = work.unit(loadUnit);
  const wasMissing = unit.status === 'missing';
  const isAsking = workflow !== undefined && work.warehouse.tables.workflow.has(workflow);
  if (!isAsking && unit.workflow !== undefined)
    return `${loadUnit} is under way (${unit.workflow})`;
  // Told that its load waits where it is, the work would go on beside the crane that is at it.
  const mission = isAsking ? missionUnderWay(work, workflow) : undefined;
  if (mission !== undefined) {
    return `${mission.crane} is at ${loadUnit} (mission ${mission.seq}), and will say where it is then`;
  }
  foundBeyond(work, loadUnit, to);
  if (!isAsking && to === OUTSIDE) return takeOut(work, loadUnit);
  work.move(loadUnit, to, 'inferred');
  if (isAsking) {
    work.send(workflow, { type: 'operator.placed', place: to } as never);
    return undefined;
  }
  const placed = work.edit(loadUnit, { status: 'present' });
  tellMovement(work, wasMissing ? 'found' : 'relocated', placed);
  goOnFromHand(work, runner, loadUnit);
  return undefined;
}

function unlock(work: Work, location: LocationId | undefined): string | undefined {
  if (location !== undefined) work.warehouse.tables.lock.remove(location);
  work.isAllocationDue = true;
  return undefined;
}

/** Without a load in question, looking is enough. */
function release(work: Work, runner: Runner, device: DeviceId): OperatorOutcome {
  const open = [...work.warehouse.openDiscrepancies()].find(
    (found) => found.device === device && found.code === 'CRANE_DOUBT',
  );
  if (open === undefined) return notFound(`${device} waits for no release`);
  if (open.resolutions.some(({ needs }) => needs.includes('place'))) {
    return conflict(
      `Say where ${open.loadUnit} is: settle discrepancy ${open.no} as confirmed, with its place`,
    );
  }
  const act = { act: 'resolve', discrepancy: open.no, resolution: 'confirmed' } as const;
  return resolve(work, runner, {
    ...act,
    operator: work.cause.by.replace('operator/', ''),
    key: work.cause.id,
  });
}
