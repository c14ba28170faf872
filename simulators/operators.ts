import { type LocationId, OUTSIDE } from '../src/domain/ids.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { Random } from '../src/ports/random.ts';
import { type Question as Asked, answerTo, asStranger, canBeSeen } from './answers.ts';
import type { ScannerSimulator } from './barcode-scanner/server.ts';
import type { Plant } from './plant.ts';
import type { Tote } from './world/world.ts';

/** Bar codes on the wall of a workstation. */
const commandCodes = { ship: 'CRANEWAY-SHIP', return: 'CRANEWAY-RETURN' } as const;
/** How often people look up. */
const lookEveryMs = 100;
/** A tote in the reject lane that nobody asks about for so long is taken away unasked. */
const patienceMs = 20_000;
/** From a question to a second look, at what may have gone on by itself meanwhile. */
const lookAgainMs = 5_000;
const requestLimitMs = 3_000;

export interface OperatorsOptions {
  readonly plant: Plant;
  /** Base of the controller's API: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Handheld scanner at each workstation. */
  readonly workstations: ReadonlyMap<LocationId, ScannerSimulator>;
  readonly rejectLanes: readonly LocationId[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

interface Question extends Asked {
  readonly discrepancy: number;
  readonly loadUnit?: string;
}

interface Unit {
  readonly loadUnit: string;
  readonly status: string;
  readonly location?: string;
  readonly order?: string;
}

/**
 * The people of a simulated site. They see totes, not the ledger: they scan what stands before
 * them, do what the controller's API says, and answer its questions by looking.
 */
export class Operators {
  readonly #options: OperatorsOptions;
  readonly #plans = new Map<string, 'ship' | 'return'>();
  readonly #seenSinceMs = new Map<string, number>();
  #isWorking = false;
  #cancel: () => void = () => {};
  #round: Promise<void> = Promise.resolve();

  constructor(options: OperatorsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isWorking = true;
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#isWorking = false;
    this.#cancel();
    await this.#round;
  }

  #schedule(): void {
    if (!this.#isWorking) return;
    this.#cancel = this.#options.clock.after(lookEveryMs, () => {
      this.#round = this.#look()
        .catch((error: unknown) =>
          this.#options.log.debug({ err: error }, 'The controller is away'),
        )
        .finally(() => this.#schedule());
    });
  }

  async #look(): Promise<void> {
    const { workstations, rejectLanes } = this.#options;
    for (const [station, scanner] of workstations) await this.#workAt(station, scanner);
    const questions = await this.#questions();
    for (const lane of rejectLanes) await this.#clear(lane, questions);
    for (const question of questions) {
      const lane = rejectLanes.find((each) => each === question.location);
      if (lane === undefined) await this.#answer(question);
      else await this.#answerAtLane(lane, question);
    }
  }

  /** What lies in a reject lane is answered there; what was taken out before anybody asked, as soon as one asks. */
  async #answerAtLane(lane: LocationId, question: Question): Promise<void> {
    const isEmpty = this.#options.plant.stationContents(lane).length === 0;
    if (isEmpty && this.#isAskedLong(question)) await this.#resolve(question, 'removed');
  }

  /** Confirms the foremost tote, and sends it off or back as its plan says. */
  async #workAt(station: LocationId, scanner: ScannerSimulator): Promise<void> {
    const { plant, random } = this.#options;
    const [tote] = plant.stationContents(station);
    if (tote === undefined) return;
    const code = tote.label ?? tote.lpn;
    const unit = await this.#unitOf(tote);
    if (code === undefined || unit === undefined) return;
    const plan = this.#plans.get(tote.id) ?? (random.u32() % 4 === 0 ? 'return' : 'ship');
    this.#plans.set(tote.id, plan);
    if (unit.status === 'gone') {
      this.#plans.delete(tote.id);
      plant.takeAway(station, tote.id);
    } else if (unit.location === station && unit.order === undefined) {
      if (plant.putBack(tote.id).done) this.#plans.delete(tote.id);
    } else if (unit.location === station) {
      scanner.read(code, tote.label === undefined ? ']C0' : ']C1');
      scanner.read(commandCodes[plan]);
    }
    this.#bringBackStrange(station, tote, unit);
  }

  /** Nobody here is told of what the books have elsewhere, and it is in the way: at the infeed it is identified. */
  #bringBackStrange(station: LocationId, { id }: Tote, { location, status }: Unit): void {
    const nowMs = this.#options.clock.monotonicMs();
    const name = `${id} at ${station}`;
    const sinceMs = this.#seenSinceMs.get(name) ?? nowMs;
    const isStrange = location !== station && status !== 'gone';
    const isLong = isStrange && nowMs - sinceMs > patienceMs;
    if (isStrange && !isLong) this.#seenSinceMs.set(name, sinceMs);
    else this.#seenSinceMs.delete(name);
    if (isLong && this.#options.plant.putBack(id).done) this.#plans.delete(id);
  }

  /** Takes out what lies in the reject lane, once the controller has said why it is there. */
  async #clear(lane: LocationId, questions: readonly Question[]): Promise<void> {
    const { plant, clock } = this.#options;
    const [tote] = plant.stationContents(lane);
    if (tote === undefined) return;
    const sinceMs = this.#seenSinceMs.get(tote.id) ?? clock.monotonicMs();
    this.#seenSinceMs.set(tote.id, sinceMs);
    const unit = await this.#unitOf(tote);
    const mine = questions.find(({ loadUnit, resolutions }) => {
      const isOffered = resolutions.some(({ resolution }) => resolution === 'removed');
      const isIt =
        unit?.status === 'clarification' ? loadUnit === unit.loadUnit : isUnknown(loadUnit);
      return isOffered && isIt;
    });
    const isForgotten = clock.monotonicMs() - sinceMs > patienceMs && unit?.location !== lane;
    if (mine === undefined && unit?.status !== 'gone' && !isForgotten) return;
    if (mine !== undefined && !(await this.#resolve(mine, 'removed'))) return;
    this.#seenSinceMs.delete(tote.id);
    plant.takeAway(lane, tote.id);
  }

  /** Questions that a look at the floor answers. */
  async #answer(question: Question): Promise<void> {
    const { plant } = this.#options;
    const { loadUnit } = question;
    const unit = loadUnit
      ? await this.#get(`/load-units/${encodeURIComponent(loadUnit)}`)
      : undefined;
    const codes = [unit?.['lpn'], unit?.['sscc'] && `00${unit['sscc']}`]
      .filter((code) => code !== undefined)
      .map(String);
    const location = unit ? String(unit['location']) : undefined;
    const isAskedLong = this.#isAskedLong(question);
    const booked = { codes, location, strangers: await this.#strangers(location), isAskedLong };
    const answer = answerTo(question, booked, plant.truth());
    if (answer === undefined) return;
    if (answer.carryOut !== undefined) plant.carry(answer.carryOut, OUTSIDE);
    const isSettled = await this.#resolve(question, answer.resolution, answer.place);
    if (isSettled) this.#seenSinceMs.delete(nameOf(question));
  }

  /** What is on its way goes on by itself; what still stands there after a while does not. */
  #isAskedLong(question: Question): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const name = nameOf(question);
    const sinceMs = this.#seenSinceMs.get(name) ?? nowMs;
    this.#seenSinceMs.set(name, sinceMs);
    return nowMs - sinceMs >= lookAgainMs;
  }

  /** What stands somewhere and is booked elsewhere or nowhere, the foremost first. */
  async #strangers(at: string | undefined) {
    if (at === undefined) return undefined;
    const strangers: ReturnType<typeof asStranger>[] = [];
    const there = canBeSeen(at) ? this.#options.plant.stationContents(at as LocationId) : [];
    for (const tote of there) {
      const unit = await this.#unitOf(tote);
      if (unit?.location !== at) strangers.push(asStranger(tote));
    }
    return strangers;
  }

  async #questions(): Promise<readonly Question[]> {
    const page = await this.#get('/discrepancies?state=open');
    return (page?.['items'] ?? []) as Question[];
  }

  /** What the books say of a tote, by what can be read on it: a label may have been stuck on in vain. */
  async #unitOf({ lpn, label }: Tote) {
    for (const name of [label?.slice(2), lpn]) {
      const unit = name && (await this.#get(`/load-units/${encodeURIComponent(name)}`));
      if (unit) return unit as unknown as Unit;
    }
    return undefined;
  }

  async #get(path: string): Promise<Record<string, unknown> | undefined> {
    const { url } = this.#options;
    const answer = await fetch(`${url}/api/v1${path}`, {
      signal: AbortSignal.timeout(requestLimitMs),
    });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async #resolve(question: Question, resolution: string, place?: string): Promise<boolean> {
    const { url, random } = this.#options;
    const answer = await fetch(`${url}/api/v1/discrepancies/${question.discrepancy}/resolve`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'craneway-operator': 'op-1',
        'idempotency-key': `${question.discrepancy}-${resolution}-${random.u32()}`,
      },
      body: JSON.stringify({ resolution, ...(place && { place }) }),
      signal: AbortSignal.timeout(requestLimitMs),
    });
    return answer.ok;
  }
}

const isUnknown = (loadUnit: string | undefined): boolean =>
  loadUnit?.startsWith('UNKNOWN-') === true;

const nameOf = ({ discrepancy }: Question): string => `question ${discrepancy}`;
