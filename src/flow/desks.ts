import type { ReplyData } from '../contract/messages.ts';
import type { Timer } from '../domain/books.ts';
import type { IndicatorFact } from '../ports/indicator.ts';
import type { OperatorOutcome } from '../ports/intake.ts';
import type { Reader } from '../ports/reader.ts';
import { offlineLongType, onOfflineLong } from './aisle-failure.ts';
import type { Cause, DeviceFact } from './cause.ts';
import { commandLateType, onCommandLate } from './command-watch.ts';
import { onUnexpected } from './conveyor-arrivals.ts';
import { onConveyorFact } from './conveyor-desk.ts';
import { onCraneFact } from './crane-desk.ts';
import { onAck, onCommand } from './host-desk.ts';
import { idleLookType } from './idle-relocation.ts';
import { onAct } from './people-desk.ts';
import { onPrinterFact } from './printer-desk.ts';
import { againType, askAgain } from './reminders.ts';
import { onReturnLate, returnLateType } from './returns.ts';
import type { Runner } from './runner.ts';
import { onScannerFact } from './scanner-desk.ts';
import type { Work } from './work.ts';

/** The answer to whoever asked; facts and timers get none. */
export type Decided = ReplyData | OperatorOutcome | undefined;

/** Brings a cause to the desk that understands it. */
export function decideCause(work: Work, runner: Runner, cause: Cause, books: Reader): Decided {
  switch (cause.kind) {
    case 'fact':
      onFact(work, runner, cause.fact);
      return undefined;
    case 'timer':
      onTimer(work, cause.timer);
      return undefined;
    case 'command':
      return onCommand(work, cause.command, books);
    case 'ack':
      onAck(work, cause.host, cause.ack);
      return undefined;
    case 'act':
      return onAct(work, runner, cause.act);
  }
}

/** What is overdue is for the desk that has set the deadline; all else is for the chart that waits. */
function onTimer(work: Work, timer: Timer): void {
  const overdue = deadlines[timer.event.type];
  if (overdue === undefined) work.send(timer.workflow, timer.event);
  else overdue(work, timer);
}

const deadlines: Readonly<Record<string, (work: Work, timer: Timer) => void>> = {
  [againType]: askAgain,
  'point.unexpected': (work, { event }) => onUnexpected(work, event as never),
  [returnLateType]: onReturnLate,
  [offlineLongType]: (work, { workflow }) => onOfflineLong(work, workflow),
  [commandLateType]: onCommandLate,
  // Whether its crane has anything to do is seen to at the end of every step.
  [idleLookType]: () => {},
};

/** A light decides nothing; that it is dark is for people to know. */
function onIndicatorFact({ parts }: Work, fact: IndicatorFact): void {
  const offline = fact.type === 'indicator.offline' ? fact.reason : undefined;
  parts.equipment.setIndicator(fact.device, offline);
}

function onFact(work: Work, runner: Runner, fact: DeviceFact): void {
  const [kind] = fact.type.split('.');
  if (kind === 'crane') onCraneFact(work, runner, fact as never);
  else if (kind === 'conveyor') onConveyorFact(work, runner, fact as never);
  else if (kind === 'scanner') onScannerFact(work, runner, fact as never);
  else if (kind === 'indicator') onIndicatorFact(work, fact as never);
  else onPrinterFact(work, fact as never);
}

/** The same again is decided anew. */
export const isRefused = (outcome: Decided): boolean =>
  outcome !== undefined && 'ok' in outcome && !outcome.ok;

/** A person's second click: what was meant has been done. */
export const repeatedAct = (cause: Cause): Decided =>
  cause.kind === 'act' ? { ok: true, text: 'Done already.' } : undefined;
