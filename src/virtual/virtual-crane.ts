import { frameOf } from '../../devices/asrs-crane/frame.ts';
import { type CraneWire, interpret, type Told } from '../../devices/asrs-crane/interpret.ts';
import {
  bitsOf,
  codesOf,
  contractOf,
  type InterfaceFile,
} from '../../devices/lib/interface-file.ts';
import { isSameClaim, nextCount, utcS } from '../../devices/lib/plc.ts';
import { takeCommand } from '../../simulators/asrs-crane/frames.ts';
import type { Crane as CraneModel } from '../../simulators/asrs-crane/model.ts';
import { statusOf } from '../../simulators/asrs-crane/status.ts';
import { invariant } from '../domain/errors.ts';
import type { Topology } from '../domain/topology.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crane, CraneFact, CraneOutput } from '../ports/crane.ts';
import { VirtualDevice } from './virtual-device.ts';
import type { VirtualPlant } from './virtual-plant.ts';

export interface VirtualCraneOptions {
  readonly model: CraneModel;
  readonly plant: VirtualPlant;
  readonly file: InterfaceFile;
  readonly topology: Topology;
  readonly clock: Clock;
  readonly report: (fact: CraneFact) => void;
}

/**
 * The driver of a crane without a wire: blocks pass between the core and the model of the machine as
 * they are before they are coded, and what they mean is found out by the real driver's `interpret`.
 * Nothing polls: it looks whenever the machine shows something else.
 */
export class VirtualCrane extends VirtualDevice implements Crane {
  readonly #options: VirtualCraneOptions;
  readonly #wire: CraneWire;
  #output: CraneOutput | undefined;
  #isUnsaid = false;
  /** The newest output keeps it from moving, and the crane has been told so. */
  #isHoldSaid = false;
  #life = 0;
  #told: Told | undefined;
  #shown = '';

  constructor(options: VirtualCraneOptions) {
    const { model, file, topology, clock } = options;
    const { device, aisle } = model.setup;
    super(device, 'crane', clock);
    this.#options = options;
    const [results, modes] = [codesOf(file, 'result'), codesOf(file, 'mode')];
    const sensorBits = bitsOf(file, 'sensors');
    this.#wire = { device, topology, aisle, results, modes, sensorBits };
  }

  drive(output: CraneOutput): void {
    this.#output = output;
    this.#isUnsaid = true;
    this.#isHoldSaid = false;
    if (this.#told !== undefined) this.#told = { ...this.#told, isAwaited: false };
    this.wantTurn();
  }

  /** To be called after everything that may have changed the machine. */
  noticed(): void {
    if (shownBy(this.#options.model) !== this.#shown) this.wantTurn();
  }

  protected override connected(): void {
    this.#told = undefined;
    this.wantTurn();
  }

  protected override disconnected(reason: string): void {
    this.#told = undefined;
    this.#options.plant.missController(this.#options.model.state.plc);
    this.#options.report({ device: this.id, type: 'crane.offline', reason });
  }

  protected override turn(): void {
    if (this.#isUnsaid && this.#mayWrite()) this.#write();
    const { model, plant, report } = this.#options;
    this.#shown = shownBy(model);
    const status = statusOf(model, plant.simMs, 0);
    const reading = {
      ...{ status, held: this.#isHeld(status), output: this.#output },
      nowMs: this.clock.monotonicMs(),
    };
    const { facts, told } = interpret(this.#told, reading, this.#wire);
    this.#told = told;
    for (const fact of facts) report(fact);
  }

  #mayWrite(): boolean {
    if (this.#output?.claim === undefined || this.#told === undefined) return false;
    return !this.#told.isAwaited || this.#told.because === 'claimed';
  }

  #write(): void {
    const { model, plant, file } = this.#options;
    const [output, told] = [this.#output, this.#told];
    invariant(output !== undefined && told !== undefined, 'a frame needs an output and a reading');
    this.#life = nextCount(this.#life);
    const { mapVersion, wordOrderTest } = contractOf(file);
    const head = {
      ...{ mapVersion, wordOrderTest, deviceNumber: model.setup.rules.deviceNumber },
      ...{ life: this.#life, bootId: model.state.plc.bootId, utcS: utcS(this.clock.nowMs()) },
    };
    const mayCommand = !told.isAwaited && isSameClaim(output.claim, told.claim);
    const frame = frameOf(output, head, this.#wire, mayCommand);
    if (frame === undefined) return;
    // Said in full only once its claim has been read back.
    this.#isUnsaid = !mayCommand;
    this.#isHoldSaid = !output.enable;
    plant.act((now) => {
      takeCommand(model, frame, now);
      plant.keepController(model.state.plc);
    }, this.id);
  }

  #isHeld({ enabled, standstill }: ReturnType<typeof statusOf>): boolean {
    const { plc } = this.#options.model.state;
    if (!this.#isHoldSaid || this.#told?.bootId !== plc.bootId) return false;
    const claim = { epoch: plc.epochAccepted, nonce: plc.nonceAccepted };
    return !enabled && standstill && isSameClaim(this.#output?.claim, claim);
  }
}

/** Another text whenever the status block says something else, but for where the crane is on its way. */
function shownBy({ state }: CraneModel): string {
  const { plc, move, stroke } = state;
  const { bootId, epochAccepted, nonceAccepted, seqAnswered, eventHead, eventAcked } = plc;
  const { enabled, mode, retentiveOk, homed, faultLatched, faultCode, mission, lhdLoads } = plc;
  const isAtRest = enabled || (move === undefined && stroke === undefined);
  return `${bootId} ${epochAccepted} ${nonceAccepted} ${seqAnswered} ${eventHead} ${eventAcked} ${enabled} ${mode} ${retentiveOk} ${homed} ${faultLatched} ${faultCode} ${mission?.missionId} ${lhdLoads} ${isAtRest}`;
}
