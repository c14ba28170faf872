import { codesOf, type InterfaceFile } from '../../devices/lib/interface-file.ts';
import type { PlcDevice } from '../lib/plc-device.ts';
import { PlcImage } from '../lib/plc-image.ts';
import { linkDueMs, type Moment, watchLink } from '../lib/plc-link.ts';
import { commandWire, takeWrite } from './frames.ts';
import { advanceMotion, motionDueMs } from './missions.ts';
import type { Crane, CraneSetup } from './model.ts';
import { statusWire, statusWords } from './status.ts';

/** Codes that go into an event's word, by name. */
export const eventCodes = (file: InterfaceFile): Pick<CraneSetup, 'resultCodes' | 'modeCodes'> => ({
  resultCodes: codesOf(file, 'result').codes,
  modeCodes: codesOf(file, 'mode').codes,
});

/** A crane behind the registers of its interface file. */
export function craneDevice(crane: Crane, file: InterfaceFile): PlcDevice {
  const command = commandWire(file);
  const status = statusWire(file);
  const { state, setup } = crane;
  let simMs = 0;
  const image = new PlcImage([
    {
      base: status.base,
      counter: state.plc,
      words: (guard) => statusWords(crane, status, simMs, guard),
    },
  ]);
  const { base, length } = command;
  image.registers.set(state.command, base);
  return {
    device: setup.device,
    state,
    registers: image.registers,
    writable: [{ base, length }],
    readable: [
      { base, length },
      { base: status.base, length: status.length },
    ],
    simDueMs: () => motionDueMs(crane),
    realDueMs: () => linkDueMs(state.plc, setup.rules),
    isMoving: () => state.move !== undefined || state.plc.isSelfTest,
    watch: (now: Moment) => watchLink(state.plc, setup.rules, now),
    run: (now: Moment) => advanceMotion(crane, now.simMs),
    written(_address, _words, now) {
      takeWrite(crane, command, [...image.registers.subarray(base, base + length)], now);
    },
    prepare(now, at) {
      simMs = now.simMs;
      image.prepare(at);
    },
    show: () => image.show(),
  };
}
