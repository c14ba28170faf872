import { readFileSync } from 'node:fs';
import {
  type CraneCommandBlock,
  type CraneStatusBlock,
  craneFields,
  craneGroups,
} from '../../devices/asrs-crane/fields.ts';
import { bind } from '../../devices/lib/codec.ts';
import { readSite } from '../../src/config/read-site.ts';
import { Topology } from '../../src/domain/topology.ts';
import { FakeRegisters } from './fake-registers.ts';
import { readCraneInterface } from './interfaces.ts';
import type { ManualClock } from './manual-clock.ts';

export const craneFile = readCraneInterface();
export const demoTopology = new Topology(
  readSite('demo.yaml', readFileSync('config/sites/demo.yaml', 'utf8')),
);
const statusCodec = bind(craneFile, 'status', craneFields.status, craneGroups.status);
const commandCodec = bind(craneFile, 'command', craneFields.command);

/** A crane that was claimed by nobody and stands idle. The words are the PLC's, by hand: all else is 0. */
const restWords = (): number[] => {
  const words = new Array<number>(125).fill(0);
  const known: Record<number, number> = {
    ...{ 1: 0x0100, 2: 0x0102, 3: 0x0304, 4: 1, 7: 1, 8: 2 }, // head; bootId 0x00010002
    ...{ 16: 4, 17: 1, 18: 0b111011, 19: 0b100, 20: 1 }, // autoRemote, idle, ready but not enabled
  };
  for (const [offset, word] of Object.entries(known)) words[Number(offset)] = word;
  return words;
};

/** The registers of a crane. It takes claim, life and enable of every frame; the rest is the test's. */
export class FakeCrane extends FakeRegisters {
  status: CraneStatusBlock = statusCodec.decode(restWords());
  /** The control task runs. */
  lives = true;
  /** Frames are looked at. */
  takes = true;
  /** Reads that come torn from now on. */
  torn = 0;
  readonly #clock: ManualClock;
  #guard = 0;

  constructor(clock: ManualClock) {
    super();
    this.#clock = clock;
    this.beforeRead = () => this.#publish();
    this.afterWrite = (_address, words) => this.#take(commandCodec.decode(words));
  }

  get frames(): CraneCommandBlock[] {
    return this.written.map(({ words }) => commandCodec.decode(words));
  }

  show(change: Partial<CraneStatusBlock>): void {
    this.status = { ...this.status, ...change };
  }

  #publish(): void {
    this.#guard = (this.#guard + 1) & 0xffff;
    const life = this.lives ? Math.floor(this.#clock.monotonicMs() / 100) & 0xffff : 0;
    const isTorn = this.torn > 0;
    if (isTorn) this.torn--;
    const guardB = isTorn ? this.#guard + 1 : this.#guard;
    this.set(2000, statusCodec.encode({ ...this.status, life, guardA: this.#guard, guardB }));
  }

  #take({ life, epoch, claimNonce, enable, bootIdEcho }: CraneCommandBlock): void {
    if (!this.takes || bootIdEcho !== this.status.bootId) return;
    this.show({
      ...{ lifeEcho: life, epochAccepted: epoch, nonceAccepted: claimNonce },
      ...{ enabled: enable, standstill: !enable },
    });
  }
}
