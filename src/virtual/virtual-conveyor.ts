import { answersFrame, isSameOutput, isSettled, linkFrame } from '../../devices/conveyor/frame.ts';
import {
  interpretLink,
  interpretPoint,
  isOpen,
  type LinkTold,
  type PointTold,
} from '../../devices/conveyor/interpret.ts';
import { contractOf, type InterfaceFile } from '../../devices/lib/interface-file.ts';
import { isSameClaim, nextCount, utcS } from '../../devices/lib/plc.ts';
import { takeAnswers, takeLink } from '../../simulators/conveyor/frames.ts';
import type { Conveyor as ConveyorModel, PointMemory } from '../../simulators/conveyor/model.ts';
import { linkStatusOf, pointBlockOf, pointStateOf } from '../../simulators/conveyor/status.ts';
import { invariant } from '../domain/errors.ts';
import type { DecisionPoint } from '../domain/site.ts';
import type { Clock } from '../ports/clock.ts';
import type { Conveyor, ConveyorFact, ConveyorOutput, PointOutput } from '../ports/conveyor.ts';
import { VirtualDevice } from './virtual-device.ts';
import type { VirtualPlant } from './virtual-plant.ts';

export interface VirtualConveyorOptions {
  readonly model: ConveyorModel;
  readonly plant: VirtualPlant;
  readonly file: InterfaceFile;
  readonly clock: Clock;
  readonly report: (fact: ConveyorFact) => void;
}

interface Point {
  readonly site: DecisionPoint;
  readonly memory: PointMemory;
  frame: number;
  sent: { readonly frame: number; readonly output: PointOutput } | undefined;
  told: PointTold | undefined;
  /** Nothing of this connection has been read yet. */
  isFirst: boolean;
  shown: string;
}

/** The driver of a conveyor without a wire, as `VirtualCrane`. */
export class VirtualConveyor extends VirtualDevice implements Conveyor {
  readonly #options: VirtualConveyorOptions;
  readonly #points: readonly Point[];
  #output: ConveyorOutput | undefined;
  #sent: Pick<ConveyorOutput, 'claim' | 'enable'> | undefined;
  #life = 0;
  #told: LinkTold | undefined;
  #shown = '';

  constructor(options: VirtualConveyorOptions) {
    const { model, clock } = options;
    super(model.setup.device, 'conveyor', clock);
    this.#options = options;
    this.#points = model.state.points.map((memory) => {
      const site = model.setup.points.get(memory.number);
      invariant(site !== undefined, `point ${memory.number} is in the site`);
      const unheard = { frame: 0, sent: undefined, told: undefined, isFirst: true, shown: '' };
      return { site, memory, ...unheard };
    });
  }

  drive(output: ConveyorOutput): void {
    this.#output = output;
    if (this.#told !== undefined) this.#told = { ...this.#told, isAwaited: false };
    this.wantTurn();
  }

  /** To be called after everything that may have changed the machine. */
  noticed(): void {
    const { model } = this.#options;
    const isNews =
      linkShownBy(model) !== this.#shown ||
      this.#points.some((point) => pointShownBy(model, point.memory) !== point.shown);
    if (isNews) this.wantTurn();
  }

  protected override connected(): void {
    this.#told = undefined;
    this.#sent = undefined;
    this.#forget();
    this.wantTurn();
  }

  protected override disconnected(reason: string): void {
    this.#told = undefined;
    this.#options.plant.missController(this.#options.model.state.link);
    this.#options.report({ device: this.id, type: 'conveyor.offline', reason });
  }

  protected override turn(): void {
    if (this.#isUnsaid() && this.#mayWrite()) this.#writeLink();
    this.#look();
    const output = this.#output;
    if (output === undefined || !isOpen(this.#told, output)) return;
    const frames = this.#points.flatMap((point) => this.#answer(point, output) ?? []);
    if (frames.length > 0) {
      this.#options.plant.act(() => {
        for (const take of frames) take();
      }, this.id);
    }
    for (const point of this.#points) this.#read(point, output);
  }

  #look(): void {
    const { model, report } = this.#options;
    this.#shown = linkShownBy(model);
    const status = linkStatusOf(model, 0);
    const { fact, told } = interpretLink(this.id, this.#told, status, this.#output);
    this.#told = told;
    if (fact === undefined) return;
    // Whatever comes next goes out anew.
    this.#sent = undefined;
    if (told.because === 'claimed') for (const point of this.#points) point.sent = undefined;
    else this.#forget();
    report(fact);
  }

  #isUnsaid(): boolean {
    const { claim, enable } = this.#sent ?? {};
    return enable !== this.#output?.enable || !isSameClaim(claim, this.#output?.claim);
  }

  #mayWrite(): boolean {
    if (this.#output?.claim === undefined || this.#told === undefined) return false;
    return !this.#told.isAwaited || this.#told.because === 'claimed';
  }

  #writeLink(): void {
    const { model, plant, file } = this.#options;
    const { claim, enable = false } = this.#output ?? {};
    invariant(claim !== undefined, 'a frame needs a claim');
    this.#life = nextCount(this.#life);
    const rest = {
      ...{ ...contractOf(file), deviceNumber: model.setup.rules.deviceNumber },
      ...{ life: this.#life, enable, utcS: utcS(this.clock.nowMs()) },
    };
    const frame = linkFrame({ claim, bootId: model.state.link.bootId }, rest);
    this.#sent = { claim, enable };
    // Answers count only while it is enabled: they are said again.
    for (const point of this.#points) point.sent = undefined;
    plant.act((now) => {
      takeLink(model, frame, now);
      plant.keepController(model.state.link);
    }, this.id);
  }

  /** @returns what takes the newest answers to a point; undefined where they are known there */
  #answer(point: Point, { claim, points }: ConveyorOutput): (() => void) | undefined {
    const output = points.get(point.memory.number);
    if (output === undefined || claim === undefined || this.#isSaid(point, output)) {
      return undefined;
    }
    const { model } = this.#options;
    point.frame = nextCount(Math.max(point.frame, point.memory.frameEcho));
    point.sent = { frame: point.frame, output };
    const frame = answersFrame(
      { claim, bootId: model.state.link.bootId },
      { pointNumber: point.memory.number, frame: point.frame },
      output,
    );
    return () => takeAnswers(model, point.memory, frame);
  }

  #isSaid({ sent, memory }: Point, output: PointOutput): boolean {
    if (sent === undefined || !isSameOutput(sent.output, output)) return false;
    return isSettled(memory, sent);
  }

  #read(point: Point, output: ConveyorOutput): void {
    const { model, report } = this.#options;
    const shown = pointShownBy(model, point.memory);
    if (shown === point.shown && !point.isFirst) return;
    const { facts, told } = interpretPoint(point.told, {
      device: this.id,
      block: pointBlockOf(model, point.site, 0),
      era: model.state.link.counterEra,
      output: output.points.get(point.memory.number),
      isFirst: point.isFirst,
      nowMs: this.clock.monotonicMs(),
    });
    Object.assign(point, { shown, told, isFirst: false });
    for (const fact of facts) report(fact);
  }

  #forget(): void {
    for (const point of this.#points) Object.assign(point, { isFirst: true, sent: undefined });
  }
}

/** Another text whenever the block says something else. */
function linkShownBy({ state: { link } }: ConveyorModel): string {
  const { bootId, epochAccepted, nonceAccepted, counterEra, mode, enabled, retentiveOk } = link;
  return `${bootId} ${epochAccepted} ${nonceAccepted} ${counterEra} ${mode} ${enabled} ${retentiveOk}`;
}

/** The same; that it waits, or that an exit is full, comes with the next one of these. */
function pointShownBy(model: ConveyorModel, memory: PointMemory): string {
  const { scanHead, confirmHead, downByFault, fullByFault } = memory;
  const state = pointStateOf(model, memory);
  const trouble = state === 'jam' || state === 'stopped' ? state : '';
  return `${scanHead} ${confirmHead} ${trouble} ${downByFault} ${fullByFault}`;
}
