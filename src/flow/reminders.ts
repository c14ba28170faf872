import type { Discrepancy, Timer } from '../domain/books.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { timerKey } from '../domain/warehouse.ts';
import type { NewDiscrepancy, Work } from './work.ts';

/** Type of the event of such a timer. */
export const againType = 'question.again';

const timerOf = (code: string): string => `again/${code}`;

/**
 * A person has seen it, and it is not over: a workflow still waits for what the question is about. It is
 * asked again after a while, so that nothing waits without anybody who knows.
 */
export function remindOf(work: Work, open: Discrepancy): undefined {
  const { workflow, code, text, device, location, loadUnit, order, alarm, resolutions } = open;
  if (workflow === undefined || !work.warehouse.tables.workflow.has(workflow)) return;
  const question = { code, text, device, location, loadUnit, order, workflow, alarm, resolutions };
  work.warehouse.tables.timer.put({
    ...{ workflow, timer: timerOf(code), event: { type: againType, question } as Timer['event'] },
    dueMs: work.nowMs + work.parts.topology.site.limits.conveyorLimitMs,
  });
}

/** Whether a person has seen the very same, and is asked again by and by. */
export function isNoted(work: Work, workflow: WorkflowId, { code, text }: NewDiscrepancy): boolean {
  const timer = work.warehouse.tables.timer.get(timerKey(workflow, timerOf(code)));
  return timer !== undefined && questionOf(timer).text === text;
}

/** What it was about is over. */
export function forgetReminder(work: Work, workflow: WorkflowId, code: string): void {
  work.warehouse.tables.timer.remove(timerKey(workflow, timerOf(code)));
}

/** It is time: whoever waited may have ended meanwhile. */
export function askAgain(work: Work, { workflow, event }: Timer): void {
  if (!work.warehouse.tables.workflow.has(workflow)) return;
  work.raise(questionOf({ event }));
}

const questionOf = ({ event }: Pick<Timer, 'event'>): NewDiscrepancy =>
  (event as unknown as { readonly question: NewDiscrepancy }).question;
