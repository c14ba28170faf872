import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { invariant } from '../domain/errors.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { timerKey } from '../domain/warehouse.ts';
import { carryMachine } from '../workflows/carry.machine.ts';
import { checkMachine } from '../workflows/check.machine.ts';
import { clarifyMachine } from '../workflows/clarify.machine.ts';
import { countMachine } from '../workflows/count.machine.ts';
import { ejectMachine } from '../workflows/eject.machine.ts';
import { inductMachine } from '../workflows/induct.machine.ts';
import { inspectionMachine } from '../workflows/inspection.machine.ts';
import { packMachine } from '../workflows/pack.machine.ts';
import { pickMachine } from '../workflows/pick.machine.ts';
import { putawayMachine } from '../workflows/putaway.machine.ts';
import { relocationMachine } from '../workflows/relocation.machine.ts';
import { retrievalMachine } from '../workflows/retrieval.machine.ts';
import { carryOut } from './carry-out.ts';
import { begin, type Decision, decide, restore } from './decide.ts';
import type { Work } from './work.ts';

/** Every kind of workflow. The version rises when a chart can no longer read its old snapshots. */
const machines = {
  'induct@1': inductMachine,
  'putaway@1': putawayMachine,
  'carry@1': carryMachine,
  'check@1': checkMachine,
  'clarify@1': clarifyMachine,
  'count@1': countMachine,
  'pack@1': packMachine,
  'eject@1': ejectMachine,
  'pick@1': pickMachine,
  'relocation@1': relocationMachine,
  'retrieval@1': retrievalMachine,
  'inspection@1': inspectionMachine,
} as const satisfies Readonly<Record<string, AnyStateMachine>>;
export type MachineName = keyof typeof machines;

/** More events than any decision needs: two workflows that answer each other for ever are our bug. */
const followUpsMax = 10_000;

/** Runs workflows as pure transitions; their state is a row of the books. */
export class Runner {
  /** Snapshots as XState wants them, so that only the first event after a start parses a row. */
  readonly #live = new Map<WorkflowId, AnyMachineSnapshot>();
  #hasParked = false;

  start(work: Work, name: MachineName, workflow: WorkflowId, input: object): void {
    if (work.warehouse.tables.workflow.has(workflow)) return;
    this.#keep(work, workflow, name, begin(machines[name] as AnyStateMachine, input));
  }

  /** Takes follow-ups until none is left. */
  settle(work: Work): void {
    if (!this.#hasParked) parkUnknown(work);
    this.#hasParked = true;
    for (let taken = 0; work.followUps.length > 0; taken++) {
      invariant(taken < followUpsMax, 'workflows answer each other without end');
      const [{ workflow, event }] = work.followUps.splice(0, 1) as [
        (typeof work.followUps)[number],
      ];
      this.#send(work, workflow, event);
    }
  }

  /** After a commit that failed: what is in memory is not what is on disk. */
  forget(): void {
    this.#live.clear();
  }

  #send(work: Work, workflow: WorkflowId, event: { readonly type: string }): void {
    const row = work.warehouse.tables.workflow.get(workflow);
    if (row === undefined) {
      work.explain(`${event.type} came when ${workflow} had ended.`, workflow);
      return;
    }
    const machine = (machines as Readonly<Record<string, AnyStateMachine>>)[row.machine];
    if (machine === undefined) return; // parked, with a question to a person
    const current = this.#live.get(workflow) ?? restore(machine, row.snapshot);
    const decision = decide(machine, current, event);
    if (!decision.expected) {
      work.explain(
        `${event.type} was not expected by ${workflow} (${stateOf(current)}).`,
        workflow,
      );
    }
    this.#keep(work, workflow, row.machine as MachineName, decision);
  }

  #keep(work: Work, workflow: WorkflowId, name: MachineName, decision: Decision): void {
    const { next, intents, timers } = decision;
    const { tables } = work.warehouse;
    for (const timer of timers.cancel) tables.timer.remove(timerKey(workflow, timer));
    if (next.status === 'active') {
      const persisted = (machines[name] as AnyStateMachine).getPersistedSnapshot(next);
      tables.workflow.put({ workflow, machine: name, snapshot: persisted });
      this.#live.set(workflow, next);
      for (const { id: timer, delayMs, event } of timers.start) {
        tables.timer.put({ workflow, timer, dueMs: work.nowMs + delayMs, event });
      }
    } else {
      tables.workflow.remove(workflow);
      this.#live.delete(workflow);
    }
    for (const intent of intents) carryOut(work, this, workflow, intent);
  }
}

/** Workflows whose chart this program does not have stay as they are, and a person is told: once a start. */
function parkUnknown(work: Work): void {
  for (const { workflow, machine } of work.warehouse.tables.workflow.values()) {
    if (machine in machines) continue;
    work.raise({
      code: 'WORKFLOW_UNKNOWN',
      text: `${workflow} was begun by another version of Craneway as ${machine}, which this one cannot read: it waits. Start that version, or see to its load unit by hand.`,
      workflow,
    });
  }
}

const stateOf = (snapshot: AnyMachineSnapshot): string => JSON.stringify(snapshot.value);
