import { startsMission } from '../../src/domain/crane-command.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type {
  Conveyor,
  ConveyorConfirmation,
  ConveyorFact,
  ConveyorOutcome,
  ConveyorOutput,
  ConveyorScan,
} from '../../src/ports/conveyor.ts';
import type {
  Crane,
  CraneCommand,
  CraneEvent,
  CraneFact,
  CraneOutput,
  CraneSnapshot,
} from '../../src/ports/crane.ts';
import { atRest } from './crane-at-rest.ts';
import { at } from './demo.ts';
import { FakeDevice } from './fake-device.ts';

export type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

const slots = 5;
const loaded = [{ loaded: true, handle: 1 }];

/** A crane's PLC and its driver in one: it keeps its memory while the controller comes and goes. */
export class FakeCrane extends FakeDevice implements Crane {
  readonly id: DeviceId;
  /** Everything that it was ever driven with. */
  readonly outputs: CraneOutput[] = [];
  /** What its registers show. */
  shows: CraneSnapshot = atRest;
  #report: ((fact: CraneFact) => void) | undefined;
  #toldEvent = 0;
  #isHeldTold = false;

  constructor(id = 'crane-1') {
    super();
    this.id = id as DeviceId;
  }

  connect(report: (fact: CraneFact) => void): void {
    this.#report = report;
    this.#toldEvent = 0;
    this.#isHeldTold = false;
    this.#tell({ type: 'crane.snapshot', because: 'connected', snapshot: this.shows });
  }

  disconnect(): void {
    this.#report = undefined;
  }

  /** The link is lost, and the controller notices. */
  offline(reason = 'connection refused'): void {
    this.#tell({ type: 'crane.offline', reason });
    this.disconnect();
  }

  drive(output: CraneOutput): void {
    this.outputs.push(output);
    const { claim } = output;
    if (this.#report === undefined || claim === undefined) return;
    if (claim.epoch !== this.shows.claim.epoch || claim.nonce !== this.shows.claim.nonce) {
      this.shows = { ...this.shows, claim };
      this.#tell({ type: 'crane.snapshot', because: 'claimed', snapshot: this.shows });
      return;
    }
    this.shows = { ...this.shows, enabled: output.enable, held: !output.enable };
    this.#tellEvents();
    if (output.enable) this.#isHeldTold = false;
    else if (!this.#isHeldTold) {
      this.#isHeldTold = true;
      this.#tell({ type: 'crane.snapshot', because: 'held', snapshot: this.shows });
    }
  }

  /** Commands that it was told, in order, each number once. */
  get commands(): readonly CraneCommand[] {
    const all = this.outputs.flatMap(({ command }) => command ?? []);
    return [...new Map(all.map((command) => [command.seq, command])).values()];
  }

  get output(): CraneOutput | undefined {
    return this.outputs.at(-1);
  }

  /** The command in its frame that it has not answered. */
  get command(): CraneCommand | undefined {
    const command = this.output?.command;
    return command === undefined || command.seq <= this.shows.seqAnswered ? undefined : command;
  }

  answer(answer = 'accepted'): void {
    const { command } = this;
    if (command === undefined) throw new Error('the crane was told nothing');
    const isStart = answer === 'accepted' && startsMission(command);
    const active = isStart ? { activeMissionId: command.seq, state: 'executing' } : {};
    this.shows = { ...this.shows, seqAnswered: command.seq, answer, ...active };
    this.#tell({ type: 'crane.answered', seq: command.seq, answer });
  }

  pick(): void {
    this.shows = { ...this.shows, lhds: loaded };
    this.happens('picked', { missionId: this.shows.activeMissionId, place: at('A01-LHD') });
  }

  /** The mission in hand is over. */
  end(result: string, place: LocationId | undefined): void {
    const missionId = this.shows.activeMissionId;
    this.shows = {
      ...{ ...this.shows, activeMissionId: 0, state: 'idle', lastMissionId: missionId },
      ...{ lastResult: result, lastPlace: place },
      lhds: place === undefined ? this.shows.lhds : place === at('A01-LHD') ? loaded : atRest.lhds,
    };
    this.happens('ended', { missionId, result, place });
  }

  /** Writes the next event and shows it. */
  happens(type: CraneEvent['type'], more: Partial<CraneEvent> = {}): void {
    const eventSeq = this.shows.eventHead + 1;
    const event: CraneEvent = {
      ...{ eventSeq, type, missionId: 0, result: '', place: undefined, sourceOccupied: undefined },
      faultCode: 0,
      ...more,
    };
    const events = [...this.shows.events, event].slice(-slots);
    this.shows = { ...this.shows, eventHead: eventSeq, events };
    this.#tellEvents();
  }

  change(shows: Partial<CraneSnapshot>): void {
    this.shows = { ...this.shows, ...shows };
    this.#tell({ type: 'crane.changed', snapshot: this.shows });
  }

  /** Everything that it would tell if it had not been heard. */
  tellAgain(): void {
    const { seqAnswered: seq, answer } = this.shows;
    if (seq > 0) this.#tell({ type: 'crane.answered', seq, answer });
    for (const event of this.shows.events) this.#tell({ type: 'crane.event', event });
  }

  #tellEvents(): void {
    const after = Math.max(this.#toldEvent, this.output?.eventAck ?? 0);
    if (this.#report === undefined) return;
    for (const event of this.shows.events) {
      if (event.eventSeq > after) this.#tell({ type: 'crane.event', event });
    }
    this.#toldEvent = this.shows.eventHead;
  }

  #tell(fact: Without<CraneFact, 'device'>): void {
    this.#report?.({ device: this.id, ...fact } as CraneFact);
  }
}

interface FakePoint {
  scans: ConveyorScan[];
  confirmations: ConveyorConfirmation[];
}

/** A conveyor PLC and its driver in one. Loads wait at a point until they are let go. */
export class FakeConveyor extends FakeDevice implements Conveyor {
  readonly id = 'conveyor-1' as DeviceId;
  readonly outputs: ConveyorOutput[] = [];
  era = 500;
  claim = { epoch: 0, nonce: 0 };
  #points = new Map<number, FakePoint>();
  #report: ((fact: ConveyorFact) => void) | undefined;
  #isOpen = false;

  connect(report: (fact: ConveyorFact) => void): void {
    this.#report = report;
    this.#isOpen = false;
    this.#snapshot('connected');
  }

  disconnect(): void {
    this.#report = undefined;
    this.#isOpen = false;
  }

  /** Its memory is lost: it counts from 1 and knows no load. */
  restart(): void {
    this.era += 1;
    this.#points = new Map();
    this.#snapshot('restarted');
  }

  drive(output: ConveyorOutput): void {
    this.outputs.push(output);
    const { claim } = output;
    if (this.#report === undefined || claim === undefined) return;
    if (claim.epoch !== this.claim.epoch || claim.nonce !== this.claim.nonce) {
      this.claim = claim;
      return this.#snapshot('claimed');
    }
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.tellAgain();
  }

  /** A load has come to a point. @returns its number */
  arrive(point: number, scan: Partial<ConveyorScan> = {}): number {
    const { scans } = this.#at(point);
    const scanSeq = scans.length + 1;
    scans.push({
      ...{ scanSeq, read: 'arrivalOnly', answerState: 'waiting', code: '' },
      ...{ heightMm: undefined, massG: undefined },
      ...scan,
    });
    this.#tellScan(point, scanSeq);
    return scanSeq;
  }

  /** The exit that a load was told to take; undefined: not answered. */
  answerTo(point: number, scanSeq: number): number | undefined {
    const answers = this.outputs.at(-1)?.points.get(point)?.answers ?? [];
    return answers.find((answer) => answer.scanSeq === scanSeq)?.exit;
  }

  /** The load of a scan leaves as it was told. */
  leave(point: number, scanSeq: number): void {
    const exit = this.answerTo(point, scanSeq);
    if (exit === undefined) throw new Error(`scan ${scanSeq} of point ${point} has no answer`);
    this.confirm(point, { scanSeq, exitTaken: exit, outcome: 'asAnswered' });
  }

  confirm(
    point: number,
    more: { scanSeq: number; exitTaken: number; outcome: ConveyorOutcome },
  ): void {
    const { scans, confirmations } = this.#at(point);
    const confirmSeq = confirmations.length + 1;
    confirmations.push({ confirmSeq, handle: 0, ...more });
    const scan = scans[more.scanSeq - 1];
    if (scan !== undefined) scans[more.scanSeq - 1] = { ...scan, answerState: 'taken' };
    this.#tellConfirmation(point, confirmSeq);
  }

  tell(fact: Without<ConveyorFact, 'device'>): void {
    this.#report?.({ device: this.id, ...fact } as ConveyorFact);
  }

  /** What waits for an answer, and every confirmation that is not acknowledged. */
  tellAgain(): void {
    for (const [point, { scans, confirmations }] of this.#points) {
      const ack = this.outputs.at(-1)?.points.get(point)?.confirmAck ?? 0;
      for (const { scanSeq, answerState } of scans) {
        if (answerState === 'waiting') this.#tellScan(point, scanSeq);
      }
      for (const { confirmSeq } of confirmations) {
        if (confirmSeq > ack) this.#tellConfirmation(point, confirmSeq);
      }
    }
  }

  #at(point: number): FakePoint {
    const known = this.#points.get(point) ?? { scans: [], confirmations: [] };
    this.#points.set(point, known);
    return known;
  }

  #tellScan(point: number, scanSeq: number): void {
    const scan = this.#at(point).scans[scanSeq - 1];
    if (scan !== undefined && this.#isOpen) {
      this.tell({ type: 'conveyor.scanned', point, era: this.era, scan });
    }
  }

  #tellConfirmation(point: number, confirmSeq: number): void {
    const confirmation = this.#at(point).confirmations[confirmSeq - 1];
    if (confirmation !== undefined && this.#isOpen) {
      this.tell({ type: 'conveyor.confirmed', point, era: this.era, confirmation });
    }
  }

  #snapshot(because: 'connected' | 'restarted' | 'claimed'): void {
    const { era, claim } = this;
    this.tell({
      type: 'conveyor.snapshot',
      because,
      snapshot: {
        ...{ bootId: era, claim, counterEra: era, mode: 'autoRemote' },
        ...{ retentiveOk: true, enabled: false, pointCount: 3 },
      },
    });
  }
}
