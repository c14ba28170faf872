import { MISSING, type WorkflowId } from '../domain/ids.ts';
import { carryOf } from './moves.ts';
import { stationWorkOf } from './station-steps.ts';
import type { Work } from './work.ts';

/** Who can be told that a load unit is elsewhere than its work has it; undefined: a crane has it, or it is identified. */
export function listenerOf({ warehouse }: Work, workflow: WorkflowId): WorkflowId | undefined {
  const { tables } = warehouse;
  const carry = carryOf(workflow);
  if (tables.workflow.has(carry)) {
    const missions = [...tables.mission.values()];
    const isCarried = missions.some((row) => row.workflow === carry && row.state !== 'settled');
    return isCarried ? undefined : carry;
  }
  if (!/^(retrieval|eject)\//.test(workflow)) return undefined;
  const working = stationWorkOf(workflow);
  return tables.workflow.has(working) ? working : workflow;
}

/** It has come to other hands: nobody waits for it any more, no crane is sent for it, and its order gets another one. */
export function tellTaken(work: Work, workflow: WorkflowId): void {
  const listener = listenerOf(work, workflow);
  if (listener === undefined) return;
  const isCarry = listener.startsWith('carry/');
  const event = isCarry ? { type: 'operator.placed', place: MISSING } : { type: 'unit.taken' };
  work.send(listener, event);
}
