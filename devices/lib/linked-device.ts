import type { DeviceMode } from '../../src/domain/device-mode.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type {
  Device,
  DeviceStatus,
  ProbeCheck,
  ProbeOptions,
  TrafficPage,
} from '../../src/ports/device.ts';

/** The part of a driver that its link does for it. */
export type LinkLife = Pick<Device, 'start' | 'stop' | 'setMode' | 'status' | 'probe'> & {
  page: Device['traffic'];
};

/** What is the same in every driver, whatever it drives: all of it is its link's. */
export abstract class LinkedDevice implements Device {
  abstract readonly id: DeviceId;
  protected abstract get link(): LinkLife;

  start(): void {
    this.link.start();
  }

  stop(): Promise<void> {
    return this.link.stop();
  }

  setMode(mode: DeviceMode): void {
    this.link.setMode(mode);
  }

  status(): DeviceStatus {
    return this.link.status();
  }

  traffic(after: number, max: number): TrafficPage {
    return this.link.page(after, max);
  }

  probe(options: ProbeOptions): Promise<readonly ProbeCheck[]> {
    return this.link.probe(options);
  }
}
