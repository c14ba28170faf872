import type { DeviceId, LocationId, WorkflowId } from '../domain/ids.ts';
import type { Aisle } from '../domain/site.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import { missionOf } from './crane-commands.ts';
import type { Work } from './work.ts';

/** The mission of each crane that was asked back last. */
const asked = new WeakMap<Warehouse, Map<DeviceId, number | undefined>>();

/**
 * Takes back what cranes do by themselves where something else waits for them now: before its mission, and after it
 * as long as nothing has been picked up. What is on the forks is put down first.
 */
export function withdrawIdle(work: Work): void {
  const { idleWork, aisles } = work.parts.topology.site;
  if (idleWork === undefined) return;
  for (const aisle of aisles) {
    const idle = idleWorkflowOf(work, aisle);
    if (idle !== undefined && isWanted(work, aisle)) withdraw(work, aisle, idle);
  }
}

/** Whether anything waits for a crane but what it does by itself. */
function isWanted(work: Work, { crane }: Aisle): boolean {
  for (const { crane: of, workflow } of work.warehouse.tables.request.values()) {
    if (of === crane && idleParent(work, workflow) === undefined) return true;
  }
  return false;
}

/** What a crane does by itself and could still leave. */
function idleWorkflowOf(work: Work, { crane }: Aisle): WorkflowId | undefined {
  for (const { crane: of, workflow, from } of work.warehouse.tables.request.values()) {
    const idle = of === crane ? idleParent(work, workflow) : undefined;
    if (idle !== undefined && work.parts.topology.placeOf(from).kind === 'cell') return idle;
  }
  const book = work.warehouse.craneBook(crane);
  const mission = missionOf(work, crane, book.open);
  if (mission?.workflow === undefined || mission.isPicked || mission.state === 'doubt') return;
  return book.side === undefined ? idleParent(work, mission.workflow) : undefined;
}

/** The workflow of idle work that a crane was asked for; undefined: it is other work. */
function idleParent({ warehouse }: Work, workflow: WorkflowId): WorkflowId | undefined {
  if (workflow.startsWith('carry/idle/')) return workflow.slice('carry/'.length) as WorkflowId;
  const cell = checkedBy(workflow);
  return cell !== undefined && warehouse.tables.lock.get(cell)?.isLookedInto === true
    ? workflow
    : undefined;
}

const checkedBy = (workflow: WorkflowId): LocationId | undefined =>
  workflow.startsWith('check/') ? (workflow.slice('check/'.length) as LocationId) : undefined;

function withdraw(work: Work, { crane }: Aisle, workflow: WorkflowId): void {
  const known = asked.get(work.warehouse) ?? new Map<DeviceId, number | undefined>();
  asked.set(work.warehouse, known);
  const { open } = work.warehouse.craneBook(crane);
  // Its cancel is on the way; a request that is withdrawn is gone at once.
  if (open !== undefined && known.get(crane) === open) return;
  known.set(crane, open);
  const cell = checkedBy(workflow);
  work.explain(`${crane} is wanted: what it does by itself is withdrawn.`, crane, workflow, cell);
  work.send(workflow, { type: 'idle.withdraw' });
  // It may look into it another time.
  const lock = cell === undefined ? undefined : work.warehouse.tables.lock.get(cell);
  if (lock !== undefined) work.warehouse.tables.lock.put({ ...lock, isLookedInto: false });
}
