import type { LoadUnit, Mission } from '../domain/books.ts';
import { carriesLoad } from '../domain/crane-command.ts';
import { CLARIFICATION, type LocationId, MISSING } from '../domain/ids.ts';
import type { AbortReaction } from '../domain/reactions.ts';
import { startEject } from './eject.ts';
import { makeUnknown } from './identify.ts';
import { found, looked, lost } from './resolutions.ts';
import type { Runner } from './runner.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { NewDiscrepancy, Work } from './work.ts';

export interface Abort {
  readonly result: string;
  readonly reaction: AbortReaction;
  /** Where its load is, as the crane says; undefined: it does not know. */
  readonly place: LocationId | undefined;
  /** As in `CraneEvent`. */
  readonly isInferred?: boolean | undefined;
}

/** Books and locks by the reaction table; the workflow decides how it goes on. */
export function bookAborted(work: Work, runner: Runner, mission: Mission, abort: Abort): void {
  const { command, crane, seq, loadUnit } = mission;
  const { result, reaction } = abort;
  if (loadUnit === undefined || !carriesLoad(command)) {
    const detail = `${crane}, mission ${seq}: ${reaction.doc}`;
    return work.explain(detail, crane, 'from' in command ? command.from : undefined);
  }
  const from = 'from' in command ? command.from : undefined;
  const closed = toClose(reaction, from, command.to).filter((at) => closeCell(work, at, result));

  const text = `${crane}, mission ${seq} with ${loadUnit}: ${reaction.doc}`;
  work.explain(text, loadUnit, crane, from, command.to);
  if (reaction.loadUnit === 'missing') return missing(work, loadUnit, from, text);
  bookLoad(work, runner, { loadUnit, crane, seq }, abort);
  const { alarm, count } = reaction;
  for (const location of closed) {
    const stranger = reaction.next === 'redirect' ? findStranger(work, location) : undefined;
    const about = { code: codeOf(result), text, device: crane, location, loadUnit: stranger };
    askAboutClosed(work, { ...about, alarm }, count);
  }
  if (reaction.next === 'digOut') bookFront(work, mission, abort, text);
}

/** Where it is now; and what lies on the crane in its place. */
function bookLoad(
  work: Work,
  runner: Runner,
  mission: Pick<Mission, 'crane' | 'seq'> & { readonly loadUnit: LoadUnit['loadUnit'] },
  { result, reaction, place, isInferred }: Abort,
): void {
  if (reaction.loadUnit === 'asReported' && place !== undefined) {
    return work.move(mission.loadUnit, place, isInferred === true ? 'inferred' : 'sensed');
  }
  disputed(work, mission, result);
  if (reaction.next === 'clarify' && place !== undefined) {
    bringOutStranger(work, runner, place, `it is not ${mission.loadUnit}`);
  }
}

function toClose(
  { location }: AbortReaction,
  from: LocationId | undefined,
  to: LocationId,
): readonly LocationId[] {
  const source = from === undefined ? [] : [from];
  const table = {
    keep: [],
    closeSource: source,
    closeDestination: [to],
    closeBoth: [...source, to],
  } satisfies Record<AbortReaction['location'], readonly LocationId[]>;
  return table[location];
}

/** `binFull` as a question: `BIN_FULL`. */
const codeOf = (result: string): string => result.replace(/[A-Z]/g, '_$&').toUpperCase();

/** What stands at depth 1 is in the way. The books have it, and it is dug out; or a person looks. */
function bookFront(work: Work, { command, crane }: Mission, abort: Abort, text: string): void {
  if (!carriesLoad(command)) return;
  const isOnCrane =
    abort.place !== undefined && work.parts.topology.placeOf(abort.place).kind === 'lhd';
  const blocked = isOnCrane || command.command === 'deposit' ? command.to : command.from;
  const front = work.parts.topology.frontOf(blocked);
  if (front === undefined || work.warehouse.countAt(front) > 0) return;
  const stranger = findStranger(work, front);
  closeCell(work, front, abort.result);
  const { alarm, count } = abort.reaction;
  const code = codeOf(abort.result);
  askAboutClosed(
    work,
    { code, text, device: crane, location: front, loadUnit: stranger, alarm },
    count,
  );
}

/** Something else lies on the crane: it gets a name, and goes to where a person finds out which. */
export function bringOutStranger(work: Work, runner: Runner, place: LocationId, why: string): void {
  if (work.parts.topology.placeOf(place).kind !== 'lhd') return;
  const loadUnit = findStranger(work, place);
  if (loadUnit !== undefined) startEject(work, runner, { loadUnit, from: place, why });
}

/**
 * Only a person opens again what was closed, or the crane after a look into it. A stranger that the books have in it
 * already is part of the question: it stands in the way until it is taken out of the cell and the books.
 */
export function askAboutClosed(work: Work, closed: NewDiscrepancy, isToBeCounted: boolean): void {
  const stranger = closed.loadUnit ?? strangerAt(work, closed.location);
  work.raise({
    ...closed,
    ...(stranger !== undefined && { loadUnit: stranger }),
    resolutions: [
      ...(isToBeCounted ? [looked.byCrane] : []),
      stranger === undefined
        ? looked.opened
        : { resolution: 'removed', text: `${stranger} was taken out; it may be used.`, needs: [] },
      looked.keptClosed,
    ],
  });
}

const strangerAt = ({ warehouse }: Work, location: LocationId | undefined) =>
  location &&
  warehouse.at(location).find(({ loadUnit }) => loadUnit.startsWith('UNKNOWN-'))?.loadUnit;

/** What stands where the books have nothing gets a name, so that books and steel agree again. */
export function findStranger(work: Work, location: LocationId): LoadUnit['loadUnit'] | undefined {
  if (work.warehouse.countAt(location) > 0) return undefined;
  const { loadUnit } = makeUnknown(work, undefined);
  work.move(loadUnit, location, 'sensed');
  tellMovement(work, 'found', work.unit(loadUnit));
  tellLoadUnit(work, work.unit(loadUnit), 'clarification');
  return loadUnit;
}

/** Only cells are closed: a P&D station that one mission found empty serves the next. */
export function closeCell(work: Work, location: LocationId, reason: string): boolean {
  if (work.parts.topology.placeOf(location).kind !== 'cell') return false;
  work.warehouse.tables.lock.put({ location, lock: 'both', reason });
  return true;
}

export function missing(
  work: Work,
  loadUnit: Mission['loadUnit'] & string,
  from: LocationId | undefined,
  text: string,
): void {
  work.move(loadUnit, MISSING, 'disputed');
  const unit = work.edit(loadUnit, { status: 'missing' });
  const reasons = [{ code: 'LOAD_UNIT_MISSING', detail: text.slice(0, 200) }];
  tellMovement(work, 'lost', unit, { order: unit.order, reasons });
  tellLoadUnit(work, work.unit(loadUnit), 'missing');
  work.raise({
    code: 'BIN_EMPTY',
    text,
    loadUnit,
    location: from,
    resolutions: [found, lost],
  });
}

export function disputed(
  work: Work,
  { loadUnit, crane, seq }: Pick<Mission, 'loadUnit' | 'crane' | 'seq'>,
  result: string,
): void {
  if (loadUnit === undefined) return;
  work.move(loadUnit, CLARIFICATION, 'disputed');
  work.explain(
    `Nobody knows where ${loadUnit} is: mission ${seq} of ${crane}, ${result}.`,
    loadUnit,
  );
}
