import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { onTestFinished, test } from 'vitest';
import { createPlant } from '../../simulators/plant.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { demoSite } from '../lib/demo.ts';
import { silent as log } from '../lib/silent-log.ts';
import { interfaces } from '../lib/sim-plant.ts';
import { systemClock } from '../lib/system-clock.ts';

const mbpoll = '/usr/bin/mbpoll';
const bootedAtS = 1_700_000_000;
const clock = { ...systemClock, nowMs: () => bootedAtS * 1000 };

/** One block as its generated table tells it to people: what stands where. */
interface Documented {
  readonly base: number;
  readonly length: number;
  readonly fields: ReadonlyMap<string, { readonly address: number; readonly type: string }>;
  /** The number of a name in a list of codes. */
  code(list: string, name: string): number;
}

function documented(file: string, block: string): Documented {
  const text = readFileSync(`config/interfaces/${file}.md`, 'utf8');
  const [, section = ''] = text.split(`## Block \`${block}\``);
  const [, base, length] = /Base (\d+), length (\d+)/.exec(section) ?? [];
  const rows = section
    .slice(0, section.indexOf('\n## '))
    .matchAll(/^\| (\d+)(?:–\d+)? \| \S+ \| (\S+) \| (\S+) /gm);
  const fields = new Map(
    [...rows].map(([, address, name = '', type = '']) => [
      name,
      { address: Number(address), type },
    ]),
  );
  return {
    ...{ base: Number(base), length: Number(length), fields },
    code(list, name) {
      const [, codes = ''] = text.split(`## Codes \`${list}\`\n\n`);
      return Number(new RegExp(`(\\d+) ${name}\\b`).exec(codes)?.[1]);
    },
  };
}

/** Reads a block as somebody would who has the table and Debian's Modbus client, and nothing of ours. */
async function read(port: number, { base, length, fields }: Documented) {
  if (!existsSync(mbpoll)) throw new Error(`${mbpoll} is missing: apt-get install mbpoll`);
  const range = ['-0', '-r', `${base}`, '-c', `${length}`, '-t', '4:hex'];
  const out = await new Promise<string>((resolve, reject) => {
    const args = ['-m', 'tcp', '-p', `${port}`, '-a', '1', ...range, '-1', '-q', '127.0.0.1'];
    execFile(mbpoll, args, { timeout: 10_000 }, (error, text) =>
      error === null ? resolve(text) : reject(error),
    );
  });
  const words = new Map(
    [...out.matchAll(/^\[(\d+)\]:\s+0x([0-9A-F]{4})/gm)].map(([, at, hex = '']) => [
      Number(at),
      Number.parseInt(hex, 16),
    ]),
  );
  return (name: string): number => {
    const { address, type } = fields.get(name) ?? { address: -1, type: 'unknown' };
    const word = words.get(address) ?? Number.NaN;
    return type === 'u32' ? word * 0x1_0000 + (words.get(address + 1) ?? Number.NaN) : word;
  };
}

async function startPlant() {
  const plant = createPlant({
    ...{ site: demoSite, interfaces, clock, random: seededRandom(1), log, speed: 1 },
    craneMemory: 'commissioned',
  });
  const where = await plant.start();
  onTestFinished(() => plant.stop());
  return { plant, portOf: (device: string) => where[device]?.port ?? 0 };
}

const head = { mapVersion: 0x0100, wordOrderTest: 0x01020304, deviceNumber: 1 };

test('a foreign client reads of the crane what its table says, and sees it change', async ({
  expect,
}) => {
  const { plant, portOf } = await startPlant();
  const table = documented('crane-block-v1', 'status');
  const port = portOf('crane-1');
  const before = await read(port, table);
  const shown = Object.fromEntries(Object.keys(head).map((name) => [name, before(name)]));
  expect(shown).toEqual(head);
  expect(before('bootId')).toBe(bootedAtS);
  expect(before('mode')).toBe(table.code('mode', 'autoRemote'));
  expect(before('state')).toBe(table.code('state', 'idle'));
  expect(before('guardA')).toBe(before('guardB'));
  expect([before('epochAccepted'), before('activeMissionId')]).toEqual([0, 0]);

  plant.fault('crane-1', 'plcRestart', true);
  plant.fault('crane-1', 'modeManual', true);
  const after = await read(port, table);
  expect(after('bootId')).toBe(bootedAtS + 1);
  expect(after('mode')).toBe(table.code('mode', 'manual'));
  expect(after('guardA')).toBe(after('guardB'));
  expect(after('guardA')).not.toBe(before('guardA'));
  // The restart and the turn of the switch, in the slots where their numbers belong.
  expect(after('eventHead')).toBe(before('eventHead') + 2);
  const slot = after('eventHead') % 5;
  expect(after(`events[${slot}].eventSeq`)).toBe(after('eventHead'));
  expect(after(`events[${slot}].eventType`)).toBe(table.code('eventType', 'modeChanged'));
  expect(after(`events[${slot}].eventCode`)).toBe(table.code('mode', 'manual'));
});

test('a foreign client reads of the conveyor what its table says', async ({ expect }) => {
  const { plant, portOf } = await startPlant();
  const table = documented('conveyor-point-v1', 'linkStatus');
  const before = await read(portOf('conveyor-1'), table);
  const shown = Object.fromEntries(Object.keys(head).map((name) => [name, before(name)]));
  expect(shown).toEqual(head);
  expect(before('pointCount')).toBe(demoSite.points.length);
  expect(before('guardA')).toBe(before('guardB'));
  expect(before('counterEra')).toBe(before('bootId'));
  plant.fault('conveyor-1', 'plcRestart', true);
  const after = await read(portOf('conveyor-1'), table);
  expect(after('bootId')).toBe(before('bootId') + 1);
  expect(after('counterEra')).toBe(before('counterEra'));
});
