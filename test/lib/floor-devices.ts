import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { conveyor } from '../../devices/conveyor/index.ts';
import { triggerScanner } from '../../simulators/conveyor/run.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { DeviceFact } from '../../src/flow/cause.ts';
import type { Flow } from '../../src/flow/flow.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Scanner } from '../../src/ports/scanner.ts';
import { FakeDevice } from './fake-device.ts';
import { conveyor1, crane1, floorFiles } from './floor-plant.ts';
import type { FloorRig } from './floor-rig.ts';
import { silent } from './silent-log.ts';

/** What belongs to one start of the controller, and dies with it. */
interface Life {
  readonly clock: Clock;
  readonly report: (fact: DeviceFact) => unknown;
  readonly onFatal: (error: unknown) => void;
}

const scanners = ['scan-in-1', 'scan-pick-1'] as readonly string[] as readonly DeviceId[];

/**
 * Starts the flow with the real drivers of crane and conveyor on the registers of a rig.
 *
 * @returns how each driver is stopped
 */
export function startDevices(rig: FloorRig, flow: Flow, life: Life): (() => Promise<void>)[] {
  const { topology } = rig;
  const printers = [rig.printer, rig.deskPrinter].filter((printer) =>
    topology.site.devices.some(({ device }) => device === printer.id),
  );
  const { clock, report, onFatal } = life;
  const shared = { clock, log: silent, onBug: onFatal, random: { u32: () => 7 }, report };
  const settings = { host: '', port: 502, unit: 1, deviceNumber: 1, interface: '' };
  const crane = asrsCrane.open({
    ...{ ...shared, id: crane1, topology, file: floorFiles.crane, settings },
    connect: rig.connect(crane1),
  });
  const belt = conveyor.open({
    ...{ ...shared, id: conveyor1, file: floorFiles.conveyor, settings },
    ...{ connect: rig.connect(conveyor1), timing: { eagerMs: 0, pollLinkMs: 50 } },
  });
  for (const printer of printers) printer.report = report;
  flow.start({
    cranes: new Map([[crane1, crane]]),
    conveyors: new Map([[conveyor1, belt]]),
    printers: new Map(printers.map((printer) => [printer.id, printer])),
    scanners: new Map(scanners.map((device) => [device, scannerOf(rig, device)])),
    indicators: new Map(),
  });
  crane.start();
  belt.start();
  for (const { id } of printers) report({ device: id, type: 'printer.ready' });
  for (const device of scanners) report({ device, type: 'scanner.online' });
  return [() => crane.stop(), () => belt.stop()];
}

function scannerOf({ conveyor: belt, model }: FloorRig, device: DeviceId): Scanner {
  const trigger = () => {
    if (device === 'scan-in-1') triggerScanner(belt, 1, model.now.simMs);
  };
  return Object.assign(new FakeDevice(), { id: device, trigger, release() {} });
}
