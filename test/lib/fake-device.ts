import type { DeviceMode } from '../../src/domain/device-mode.ts';
import type { DeviceStatus, ProbeCheck, TrafficPage } from '../../src/ports/device.ts';

/** The link of a device, as far as the flow has to do with it: it keeps the modes, and is asked nothing. */
export class FakeDevice {
  /** Every mode that it was set to, without repetitions. */
  readonly modes: DeviceMode[] = [];

  start(): void {}
  async stop(): Promise<void> {}
  setMode(mode: DeviceMode): void {
    if (mode !== this.modes.at(-1)) this.modes.push(mode);
  }
  status(): DeviceStatus {
    throw new Error('a decision must not read the status of a driver');
  }
  probe(): Promise<readonly ProbeCheck[]> {
    throw new Error('a decision must not probe a device');
  }
  traffic(): TrafficPage {
    throw new Error('a decision must not read the traffic of a driver');
  }
}
