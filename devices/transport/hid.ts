import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { HIDAsync } from 'node-hid';
import { DeviceUnavailableError } from '../../src/domain/errors.ts';

/** One HID interface that is plugged in. */
export interface HidDevice {
  /** `/dev/hidraw3`: changes at every replug. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber?: string | undefined;
  readonly product?: string | undefined;
  /** Undefined where the system does not tell. */
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

/** One open HID interface, until `onError` or `close`. */
export interface HidHandle {
  /** Names the one who gets each input report whole, with its id as byte 0 where it has one. */
  onData(listener: (report: Uint8Array) => void): void;
  /** Called when it was unplugged, or cannot be read. There is no other end. */
  onError(listener: (error: Error) => void): void;
  /** Sends an output report, its id first. Rejects with what the system says. */
  write(report: Uint8Array): Promise<void>;
  sendFeatureReport(report: Uint8Array): Promise<void>;
  /** Its report descriptor; undefined where it cannot be read. */
  descriptor(): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** HID devices of this machine. There is no word of plugging in: ask again. */
export interface HidTransport {
  /** @throws {DeviceUnavailableError} where this machine cannot use HID devices, with the fix */
  list(): Promise<readonly HidDevice[]>;
  /** @throws {DeviceUnavailableError} where it cannot be opened */
  open(path: string): Promise<HidHandle>;
}

type Library = typeof import('node-hid');

/**
 * HID devices by way of node-hid. The library is loaded here and nowhere else, at the first use: where libusb
 * is missing, only the devices that need it are down.
 *
 * @param load  in place of the library, for tests
 */
export function nodeHid(load: () => Promise<Library> = () => import('node-hid')): HidTransport {
  return {
    async list() {
      const devices = await guarded('HID devices cannot be used here', async () =>
        (await libraryOf(load)).devicesAsync(),
      );
      return devices.flatMap((device) => {
        const { path } = device;
        return path === undefined ? [] : [{ ...device, path }];
      });
    },
    async open(path) {
      const device = await guarded(path, async () => (await libraryOf(load)).HIDAsync.open(path));
      return handleOf(device, path);
    },
  };
}

/** A CommonJS module: some loaders put it under `default`. */
async function libraryOf(load: () => Promise<Library>): Promise<Library> {
  const loaded: Library & { readonly default?: Library } = await load();
  return loaded.default ?? loaded;
}

async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceUnavailableError(`${what}: ${why}${fixFor(why)}`, { cause });
  }
}

const fixes: readonly (readonly [RegExp, string])[] = [
  [/libusb|libudev/, '. Install libusb: apt-get install libusb-1.0-0'],
  [/[Pp]ermission denied|EACCES/, '. Let this user open it: a udev rule for hidraw, or its group'],
];

const fixFor = (why: string): string => fixes.find(([pattern]) => pattern.test(why))?.[1] ?? '';

function handleOf(device: HIDAsync, path: string): HidHandle {
  const errors: Error[] = [];
  let onError = (error: Error): void => void errors.push(error);
  // From here on someone always listens: an unheard error event would end the process.
  device.on('error', (error: unknown) => {
    onError(error instanceof Error ? error : new Error(String(error)));
  });
  return {
    onData: (listener) => void device.on('data', (report: Uint8Array) => listener(report)),
    onError(listener) {
      onError = listener;
      for (const error of errors.splice(0)) listener(error);
    },
    write: async (report) => void (await device.write(Buffer.from(report))),
    sendFeatureReport: async (report) => void (await device.sendFeatureReport(Buffer.from(report))),
    descriptor: () => descriptorOf(path),
    close: () => device.close(),
  };
}

/** As Linux shows it, without opening the device. */
async function descriptorOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(`/sys/class/hidraw/${basename(path)}/device/report_descriptor`);
  } catch {
    return undefined;
  }
}
