import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { ModbusServer, type RegisterBank } from '../../simulators/lib/modbus-server.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';

/** A block that the PLC publishes: encoded when it is read, so that publishing costs the PLC next to nothing. */
export interface Published {
  readonly base: number;
  readonly length: number;
  words(guard: number): readonly number[];
}

/** The registers of a PLC whose blocks change all the time. Each publication is shown as one piece. */
export class BenchImage {
  readonly #image = new Uint16Array(0x1_0000);
  readonly #blocks = new Map<number, Published & { guard: number; isShown: boolean }>();
  readonly #writable: { base: number; length: number }[] = [];

  publish(block: Published): void {
    this.#blocks.set(block.base, { ...block, guard: 0, isShown: false });
  }

  allowWrites(base: number, length: number): void {
    this.#writable.push({ base, length });
  }

  /** From now on a read shows what the block says now. */
  changed(base: number): void {
    const block = this.#blocks.get(base);
    if (block !== undefined) block.isShown = false;
  }

  /** @param delayMs  0: every request is answered at once */
  listen(delayMs: number, written: (address: number, words: number[]) => void): Promise<number> {
    const bank: RegisterBank = {
      image: this.#image,
      writable: this.#writable,
      read: (address, words) => this.#read(address, words),
      onWrite: (address, words) =>
        written(address, [...this.#image.subarray(address, address + words)]),
    };
    const delay = delayMs === 0 ? {} : { answerDelay: { ms: delayMs, clock } };
    return new ModbusServer({ units: { 1: bank }, ...delay }).listen(0);
  }

  #read(address: number, words: number): ArrayLike<number> {
    const block = this.#blocks.get(address);
    if (block !== undefined && !block.isShown) {
      block.guard = (block.guard + 1) & 0xffff;
      this.#image.set(block.words(block.guard), block.base);
      block.isShown = true;
    }
    return this.#image.subarray(address, address + words);
  }
}

/** What a PLC keeps of the controller that has claimed it. */
export class BenchLink {
  readonly bootId = 1_700_000_000;
  life = 0;
  lifeEcho = 0;
  epochAccepted = 0;
  nonceAccepted = 0;
  enabled = false;

  take(frame: { life: number; epoch: number; claimNonce: number; enable: boolean }): void {
    this.lifeEcho = frame.life;
    this.epochAccepted = frame.epoch;
    this.nonceAccepted = frame.claimNonce;
    this.enabled = frame.enable;
  }

  /** The fields that every status block begins with. */
  head({ meta }: InterfaceFile, deviceNumber: number) {
    const { bootId, life, lifeEcho, epochAccepted, nonceAccepted, enabled } = this;
    return {
      ...{ mapVersion: meta.mapVersion ?? 0, wordOrderTest: meta.wordOrderTest ?? 0, deviceNumber },
      ...{ life, lifeEcho, bootId, epochAccepted, nonceAccepted, enabled },
      mode: 'autoRemote',
      ...{ retentiveOk: true, safetyOk: true, ignoredCount: 0 },
      ignoredReason: 'none',
    } as const;
  }
}

/** Milliseconds with their fraction, of the clock that all processes share. */
export const sharedMs = (): number => Number(process.hrtime.bigint()) / 1e6;
