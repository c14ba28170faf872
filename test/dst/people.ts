import { type Booked, canBeSeen } from '../../simulators/answers.ts';
import type { Otherwise } from '../../simulators/virtual/people.ts';
import type { Deed } from '../../simulators/virtual/words.ts';
import type { Tote } from '../../simulators/world/world.ts';
import { ssccOf } from '../../simulators/zpl-printer/label-text.ts';
import type { LoadUnitId, LocationId, Sscc } from '../../src/domain/ids.ts';
import type { Warehouse } from '../../src/domain/warehouse.ts';
import type { Random } from '../../src/ports/random.ts';
import type { DiscrepancyView } from '../../src/ports/reader.ts';
import type { DstLines } from './lines.ts';
import type { DstPlant } from './plant.ts';
import type { Witness } from './witness.ts';

/** What people can look at. */
interface Crew {
  readonly plant: DstPlant;
  readonly lines: DstLines;
  readonly witness: Witness;
  /** That run. */
  readonly processes: readonly unknown[];
  /** Whose page they look at. */
  readonly controller: { readonly flow: { readonly warehouse: Warehouse } } | undefined;
}

const inCell = /^A0[12]-[LR]-/;
/** Where a crane works, and no hand reaches. */
const inAisle = /^A0[12]-([LR]-|LHD)/;
const ssccIn = /\b\d{18}\b/;

interface Asked {
  readonly crew: Crew;
  readonly infeed: LocationId;
  readonly random: Random;
  readonly question: DiscrepancyView;
  readonly booked: Booked;
}

interface Habit {
  readonly offered: string;
  /** Taken up in one case of so many. */
  readonly oneIn: number;
  readonly say: (asked: Asked) => ReturnType<Otherwise>;
}

const isOffered = ({ resolutions }: DiscrepancyView, name: string): boolean =>
  resolutions.some(({ resolution }) => resolution === name);

const habits: readonly Habit[] = [
  { offered: 'cameOut', oneIn: 1, say: (asked) => lookForLabel(asked) },
  // Whoever sees that no other controller runs takes the machine.
  {
    offered: 'takeOver',
    oneIn: 1,
    say: ({ crew }) => (crew.processes.length > 1 ? 'later' : { resolution: 'takeOver' }),
  },
  { offered: 'keptClosed', oneIn: 6, say: () => ({ resolution: 'keptClosed' }) },
  { offered: 'check', oneIn: 3, say: () => ({ resolution: 'check' }) },
  // What the books ask about by and by, until it has come.
  {
    offered: 'placed',
    oneIn: 2,
    say: ({ question }) => (isOffered(question, 'noted') ? { resolution: 'noted' } : undefined),
  },
  { offered: 'found', oneIn: 2, say: (asked) => layBack(asked) },
  { offered: 'putBack', oneIn: 3, say: (asked) => carryBack(asked) },
];

/**
 * People who do not all say the same: they do with their hands what a question allows, and say then what is so. Now
 * and then one is wrong about a label, as people are who look for a piece of paper.
 */
export function crewOf(crew: Crew, infeed: LocationId, random: Random): Otherwise {
  return (question, booked) => {
    if (question.code === 'PLACE_CONFLICT') peel(crew, question);
    return byHabit({ crew, infeed, random, question, booked });
  };
}

function byHabit(asked: Asked): ReturnType<Otherwise> {
  for (const { offered, oneIn, say } of habits) {
    if (!isOffered(asked.question, offered) || asked.random.u32() % oneIn !== 0) continue;
    const answer = say(asked);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

const toteOf = ({ plant }: Crew, { codes, strangers }: Booked): Tote | undefined => {
  const { world } = plant.model;
  const named = world.truth().totes.find((tote) => tote.codes.some((code) => codes.includes(code)));
  const id = named?.id ?? strangers?.[0]?.id;
  return id === undefined ? undefined : world.tote(id);
};

/**
 * A late code has named one tote after another, whose label it bears now beside its own plate: whoever looks for
 * either finds it, where it was put or wherever it has gone since. The plate was on it before, so the label comes off.
 */
export function peel(
  { plant, controller }: Pick<Crew, 'plant' | 'controller'>,
  {
    location,
    loadUnit,
  }: { readonly location?: string | undefined; readonly loadUnit?: string | undefined },
): void {
  if (controller === undefined) return;
  const { world } = plant.model;
  const { warehouse } = controller.flow;
  for (const seen of world.truth().totes) {
    const tote = world.tote(seen.id);
    const sscc = tote?.label?.slice(2) as Sscc | undefined;
    const labeled = sscc && warehouse.bySscc(sscc);
    const plated = tote?.lpn && warehouse.loadUnit(tote.lpn as LoadUnitId);
    if (!tote || !labeled || !plated || labeled.loadUnit === plated.loadUnit) continue;
    if (seen.location !== location && labeled.loadUnit !== loadUnit) continue;
    plant.act(() => {
      tote.label = undefined;
      world.changed(tote);
    });
  }
}

/** Wherever a hand reaches it, be it beside the conveyor or outside at the dock: it comes in again. */
function carryBack({ crew, infeed, booked }: Asked): Deed | undefined {
  const tote = toteOf(crew, booked);
  if (tote === undefined || inAisle.test(tote.spot)) return undefined;
  const byHand = () =>
    crew.plant.handle((people, simMs) => people.putBack(tote.id, simMs, infeed)).done;
  return { resolution: 'putBack', byHand };
}

/** What was lost beside its cell is put into it again. */
function layBack({ crew, question, booked }: Asked): Deed | undefined {
  const place = question.location as LocationId | undefined;
  const tote = toteOf(crew, booked);
  if (tote === undefined || canBeSeen(tote.spot) || !place || !inCell.test(place)) return undefined;
  const byHand = () =>
    crew.plant.handle((people, simMs) => people.carry(tote.id, place, simMs)).done;
  return { resolution: 'found', place, byHand };
}

/** What has become of a label: it may still be in the printer, stick somewhere, or lie about. */
function lookForLabel({ crew, random, question, booked }: Asked): ReturnType<Otherwise> {
  const sscc = ssccIn.exec(question.text)?.[0];
  if (sscc === undefined) return undefined;
  if (isComing(crew, sscc)) return 'later';
  const { plant, witness } = crew;
  const { world } = plant.model;
  const at = random.u32() % 4;
  const bearer = world.truth().totes.find(({ codes }) => codes[0] === `00${sscc}`);
  const it = bearer && world.tote(bearer.id);
  if (it === undefined) {
    // Not everybody finds what lies on the floor.
    const isSeen = at < 2 && witness.labels.some((label) => label.sscc === sscc);
    if (at === 3) return { resolution: 'printAgain' };
    return { resolution: isSeen ? 'destroyed' : 'neverPrinted' };
  }
  const isItsOwn = it.lpn !== undefined && booked.codes.includes(it.lpn);
  if (isItsOwn && at < 2) return { resolution: 'cameOut' };
  // One has found another label, and taken it for this one.
  if (at === 3) return { resolution: 'destroyed' };
  const byHand = () => {
    plant.act(() => {
      it.label = undefined;
      world.changed(it);
    });
    return true;
  };
  return { resolution: at === 2 ? 'printAgain' : 'destroyed', byHand };
}

/** It is in a printer, or on its way to a load unit. */
function isComing({ plant, lines }: Crew, sscc: string): boolean {
  const isInPrinter = [...lines.printers.values()].some(
    ({ state }) => state.format !== undefined || state.waiting.some((zpl) => ssccOf(zpl) === sscc),
  );
  const isApplied = [...plant.model.conveyors.values()].some(({ state }) =>
    state.labels.some(({ code }) => code === `00${sscc}`),
  );
  return isInPrinter || isApplied;
}
