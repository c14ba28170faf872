import { bind } from '../../devices/lib/codec.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { zoneFields } from '../../devices/zone-conveyor/fields.ts';
import type { RegisterBank } from '../lib/modbus-server.ts';
import type { ZoneModule } from './model.ts';

/** The registers of a simulated module, for a Modbus server of either kind. */
export class ZoneRegisters {
  readonly bank: RegisterBank & { readonly image: Uint16Array };
  readonly #module: ZoneModule;
  readonly #inputs;
  readonly #outputs;

  constructor(module: ZoneModule, file: InterfaceFile) {
    this.#module = module;
    this.#inputs = bind(file, 'inputs', zoneFields.inputs);
    this.#outputs = bind(file, 'outputs', zoneFields.outputs);
    const { base, length } = this.#outputs;
    const ranges = [
      { base: this.#inputs.base, length: this.#inputs.length },
      { base, length },
    ];
    this.bank = {
      image: new Uint16Array(0x1_0000),
      readable: ranges,
      writable: [{ base, length }],
      onWrite: () => this.#written(),
    };
    this.show();
  }

  /** After the steel has moved. */
  show(): void {
    const [up, down] = this.#module.zones;
    const status = (zone: typeof up) => {
      if (zone.load === undefined) return 'clear';
      return zone.isLeaving || !zone.accumulate ? 'discharging' : 'blocked';
    };
    const words = this.#inputs.encode({
      upstreamZoneStatus: status(up),
      downstreamZoneStatus: status(down),
      upstreamArrivedCount: up.arrivedCount,
      upstreamDepartedCount: up.departedCount,
      downstreamArrivedCount: down.arrivedCount,
      downstreamDepartedCount: down.departedCount,
      upstreamLoadHandle: up.load ?? 0,
      downstreamLoadHandle: down.load ?? 0,
      upstreamReleaseEcho: up.releaseEcho,
      downstreamReleaseEcho: down.releaseEcho,
    });
    this.bank.image.set(words, this.#inputs.base);
  }

  #written(): void {
    const { base, length } = this.#outputs;
    const words = this.bank.image.subarray(base, base + length);
    const block = this.#outputs.decode(words);
    this.#module.write([
      {
        setHandle: block.upstreamSetHandle,
        accumulate: block['upstreamControl.accumulate'],
        release: block.upstreamRelease,
      },
      {
        setHandle: block.downstreamSetHandle,
        accumulate: block['downstreamControl.accumulate'],
        release: block.downstreamRelease,
      },
    ]);
    this.show();
  }
}
