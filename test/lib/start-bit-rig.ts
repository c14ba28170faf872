import { startBitCrane } from '../../devices/start-bit-crane/index.ts';
import type { ModbusLine } from '../../devices/transport/modbus.ts';
import { changeMode } from '../../simulators/asrs-crane/power.ts';
import { PlantModel } from '../../simulators/plant-model.ts';
import { restartStartBit } from '../../simulators/start-bit-crane/model.ts';
import type { Mission } from '../../src/domain/books.ts';
import { judgeMission } from '../../src/domain/crane-reconciliation.ts';
import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import type { Crane, CraneCommand, CraneFact, CraneSnapshot } from '../../src/ports/crane.ts';
import { pass } from './fake-registers.ts';
import { faultyLine, type WriteFault } from './faulty-line.ts';
import { readStartBitInterface } from './interfaces.ts';
import { ManualClock } from './manual-clock.ts';
import { silent } from './silent-log.ts';
import { smallSite } from './sim-site.ts';

const id = 'crane-1' as DeviceId;
const lhd = 'A01-LHD' as LocationId;
const cells = [1, 4, 7, 10].map(
  (bay) => `A01-L-${String(bay).padStart(3, '0')}-01-1` as LocationId,
);
const totes = ['T-1', 'T-2', 'T-3'];
const speed = 20;
const claim = { epoch: 3, nonce: 99 };
const personMs = 900; // longer than a late frame takes

/**
 * The driver of a crane without numbers before the simulated PLC, with a wire that fails as a test says, the
 * smallest core that books by its facts, and a person who says what the steel says.
 */
export class StartBitRig {
  readonly clock = new ManualClock();
  readonly model: PlantModel;
  /** Numbers of the commands whose start was written, in order, as often as it was. */
  readonly started: number[] = [];
  /** What the books believed and the steel did not. */
  readonly wrong: string[] = [];
  readonly bugs: unknown[] = [];
  doneCount = 0;
  doubts = 0;
  writeFault: WriteFault | undefined;
  isCut = false;
  #driver: Crane;
  #books = new Map<string, LocationId>(totes.map((tote, i) => [tote, cells[i] as LocationId]));
  #open: { mission: Mission; tote: string } | undefined;
  #side: CraneCommand | undefined;
  #seq = 0;
  #eventStored = 0;
  #snapshot: CraneSnapshot | undefined;
  #isClaiming = false;
  #isReconciled = false;
  #doubtSinceMs: number | undefined;
  #generation = 0;
  readonly #topology = new Topology(smallSite);
  readonly #file = readStartBitInterface();

  constructor() {
    const interfaces = { crane: this.#file, conveyor: this.#file };
    this.model = new PlantModel({ site: smallSite, interfaces, seed: 1, utcS: 1, alone: id });
    for (const [lpn, place] of this.#books) {
      this.model.people.bring({ lpn, massKg: 5, heightMm: 100 }, place, 0);
    }
    this.#driver = this.#start();
  }

  get plc() {
    const crane = this.model.cranes.get(id);
    if (crane?.state.startBit === undefined) throw new Error('no such crane');
    return { crane, startBit: crane.state.startBit };
  }

  /** The controller is killed and starts anew: its books stay, its driver knows nothing. */
  async kill(): Promise<void> {
    const before = this.#driver;
    this.#generation++;
    this.#isClaiming = false;
    this.#isReconciled = false;
    this.#snapshot = undefined;
    this.#driver = this.#start();
    await before.stop();
  }

  stop = (): Promise<void> => this.#driver.stop();

  restart(registers: 'kept' | 'empty'): void {
    restartStartBit(this.plc, registers, this.model.now);
  }

  setMode(mode: 'manual' | 'autoRemote'): void {
    changeMode(this.plc.crane, mode, this.model.now.simMs);
  }

  /** Somebody carries a tote to another cell by hand, and leaves all as if nothing had been. */
  handle(): void {
    const { totes: all } = this.model.world.truth();
    const free = cells.find((cell) => !all.some(({ location }) => location === cell));
    const inCell = all.find(({ location }) => cells.includes(location));
    if (free !== undefined && inCell !== undefined) {
      this.model.people.carry(inCell.id, free, this.model.now.simMs);
    }
  }

  async pass(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 50) {
      await pass(this.clock, Math.min(50, leftMs), 10);
      this.#goOn();
    }
  }

  #start(): Crane {
    const generation = this.#generation;
    const driver = startBitCrane.open({
      ...{ id, topology: this.#topology, file: this.#file, clock: this.clock, log: silent },
      settings: { host: '', port: 502, unit: 1, interface: 'x', deviceNumber: 1 },
      random: { u32: () => 0 },
      onBug: (error) => this.bugs.push(error),
      connect: async () => this.#connect(),
      report: (fact) => {
        if (generation === this.#generation) this.#take(fact);
      },
    });
    driver.start();
    return driver;
  }

  #connect(): ModbusLine {
    if (this.isCut) throw new DeviceUnavailableError('cut');
    const generation = this.#generation;
    return faultyLine(this.model, id, {
      clock: this.clock,
      isCut: () => this.isCut || generation !== this.#generation,
      passTime: () => this.#passTime(),
      takeFault: (isStart) => {
        if (isStart) this.started.push(this.#open?.mission.seq ?? -1);
        const fault = this.writeFault;
        this.writeFault = undefined;
        return fault;
      },
    });
  }

  #lastMs = 0;
  #passTime(): void {
    const nowMs = this.clock.monotonicMs();
    const realMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (realMs > 0) this.model.advance({ realMs, simMs: realMs * speed });
  }

  #take(fact: CraneFact): void {
    switch (fact.type) {
      case 'crane.offline':
        this.#isReconciled = false;
        return;
      case 'crane.changed':
        this.#snapshot = fact.snapshot;
        return;
      case 'crane.snapshot':
        this.#snapshot = fact.snapshot;
        this.#reconcile(fact.snapshot);
        return this.#drive();
      case 'crane.event':
        this.#book(fact.event);
        return this.#drive();
      case 'crane.answered':
        this.#answer(fact.seq, fact.answer);
        return this.#drive();
      case 'crane.eventsLost':
      case 'crane.misconfigured':
        this.wrong.push(fact.type);
    }
  }

  #reconcile(snapshot: CraneSnapshot): void {
    this.#isReconciled = false;
    this.#isClaiming = true;
    if (snapshot.claim.epoch !== claim.epoch) return;
    if (!snapshot.retentiveOk) return this.#doubt();
    for (const event of snapshot.events) this.#book(event);
    if (this.#open !== undefined) {
      const verdict = judgeMission(this.#open.mission, { ...snapshot, ...snapshot.claim });
      if (verdict === 'doubt') this.#doubt();
      else if (verdict === 'rejected') this.#open = undefined;
      else if (verdict === 'goOn') this.#accept();
      else if (verdict !== 'sendAgain') this.wrong.push(`an impossible verdict: ${verdict}`);
    }
    this.#isReconciled = true;
  }

  #accept(): void {
    if (this.#open?.mission.state !== 'committed') return;
    this.#open = { ...this.#open, mission: { ...this.#open.mission, state: 'accepted' } };
  }

  #answer(seq: number, answer: string): void {
    if (seq === this.#side?.seq) {
      this.#side = undefined;
      if (answer === 'handledSince') this.#doubt();
    } else if (seq === this.#open?.mission.seq) {
      if (answer === 'accepted') this.#accept();
      else if (this.#open.mission.state === 'committed') this.#open = undefined;
    }
  }

  #book(event: Extract<CraneFact, { type: 'crane.event' }>['event']): void {
    if (event.eventSeq <= this.#eventStored) return;
    this.#eventStored = event.eventSeq;
    if (event.missionId !== this.#open?.mission.seq) return;
    const { tote } = this.#open;
    if (event.place === undefined) return this.#doubt();
    this.#books.set(tote, event.place);
    this.#compare(tote, `${event.type} ${event.result}`);
    if (event.type !== 'ended') return;
    this.#open = undefined;
    if (event.result === 'done') this.doneCount++;
    else this.#doubt();
  }

  #compare(tote: string, when: string): void {
    const [inBooks, inSteel] = [this.#books.get(tote), this.#where(tote)];
    if (inBooks !== inSteel) this.wrong.push(`${when}: ${tote} is at ${inSteel}, not ${inBooks}`);
  }

  #where(tote: string): LocationId | undefined {
    return this.model.world.truth().totes.find(({ codes }) => codes.includes(tote))?.location;
  }

  #doubt(): void {
    this.doubts++;
    this.#doubtSinceMs ??= this.clock.monotonicMs();
    if (this.#open !== undefined) {
      this.#open = { ...this.#open, mission: { ...this.#open.mission, state: 'doubt' } };
    }
  }

  #goOn(): void {
    if (this.#doubtSinceMs !== undefined) this.#look(this.#doubtSinceMs);
    else if (this.#isReconciled && this.#open === undefined && this.#side === undefined) {
      this.#next();
    } else return;
    this.#drive();
  }

  /** A person who sees where everything is, once the crane stands. */
  #look(sinceMs: number): void {
    const snapshot = this.#snapshot;
    if (this.clock.monotonicMs() - sinceMs < personMs || snapshot === undefined || this.isCut)
      return;
    if (!snapshot.held || snapshot.unproven?.first !== undefined) {
      // What the person is told to do at the machine.
      const { command } = this.plc.crane.state;
      const isStandingStart = /clear them/.test(snapshot.unproven?.first ?? '');
      if (isStandingStart) this.plc.crane.state.command = command.map(() => 0);
      return;
    }
    for (const tote of totes) this.#books.set(tote, this.#where(tote) ?? lhd);
    this.#open = undefined;
    this.#doubtSinceMs = undefined;
    this.#isReconciled = true;
    if (snapshot.retentiveOk) return;
    this.#side = { seq: ++this.#seq, command: 'resync', eventHead: snapshot.eventHead };
  }

  #next(): void {
    // Nobody is asked and nothing is under way: books and steel are the same.
    for (const tote of totes) this.#compare(tote, 'at rest');
    const onBoard = totes.find((tote) => this.#books.get(tote) === lhd);
    const tote = onBoard ?? totes[this.#seq % totes.length] ?? '';
    const from = this.#books.get(tote);
    const taken = new Set(this.#books.values());
    const to = cells.find((cell) => !taken.has(cell));
    if (to === undefined || from === undefined) return;
    const seq = ++this.#seq;
    const load = { seq, lhd: 1, loadHandle: 1, to } as const;
    const command: CraneCommand =
      onBoard === undefined
        ? { ...load, command: 'transfer', from }
        : { ...load, command: 'deposit' };
    const mission: Mission = {
      ...{ crane: id, seq, command, state: 'committed', isPicked: false, atMs: 0 },
      ...{ workflow: undefined, loadUnit: undefined },
    };
    this.#open = { mission, tote };
  }

  #drive(): void {
    const isInDoubt = this.#doubtSinceMs !== undefined;
    const { mission } = this.#open ?? {};
    const unanswered = !isInDoubt && mission?.state === 'committed' ? mission : undefined;
    const open = unanswered && ({ seq: unanswered.seq, ...unanswered.command } as CraneCommand);
    this.#driver.drive({
      claim: this.#isClaiming ? claim : undefined,
      enable: this.#isClaiming && this.#isReconciled && !isInDoubt,
      ...{ eventAck: this.#eventStored, seqHighest: this.#seq },
      command: this.#isReconciled ? (this.#side ?? open) : undefined,
    });
  }
}
