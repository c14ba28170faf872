import type { DeviceId } from '../../src/domain/ids.ts';
import type { PrinterFact } from '../../src/ports/printer.ts';
import type { Health } from './session.ts';

interface TellingOptions {
  readonly id: DeviceId;
  readonly report: (fact: PrinterFact) => void;
}

/** What a printer's state is, as told last. Each change is told once. */
export class Telling {
  readonly #options: TellingOptions;
  readonly #say: (detail: string) => void;
  #told: string | undefined;
  #about = '';

  /** @param say  for people: the state, who it is, what it warns of */
  constructor(options: TellingOptions, say: (detail: string) => void) {
    this.#options = options;
    this.#say = say;
  }

  /** What is said beside the state. */
  set about(about: string) {
    this.#about = about;
    this.#show();
  }

  /** @param isOurs  a label of ours is on its way: half of it in the printer is no fault */
  heard(health: Health, isOurs: boolean): void {
    const faults = health.faults.filter((fault) => !(isOurs && fault === 'partialFormat'));
    const detail = faults.length === 0 ? undefined : health.detail;
    const state = faults.join(', ') || 'ready';
    this.#tell(
      detail === undefined ? state : `${state}: ${detail}`,
      faults.length === 0
        ? { type: 'printer.ready' }
        : { type: 'printer.faulted', faults, ...(detail !== undefined && { detail }) },
    );
  }

  /** It is connected, and will never say how it is. */
  unheard(): void {
    this.#tell('status unknown: it gives no answers, as the site file says', {
      type: 'printer.unheard',
    });
  }

  offline(reason: string): void {
    this.#told = undefined;
    this.#about = '';
    this.#options.report({ device: this.#options.id, type: 'printer.offline', reason });
  }

  #tell(state: string, fact: State): void {
    if (state === this.#told) return;
    this.#told = state;
    this.#show();
    this.#options.report({ device: this.#options.id, ...fact });
  }

  #show(): void {
    if (this.#told === undefined) return;
    this.#say(this.#about === '' ? this.#told : `${this.#told}; ${this.#about}`);
  }
}

type State = PrinterFact extends infer F
  ? F extends PrinterFact
    ? Omit<F, 'device'>
    : never
  : never;
