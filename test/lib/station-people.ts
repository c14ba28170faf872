import type { LocationId } from '../../src/domain/ids.ts';
import type { StationView } from '../../src/ports/reader.ts';
import { pick } from './floor-phases.ts';
import type { FloorRig } from './floor-rig.ts';

/** Steps that one visit of the station may take. */
const stepsMax = 24;

/**
 * The people at PICK-01: they do what the step there says, with real pieces in real totes, and say what they find.
 * Which totes stand on the conveyor the steel knows; those on the table only they do.
 */
export class StationPeople {
  readonly #rig: FloorRig;
  /** Pieces that really lie in each load unit. */
  readonly pieces = new Map<string, number>([
    ['T-1', 10],
    ['T-2', 10],
  ]);
  /** On the table of the station. */
  readonly atHand = new Map<string, LocationId>();
  /** The printer of the station can print. */
  canPrint = true;
  readonly #toInfeed = new Set<string>();
  #totes = 0;
  #cartons = 0;

  constructor(rig: FloorRig) {
    this.#rig = rig;
  }

  get step(): string {
    return this.#rig.flow.books.station(pick)?.kind ?? 'none';
  }

  /** Works until there is nothing to do. @returns whether there was */
  async work(): Promise<boolean> {
    let steps = 0;
    this.#carry();
    while (steps < stepsMax && (await this.do())) steps++;
    return steps > 0 || this.#toInfeed.size > 0;
  }

  /** Works until this is the step. */
  async until(kind: string): Promise<void> {
    for (let steps = 0; steps < stepsMax && this.step !== kind; steps++) {
      if (!(await this.do())) await this.#rig.rest();
    }
    if (this.step !== kind)
      throw new Error(`${this.step} instead of ${kind}: ${this.#rig.summary()}`);
  }

  /** Does what the step says. @returns false: there is nothing that could be done */
  async do(): Promise<boolean> {
    const view = this.#rig.flow.books.station(pick);
    const act = view && acts[view.kind];
    if (view === undefined || act === undefined) return false;
    const isDone = await act(this, view);
    await this.#rig.run(10);
    return isDone;
  }

  async scan(code: string): Promise<boolean> {
    return (await this.#rig.operator({ act: 'scan', station: pick, code })).ok;
  }

  async answer(choice: string, more: { qty?: number; reason?: string; operator?: string } = {}) {
    const act = { act: 'answer', station: pick, choice, ...more } as const;
    return (await this.#rig.operator(act as never)).ok;
  }

  /** One of them still went in: the tote takes no more. */
  async tellFull(): Promise<void> {
    const { loadUnit = '', target = '' } = this.#rig.flow.books.station(pick) ?? {};
    const isInHand = this.step === 'putInto';
    const isTold = await this.answer('full', isInHand ? { qty: 1 } : {});
    if (isTold && isInHand) this.put(loadUnit, target, 1);
  }

  /** On the conveyor or on the table before them. */
  isHere(loadUnit: string): boolean {
    const { people } = this.#rig.model;
    return this.atHand.has(loadUnit) || people.contentsOf(pick).some(({ lpn }) => lpn === loadUnit);
  }

  newTote(wanted: string | undefined): string {
    return this.#take(wanted ?? `C-${++this.#totes}`);
  }

  newCarton(wanted: string | undefined): string {
    return this.#take(wanted ?? `B-${++this.#cartons}`);
  }

  put(from: string, into: string, qty: number): void {
    this.pieces.set(from, this.in(from) - qty);
    this.pieces.set(into, this.in(into) + qty);
  }

  in(loadUnit: string): number {
    return this.pieces.get(loadUnit) ?? 0;
  }

  hasComeOut(code: string): boolean {
    return this.#rig.deskPrinter.labels.includes(code);
  }

  /** Off the conveyor, and to the infeed once there is room. */
  bringBack(loadUnit: string): void {
    this.#toInfeed.add(loadUnit);
    this.#carry();
  }

  #carry(): void {
    for (const name of this.#toInfeed) {
      const tote = this.#rig.model.people.contentsOf(pick).find(({ lpn }) => lpn === name);
      const isThere =
        tote === undefined ||
        this.#rig.byHand((people, simMs) => people.putBack(tote.id, simMs)).done;
      if (isThere) this.#toInfeed.delete(name);
    }
  }

  #take(name: string): string {
    this.atHand.set(name, pick);
    return name;
  }
}

type Act = (people: StationPeople, view: StationView) => Promise<boolean>;

const expectedIn = ({ expects }: StationView) => expects[0] as { loadUnit?: string; sscc?: string };

/** How many of what is wanted are really there. */
const found = (people: StationPeople, { loadUnit = '', line }: StationView) =>
  Math.min(line?.qty ?? 0, people.in(loadUnit));

async function tellShort(people: StationPeople, view: StationView): Promise<boolean> {
  const { loadUnit = '', target = '' } = view;
  const qty = found(people, view);
  const isTaken = await people.answer('short', { qty, reason: 'notThere' });
  if (isTaken) people.put(loadUnit, target, qty);
  return isTaken;
}

/** Scans a load unit that stands here, or says that it does not. */
const scanOrMiss: Act = (people, view) => {
  const { loadUnit = '' } = expectedIn(view);
  return people.isHere(loadUnit) ? people.scan(loadUnit) : people.answer('gone');
};

const acts: Readonly<Record<string, Act>> = {
  scanLoadUnit: scanOrMiss,
  scanSource: scanOrMiss,
  scanTarget: (people, view) => people.scan(people.newTote(expectedIn(view).loadUnit)),
  scanPackTarget: (people, view) => people.scan(people.newCarton(expectedIn(view).loadUnit)),
  async scanArticle(people, view) {
    const { loadUnit = '', line } = view;
    if (!people.isHere(loadUnit)) return people.answer('gone');
    return found(people, view) < (line?.qty ?? 0) ? tellShort(people, view) : people.scan('A');
  },
  async putInto(people, view) {
    const { loadUnit = '', target = '', line } = view;
    const isIn = await people.scan(target);
    if (isIn) people.put(loadUnit, target, line?.qty ?? 0);
    return isIn;
  },
  countRest: (people, { loadUnit = '' }) => people.answer('counted', { qty: people.in(loadUnit) }),
  async sendBack(people, view) {
    const { loadUnit = '' } = view;
    if (!people.isHere(loadUnit)) return people.answer('gone');
    const isSent = await people.scan(loadUnit);
    if (isSent) people.bringBack(loadUnit);
    return isSent;
  },
  async putAll(people, view) {
    const { loadUnit = '' } = view;
    if (!people.isHere(loadUnit)) return people.answer('gone');
    const target = expectedIn(view).loadUnit ?? '';
    const isIn = await people.scan(target);
    if (isIn) people.put(loadUnit, target, people.in(loadUnit));
    return isIn;
  },
  closeTote: (people, { target = '' }) => people.answer(people.isHere(target) ? 'close' : 'gone'),
  noLabel(people, { target = '' }) {
    if (!people.isHere(target)) return people.answer('gone');
    return people.answer(people.canPrint ? 'again' : 'noLabel');
  },
  async applyLabel(people, view) {
    if (!people.isHere(view.target ?? '')) return people.answer('gone');
    const code = `00${expectedIn(view).sscc}`;
    return people.hasComeOut(code) ? people.scan(code) : people.answer('again');
  },
  async handOver(people, { target = '' }) {
    if (!people.isHere(target)) return people.answer('gone');
    const isGone = await people.answer('ship');
    if (isGone) people.atHand.delete(target);
    return isGone;
  },
  count: (people, { loadUnit = '' }) =>
    people.isHere(loadUnit)
      ? people.answer('counted', { qty: people.in(loadUnit) })
      : people.answer('gone'),
  recount: async (people, { loadUnit = '' }) => {
    const qty = people.in(loadUnit);
    const first = await people.answer('counted', { qty, operator: 'op-2' });
    return first || people.answer('counted', { qty, operator: 'op-3' });
  },
  countMore: (people) => people.answer('nothing'),
};
