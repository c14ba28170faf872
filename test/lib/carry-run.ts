import type { LocationId, WorkflowId } from '../../src/domain/ids.ts';
import type { AbortNext } from '../../src/domain/reactions.ts';
import { carryMachine } from '../../src/workflows/carry.machine.ts';
import type { CarryEvent, CarryInput } from '../../src/workflows/carry.setup.ts';
import { at, cell, id } from './demo.ts';
import { SimWorkflow } from './sim-workflow.ts';

export const [from, to, lhd] = [at('A01-PD-IN'), cell(4), at('A01-LHD')];
export const seq = 7;
export const start = (more: Partial<CarryInput> = {}) =>
  new SimWorkflow(carryMachine, {
    parent: 'putaway/1' as WorkflowId,
    loadUnit: id('T-1'),
    from,
    to,
    lhd,
    canChoose: true,
    missionLimitMs: 120_000,
    ...more,
  });
export const sent = (more: Partial<CarryInput> = {}) =>
  start(more).send({ type: 'mission.sent', seq, lhd });
export const picked = () => sent().send({ type: 'mission.picked', seq });
export const aborted = (
  result: string,
  next: AbortNext,
  place: LocationId | undefined,
  retriesMax = 0,
  more: Partial<Extract<CarryEvent, { type: 'mission.aborted' }>> = {},
): CarryEvent => ({
  ...{ type: 'mission.aborted', seq, result, next, retriesMax, otherwise: 'hold', place, to },
  isDisputed: false,
  ...more,
});
/** What its parent was told. */
export const told = (w: ReturnType<typeof start>) =>
  w.intents.flatMap((intent) => (intent.type === 'tellParent' ? [intent.params.event] : []));
export const requests = (w: ReturnType<typeof start>) =>
  w.intents.flatMap((intent) =>
    intent.type === 'requestCrane' ? [[intent.params.from, intent.params.to]] : [],
  );
