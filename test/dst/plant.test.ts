import { expect, test } from 'vitest';
import { statusWire } from '../../simulators/conveyor/status.ts';
import { chanceOf } from '../../simulators/dst/chance.ts';
import { paceBefore } from '../../simulators/dst/schedule.ts';
import { Kernel } from '../../simulators/virtual/kernel.ts';
import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import { DstPlant } from './plant.ts';
import { filesOf } from './small-site.ts';

const [conveyor, infeed] = ['conveyor-1' as DeviceId, 'IN-01' as LocationId];

function plantOf(seed: number) {
  const kernel = new Kernel(0, { isDraining: true });
  const pace = paceBefore(chanceOf(seed, 'pace'));
  const { site, interfaces } = filesOf(seed, pace);
  const random = chanceOf(seed, 'wires');
  const unseen = { seen: () => {}, taken: () => {} };
  const plant = new DstPlant({ site, interfaces, clock: kernel, random, pace, ...unseen });
  const file = [...interfaces.values()].find(({ meta }) => meta.device === 'conveyor');
  const bank = plant.wires.get(conveyor)?.options.bank;
  invariant(file !== undefined && bank?.read !== undefined, 'the small site has a conveyor');
  const { linkStatus, point } = statusWire(file);
  const read = (base: number, length: number) => Array.from(bank.read?.(base, length) ?? []);
  return {
    ...{ kernel, plant },
    readLink: () => linkStatus.decode(read(linkStatus.base, linkStatus.length)),
    readPoint: () => point.decode(read(point.at(1), point.length)),
  };
}

test('a PLC whose program stops after it has lost its memory shows no point as it was before', async () => {
  const { kernel, plant, readLink, readPoint } = plantOf(1);
  plant.feed({ lpn: 'T-1', massKg: 10, heightMm: 300 }, infeed);
  await kernel.run(20_000);
  expect(readPoint().scanHead).toBe(1);
  const { counterEra } = readLink();
  const set = (fault: string) => plant.faults.get(conveyor)?.[fault]?.set(true, {});
  set('memoryLost');
  expect(readLink().counterEra).not.toBe(counterEra);
  set('frozenLife');
  expect(readPoint()).toMatchObject({ scanHead: 0, scans: [] });
});
