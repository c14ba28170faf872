import type { AnswersBlock, LinkBlock } from '../../devices/conveyor/fields.ts';
import type { PlantModel } from '../../simulators/plant-model.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { conveyorWire } from './sim-plant.ts';

type Answer = AnswersBlock['answer'][number];

const unused: Answer = { answerScanSeq: 0, answerExit: 0, answerHandle: 0 };

/** A controller of one conveyor, at the registers: life and frame go on by themselves. */
export class ConveyorClient {
  readonly #model: PlantModel;
  #life = 0;
  #frame = 0;

  constructor(model: PlantModel) {
    this.#model = model;
  }

  link(fields: Partial<LinkBlock> = {}): void {
    this.#life = (this.#life + 1) & 0xffff;
    const { base } = conveyorWire.link;
    this.#write(base, conveyorWire.link.encode(linkFrame(this.#life, fields)));
  }

  answer(point: number, answers: readonly Answer[], fields: Partial<AnswersBlock> = {}): void {
    this.#frame = (this.#frame + 1) & 0xffff;
    const frame = answersFrame(point, this.#frame, answers, fields);
    this.#write(conveyorWire.answers.at(point), conveyorWire.answers.encode(frame));
  }

  linkStatus() {
    const { base, length } = conveyorWire.linkStatus;
    return conveyorWire.linkStatus.decode(this.#read(base, length));
  }

  point(number: number) {
    const { length } = conveyorWire.point;
    return conveyorWire.point.decode(this.#read(conveyorWire.point.at(number), length));
  }

  get #device() {
    const device = this.#model.devices.get('conveyor-1' as DeviceId);
    if (device === undefined) throw new Error('the plant has no conveyor');
    return device;
  }

  #write(base: number, words: readonly number[]): void {
    this.#device.registers.set(words, base);
    this.#device.written(base, words.length, this.#model.now);
    this.#model.settle();
  }

  #read(base: number, length: number): number[] {
    this.#model.prepare();
    this.#model.show();
    return [...this.#device.registers.subarray(base, base + length)];
  }
}

export const linkFrame = (life: number, fields: Partial<LinkBlock> = {}): LinkBlock => ({
  mapVersion: 0x0100,
  wordOrderTest: 0x01020304,
  deviceNumber: 1,
  life,
  epoch: 1,
  claimNonce: 7,
  bootIdEcho: 1_700_000_000,
  enable: true,
  selfTest: false,
  utcS: 0,
  commit: life,
  ...fields,
});

export const answersFrame = (
  pointNumber: number,
  frame: number,
  answers: readonly Answer[],
  fields: Partial<AnswersBlock> = {},
): AnswersBlock => ({
  pointNumber,
  frame,
  epoch: 1,
  claimNonce: 7,
  bootIdEcho: 1_700_000_000,
  exitsClosed: 0,
  confirmAck: 0,
  commit: frame,
  answer: [...answers, unused, unused, unused, unused].slice(0, 4),
  ...fields,
});
