import { bind, type Codec } from '../../devices/lib/codec.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import {
  countingFields,
  countsCommands,
  startBitFields,
} from '../../devices/start-bit-crane/fields.ts';
import { positionNow } from '../asrs-crane/interrupt.ts';
import { advanceMotion, motionDueMs } from '../asrs-crane/missions.ts';
import type { PlcDevice } from '../lib/plc-device.ts';
import type { Moment } from '../lib/plc-link.ts';
import { publishEnd, type StartBitCrane, scan } from './model.ts';

type Counted = typeof countingFields;
interface Blocks {
  readonly command: Codec<typeof startBitFields.command & Counted['command']>;
  readonly status: Codec<typeof startBitFields.status & Counted['status']>;
}

function blocksOf(file: InterfaceFile): Blocks {
  const more = countsCommands(file) ? countingFields : { command: {}, status: {} };
  return {
    command: bind(file, 'command', { ...startBitFields.command, ...more.command }),
    status: bind(file, 'status', { ...startBitFields.status, ...more.status }),
  } as Blocks;
}

/** Between two looks at the start bit, simulated. */
const scanMs = 50;

/** An old crane behind the registers of its interface file. */
export function startBitDevice(plc: StartBitCrane, file: InterfaceFile): PlcDevice {
  const { command, status } = blocksOf(file);
  const { crane, startBit } = plc;
  const { state, setup } = crane;
  const registers = new Uint16Array(0x1_0000);
  const held = () => [...registers.subarray(command.base, command.base + command.length)];
  const ranges = [command, status].map(({ base, length }) => ({ base, length }));
  if (state.command.length === 0) state.command = held();
  registers.set(state.command, command.base);
  let prepared: readonly number[] = [];
  let ranAtMs = 0;
  /** Whether the next scan may find something: a start that waits or has fallen, a mission that was ended by hand. */
  const isScanDue = (): boolean => {
    const { start } = command.decode(state.command);
    const { mission, enabled, mode } = state.plc;
    if (startBit.isBusy && mission === undefined) return true;
    if (enabled !== (mode === 'autoRemote')) return true;
    return start ? !startBit.isSpent && !startBit.isDeaf : startBit.isSpent;
  };
  const run = ({ simMs }: Moment) => {
    ranAtMs = simMs;
    scan(plc, command.decode(state.command), simMs);
    advanceMotion(crane, simMs);
    publishEnd(plc);
  };
  return {
    device: setup.device,
    state,
    registers,
    writable: ranges.slice(0, 1),
    readable: ranges,
    simDueMs: () =>
      Math.min(motionDueMs(crane), isScanDue() ? ranAtMs + scanMs : Number.POSITIVE_INFINITY),
    realDueMs: () => Number.POSITIVE_INFINITY,
    isMoving: () => state.move !== undefined,
    watch() {},
    run,
    written(_address, _words, now) {
      state.command = held();
      run(now);
    },
    prepare({ simMs }) {
      const { mode, faultLatched } = state.plc;
      const { xMm, yMm } = positionNow(crane, simMs);
      prepared = status.encode({
        ...{ mode, busy: startBit.isBusy, done: startBit.isDone, fault: faultLatched },
        ...{ loaded: crane.floor.load(1) !== undefined, faultCode: startBit.faultCode },
        ...{ travelMm: Math.round(xMm), hoistMm: Math.round(yMm) },
        seqAnswered: startBit.seqAnswered,
      });
    },
    show() {
      registers.set(prepared, status.base);
      registers.set(state.command, command.base);
    },
  };
}
