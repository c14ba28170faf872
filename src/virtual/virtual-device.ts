import type { DeviceMode } from '../domain/device-mode.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  Device,
  DeviceStatus,
  LinkCounters,
  ProbeCheck,
  TrafficPage,
} from '../ports/device.ts';

/** From a change in a machine to its being read, and from a word of the core to its being written. */
const wireMs = 20;

const nothingCounted: LinkCounters = {
  framesIn: 0,
  framesOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  errors: 0,
  discarded: 0,
  reconnects: 0,
  timeouts: 0,
  roundTripP50Ms: undefined,
  roundTripP95Ms: undefined,
};

/** What is the same in every driver without a wire: it is there or not, and what it does takes a moment. */
export abstract class VirtualDevice implements Device {
  readonly id: DeviceId;
  protected readonly clock: Clock;
  readonly #kind: DeviceStatus['kind'];
  #isStarted = false;
  #isCut = false;
  #mode: DeviceMode = 'auto';
  #sinceMs = 0;
  #isDue = false;

  constructor(id: DeviceId, kind: DeviceStatus['kind'], clock: Clock) {
    this.id = id;
    this.clock = clock;
    this.#kind = kind;
  }

  /** Connected: it has been told or heard of nothing yet. */
  protected abstract connected(): void;
  protected abstract disconnected(reason: string): void;
  /** Says what the core wants, then looks at what has changed. Only while connected. */
  protected abstract turn(): void;

  get isOnline(): boolean {
    return this.#isStarted && !this.#isCut && this.#mode !== 'off';
  }

  start(): void {
    this.#change('it is being started', () => {
      this.#isStarted = true;
    });
  }

  async stop(): Promise<void> {
    this.#change('it is being stopped', () => {
      this.#isStarted = false;
    });
  }

  setMode(mode: DeviceMode): void {
    if (mode === this.#mode) return;
    this.#change(`a person has set it to ${mode}`, () => {
      this.#mode = mode;
    });
  }

  /** Cuts its line, or mends it. */
  cut(isCut: boolean): void {
    this.#change('the line is cut', () => {
      this.#isCut = isCut;
    });
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  status(): DeviceStatus {
    return {
      device: this.id,
      kind: this.#kind,
      availability: this.isOnline ? 'online' : 'offline',
      detail: this.isOnline ? 'on virtual time' : 'no line',
      sinceMs: this.#sinceMs,
      link: nothingCounted,
      counters: {},
    };
  }

  traffic(): TrafficPage {
    return { items: [], last: 0, lost: 0 };
  }

  async probe(): Promise<readonly ProbeCheck[]> {
    const detail = 'there is no line to look at on virtual time';
    return [{ check: 'link', verdict: 'unknown', detail }];
  }

  /** Has `turn` called in a moment, once, however often it is asked for until then. */
  protected wantTurn(): void {
    if (this.#isDue || !this.isOnline) return;
    this.#isDue = true;
    this.clock.after(wireMs, () => {
      this.#isDue = false;
      if (this.isOnline) this.turn();
    });
  }

  #change(reason: string, change: () => void): void {
    const wasOnline = this.isOnline;
    change();
    if (wasOnline === this.isOnline) return;
    this.#sinceMs = this.clock.nowMs();
    if (this.isOnline) this.connected();
    else this.disconnected(reason);
  }
}
