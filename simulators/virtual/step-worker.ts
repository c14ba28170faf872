import type { LocationId } from '../../src/domain/ids.ts';
import type { Intake } from '../../src/ports/intake.ts';
import type { Reader, StationView } from '../../src/ports/reader.ts';
import type { Tote } from '../world/world.ts';

export interface StepWorkerOptions {
  readonly station: LocationId;
  readonly scan: (code: string) => void;
  readonly intake: Pick<Intake, 'operator'>;
  readonly reader: () => Reader;
  readonly watch: (asked: Promise<unknown>) => void;
  readonly contentsOf: (location: LocationId) => readonly Tote[];
}

/** What is answered where a step asks for no scan. */
const answers: ReadonlyMap<string, string> = new Map([
  ['closeTote', 'close'],
  ['noLabel', 'noLabel'],
  ['handOver', 'ship'],
  ['putInto', 'done'],
]);

/** A person at a workstation who does what its screen says, step by step, and knows nothing else. */
export class StepWorker {
  readonly #options: StepWorkerOptions;
  #totes = 0;
  #acts = 0;

  constructor(options: StepWorkerOptions) {
    this.#options = options;
  }

  /** @returns whether a workflow asked for something, and this person has done it or waits for it */
  work(): boolean {
    const view = this.#options.reader().station(this.#options.station);
    if (view?.step === undefined) return false;
    const code = this.#codeFor(view);
    if (code !== undefined) this.#options.scan(code);
    else this.#answer(view);
    return true;
  }

  /** What is scanned; undefined: the step asks for no scan that this person could make. */
  #codeFor({ station, expects }: StationView): string | undefined {
    const [expected] = expects;
    if (expected?.scan === 'article') return expected.sku;
    if (expected?.scan === 'target') {
      return expected.loadUnit ?? `C-${station}-${++this.#totes}`;
    }
    if (expected?.scan !== 'loadUnit') return undefined;
    const { loadUnit } = expected;
    const { contentsOf } = this.#options;
    const tote = contentsOf(station as LocationId).find(
      ({ label, lpn }) => label?.slice(2) === loadUnit || lpn === loadUnit,
    );
    return tote?.label ?? loadUnit;
  }

  #answer({ station, kind, step, expects, choices }: StationView): void {
    const { intake, watch, scan } = this.#options;
    const [label] = expects as readonly { readonly scan: string; readonly sscc?: string }[];
    if (label?.scan === 'label' && label.sscc !== undefined) return scan(`00${label.sscc}`);
    const choice = answers.get(kind);
    if (choice === undefined || !choices.some((offered) => offered.choice === choice)) return;
    const key = `s-${station}-${++this.#acts}`;
    const act = { act: 'answer', operator: 'op-1', key, step, choice } as const;
    watch(intake.operator({ ...act, station: station as LocationId }));
  }
}
