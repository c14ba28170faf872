import { type LocationId, OUTSIDE } from '../../src/domain/ids.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Intake } from '../../src/ports/intake.ts';
import type { Random } from '../../src/ports/random.ts';
import type { DiscrepancyView, Reader } from '../../src/ports/reader.ts';
import { answerTo, asStranger, type Booked, canBeSeen } from '../answers.ts';
import type { Handled, NewTote, People } from '../world/people.ts';
import { codesOf, type Tote, type Truth } from '../world/world.ts';
import type { Contents } from './contents.ts';
import { Eyes, type Sight } from './eyes.ts';
import { StepWorker } from './step-worker.ts';
import { type Deed, Words } from './words.ts';

/** What people need of the floor. */
export interface Floor extends Sight {
  handle(deed: (people: People, simMs: number) => Handled): Handled;
  feed(tote: NewTote, at: LocationId): Handled;
}

/**
 * What people may say as well as what `answerTo` gives; whoever has used their hands for a question is not asked.
 *
 * @returns `later`: nobody can say it yet; undefined: nothing else than that
 */
export type Otherwise = (question: DiscrepancyView, booked: Booked) => Deed | 'later' | undefined;

export interface VirtualPeopleOptions {
  readonly floor: Floor;
  readonly intake: Pick<Intake, 'operator'>;
  readonly reader: () => Reader;
  /** Shows a code to the handheld scanner of each workstation. */
  readonly workstations: ReadonlyMap<LocationId, (code: string) => void>;
  readonly rejectLanes: readonly LocationId[];
  readonly infeeds: readonly LocationId[];
  /** Absent: what a step says is always there, and nobody counts. */
  readonly contents?: Contents;
  /** Absent: the same question gets the same answer. */
  readonly otherwise?: Otherwise | undefined;
  /** Whether the label of an SSCC has come out at a workstation; absent: always. */
  readonly hasLabel?: (sscc: string) => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly watch: (asked: Promise<unknown>) => void;
  /** How long one takes for a load unit at a workstation, on average. */
  readonly serviceMs: number;
  /** From a question to the person who has looked, on average. */
  readonly lookMs: number;
  /** Share of the load units at workstations that go back to storage, of 100. */
  readonly returnsOf100: number;
}

/** Bar codes on the wall of a workstation. */
const commandCodes = { ship: 'CRANEWAY-SHIP', return: 'CRANEWAY-RETURN' } as const;
/** Between two looks at what cannot go on yet. */
const againMs = 5_000;
/** From one step of the work with a load unit to the next. */
const stepMs = 2_000;
/** From a command code to the screen's saying what has become of it. */
const screenMs = 500;
/** A tote in the reject lane that nobody asks about for so long is taken away unasked. */
const patienceMs = 120_000;
/** So long the books may be late about what stands at a workstation. */
const booksMs = 20_000;
/** Attempts to answer one question; then it stays open until somebody asks again. */
const attemptsMax = 50;

/** How a page says that something lies on a crane that is in no book. */
const strangerOnCrane = /^(\S+) is loaded, and the books know of no load there/;

/**
 * The people of a site on virtual time. They come when something stands before them or is asked, scan
 * it, and do what the controller says; they see totes, never the ledger.
 */
export class VirtualPeople {
  readonly #options: VirtualPeopleOptions;
  readonly #busy = new Set<LocationId>();
  readonly #plans = new Map<string, 'ship' | 'return'>();
  readonly #seenSinceMs = new Map<string, number>();
  readonly #asked = new Set<number>();
  readonly #words: Words;
  readonly #workers: ReadonlyMap<LocationId, StepWorker>;
  readonly #eyes: Eyes;

  constructor(options: VirtualPeopleOptions) {
    this.#options = options;
    const { intake, reader, watch, floor, contents, hasLabel, random } = options;
    this.#eyes = new Eyes(floor, reader);
    this.#words = new Words({ intake, watch, refused: (reason) => this.#takeOff(reason) });
    const all = { intake, reader, watch, random, contents, hasLabel };
    const contentsOf = (at: LocationId) => floor.contentsOf(at);
    this.#workers = new Map(
      [...options.workstations].map(([station, scan]) => [
        station,
        new StepWorker({ ...all, station, scan, contentsOf }),
      ]),
    );
  }

  /** What they have on the tables of workstations, beside all conveyors; an empty one without a name is packaging. */
  tables(): Truth['totes'] {
    const { reader, contents } = this.#options;
    const isTote = (name: string) =>
      reader().loadUnit(name) !== undefined || (contents?.countIn(name) ?? 0) > 0;
    return [...this.#workers].flatMap(([location, { table }]) =>
      [...table]
        .filter(isTote)
        .map((name) => ({ id: name, codes: [name], location, isForeign: false })),
    );
  }

  /** Something has come to a place; harmless where nobody works. */
  arrived(location: LocationId): void {
    const { workstations, rejectLanes, serviceMs } = this.#options;
    if (workstations.has(location)) this.#come(location, this.#around(serviceMs));
    else if (rejectLanes.includes(location)) this.#come(location, this.#around(serviceMs));
  }

  /** The controller asks something. */
  asked(discrepancy: number): void {
    if (this.#asked.has(discrepancy)) return;
    this.#asked.add(discrepancy);
    this.#think(discrepancy, 1);
  }

  #come(location: LocationId, inMs: number): void {
    if (this.#busy.has(location)) return;
    this.#busy.add(location);
    this.#options.clock.after(inMs, () => {
      this.#busy.delete(location);
      if (this.#workers.get(location)?.work()) return this.#come(location, stepMs);
      const [tote] = this.#options.floor.contentsOf(location);
      if (tote === undefined) return;
      const scan = this.#options.workstations.get(location);
      const nextMs =
        scan === undefined ? this.#clear(location, tote) : this.#work(location, tote, scan);
      this.#come(location, nextMs);
    });
  }

  /** Confirms the foremost tote, and sends it off or back as planned. @returns when to look again */
  #work(station: LocationId, tote: Tote, scan: (code: string) => void): number {
    const { floor, serviceMs } = this.#options;
    const code = tote.label ?? tote.lpn;
    const unit = this.#eyes.unitOf(tote);
    if (code === undefined || unit === undefined) return againMs;
    const plan = this.#plans.get(tote.id) ?? this.#plan();
    this.#plans.set(tote.id, plan);
    const isOver =
      unit.status === 'gone' || (unit.location === station && unit.order === undefined);
    if (isOver) {
      const isGone =
        unit.status === 'gone'
          ? floor.handle((people, simMs) => people.takeAway(station, tote.id, simMs)).done
          : this.#putBack(tote.id);
      if (isGone) this.#plans.delete(tote.id);
      return isGone ? this.#around(serviceMs) : againMs;
    }
    if (unit.location !== station) return this.#showMisplaced(tote.id, () => scan(code));
    this.#seenSinceMs.delete(tote.id);
    scan(code);
    // What becomes of what is worked with, the steps say.
    if (!this.#isForSteps(unit.order)) scan(commandCodes[plan]);
    return screenMs;
  }

  /** The books have it elsewhere, and do not catch up by themselves: what is scanned here is asked about. */
  #showMisplaced(toteId: string, scan: () => void): number {
    const nowMs = this.#options.clock.monotonicMs();
    const sinceMs = this.#seenSinceMs.get(toteId) ?? nowMs;
    this.#seenSinceMs.set(toteId, sinceMs);
    if (nowMs - sinceMs >= booksMs) scan();
    return againMs;
  }

  #isForSteps(order: string | undefined): boolean {
    const kind = order === undefined ? undefined : this.#options.reader().order(order)?.kind;
    return kind === 'pick' || kind === 'count';
  }

  #plan(): 'ship' | 'return' {
    const { random, returnsOf100 } = this.#options;
    return random.u32() % 100 < returnsOf100 ? 'return' : 'ship';
  }

  #putBack(toteId: string): boolean {
    const { floor, infeeds } = this.#options;
    return infeeds.some(
      (at) => floor.handle((people, simMs) => people.putBack(toteId, simMs, at)).done,
    );
  }

  /** Takes out what lies in a reject lane, once the controller has said why it is there. */
  #clear(lane: LocationId, tote: Tote): number {
    const { floor, clock, serviceMs } = this.#options;
    const sinceMs = this.#seenSinceMs.get(tote.id) ?? clock.monotonicMs();
    this.#seenSinceMs.set(tote.id, sinceMs);
    const unit = this.#eyes.unitOf(tote);
    const isForgotten = clock.monotonicMs() - sinceMs > patienceMs && unit?.location !== lane;
    const asked = this.#askedIn(lane);
    const mine =
      asked.find(({ loadUnit }) =>
        unit?.status === 'clarification' ? loadUnit === unit.loadUnit : isUnknown(loadUnit),
      ) ?? (isForgotten ? asked.find((question) => this.#isNowhere(question)) : undefined);
    if (mine === undefined && unit?.status !== 'gone' && !isForgotten) return againMs;
    const seen = { codes: codesOf(tote), location: lane, strangers: [asStranger(tote)] };
    const other = mine && this.#options.otherwise?.(mine, seen);
    if (other === 'later') return againMs;
    const byHand = () =>
      floor.handle((people, simMs) => people.takeAway(lane, tote.id, simMs)).done;
    if (mine === undefined) byHand();
    else {
      const deed = other ?? { resolution: 'removed', byHand };
      if (!this.#words.say(mine.discrepancy, deed)) return againMs;
    }
    this.#seenSinceMs.delete(tote.id);
    return this.#around(serviceMs);
  }

  #askedIn(lane: LocationId): DiscrepancyView[] {
    return this.#options
      .reader()
      .discrepancies('open')
      .filter(
        ({ discrepancy, location = lane, resolutions }) =>
          location === lane &&
          !this.#words.isDone(discrepancy) &&
          resolutions.some(({ resolution }) => resolution === 'removed'),
      );
  }

  /** Whether what is asked about stands nowhere: what lies in its lane was read as it, and goes in its place. */
  #isNowhere(question: DiscrepancyView): boolean {
    const { codes, location } = this.#eyes.bookedOf(question);
    if (question.location === undefined || location !== question.location) return false;
    return !this.#options.floor
      .truth()
      .totes.some(
        (each) => canBeSeen(each.location) && each.codes.some((it) => codes.includes(it)),
      );
  }

  #think(discrepancy: number, attempt: number): void {
    const { clock, lookMs } = this.#options;
    clock.after(this.#around(lookMs), () => this.#answer(discrepancy, attempt));
  }

  #answer(discrepancy: number, attempt: number): void {
    const { reader, rejectLanes } = this.#options;
    const question = reader()
      .discrepancies('open')
      .find((open) => open.discrepancy === discrepancy);
    // Settled, or put by a process that has died since: the next one puts it again.
    if (question === undefined) {
      this.#asked.delete(discrepancy);
      return;
    }
    // What lies in a reject lane is answered there, and said again here once it does not.
    const isInLane = rejectLanes.some((lane) => lane === question.location);
    if (!isInLane || this.#words.isDone(discrepancy)) {
      const answer = this.#words.doneAs(discrepancy) ?? this.#look(question, attempt > 1);
      if (answer !== undefined && answer !== 'later') this.#words.say(discrepancy, answer);
    }
    // Refused, or still open for another reason: looked at again later.
    if (attempt < attemptsMax) this.#think(discrepancy, attempt + 1);
    else this.#asked.delete(discrepancy);
  }

  #look(question: DiscrepancyView, isAskedLong: boolean): ReturnType<Otherwise> {
    const { floor, otherwise } = this.#options;
    const booked = { ...this.#eyes.bookedOf(question), isAskedLong };
    const other = this.#words.isDone(question.discrepancy)
      ? undefined
      : otherwise?.(question, booked);
    if (other !== undefined) return other;
    const answer = answerTo(question, booked, floor.truth());
    const { carryOut } = answer ?? {};
    if (answer === undefined || carryOut === undefined) return answer;
    const byHand = () =>
      floor.handle((people, simMs) => people.carry(carryOut, OUTSIDE, simMs)).done;
    return { ...answer, byHand };
  }

  /** Does what a page asks for before it lets a crane go on. */
  #takeOff(reason: string): void {
    const lhd = strangerOnCrane.exec(reason)?.[1] as LocationId | undefined;
    if (lhd === undefined) return;
    const [tote] = this.#options.floor.contentsOf(lhd);
    if (tote === undefined) return;
    this.#options.floor.handle((people, simMs) => people.carry(tote.id, OUTSIDE, simMs));
  }

  #around(ms: number): number {
    return ms * (0.5 + (this.#options.random.u32() % 1_000) / 1_000);
  }
}

const isUnknown = (loadUnit: string | undefined): boolean =>
  loadUnit?.startsWith('UNKNOWN-') === true;
