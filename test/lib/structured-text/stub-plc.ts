import { craneStub } from '../../../devices/asrs-crane/stub.ts';
import { readCraneInterface } from '../interfaces.ts';
import { craneFrame, craneWire } from '../sim-plant.ts';
import { Program } from './program.ts';

/** The crane's stub, running. Registers as a Modbus server would hold them. */
export class StubPlc {
  readonly #program: Program;
  readonly #plc;
  readonly command: number[];
  readonly status: number[];
  readonly memory: unknown;
  inputs = { deviceNumber: 1, mode: 4, sensors: 0, isBetweenStrokes: true, clockS: 1_700_000_000 };

  constructor() {
    this.#program = new Program(craneStub(readCraneInterface()));
    this.#plc = this.#program.instance('CraneBlock_Plc');
    this.command = this.#program.value('CraneBlock_CommandRegisters') as number[];
    this.status = this.#program.value('CraneBlock_StatusRegisters') as number[];
    this.memory = this.#program.value('CraneBlock_Memory');
    this.run({ isFirstScan: true, isMemoryWhole: false });
    this.scan();
  }

  run(more: object = {}, elapsedMs = 20): void {
    this.#program.nowMs += elapsedMs;
    this.#program.call('CraneBlock_Plc', this.#plc, {
      ...{ isFirstScan: false, isMemoryWhole: true, ...this.inputs },
      memory: this.memory,
      commandRegisters: this.command,
      ...{ statusRegisters: this.status, ...more },
    });
  }

  scan(more: object = {}) {
    this.run(more);
    return this.read();
  }

  /** As many scans as there are in this time. */
  pass(ms: number) {
    for (let passedMs = 0; passedMs < ms; passedMs += 20) this.run();
    return this.read();
  }

  read() {
    return craneWire.status.decode(this.status);
  }

  put(fields: Parameters<typeof craneFrame>[0], life: number): void {
    const { bootId } = this.read();
    const frame = craneFrame({ bootIdEcho: bootId, ...fields, life, commit: life });
    this.command.splice(0, 52, ...craneWire.command.encode(frame));
    this.run();
  }

  write(fields: Parameters<typeof craneFrame>[0], life: number) {
    this.put(fields, life);
    return this.read();
  }
}
