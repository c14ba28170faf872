import { locationOf } from '../../simulators/world/world.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import { isFinal } from '../../src/domain/books.ts';
import {
  CLARIFICATION,
  type LocationId,
  MISSING,
  OUTSIDE,
  type WorkflowId,
} from '../../src/domain/ids.ts';
import { takersOf } from '../../src/domain/shared-visit.ts';
import { allTotes, toteOfUnit } from './floor-people.ts';
import type { FloorRig } from './floor-rig.ts';

/** Pieces that a load unit has to have in the books; undefined: anything is right. */
export type Holds = (loadUnit: string) => number | undefined;
const tenEach: Holds = (loadUnit) => (loadUnit.startsWith('UNKNOWN-') ? 0 : 10);

/**
 * What is true of the books at every moment, whatever has gone wrong.
 *
 * @returns each rule that is broken, as a sentence
 */
export function brokenBooks(rig: FloorRig, holds: Holds = tenEach): string[] {
  return [
    ...conservation(rig, holds),
    ...capacity(rig),
    ...reservations(rig),
    ...locks(rig),
    ...workflowsOfUnits(rig),
    ...orders(rig),
    ...orphans(rig),
  ];
}

const units = ({ flow }: FloorRig): readonly LoadUnit[] => [
  ...flow.warehouse.tables.loadUnit.values(),
];

/** Every load unit has gone from step to step, from outside to where it is; its stock with it. */
function conservation(rig: FloorRig, holds: Holds): string[] {
  const rows = rig.db.prepare('SELECT load_unit, from_id, to_id FROM movement ORDER BY no').all();
  const places = new Map<string, string>();
  const broken: string[] = [];
  for (const row of rows) {
    const [unit, from, to] = [row['load_unit'], row['from_id'], row['to_id']].map(String);
    const before = places.get(unit ?? '') ?? OUTSIDE;
    if (before !== from) broken.push(`${unit} moved from ${from}, and was at ${before}`);
    places.set(unit ?? '', to ?? '');
  }
  for (const { loadUnit, place, lines } of units(rig)) {
    const last = places.get(loadUnit) ?? OUTSIDE;
    if (last !== place)
      broken.push(`${loadUnit} is booked at ${place}, its movements end at ${last}`);
    const qty = lines.reduce((sum, line) => sum + line.qty, 0);
    const right = holds(loadUnit);
    if (right !== undefined && qty !== right) broken.push(`${loadUnit} holds ${qty} of ${right}`);
  }
  return broken;
}

const isNowhere = (place: string) => [OUTSIDE, MISSING, CLARIFICATION].includes(place as never);

function capacity(rig: FloorRig): string[] {
  const { warehouse } = rig.flow;
  return [...new Set(units(rig).map(({ place }) => place))].flatMap((place) => {
    if (isNowhere(place)) return [];
    const promised = warehouse.tables.reservation.get(place);
    const isPromisedToOther =
      promised !== undefined && promised.loadUnit !== warehouse.at(place)[0]?.loadUnit;
    const count = warehouse.countAt(place) + (isPromisedToOther ? 1 : 0);
    return count > rig.topology.capacityOf(place) ? [`${place} holds or awaits ${count}`] : [];
  });
}

/** A location is promised only to what is on its way, and one at a time. */
function reservations(rig: FloorRig): string[] {
  const { warehouse } = rig.flow;
  return [...warehouse.tables.reservation.values()].flatMap(({ location, loadUnit }) => {
    const unit = warehouse.loadUnit(loadUnit);
    return unit?.workflow === undefined
      ? [`${location} is promised to ${loadUnit}, which is not under way`]
      : [];
  });
}

/** What is closed has somebody who will open it. */
function locks(rig: FloorRig): string[] {
  return [...rig.flow.warehouse.tables.lock.values()].flatMap(({ location, reason }) => {
    const isAsked = rig.questions.some((open) => open.location === location);
    const isLookedInto = rig.flow.warehouse.tables.workflow.has(`check/${location}` as WorkflowId);
    return isAsked || isLookedInto
      ? []
      : [`${location} is closed (${reason}), and nobody is asked`];
  });
}

function workflowsOfUnits(rig: FloorRig): string[] {
  const { tables } = rig.flow.warehouse;
  const isAsked = ({ loadUnit, place }: LoadUnit) =>
    rig.questions.some((open) => open.loadUnit === loadUnit || open.location === place);
  return units(rig).flatMap((unit) => {
    const { loadUnit, workflow } = unit;
    if (workflow !== undefined) {
      const isOpen = tables.workflow.has(workflow);
      return isOpen ? [] : [`${loadUnit} belongs to ${workflow}, which has ended`];
    }
    const why = whyNotAtRest(rig, unit);
    return why === undefined || isAsked(unit) ? [] : [`${loadUnit} ${why}, and nobody is asked`];
  });
}

/** Why a load unit that nobody moves needs somebody. */
function whyNotAtRest(rig: FloorRig, unit: LoadUnit): string | undefined {
  const { status, place, confidence } = unit;
  if (status === 'clarification' || status === 'missing') return `is ${status} at ${place}`;
  if (confidence === 'disputed' && place !== OUTSIDE) return `is disputed at ${place}`;
  if (place === CLARIFICATION) return `is ${status} in ${place}`;
  return status === 'present' && isUnderWay(rig, place) ? `stands at ${place}` : undefined;
}

/** Nothing stays there: the crane, its stations, the lanes of the conveyor. */
const isUnderWay = (rig: FloorRig, place: LocationId): boolean => {
  const kind = rig.topology.find(place)?.kind;
  return kind === 'lhd' || kind === 'pd' || place === 'REJECT-01';
};

function orders(rig: FloorRig): string[] {
  const { warehouse } = rig.flow;
  return [...warehouse.tables.order.values()].flatMap(({ order, status, open, reasons }) => [
    ...(isFinal(status) && open.length > 0 ? [`${order} is ${status} with ${open} open`] : []),
    ...(status === 'active' && open.length === 0
      ? [`${order} is active, and nothing is on its way`]
      : []),
    ...(status === 'canceling' && open.length === 0 ? [`${order} is canceling nothing`] : []),
    ...(status === 'queued' && reasons.length === 0
      ? [`${order} waits, and does not say why`]
      : []),
    ...(status === 'needsOperator' && !rig.questions.some((question) => question.order === order)
      ? [`${order} needs an operator, and nobody is asked`]
      : []),
    ...open
      .filter((loadUnit) => !takersOf(warehouse.loadUnit(loadUnit) as LoadUnit).includes(order))
      .map((loadUnit) => `${order} has ${loadUnit} open, which is not promised to it`),
  ]);
}

/** Every open workflow has somebody who will wake it: time, a machine, another workflow, or a person. */
function orphans(rig: FloorRig): string[] {
  const { warehouse } = rig.flow;
  const { tables } = warehouse;
  const missions = rig.topology.site.aisles.flatMap(({ crane }) => {
    const { open } = warehouse.craneBook(crane);
    const mission = tables.mission.get(`${crane}/${open}`);
    // A mission in doubt wakes nobody by itself.
    return mission === undefined || mission.state === 'doubt' ? [] : [mission];
  });
  // People at a workstation scan what stands before them.
  const atStation = warehouse
    .at('PICK-01' as LocationId)
    .filter(({ workflow }) => workflow?.startsWith('retrieval/'));
  const wakers = new Set(
    [
      ...tables.timer.values(),
      ...tables.request.values(),
      ...rig.questions,
      ...missions,
      ...atStation,
      ...tables.step.values(),
    ].map(({ workflow }) => workflow),
  );
  // Who carries is woken by whom it carries for, and wakes it.
  const isAwake = (workflow: WorkflowId) =>
    wakers.has(workflow) ||
    wakers.has(`carry/${workflow}` as WorkflowId) ||
    wakers.has(`station/${workflow}` as WorkflowId) ||
    wakers.has(workflow.replace(/^carry\//, '') as WorkflowId);
  return [...tables.workflow.values()]
    .filter(({ workflow }) => !isAwake(workflow))
    .map(({ workflow }) => `${workflow} waits for nobody (${stateOf(rig, workflow)})`);
}

const stateOf = (rig: FloorRig, workflow: WorkflowId): string => {
  const row = rig.flow.warehouse.tables.workflow.get(workflow);
  return JSON.stringify((row?.snapshot as { value?: unknown } | undefined)?.value);
};

const hasTimer = (rig: FloorRig, workflow: WorkflowId): boolean =>
  [...rig.flow.warehouse.tables.timer.values()].some((timer) => timer.workflow === workflow);

/**
 * Books equal steel at rest, or the difference is in an open question.
 *
 * @param atHand  what people have on the table of a station, beside all conveyors
 */
export function unaskedDifferences(
  rig: FloorRig,
  atHand: ReadonlyMap<string, LocationId> = new Map(),
): string[] {
  const isAsked = (unit: string | undefined, place: string) =>
    rig.questions.some(
      (open) =>
        (unit !== undefined && open.loadUnit === unit) ||
        open.location === place ||
        open.device !== undefined ||
        open.code === 'TRACKING_LOST' ||
        open.code === 'TRACKING_GAP',
    );
  const known = new Set<string>();
  const wrong = units(rig).flatMap(({ loadUnit, place, status, workflow }) => {
    const tote = toteOfUnit(rig, loadUnit);
    if (tote !== undefined) known.add(tote.id);
    const where = tote === undefined ? (atHand.get(loadUnit) ?? OUTSIDE) : locationOf(tote.spot);
    const steel = where === MISSING ? OUTSIDE : where;
    const books = place === MISSING ? OUTSIDE : place;
    if (status === 'announced' || steel === books || isAsked(loadUnit, place)) return [];
    // Under way, it has a deadline at which somebody is asked.
    if (workflow !== undefined && hasTimer(rig, workflow)) return [];
    return [`${loadUnit} is booked at ${place}, and is at ${where}`];
  });
  const strange = allTotes(rig).flatMap(({ id: tote, spot }) => {
    const where = locationOf(spot);
    if (known.has(tote) || isNowhere(where) || isAsked(undefined, where)) return [];
    return [`${tote} stands at ${where}, and no book knows it`];
  });
  return [...wrong, ...strange, ...rig.model.world.truth().violations.map(({ detail }) => detail)];
}
