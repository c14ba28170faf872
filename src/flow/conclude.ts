import { watchDestinations } from './destinations.ts';
import { dispatch } from './dispatch.ts';
import { handOver } from './labels.ts';
import { allocateOrders } from './orders.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** The end of a group of decisions, what concerns many orders at once: who gets which load unit, and what each machine does next. */
export function conclude(work: Work, runner: Runner): void {
  for (let pass = 0; work.isAllocationDue && pass < 3; pass++) {
    allocateOrders(work, runner);
    runner.settle(work);
  }
  watchDestinations(work);
  runner.settle(work);
  dispatch(work, runner);
  runner.settle(work);
  handOver(work);
}
