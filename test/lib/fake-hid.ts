import type { HidDevice, HidHandle, HidTransport } from '../../devices/transport/hid.ts';
import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import { descriptor64 } from '../vectors/hid-pos.ts';

/** One HID scanner that is plugged in: what it sends is the test's, what is sent to it is kept. */
export class FakeHidScanner implements HidHandle {
  readonly device: HidDevice;
  readonly written: string[] = [];
  readonly features: string[] = [];
  closes = 0;
  ownDescriptor: Uint8Array | undefined = descriptor64;
  onClose: () => Promise<void> = async () => {};
  #listener: (report: Uint8Array) => void = () => {};
  #onError: (error: Error) => void = () => {};

  constructor(device: Partial<HidDevice> = {}) {
    this.device = {
      ...{ path: '/dev/hidraw0', vendorId: 0x0c2e, productId: 0x0b61, usagePage: 0x8c, usage: 2 },
      ...device,
    };
  }

  /** As recorded. After the unplugging nobody hears it. */
  send(...reports: readonly Uint8Array[]): void {
    for (const report of reports) this.#listener(report);
  }

  unplug(): void {
    this.#onError(new Error('could not read from HID device'));
  }

  onData(listener: (report: Uint8Array) => void): void {
    this.#listener = listener;
  }

  onError(listener: (error: Error) => void): void {
    this.#onError = listener;
  }

  async write(report: Uint8Array): Promise<void> {
    this.written.push(Buffer.from(report).toString('hex'));
  }

  async sendFeatureReport(report: Uint8Array): Promise<void> {
    this.features.push(Buffer.from(report).toString('hex'));
  }

  async descriptor(): Promise<Uint8Array | undefined> {
    return this.ownDescriptor;
  }

  async close(): Promise<void> {
    this.closes += 1;
    await this.onClose();
  }
}

/** A machine with HID devices that come and go. */
export class FakeHid implements HidTransport {
  plugged: FakeHidScanner[] = [];

  async list(): Promise<readonly HidDevice[]> {
    return this.plugged.map(({ device }) => device);
  }

  async open(path: string): Promise<HidHandle> {
    const scanner = this.plugged.find(({ device }) => device.path === path);
    if (scanner === undefined) throw new DeviceUnavailableError(`${path}: no such device`);
    return scanner;
  }
}
