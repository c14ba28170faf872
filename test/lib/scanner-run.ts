import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { barcodeScanner } from '../../devices/barcode-scanner/index.ts';
import type { HidTransport } from '../../devices/transport/hid.ts';
import { openPtyPair, type PtyPair } from '../../simulators/barcode-scanner/pty.ts';
import { startScannerSimulator } from '../../simulators/barcode-scanner/server.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { Log } from '../../src/ports/log.ts';
import type { ScannerFact } from '../../src/ports/scanner.ts';
import { collector } from './collector.ts';
import { silent } from './silent-log.ts';
import { systemClock as clock } from './system-clock.ts';

export const device = parseDeviceId('scan-1');
/** What a test has opened; ended in turn after it, the last one first. */
export const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

export const settingsFor = (
  connection: ScannerSettings['connection'],
  own: Partial<ScannerSettings> = {},
): ScannerSettings => ({
  connection,
  framing: { prefix: '\x02', suffixes: ['\x03'], lengthMax: 256, gapMs: 1_000, gap: 'discard' },
  noRead: ['NoRead'],
  trigger: '\x02sMN mTCgateon\x03',
  triggerOff: '\x02sMN mTCgateoff\x03',
  aim: true,
  ...{ gs: [], strip: { first: 0, last: 0 }, expect: [], repeatMs: 0 },
  ...own,
});
export const tcp = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const;

/** The driver over the real connection of its settings. */
export function connected(
  settings: ScannerSettings,
  startId = 'e7',
  { hid, log = silent }: { readonly hid?: HidTransport; readonly log?: Log } = {},
) {
  const facts = collector<ScannerFact>();
  const bugs: unknown[] = [];
  const scanner = barcodeScanner.open({
    ...{ id: device, settings, startId, report: facts.report, clock, log, ...(hid && { hid }) },
    random: { u32: () => 0 },
    onBug: (error) => bugs.push(error),
  });
  scanner.start();
  endings.push(async () => {
    await scanner.stop();
    expect(bugs).toEqual([]);
  });
  return { scanner, facts, isOnline: () => facts.until(({ type }) => type === 'scanner.online') };
}

export const codes = (facts: { readonly all: readonly ScannerFact[] }) =>
  facts.all.flatMap((fact) => ('code' in fact ? [fact.code] : []));

/** A simulated scanner over TCP, and settings to reach it. */
export async function simulated(own: Partial<ScannerSettings> = {}, onTrigger?: () => void) {
  const simulator = await startScannerSimulator({
    settings: settingsFor(tcp(0), own),
    triggerReply: 'sAN mTCgateon 1',
    ...(onTrigger && { onTrigger }),
  });
  endings.push(() => simulator.close());
  return { simulator, settings: settingsFor(tcp(simulator.port ?? 0), own) };
}

/** A serial line without a cable. */
export async function serialLine(): Promise<{ pair: PtyPair; ends: [string, string] }> {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-pty-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const ends: [string, string] = [join(folder, 'controller'), join(folder, 'scanner')];
  const pair = await openPtyPair(ends, clock);
  if (pair === undefined) throw new Error('This test needs socat: apt-get install socat');
  endings.push(() => pair.close());
  return { pair, ends };
}
export const serial = (path: string) =>
  settingsFor(
    { kind: 'serial', path, baudRate: 9600 },
    {
      framing: { prefix: '', suffixes: ['\r'], lengthMax: 256, gapMs: 1_000, gap: 'discard' },
      ...{ noRead: ['NR'], trigger: '\x16T\r', triggerOff: '\x16U\r' },
    },
  );
