import { craneStub } from '../../devices/asrs-crane/stub.ts';
import { conveyorStub } from '../../devices/conveyor/stub.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { CommandFailure } from './failure.ts';

/** @throws {CommandFailure} for registers that a PLC has anyway: they need no program */
export function stubText(file: InterfaceFile): string {
  const { id, device } = file.meta;
  if (id === 'crane-block' && device === 'asrsCrane') return craneStub(file);
  if (id === 'conveyor-point' && device === 'conveyor') return conveyorStub(file);
  const advice =
    device === 'startBitCrane'
      ? 'A PLC that can be programmed anew is better served by crane-block: craneway plc stub crane-block-v1.'
      : 'There are stubs for crane-block and conveyor-point.';
  throw new CommandFailure('usage', `There is no stub for ${id}`, { advice });
}
