import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../../src/domain/site.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { machineRandom as random } from '../../src/machine/random.ts';
import { type Craneway, startCraneway } from '../../src/main.ts';
import { pause } from '../../src/ports/clock.ts';
import type { HostCommand } from '../../src/ports/intake.ts';
import { readConveyorInterface, readCraneInterface } from '../lib/interfaces.ts';
import { loadUnitName } from './plc-process.ts';

const announcedAtOnce = 100;
const connectLimitMs = 10_000;

/** A folder on the disk that ledgers live on, gone after `use`. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync('.craneway', { recursive: true });
  const folder = mkdtempSync(join('.craneway', 'bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The whole controller as `craneway run` starts it: ledger file, flow, drivers, broker, API.
 *
 * @param timing  instead of the times of the conveyor's interface file
 */
export async function startController(
  site: Site,
  dataFolder: string,
  timing: Readonly<Record<string, number>> = {},
): Promise<Craneway> {
  const file = readConveyorInterface();
  const rows = file.timing.map((row) => ({ ...row, default: timing[row.name] ?? row.default }));
  const craneway = await startCraneway({
    ...{ site, dataFolder, clock, random, templates: new Map(), simulated: true },
    interfaces: new Map([
      ['conveyor-point-v1', { ...file, timing: rows }],
      ['crane-block-v1', readCraneInterface()],
    ]),
    log: {
      debug() {},
      info() {},
      warn() {},
      error: (context, text) => console.error(text, context),
    },
    onFatal: (error) => {
      console.error(error);
      process.exit(1);
    },
  });
  const lastMs = clock.monotonicMs() + connectLimitMs;
  const isReady = () => craneway.reader.devices().every(({ state }) => state === 'ready');
  while (!isReady() && clock.monotonicMs() < lastMs) await pause(clock, 10);
  // Ready is when it answers; its claim goes round once more before anything is told.
  await pause(clock, 300);
  return craneway;
}

let commands = 0;

/** The host's commands, without the broker in between. */
export function hostOf({ flow }: Pick<Craneway, 'flow'>) {
  return async (name: HostCommand['name'], data: object): Promise<void> => {
    const host = 'wms' as HostCommand['host'];
    const shared = { expiresAtMs: undefined, retained: false };
    const reply = await flow.command({ host, id: `bench-${++commands}`, name, data, ...shared });
    if (reply.error !== undefined) throw new Error(`${name}: ${JSON.stringify(reply.error)}`);
  };
}

/** Announces load units `first` to `first + count - 1`, each with a line of stock. */
export async function announce(craneway: Pick<Craneway, 'flow'>, first: number, count: number) {
  const send = hostOf(craneway);
  const skus = Array.from({ length: 100 }, (_, i) => ({ sku: `SKU-${i}`, unit: 'PCE' }));
  await send('sku.put', { skus });
  const groups = Math.ceil(count / announcedAtOnce);
  for (let group = 0; group < groups; group++) {
    const from = first + group * announcedAtOnce;
    const length = Math.min(announcedAtOnce, first + count - from);
    const loadUnits = Array.from({ length }, (_, i) => ({
      lpn: loadUnitName(from + i),
      loadUnitType: 'TOTE',
      lines: [{ sku: `SKU-${(from + i) % 100}`, qty: 10, lot: 'L-1' }],
    }));
    await send('loadUnit.announce', { loadUnits });
  }
}
