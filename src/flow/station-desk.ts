import type { LoadUnit } from '../domain/books.ts';
import { readCode } from '../domain/gs1.ts';
import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import type { Choice, StationVerdict } from '../domain/station-step.ts';
import { offerOf } from '../domain/station-texts.ts';
import { startClarify } from './clarifying.ts';
import { tellReading } from './code-text.ts';
import { here, noted } from './resolutions.ts';
import type { Runner } from './runner.ts';
import { answersStep } from './station-scans.ts';
import { stationWorkOf, stepAt, stepBooks } from './station-steps.ts';
import { leftStation } from './taken-away.ts';
import type { Work } from './work.ts';

export interface Told {
  readonly ok: boolean;
  /** What it meant, in a sentence. */
  readonly text: string;
}

interface Scan {
  readonly station: LocationId;
  readonly code: string;
  readonly aim: string | undefined;
}

/** Bar codes that people scan instead of pressing a button: this and the name of the choice in capitals. */
const commandPrefix = 'CRANEWAY-';

/**
 * Someone at a workstation has scanned, or typed in, what stands before them. What it means follows from the step
 * that is to be done there.
 */
export function scanAtStation(work: Work, runner: Runner, scan: Scan): Told {
  const told = onScan(work, runner, scan);
  note(work, scan.station, told);
  return told;
}

function onScan(work: Work, runner: Runner, { station, code, aim }: Scan): Told {
  const step = stepAt(work.warehouse, station);
  if (code.startsWith(commandPrefix)) {
    return onCommandCode(work, runner, station, code.slice(commandPrefix.length).toLowerCase());
  }
  if (step.workflow === undefined) return confirm(work, { station, code, aim });
  const offer = offerOf(step, stepBooks(work.warehouse));
  const verdict = answersStep(work, { ...step, ...offer }, { code, aim });
  if ('why' in verdict) return { ok: false, text: `Wrong: ${verdict.why}. ${offer.instruction}` };
  work.send(step.workflow, verdict.event);
  return { ok: true, text: verdict.text };
}

/** The bar code of a choice that needs nothing more to be said. */
function onCommandCode(work: Work, runner: Runner, station: LocationId, name: string): Told {
  const step = stepAt(work.warehouse, station);
  const { choices } = offerOf(step, stepBooks(work.warehouse));
  const choice = choices.find((offered) => offered.choice.toLowerCase() === name);
  if (choice !== undefined && choice.needs.length === 0) {
    return onChoice(work, runner, station, { choice: choice.choice });
  }
  if (choice !== undefined) {
    return { ok: false, text: `${choice.choice} needs ${choice.needs.join(' and ')}: type it in.` };
  }
  if (step.workflow === undefined && (name === 'ship' || name === 'return')) {
    return { ok: false, text: 'Scan the load unit first.' };
  }
  return { ok: false, text: `${name} is no answer here now.` };
}

export interface StationAnswer {
  readonly choice: string;
  readonly qty?: number | undefined;
  readonly reason?: string | undefined;
}

/** Answers the step at a station. @param no  of the step that is meant: another one is refused */
export function answerAtStation(
  work: Work,
  runner: Runner,
  station: LocationId,
  { no, ...answer }: StationAnswer & { readonly no: number | undefined },
): Told {
  const step = stepAt(work.warehouse, station);
  const told =
    no !== undefined && no !== step.no
      ? { ok: false, text: `Step ${no} is no longer asked for: look at the step that is.` }
      : onChoice(work, runner, station, answer);
  note(work, station, told);
  return told;
}

function onChoice(work: Work, runner: Runner, station: LocationId, answer: StationAnswer): Told {
  const step = stepAt(work.warehouse, station);
  const { choices } = offerOf(step, stepBooks(work.warehouse));
  const choice = choices.find((offered) => offered.choice === answer.choice);
  if (choice === undefined) {
    const names = choices.map((offered) => offered.choice).join(', ') || 'nothing';
    return { ok: false, text: `${answer.choice} is no answer here now; there is: ${names}.` };
  }
  const why = whyNotSaid(choice, answer);
  if (why !== undefined) return { ok: false, text: why };
  if (step.workflow === undefined && answer.choice === 'clarify') {
    startClarify(work, runner, station);
    return { ok: true, text: 'Scan what you see.' };
  }
  if (answer.choice === 'gone') {
    leftStation(work, station, step);
    return { ok: true, text: choice.text };
  }
  if (step.workflow === undefined) {
    const how = answer.choice === 'ship' ? 'ship' : 'return';
    return finish(work, station, step.loadUnit as LoadUnitId, how);
  }
  const { choice: name, qty, reason } = answer;
  const by = work.cause.by;
  if (step.notBy?.includes(by)) {
    return { ok: false, text: `${by} has counted it already: somebody else does it now.` };
  }
  work.send(step.workflow, { type: `answer.${name}`, qty, reason, by } as never);
  return { ok: true, text: choice.text };
}

/** What is missing in an answer, or out of its bounds. */
function whyNotSaid(choice: Choice, { qty, reason }: StationAnswer): string | undefined {
  const { needs, qtyMin = 0, qtyMax = Number.MAX_SAFE_INTEGER, reasons = [] } = choice;
  if (needs.includes('qty')) {
    if (qty === undefined || !Number.isInteger(qty) || qty < qtyMin || qty > qtyMax) {
      return `Say how many with it: ${qtyMin} to ${qtyMax}.`;
    }
  }
  if (needs.includes('reason') && (reason === undefined || !reasons.includes(reason))) {
    return `Say why with it: ${reasons.join(' or ')}.`;
  }
  return undefined;
}

/** No workflow asks for anything: it names a load unit that has come. */
function confirm(work: Work, { station, code, aim }: Scan): Told {
  const reading = readCode(code, aim);
  const unit =
    reading.kind === 'sscc'
      ? work.warehouse.bySscc(reading.sscc)
      : reading.kind === 'lpn'
        ? work.warehouse.loadUnit(reading.loadUnit)
        : undefined;
  if (unit === undefined) return wrong(work, station, tellReading(reading, code, work.nowMs));
  if (unit.place !== station) {
    return wrong(work, station, `${unit.loadUnit} is booked at ${unit.place}, not here`, unit);
  }
  work.settleWhere((open) => open.code === 'WRONG_AT_STATION' && open.location === station);
  work.move(unit.loadUnit, station, 'scanned');
  if (unit.workflow !== undefined) work.send(unit.workflow, { type: 'station.confirmed' });
  return { ok: true, text: `${unit.loadUnit} is at ${station}, as expected.` };
}

/** @param unit  that was read there, though the books have it elsewhere: a person may say that it is here */
function wrong(work: Work, station: LocationId, why: string, unit?: LoadUnit): Told {
  work.raise({
    code: 'WRONG_AT_STATION',
    location: station,
    text: `Scanned at ${station}: ${why}.`,
    ...(unit && { loadUnit: unit.loadUnit, resolutions: [noted, here] }),
  });
  return { ok: false, text: `${why}.` };
}

export function finish(
  work: Work,
  station: LocationId,
  loadUnit: LoadUnitId,
  how: 'ship' | 'return',
): Told {
  const unit = work.warehouse.loadUnit(loadUnit);
  if (unit === undefined || unit.place !== station) {
    return { ok: false, text: `${loadUnit} is not at ${station}.` };
  }
  if (unit.workflow === undefined || unit.confidence !== 'scanned') {
    return { ok: false, text: `${loadUnit} has not been confirmed at ${station}: scan it first.` };
  }
  if (isWorkedOn(work, unit)) {
    return { ok: false, text: `${loadUnit} is being worked on: do the step at ${station} first.` };
  }
  work.send(unit.workflow, { type: 'station.finished', how } as never);
  const what = how === 'ship' ? 'leaves the warehouse' : 'goes back to storage by the infeed';
  return { ok: true, text: `${loadUnit} ${what}.` };
}

const isWorkedOn = ({ warehouse }: Work, { workflow }: LoadUnit): boolean =>
  warehouse.tables.workflow.has(stationWorkOf(workflow as WorkflowId));

/** For whoever stands there and looks at the screen. */
function note({ warehouse, nowMs }: Work, station: LocationId, { ok, text }: Told): void {
  const verdict: StationVerdict['verdict'] = ok ? 'accepted' : 'wrong';
  warehouse.tables.station.put({ station, verdict, text, atMs: nowMs });
}
