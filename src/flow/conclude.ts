import { watchAisles } from './aisle-failure.ts';
import { awaitAbandoned } from './conveyor-arrivals.ts';
import { watchDestinations } from './destinations.ts';
import { dispatch } from './dispatch.ts';
import { withdrawIdle } from './idle-withdraw.ts';
import { startIdleWork } from './idle-work.ts';
import { handOver } from './labels.ts';
import { allocateOrders } from './orders.ts';
import { closeTotes } from './packing.ts';
import type { Runner } from './runner.ts';
import { steerHeld } from './steer.ts';
import type { Work } from './work.ts';

/** More than one, as what one order gives back another one may want; the rest of a round comes with the next step. */
const passesMax = 3;

/** The end of a group of decisions, what concerns many orders at once: who gets which load unit, and what each machine does next. */
export function conclude(work: Work, runner: Runner): void {
  const isDue = () => work.isAllocationDue || work.round.left > 0;
  for (let pass = 0; isDue() && pass < passesMax; pass++) {
    allocateOrders(work, runner);
    closeTotes(work, runner);
    runner.settle(work);
  }
  closeTotes(work, runner);
  watchAisles(work);
  steerHeld(work);
  awaitAbandoned(work);
  watchDestinations(work);
  runner.settle(work);
  dispatchAll(work, runner);
  handOver(work);
}

/**
 * Again where deciding has led to new work for a crane: what is in the way of a mission is moved first. A
 * crane for which nothing waits then may find work by itself.
 */
function dispatchAll(work: Work, runner: Runner): void {
  for (let pass = 0; pass < passesMax; pass++) {
    withdrawIdle(work);
    runner.settle(work);
    const before = work.warehouse.counter('request');
    dispatch(work, runner);
    runner.settle(work);
    if (work.warehouse.counter('request') === before) startIdleWork(work, runner);
    runner.settle(work);
    if (work.warehouse.counter('request') === before) return;
  }
}
