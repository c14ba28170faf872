import { DeviceTimeoutError } from '../../../src/domain/errors.ts';
import { type Clock, pause } from '../../../src/ports/clock.ts';
import type { Random } from '../../../src/ports/random.ts';
import { type BlockValues, bind } from '../../lib/codec.ts';
import { contractOf, type Fields, type InterfaceFile, mayWrite } from '../../lib/interface-file.ts';
import type { ModbusLine } from '../../transport/modbus.ts';
import { guardWrites } from '../../transport/modbus.ts';
import { type CraneStatusBlock, craneFields, craneGroups } from '../fields.ts';

// Codes that no PLC knows must be sendable.
const commandFields = {
  ...craneFields.command,
  command: 'open',
  fromKind: 'open',
  toKind: 'open',
} as const satisfies Fields;
export type Frame = BlockValues<typeof commandFields, Record<never, Fields>>;

export interface SessionOptions {
  readonly file: InterfaceFile;
  /** A new connection each time. */
  readonly connect: (signal: AbortSignal) => Promise<ModbusLine>;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

interface Waited {
  readonly status: CraneStatusBlock;
  readonly tookMs: number | undefined;
  readonly provenMs: number;
}

const blank: Frame = {
  ...{ mapVersion: 0, wordOrderTest: 0, deviceNumber: 0, life: 0, epoch: 0, claimNonce: 0 },
  ...{ bootIdEcho: 0, enable: false, selfTest: false, eventAck: 0, utcS: 0, seq: 0 },
  ...{ command: 'none', missionId: 0, lhd: 0, loadHandle: 0, loadType: 0, heightClass: 0 },
  ...{ fromKind: 'none', fromBay: 0, fromLevel: 0, fromDepth: 0, massKg: 0, loadCode: '' },
  ...{ toKind: 'none', toBay: 0, toLevel: 0, toDepth: 0, commit: 0 },
  ...{ verifyCode: false, probeDestination: false, sourceMayBeEmpty: false },
};

/** Torn readings in a row after which nothing whole is expected any more. */
const tornMax = 50;
const framePeriodMs = 400;

/**
 * The wire of an acceptance test: one controller of its own, made of the interface file and nothing
 * of the driver, so that the two cannot share a mistake. Writes whole command blocks only.
 */
export class Session {
  readonly file: InterfaceFile;
  readonly clock: Clock;
  readonly command;
  readonly #status;
  readonly #options: SessionOptions;
  #line: ModbusLine | undefined;
  /** What every frame says until it is changed. */
  levels: Partial<Frame> = {};
  life = 0;
  /** Words of the command block written last. */
  written: readonly number[] = [];
  /** Readings across an update; they are allowed, but must be seen as such. */
  torn = 0;
  readonly times = new Map<string, number[]>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.file = options.file;
    this.clock = options.clock;
    this.command = bind(options.file, 'command', commandFields);
    this.#status = bind(options.file, 'status', craneFields.status, craneGroups.status);
  }

  get statusLength(): number {
    return this.#status.length;
  }

  limit(name: string): number {
    return this.file.timing.find((row) => row.name === name)?.default ?? 500;
  }

  async words(): Promise<readonly number[]> {
    const startedAtMs = this.clock.monotonicMs();
    const modbus = await this.#modbus();
    const words = await modbus.readHolding(
      this.#status.base,
      this.#status.length,
      this.#options.signal,
    );
    this.time('read of the status block', this.clock.monotonicMs() - startedAtMs);
    return words;
  }

  decode(words: readonly number[]): CraneStatusBlock {
    return this.#status.decode(words);
  }

  isWhole(words: readonly number[]): boolean {
    return this.#status.isWhole(words);
  }

  /** @throws {DeviceTimeoutError} when the guards never agree */
  async status(): Promise<CraneStatusBlock> {
    for (let torn = 0; torn < tornMax; torn++) {
      const words = await this.words();
      if (this.isWhole(words)) return this.decode(words);
      this.torn++;
      await this.wait(1);
    }
    throw new DeviceTimeoutError('The guards of the status block never agree');
  }

  async put(words: readonly number[]): Promise<void> {
    const modbus = await this.#modbus();
    await modbus.writeHolding(this.command.base, words, this.#options.signal);
    this.written = words;
  }

  /** The next frame, with its life. */
  frame(fields: Partial<Frame> = {}): Frame {
    this.life = (this.life + 1) & 0xffff;
    const life = fields.life ?? this.life;
    const { mapVersion, wordOrderTest } = contractOf(this.file);
    return {
      ...{ ...blank, mapVersion, wordOrderTest, life, commit: life, ...this.levels, ...fields },
    };
  }

  async send(fields: Partial<Frame> = {}): Promise<Frame> {
    const frame = this.frame(fields);
    await this.put(this.command.encode(frame));
    return frame;
  }

  /**
   * Reads until a snapshot is as wanted. Frames go on meanwhile where `alive` says what with.
   *
   * @returns the last snapshot, and the time it took where it came to be. `provenMs`: for so long it was
   *   certainly not there; the rest may be the fault of this machine or of the line
   */
  async until(
    isWanted: (status: CraneStatusBlock) => boolean,
    limitMs: number,
    alive?: Partial<Frame>,
  ): Promise<Waited> {
    const startedAtMs = this.clock.monotonicMs();
    let frameAtMs = startedAtMs;
    let provenMs = 0;
    for (;;) {
      const askedAtMs = this.clock.monotonicMs();
      const status = await this.status();
      const nowMs = this.clock.monotonicMs();
      if (isWanted(status)) return { status, tookMs: nowMs - startedAtMs, provenMs };
      provenMs = askedAtMs - startedAtMs;
      if (nowMs - startedAtMs >= limitMs) return { status, tookMs: undefined, provenMs };
      if (alive !== undefined && nowMs - frameAtMs >= framePeriodMs) {
        await this.send(alive);
        frameAtMs = nowMs;
      }
      await this.wait(2);
    }
  }

  /** A new claim, read back. @returns the snapshot that shows it; undefined when it is not taken */
  async claim(fields: Partial<Frame> = {}): Promise<CraneStatusBlock | undefined> {
    const { epochAccepted, bootId, deviceNumber, seqAnswered, eventAcked } = await this.status();
    const claimNonce = this.#options.random.u32() || 1;
    // One in between, so that there is an older one that was never 0.
    const epoch = epochAccepted + 2;
    this.levels = {
      ...{ epoch, claimNonce, bootIdEcho: bootId, deviceNumber, seq: seqAnswered },
      eventAck: eventAcked,
    };
    const { life } = await this.send(fields);
    const { status, tookMs } = await this.until(
      (now) =>
        now.epochAccepted === epoch && now.nonceAccepted === claimNonce && now.lifeEcho === life,
      this.patienceMs,
    );
    return tookMs === undefined ? undefined : status;
  }

  /** Longer than any answer of a PLC that keeps its times. */
  get patienceMs(): number {
    return this.limit('plcAnswerMs') + this.limit('crcPatienceMs') + 2 * this.limit('plcLifeMs');
  }

  wait(delayMs: number): Promise<void> {
    return pause(this.clock, delayMs, this.#options.signal);
  }

  time(name: string, ms: number): void {
    const times = this.times.get(name) ?? [];
    times.push(ms);
    this.times.set(name, times);
  }

  random(): number {
    return this.#options.random.u32();
  }

  /** The next request dials anew: what comes late on the old connection answers nothing. */
  async hangUp(): Promise<void> {
    const line = this.#line;
    this.#line = undefined;
    await line?.close();
  }

  async #modbus() {
    this.#line ??= await this.#options.connect(this.#options.signal);
    return guardWrites(this.#line, (address, words) => mayWrite(this.file, address, words));
  }
}
