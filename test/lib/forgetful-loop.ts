import { chanceOf } from '../../simulators/dst/chance.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { NetworkRig } from './network-rig.ts';

const totes = ['T-1', 'T-2', 'T-3', 'T-4', 'T-5', 'T-6'];
const plcs = ['conveyor-1', 'conveyor-2'] as DeviceId[];

const drawFrom = (seed: number, what: string) => {
  const chance = chanceOf(seed, what);
  return (below: number) => chance.u32() % below;
};

/** @param haveLeft  what stood at its points with an answer has gone by that exit, and nobody has heard it */
function forget(rig: NetworkRig, device: DeviceId, haveLeft: boolean): void {
  const plc = rig.conveyors.get(device);
  const points = rig.topology.site.points.filter((each) => each.device === device);
  for (const { point, at, role, exits } of points) {
    const announced = rig.announced.get(`${device}/${point}`);
    rig.announced.delete(`${device}/${point}`);
    const answer = announced && plc?.answerTo(point, announced.scanSeq);
    const to = exits.find(({ exit }) => exit === answer)?.to;
    if (!haveLeft || role === 'arrival' || to === undefined) continue;
    const lane = rig.steel.get(to) ?? [];
    if (lane.length >= rig.topology.capacityOf(to)) continue;
    rig.steel.set(to, [...lane, rig.steel.get(at)?.shift() ?? '']);
  }
  plc?.restart();
  rig.settle();
}

/** Load units that the books say for sure are where they are not. */
const misnamed = (rig: NetworkRig): string[] =>
  totes.flatMap((code) => {
    const unit = rig.flow.warehouse.loadUnit(code as never);
    const where = rig.where(code);
    const isKnown = unit !== undefined && unit.confidence !== 'disputed' && where !== undefined;
    if (!isKnown || unit.place === where || unit.status === 'announced') return [];
    return [`${code} is booked at ${unit.place}, and is at ${where}`];
  });

interface Loss {
  readonly device: DeviceId;
  readonly haveLeft: boolean;
  readonly after: number;
}

/** @returns what the books have said wrongly, at the first moment; nothing: they were right all along */
export async function livesThrough(seed: number, losses: readonly Loss[]): Promise<string[]> {
  const rig = new NetworkRig({ draw: drawFrom(seed, 'loads'), finish: () => 'wait' });
  await rig.brings(...totes);
  for (const [i, code] of totes.entries()) {
    await rig.orders(`SO-${i}`, i % 2 === 0 ? 'PICK-01' : 'PICK-02', code);
  }
  for (const { device, haveLeft, after } of losses) {
    for (let step = 0; step < after; step++) rig.step();
    forget(rig, device, haveLeft);
  }
  for (let step = 0; step < 80; step++) {
    if (!rig.step()) rig.clock.advance(1_000);
    if (step % 10 === 0) rig.clock.advance(4_000);
    const wrong = misnamed(rig);
    if (wrong.length > 0) return [...wrong, rig.summary()];
  }
  return [];
}

/** Two losses, drawn: of what, after how many steps of all, and whether what had its answer has gone before. */
export function lossesOf(seed: number): Loss[] {
  const draw = drawFrom(seed, 'losses');
  return [0, 1].map(() => ({
    device: plcs[draw(plcs.length)] as DeviceId,
    haveLeft: draw(4) > 0,
    after: 5 + draw(50),
  }));
}
