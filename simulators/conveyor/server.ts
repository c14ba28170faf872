import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import type { PlcDevice } from '../lib/plc-device.ts';
import { PlcImage } from '../lib/plc-image.ts';
import { frameWire, takeAnswersWrite, takeLinkWrite } from './frames.ts';
import type { Conveyor, ScannerRead } from './model.ts';
import { memoryOf } from './point.ts';
import { conveyorDueMs, conveyorLinkDueMs, runConveyor, watchConveyor } from './run.ts';
import { linkStatusWords, pointWords, statusWire } from './status.ts';

/**
 * A conveyor behind the registers of its interface file.
 *
 * @param onReads  told what the scanners at its points read, as it happens
 */
export function conveyorDevice(
  conveyor: Conveyor,
  file: InterfaceFile,
  onReads: (reads: readonly ScannerRead[]) => void,
): PlcDevice {
  const frames = frameWire(file);
  const status = statusWire(file);
  const { state, setup } = conveyor;
  const points = [...setup.points.values()];
  const image = new PlcImage([
    {
      base: status.linkStatus.base,
      counter: state.link,
      words: (guard) => linkStatusWords(conveyor, status, guard),
    },
    ...points.map((point) => ({
      base: status.point.at(point.point),
      counter: memoryOf(conveyor, point.point),
      words: (guard: number) => pointWords(conveyor, status, point, guard),
    })),
  ]);
  const { registers } = image;
  const answers = points.map(({ point }) => ({
    point,
    base: frames.answers.at(point),
    length: frames.answers.length,
  }));
  const link = { base: frames.link.base, length: frames.link.length };
  registers.set(state.linkFrame, link.base);
  for (const { point, base } of answers) registers.set(memoryOf(conveyor, point).answers, base);

  const writable = [link, ...answers];
  return {
    device: setup.device,
    state,
    registers,
    writable,
    readable: [
      ...writable,
      { base: status.linkStatus.base, length: status.linkStatus.length },
      ...points.map(({ point }) => ({
        base: status.point.at(point),
        length: status.point.length,
      })),
    ],
    simDueMs: () => conveyorDueMs(conveyor),
    realDueMs: () => conveyorLinkDueMs(conveyor),
    isMoving: () => state.link.isSelfTest,
    watch: (now) => watchConveyor(conveyor, now),
    run(now) {
      const reads = runConveyor(conveyor, now);
      if (reads.length > 0) onReads(reads);
    },
    written(address, words, now) {
      const isHit = (base: number, length: number) =>
        address < base + length && base < address + words;
      const of = (base: number, length: number) => [...registers.subarray(base, base + length)];
      if (isHit(link.base, link.length)) {
        takeLinkWrite(conveyor, frames, of(link.base, link.length), now);
      }
      for (const { point, base, length } of answers) {
        if (isHit(base, length)) takeAnswersWrite(conveyor, frames, point, of(base, length), now);
      }
    },
    prepare: (_now, at) => image.prepare(at),
    show: () => image.show(),
  };
}
