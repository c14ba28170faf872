import type { ModbusLine } from '../../devices/transport/modbus.ts';
import type { PlantModel } from '../../simulators/plant-model.ts';
import { DeviceTimeoutError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ManualClock } from './manual-clock.ts';

/** It arrives and its answer does not; it never arrives; it arrives after the line has broken. */
export type WriteFault = 'answerLost' | 'lost' | 'late';

/** A frame that was in flight when its line broke arrives after this. */
const lateMs = 300;

interface Failing {
  readonly clock: ManualClock;
  readonly isCut: () => boolean;
  /** Brings the plant up to now. */
  readonly passTime: () => void;
  /** What happens to this write. */
  readonly takeFault: (isStart: boolean) => WriteFault | undefined;
}

/** A line to a simulated PLC with a start bit, without sockets, that fails as it is told. */
export function faultyLine(model: PlantModel, id: DeviceId, wire: Failing): ModbusLine {
  const device = model.devices.get(id);
  if (device === undefined) throw new Error(`there is no ${id}`);
  const write = (address: number, words: readonly number[]) => {
    wire.passTime();
    device.registers.set(words, address);
    device.written(address, words.length, model.now);
  };
  return {
    readHolding: async (address, words) => {
      if (wire.isCut()) throw new DeviceTimeoutError('cut');
      wire.passTime();
      model.prepare();
      model.show();
      return Array.from(device.registers.subarray(address, address + words));
    },
    writeHolding: async (address, words) => {
      const asked = wire.takeFault(((words[0] ?? 0) & 1) === 1);
      const fault = wire.isCut() ? 'lost' : asked;
      if (fault === 'late') wire.clock.after(lateMs, () => write(address, words));
      else if (fault !== 'lost') write(address, words);
      if (fault !== undefined) throw new DeviceTimeoutError(fault);
    },
    close() {},
  };
}
