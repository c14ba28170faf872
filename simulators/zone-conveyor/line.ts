import { bind } from '../../devices/lib/codec.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { zoneFields } from '../../devices/zone-conveyor/fields.ts';
import type { Conveyor, ScannerRead } from '../conveyor/model.ts';
import { memoryOf } from '../conveyor/point.ts';
import { conveyorDueMs, runConveyor } from '../conveyor/run.ts';
import type { PlcDevice } from '../lib/plc-device.ts';
import type { Moment } from '../lib/plc-link.ts';
import type { ZoneWish } from './model.ts';

/** What one zone was told, and the release number that it took last. Plain data. */
export type ZoneLevels = { -readonly [Name in keyof ZoneWish]: ZoneWish[Name] } & {
  releaseEcho: number;
};

const newLevels = (): ZoneLevels => ({
  ...{ setHandle: 0, accumulate: false, release: 0, releaseEcho: 0 },
});

/** The only exit of a zone. */
const exit = 1;

/**
 * A module of two zones among the belts of a site: each is the end of the lane of its decision point. It moves
 * loads as every conveyor does; it knows no answers, only levels and releases, and counts what came and went.
 *
 * @param onReads  told what the scanners at its zones read, as it happens
 */
export function zoneDevice(
  conveyor: Conveyor,
  file: InterfaceFile,
  onReads: (reads: readonly ScannerRead[]) => void,
): PlcDevice {
  const { state, setup } = conveyor;
  const inputs = bind(file, 'inputs', zoneFields.inputs);
  const outputs = bind(file, 'outputs', zoneFields.outputs);
  state.zones ??= [newLevels(), newLevels()];
  const levels = state.zones;
  const registers = new Uint16Array(0x1_0000);
  registers.set(outputs.encode(outputsOf(levels)), outputs.base);
  let prepared: readonly number[] = [];
  const ranges = [outputs, inputs].map(({ base, length }) => ({ base, length }));
  const run = (now: Moment) => {
    // Nothing has to be claimed, and no load goes by a default.
    state.link.enabled = true;
    letThrough(conveyor, levels);
    onReads(runConveyor(conveyor, now));
    forget(conveyor);
  };
  return {
    ...{ device: setup.device, state, registers },
    ...{ writable: ranges.slice(0, 1), readable: ranges },
    simDueMs: () => conveyorDueMs(conveyor),
    realDueMs: () => Number.POSITIVE_INFINITY,
    isMoving: () => false,
    watch() {},
    run,
    written(_address, _words, now) {
      const { base, length } = outputs;
      const block = outputs.decode(registers.subarray(base, base + length));
      take(conveyor, levels, [
        {
          setHandle: block.upstreamSetHandle,
          accumulate: block['upstreamControl.accumulate'],
          release: block.upstreamRelease,
        },
        {
          setHandle: block.downstreamSetHandle,
          accumulate: block['downstreamControl.accumulate'],
          release: block.downstreamRelease,
        },
      ]);
      run(now);
    },
    prepare() {
      const [up, down] = [1, 2].map((point) => shown(conveyor, point));
      if (up === undefined || down === undefined) return;
      prepared = inputs.encode({
        ...{ upstreamZoneStatus: up.status, downstreamZoneStatus: down.status },
        ...{ upstreamArrivedCount: up.arrived, upstreamDepartedCount: up.departed },
        ...{ downstreamArrivedCount: down.arrived, downstreamDepartedCount: down.departed },
        ...{ upstreamLoadHandle: up.handle, downstreamLoadHandle: down.handle },
        upstreamReleaseEcho: levels[0]?.releaseEcho ?? 0,
        downstreamReleaseEcho: levels[1]?.releaseEcho ?? 0,
      });
    },
    show() {
      registers.set(prepared, inputs.base);
    },
  };
}

/** What a controller before this start has written stands in the registers. */
const outputsOf = ([up = newLevels(), down = newLevels()]: readonly ZoneLevels[]) => ({
  ...{ upstreamSetHandle: up.setHandle, downstreamSetHandle: down.setHandle },
  'upstreamControl.accumulate': up.accumulate,
  'downstreamControl.accumulate': down.accumulate,
  ...{ upstreamRelease: up.release, downstreamRelease: down.release },
});

/** A release number other than the one before lets go the load that stands there; it is taken in any case. */
function take(conveyor: Conveyor, levels: ZoneLevels[], wishes: readonly ZoneWish[]): void {
  for (const [i, wish] of wishes.entries()) {
    const zone = levels[i];
    if (zone === undefined) continue;
    const isRelease = wish.release !== zone.release;
    Object.assign(zone, wish);
    if (!isRelease) continue;
    zone.releaseEcho = wish.release;
    const load = loadAt(conveyor, i + 1);
    if (load === undefined) continue;
    load.exit = exit;
    if (wish.setHandle !== 0) load.handle = wish.setHandle;
  }
}

const loadAt = (conveyor: Conveyor, point: number) =>
  conveyor.setup.points.has(point) ? memoryOf(conveyor, point).load : undefined;

/** A zone that does not accumulate stops nothing. */
function letThrough(conveyor: Conveyor, levels: readonly ZoneLevels[]): void {
  for (const [i, { accumulate }] of levels.entries()) {
    const load = loadAt(conveyor, i + 1);
    if (load !== undefined && !accumulate) load.exit ??= exit;
  }
}

/** A load that comes again is a new arrival: the photo-eye knows none by name. */
function forget(conveyor: Conveyor): void {
  for (const memory of conveyor.state.points) {
    if (memory.load === undefined) memory.countedTote = undefined;
  }
}

/** @returns a zone as its registers show it; one without a decision point is always clear */
function shown(conveyor: Conveyor, point: number) {
  const memory = conveyor.setup.points.has(point) ? memoryOf(conveyor, point) : undefined;
  const load = memory?.load;
  const arrived = memory?.arrivedCount ?? 0;
  const departed = load === undefined ? arrived : (arrived - 1) & 0xffff;
  const busy = load?.exit === undefined ? 'blocked' : 'discharging';
  return {
    ...{ arrived, departed, handle: load?.handle ?? 0 },
    status: load === undefined ? 'clear' : busy,
  };
}
