import { locationOf, type Tote } from '../../simulators/world/world.ts';
import type { Discrepancy, LoadUnit } from '../../src/domain/books.ts';
import { type LocationId, MISSING, OUTSIDE } from '../../src/domain/ids.ts';
import { at, id } from './demo.ts';

import type { FloorRig } from './floor-rig.ts';

/** What a person does with a load unit that is in question and may not stay where it is. */
const lhd = at('A01-LHD');

export type Habit = 'removed' | 'putBack' | 'placed';

/**
 * People who look at the steel and answer every question, until none is left that a look can
 * answer; then whoever works at the station scans what has come and sends it off.
 *
 * @param work  what is done there instead; it says whether there was anything to do
 * @returns what could not be settled, each with the reason
 */
export async function peopleAnswer(
  rig: FloorRig,
  habit: Habit = 'removed',
  roundsMax = 12,
  work: () => Promise<boolean> = () => workAt(rig, at('PICK-01')),
): Promise<string[]> {
  let refused: string[] = [];
  for (let round = 0; round < roundsMax; round++) {
    const open = rig.questions;
    const isStationBusy = await work();
    if (open.length === 0 && !isStationBusy && !(await isAwaited(rig))) return [];
    refused = [];
    for (const question of open) {
      const why = await answer(rig, question, habit);
      if (why !== undefined) refused.push(`${question.code}: ${why}`);
    }
    await rig.rest();
  }
  return refused;
}

/** Something is under way, and only time will wake it. @returns whether it was waited for */
async function isAwaited(rig: FloorRig): Promise<boolean> {
  if (rig.flow.warehouse.tables.workflow.size === 0) return false;
  const dueMs = rig.ledger.nextTimerMs();
  if (dueMs === undefined) return false;
  await rig.run(Math.max(0, dueMs - rig.clock.nowMs()) + 10);
  await rig.rest();
  return true;
}

/** Scans what stands there, and sends it off. @returns whether anything stood there */
async function workAt(rig: FloorRig, station: LocationId): Promise<boolean> {
  const [tote] = rig.model.people.contentsOf(station);
  if (tote === undefined) return false;
  const code = tote.lpn ?? tote.label ?? '';
  await rig.operator({ act: 'scan', station, code });
  const loadUnit = unitOf(rig, tote)?.loadUnit ?? code;
  const done = await rig.operator({ act: 'finish', station, loadUnit, how: 'ship' });
  if (done.ok) rig.byHand((people, simMs) => people.takeAway(station, tote.id, simMs));
  await rig.run(50);
  return done.ok;
}

const unitOf = (rig: FloorRig, { lpn, label }: Tote): LoadUnit | undefined =>
  [...rig.flow.warehouse.tables.loadUnit.values()].find(
    (unit) =>
      (lpn !== undefined && unit.lpn === lpn) ||
      (unit.sscc !== undefined && label === `00${unit.sscc}`),
  );

/** The tote that a load unit of the books is in steel: by its codes, or else by its place. */
export function toteOfUnit(rig: FloorRig, name: string): Tote | undefined {
  const unit = rig.flow.warehouse.loadUnit(id(name));
  if (unit === undefined) return undefined;
  const totes = allTotes(rig);
  const byCode = totes.find((tote) => unitOf(rig, tote)?.loadUnit === unit.loadUnit);
  if (byCode !== undefined) return byCode;
  // Nobody can read who it is, or its code is another one's: it is the one that stands there.
  return totes.find(
    (tote) => locationOf(tote.spot) === unit.place && unitOf(rig, tote)?.place !== unit.place,
  );
}

export const allTotes = ({ model }: FloorRig): Tote[] =>
  model.world.truth().totes.flatMap(({ id: name }) => model.world.tote(name) ?? []);

/** A question as a person with eyes meets it. */
interface Look {
  readonly rig: FloorRig;
  readonly location: LocationId | undefined;
  readonly habit: Habit;
  readonly offered: readonly string[];
  readonly tote: Tote | undefined;
  /** Where it is in steel; undefined: not in the building, or nobody knows which it is. */
  readonly where: LocationId | undefined;
  /** @returns why it could not be done */
  readonly say: (resolution: string, place?: LocationId) => Promise<string | undefined>;
}

function lookAt(rig: FloorRig, { no, loadUnit, location, resolutions }: Discrepancy, habit: Habit) {
  const tote = loadUnit === undefined ? undefined : toteOfUnit(rig, loadUnit);
  const where = tote && locationOf(tote.spot);
  const say: Look['say'] = async (resolution, place) => {
    const said = await rig.operator({ act: 'resolve', discrepancy: no, resolution, place });
    return said.ok ? undefined : said.reason;
  };
  const offered = resolutions.map(({ resolution }) => resolution);
  const inside = where === OUTSIDE || where === MISSING ? undefined : where;
  return { rig, location, habit, offered, tote, where: inside, say };
}

/** What to do about each kind of question, by an answer that it offers; the first that fits. */
const reactions: readonly [string, (look: Look) => Promise<string | undefined>][] = [
  ['reset', ({ say }) => say('reset')],
  ['confirmed', confirm],
  ['keptClosed', lookInto],
  ['found', ({ say, where }) => (where === undefined ? say('lost') : say('found', where))],
  ['destroyed', ({ say }) => say('destroyed')],
  ['fail', ({ say }) => say('retry')],
  ['notThere', ({ say, where }) => say(where === undefined ? 'notThere' : 'noted')],
  ['putBack', bring],
  ['placed', ({ say, where }) => say('placed', where ?? OUTSIDE)],
  ['claim', ({ say }) => say('claim')],
  ['noted', ({ say }) => say('noted')],
];

/** @returns why it could not be done */
async function answer(rig: FloorRig, question: Discrepancy, habit: Habit) {
  if (!rig.questions.some(({ no }) => no === question.no)) return undefined;
  const look = lookAt(rig, question, habit);
  const [, react] = reactions.find(([offer]) => look.offered.includes(offer)) ?? [];
  return react === undefined ? 'nobody knows what to answer' : react(look);
}

/** Takes off the crane what no book knows, and says where the load in question is. */
async function confirm({ rig, tote, where, say }: Look): Promise<string | undefined> {
  const onCrane = allTotes(rig).find(({ spot }) => spot === lhd);
  if (onCrane !== undefined && unitOf(rig, onCrane) === undefined) {
    const isBooked = rig.flow.warehouse.countAt(lhd) > 0;
    if (!isBooked) takeOut(rig, onCrane);
    await rig.rest();
  }
  return say('confirmed', where ?? (tote && OUTSIDE));
}

/** Takes out what the books do not know, and opens the location again. */
async function lookInto({ rig, location, offered, say }: Look): Promise<string | undefined> {
  const inside = allTotes(rig).find(({ spot }) => spot === location);
  const isKnown = inside !== undefined && unitOf(rig, inside)?.place === location;
  // Whoever was looked for may be just here: that is another question's answer.
  const isLookedFor = inside !== undefined && unitOf(rig, inside) !== undefined;
  if (inside !== undefined && !isKnown && !isLookedFor) takeOut(rig, inside);
  return say(offered.includes('removed') ? 'removed' : 'opened');
}

/** Does with what may not stay what the habit says. */
async function bring({ rig, habit, offered, tote, where, say }: Look): Promise<string | undefined> {
  if (habit === 'placed' && offered.includes('placed')) {
    // Where it cannot stay, it is carried on after all.
    if ((await say('placed', where ?? OUTSIDE)) === undefined) return undefined;
  }
  if (habit === 'putBack' && where !== undefined) {
    const refused = await say('putBack');
    if (refused !== undefined) return refused;
    const done = rig.byHand((people, simMs) => people.putBack(tote?.id ?? '', simMs));
    return done.done ? undefined : done.reason;
  }
  const refused = await say('removed');
  if (refused === undefined) takeOut(rig, tote);
  return refused;
}

function takeOut(rig: FloorRig, tote: Tote | undefined): void {
  if (tote !== undefined) rig.byHand((people, simMs) => people.carry(tote.id, OUTSIDE, simMs));
}
