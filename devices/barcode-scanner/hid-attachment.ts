import { DeviceTimeoutError, DeviceUnavailableError } from '../../src/domain/errors.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Traffic } from '../lib/traffic.ts';
import { withDeadline } from '../transport/deadline.ts';
import type { HidDevice, HidHandle, HidTransport } from '../transport/hid.ts';
import type { Attachment, Frame, FrameLink } from './frame-link.ts';
import { type CommandReports, commandReports } from './hid-commands.ts';
import { parseReportDescriptor, parseTriggerField } from './hid-descriptor.ts';
import { HidKeyboardAssembler, type HidKeyboardCounters } from './hid-keyboard.ts';
import { HidPosAssembler, type HidPosCounters } from './hid-pos.ts';

const writeLimitMs = 1_000;
/** How often a scanner that is not plugged in is looked for, at most. */
const replugMaxMs = 2_000;

/** Honeywell's, and the Metrologic's that became Honeywell's: they take their maker's commands. */
const honeywellVendors: ReadonlySet<number> = new Set([0x0c2e, 0x23d0]);
/**
 * Feature report that sends codes as HID POS.
 * Source: HenkVanAsselt/python_hon_usbhid; Access-IS LSR118 manual.
 */
const routeToPos = Uint8Array.of(0xfe, 0x01);

/** Usage pages: bar code scanners, and what a keyboard is on. Source: HID Usage Tables. */
const scannerPage = 0x8c;
const desktopPage = 0x01;

type HidConnection = ScannerSettings['connection'] & { readonly kind: 'hidPos' | 'hidKeyboard' };

interface HidTools {
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly hid: HidTransport;
  /** Why nothing may be sent now. */
  readonly whyNot?: () => string | undefined;
}

/** A scanner that is an HID device: as a bar code scanner, or as a keyboard. */
export function byHid(connection: HidConnection, lengthMax: number, tools: HidTools): Attachment {
  const isPos = connection.kind === 'hidPos';
  const pos = new HidPosAssembler(lengthMax);
  const keyboard = new HidKeyboardAssembler(lengthMax);
  const assembler: Assembler = isPos ? pos : keyboard;
  return {
    get counters() {
      return { ...assembler.counters };
    },
    retryMaxMs: replugMaxMs,
    close: async () => {},
    async open() {
      const device = choose(await tools.hid.list(), connection);
      const handle = await tools.hid.open(device.path);
      const isHoneywell = isPos && honeywellVendors.has(device.vendorId);
      // Only looked at: it sends codes in the way that it was left in.
      const isSilent = tools.whyNot?.() !== undefined;
      if (isHoneywell && !isSilent) await routed(handle, device.path);
      const descriptor = (isPos ? await handle.descriptor() : undefined) ?? noDescriptor;
      if (isPos) pos.begin(parseReportDescriptor(descriptor));
      else keyboard.reset();
      const commands = commandReports(isHoneywell, parseTriggerField(descriptor));
      return hidLink(handle, assembler, { ...tools, name: device.path, commands });
    },
  };
}

const noDescriptor = new Uint8Array();

interface Assembler {
  readonly counters: HidPosCounters | HidKeyboardCounters;
  push(report: Uint8Array, atMs: number): readonly Frame[];
}

/** @throws {DeviceUnavailableError} when none fits, or several do: which one is meant is not guessed */
function choose(devices: readonly HidDevice[], connection: HidConnection): HidDevice {
  const { kind, vendorId, productId, serialNumber, path } = connection;
  const page = kind === 'hidPos' ? scannerPage : desktopPage;
  const isMeant = (device: HidDevice) =>
    (path === undefined || device.path === path) &&
    (vendorId === undefined || device.vendorId === vendorId) &&
    (productId === undefined || device.productId === productId) &&
    (serialNumber === undefined || device.serialNumber === serialNumber);
  const isScanner = ({ usagePage }: HidDevice) => usagePage === undefined || usagePage === page;
  const meant = devices.filter(isMeant);
  const fitting = new Map(meant.filter(isScanner).map((device) => [device.path, device]));
  const [first] = fitting.values();
  if (first !== undefined && fitting.size === 1) return first;
  const wanted = [path, ids(connection), serialNumber].filter((part) => part !== undefined);
  const why =
    fitting.size > 1
      ? `${fitting.size} of them are plugged in: add serialNumber`
      : meant.length > 0
        ? `is plugged in, but not as ${kind === 'hidPos' ? 'a bar code scanner (HID POS)' : 'a keyboard'}: scan its set-up code`
        : 'is not plugged in';
  throw new DeviceUnavailableError(`HID device ${wanted.join(' ')}: ${why}`);
}

const ids = ({ vendorId, productId }: HidConnection): string | undefined =>
  vendorId === undefined ? undefined : `${hex(vendorId)}:${hex(productId ?? 0)}`;
const hex = (id: number): string => id.toString(16).padStart(4, '0');

async function routed(handle: HidHandle, name: string): Promise<void> {
  try {
    await handle.sendFeatureReport(routeToPos);
  } catch (cause) {
    await handle.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceUnavailableError(`${name} was not switched to HID POS: ${why}`, { cause });
  }
}

function hidLink(
  handle: HidHandle,
  assembler: Assembler,
  about: HidTools & { readonly name: string; readonly commands: CommandReports },
): FrameLink {
  const { clock, traffic, name, commands } = about;
  const ended = Promise.withResolvers<Error | undefined>();
  let isOpen = true;
  const end = (reason: Error | undefined) => {
    isOpen = false;
    ended.resolve(reason);
  };
  handle.onError((cause) => {
    end(new DeviceUnavailableError(`${name} was unplugged: ${cause.message}`, { cause }));
  });
  const limits = { clock, limitMs: writeLimitMs };
  return {
    closed: ended.promise,
    onFrame(listener) {
      handle.onData((report) => {
        if (!isOpen) return;
        traffic.received(report);
        try {
          const before: object = { ...assembler.counters };
          const frames = assembler.push(report, clock.monotonicMs());
          judge(traffic, before, assembler.counters);
          for (const frame of frames) listener(frame);
        } catch (error) {
          end(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },
    async command(text, signal) {
      const report = commands(text);
      if (typeof report === 'string') throw new DeviceUnavailableError(`${name} ${report}`);
      if (!isOpen || signal.aborted) throw new DeviceUnavailableError(`No connection to ${name}`);
      traffic.sent(report, () => 'trigger');
      const unknown = () => new DeviceTimeoutError(`A command did not get out to ${name}`);
      await withDeadline(handle.write(report), {
        ...limits,
        signal,
        late: unknown,
        aborted: unknown,
      });
    },
    async close() {
      end(undefined);
      const late = () => new DeviceTimeoutError(`${name} did not close`);
      const { signal } = new AbortController();
      // One that hangs is left behind: the next connection is a new one.
      await withDeadline(handle.close(), { ...limits, signal, late, aborted: late }).catch(
        () => {},
      );
    },
  };
}

/** Tells what the assembler has thrown away, and why. */
function judge(traffic: Traffic, before: object, now: object): void {
  const counts = new Map<string, number>(Object.entries(before));
  for (const [what, count] of Object.entries(now)) {
    if (what !== 'scans' && count > (counts.get(what) ?? 0)) traffic.judge(`discarded: ${what}`);
  }
}
