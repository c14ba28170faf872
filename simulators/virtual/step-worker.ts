import type { LocationId } from '../../src/domain/ids.ts';
import type { Intake } from '../../src/ports/intake.ts';
import type { Random } from '../../src/ports/random.ts';
import type { Reader, StationView } from '../../src/ports/reader.ts';
import type { Tote } from '../world/world.ts';
import type { Contents } from './contents.ts';

interface StepWorkerOptions {
  readonly station: LocationId;
  readonly scan: (code: string) => void;
  readonly intake: Pick<Intake, 'operator'>;
  readonly reader: () => Reader;
  readonly watch: (asked: Promise<unknown>) => void;
  readonly contentsOf: (location: LocationId) => readonly Tote[];
  /** Undefined: what a step says is always there, and nobody counts. */
  readonly contents: Contents | undefined;
  /** Whether the label of an SSCC lies on the table; undefined: always. */
  readonly hasLabel: ((sscc: string) => boolean) | undefined;
  readonly random: Random;
}

/** What a person does about a step. */
type Saying =
  | { readonly code: string }
  | {
      readonly choice: string;
      readonly qty?: number;
      readonly reason?: string;
      readonly operator?: string;
    };

/** Of 100 people who count, so many are wrong by one. */
const miscountsOf100 = 3;

/**
 * A person at a workstation who does what its screen says, step by step, with real pieces in the hands, and knows
 * nothing else.
 */
export class StepWorker {
  readonly #options: StepWorkerOptions;
  /** Load units that this person has brought, beside the conveyor. */
  readonly #table = new Set<string>();
  readonly #shown = new Set<string>();
  #shownFor = 0;
  #totes = 0;
  #acts = 0;
  /** The step whose pieces have been moved: who has to say it again moves none again. */
  #movedFor = 0;

  constructor(options: StepWorkerOptions) {
    this.#options = options;
  }

  get table(): Iterable<string> {
    return this.#table;
  }

  /** @returns whether a workflow asked for something, and this person has done it or waits for it */
  work(): boolean {
    const view = this.#options.reader().station(this.#options.station);
    if (view?.step === undefined) return false;
    const saying = this.#saying(view);
    if (saying === undefined) return true;
    if ('code' in saying) this.#options.scan(saying.code);
    else this.#answer(view, saying);
    return true;
  }

  /** Undefined: nothing can be done now. */
  #saying(view: StationView): Saying | undefined {
    const { contents, hasLabel = () => true } = this.#options;
    const [source, target] = [this.#plateOf(view.loadUnit), view.target ?? ''];
    const [expected] = view.expects as readonly { readonly loadUnit?: string; sscc?: string }[];
    switch (view.kind) {
      case 'scanTarget':
        return { code: this.#empty('C', view, expected?.loadUnit) };
      case 'scanPackTarget':
        return { code: this.#empty('B', view, expected?.loadUnit) };
      case 'scanArticle':
        return this.#take(view, source);
      case 'putInto':
        this.#once(view, () => {
          const { sku = '', qty = 0 } = view.line ?? {};
          contents?.put(source, target, sku, qty);
        });
        return { code: target };
      case 'putAll':
        this.#once(view, () => contents?.putAll(source, target));
        return { code: target };
      case 'countRest':
      case 'count':
      case 'recount':
        return this.#count(view.kind, source);
      case 'applyLabel':
        return hasLabel(expected?.sscc ?? '')
          ? { code: `00${expected?.sscc}` }
          : { choice: 'again' };
      case 'sendBack':
      case 'scanSource':
        return { code: this.#codeOf(expected?.loadUnit ?? '') };
      case 'handOver':
        this.#table.delete(target);
        return { choice: 'ship' };
      default:
        return choices.get(view.kind);
    }
  }

  /** Takes an empty one off the table, or brings a new one; what was refused is not shown again for this step. */
  #empty(sort: 'B' | 'C', { step = 0, station }: StationView, wanted: string | undefined): string {
    if (step !== this.#shownFor) this.#shown.clear();
    this.#shownFor = step;
    const { contents } = this.#options;
    const isFree = (name: string) =>
      name.startsWith(sort) && contents?.countIn(name) === 0 && !this.#shown.has(name);
    const known = wanted ?? [...this.#table].find(isFree);
    const name = known ?? `${sort}-${station}-${++this.#totes}`;
    this.#table.add(name);
    this.#shown.add(name);
    return name;
  }

  /** Scans the article where there are enough of it, else says how many there are. */
  #take(view: StationView, source: string): Saying {
    const { contents } = this.#options;
    const { sku = '', qty = 0 } = view.line ?? {};
    const there = contents?.qtyOf(source, sku) ?? qty;
    if (there >= qty) return { code: sku };
    this.#once(view, () => contents?.put(source, view.target ?? '', sku, there));
    return { choice: 'short', qty: there, reason: 'notThere' };
  }

  /** The first one to count may be wrong; who counts anew takes care, and so does who has found too few. */
  #count(kind: 'countRest' | 'count' | 'recount', source: string): Saying | undefined {
    const { contents, random } = this.#options;
    if (contents === undefined) return undefined;
    const qty = contents.countIn(source);
    if (kind === 'recount') return { choice: 'counted', qty, operator: 'op-2' };
    const isWrong = kind === 'count' && random.u32() % 100 < miscountsOf100;
    return { choice: 'counted', qty: isWrong ? qty + 1 : qty };
  }

  #once({ step = 0 }: StationView, move: () => void): void {
    if (this.#movedFor === step) return;
    this.#movedFor = step;
    move();
  }

  /** What can be read on it. */
  #codeOf(loadUnit: string): string {
    const { contentsOf, station } = this.#options;
    const tote = contentsOf(station).find(
      ({ label, lpn }) => label?.slice(2) === loadUnit || lpn === loadUnit,
    );
    return tote?.label ?? loadUnit;
  }

  #plateOf(loadUnit = ''): string {
    return this.#options.reader().loadUnit(loadUnit)?.lpn ?? loadUnit;
  }

  #answer(
    { station, step = 0, choices: offered }: StationView,
    { choice, qty, reason, operator = 'op-1' }: Exclude<Saying, { readonly code: string }>,
  ): void {
    const { intake, watch } = this.#options;
    if (!offered.some((one) => one.choice === choice)) return;
    const key = `s-${station}-${++this.#acts}`;
    const said = { choice, ...(qty !== undefined && { qty }), ...(reason && { reason }) };
    const act = { act: 'answer', operator, key, step, ...said } as const;
    watch(intake.operator({ ...act, station: station as LocationId }));
  }
}

/** What is answered where a step asks for no scan. */
const choices: ReadonlyMap<string, Saying> = new Map([
  ['closeTote', { choice: 'close' }],
  ['noLabel', { choice: 'noLabel' }],
  ['countMore', { choice: 'nothing' }],
]);
