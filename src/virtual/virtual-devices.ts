import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { invariant } from '../domain/errors.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { Site } from '../domain/site.ts';
import type { Topology } from '../domain/topology.ts';
import type { DeviceFact } from '../flow/cause.ts';
import type { Clock } from '../ports/clock.ts';
import type { Indicator } from '../ports/indicator.ts';
import { VirtualConveyor } from './virtual-conveyor.ts';
import { VirtualCrane } from './virtual-crane.ts';
import type { VirtualDevice } from './virtual-device.ts';
import type { VirtualPlant } from './virtual-plant.ts';
import { VirtualPrinter } from './virtual-printer.ts';
import { VirtualScanner } from './virtual-scanner.ts';

interface VirtualDevicesOptions {
  readonly site: Site;
  readonly topology: Topology;
  readonly plant: VirtualPlant;
  readonly interfaces: { readonly crane: InterfaceFile; readonly conveyor: InterfaceFile };
  readonly clock: Clock;
  readonly report: (fact: DeviceFact) => void;
}

export interface VirtualDevices {
  readonly actors: {
    readonly cranes: Map<DeviceId, VirtualCrane>;
    readonly conveyors: Map<DeviceId, VirtualConveyor>;
    readonly printers: Map<DeviceId, VirtualPrinter>;
    readonly scanners: Map<DeviceId, VirtualScanner>;
    /** None: nobody looks at a light on virtual time. */
    readonly indicators: Map<DeviceId, Indicator>;
  };
  readonly all: readonly VirtualDevice[];
  /** Those that look at a machine after every step of the plant. */
  readonly noticing: readonly { readonly id: DeviceId; noticed(): void }[];
}

/** A driver without a wire for each device of a site. */
export function openVirtualDevices(options: VirtualDevicesOptions): VirtualDevices {
  const { site, topology, plant, interfaces, clock, report } = options;
  const { model } = plant;
  const actors: VirtualDevices['actors'] = {
    cranes: new Map(),
    conveyors: new Map(),
    printers: new Map(),
    scanners: new Map(),
    indicators: new Map(),
  };
  for (const [id, crane] of model.cranes) {
    const file = interfaces.crane;
    actors.cranes.set(id, new VirtualCrane({ model: crane, plant, file, topology, clock, report }));
  }
  for (const [id, conveyor] of model.conveyors) {
    const file = interfaces.conveyor;
    actors.conveyors.set(id, new VirtualConveyor({ model: conveyor, plant, file, clock, report }));
  }
  for (const { device, type } of site.devices) {
    if (type === 'barcode-scanner') {
      const trigger = () => plant.trigger(device);
      actors.scanners.set(device, new VirtualScanner({ device, clock, report, trigger }));
    }
    if (type === 'zpl-printer') {
      const printed = (sscc: string) => plant.label(device, sscc);
      actors.printers.set(device, new VirtualPrinter({ device, clock, report, printed }));
    }
  }
  const noticing = [...actors.cranes.values(), ...actors.conveyors.values()];
  invariant(noticing.length > 0, 'a site has machines');
  const all = [...noticing, ...actors.printers.values(), ...actors.scanners.values()];
  return { actors, all, noticing };
}
