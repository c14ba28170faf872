import {
  conveyorFields,
  conveyorGroups,
  type LinkStatusBlock,
  type PointBlock,
} from '../../devices/conveyor/fields.ts';
import { bind, type Codec } from '../../devices/lib/codec.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import type { DecisionPoint } from '../../src/domain/site.ts';
import type { Conveyor, PointMemory } from './model.ts';
import { exitsFullOf, memoryOf } from './point.ts';

/** The list of exits that stick has no number; the vendor's code for a jam. */
const jamCode = 301;

export interface StatusWire {
  readonly linkStatus: Codec<typeof conveyorFields.linkStatus, typeof conveyorGroups.linkStatus>;
  readonly point: Codec<typeof conveyorFields.point, typeof conveyorGroups.point>;
}

export const statusWire = (file: InterfaceFile): StatusWire => ({
  linkStatus: bind(file, 'linkStatus', conveyorFields.linkStatus, conveyorGroups.linkStatus),
  point: bind(file, 'point', conveyorFields.point, conveyorGroups.point),
});

/** The registers of linkStatus as they are now, with the snapshot number `guard`. */
export function linkStatusWords(
  conveyor: Conveyor,
  { linkStatus }: StatusWire,
  guard: number,
): number[] {
  if (conveyor.state.link.isSelfTest) {
    const last = linkStatus.length - 1;
    return Array.from({ length: last + 1 }, (_, at) =>
      at === 0 || at === last ? guard : (guard + at) & 0xffff,
    );
  }
  return linkStatus.encode(linkStatusOf(conveyor, guard));
}

/** What the linkStatus block says now. */
export function linkStatusOf({ state, setup }: Conveyor, guard: number): LinkStatusBlock {
  const { link } = state;
  const pointCount = Math.max(...setup.points.keys());
  const heads = new Map(state.points.map((point) => [point.number, point]));
  return {
    guardA: guard,
    mapVersion: setup.rules.mapVersion,
    wordOrderTest: setup.rules.wordOrderTest,
    deviceNumber: setup.rules.deviceNumber,
    life: link.life,
    lifeEcho: link.lifeEcho,
    bootId: link.bootId,
    epochAccepted: link.epochAccepted,
    nonceAccepted: link.nonceAccepted,
    counterEra: link.counterEra,
    mode: link.mode,
    retentiveOk: link.retentiveOk,
    enabled: link.enabled,
    safetyOk: true,
    pointCount,
    ignoredCount: link.ignoredCount,
    ignoredReason: link.ignoredReason as LinkStatusBlock['ignoredReason'],
    guardB: guard,
    news: Array.from({ length: pointCount }, (_, index) => {
      const { scanHead = 0, confirmHead = 0 } = heads.get(index + 1) ?? {};
      return { scanHeadLow: scanHead & 0xffff, confirmHeadLow: confirmHead & 0xffff };
    }),
  };
}

/** The registers of one point as they are now, with the snapshot number `guard`. */
export const pointWords = (
  conveyor: Conveyor,
  { point: codec }: StatusWire,
  point: DecisionPoint,
  guard: number,
): number[] => codec.encode(pointBlockOf(conveyor, point, guard));

/** What the block of one point says now. */
export function pointBlockOf(conveyor: Conveyor, point: DecisionPoint, guard: number): PointBlock {
  const memory = memoryOf(conveyor, point.point);
  return {
    guardA: guard,
    pointNumber: memory.number,
    scanHead: memory.scanHead,
    confirmHead: memory.confirmHead,
    confirmAcked: memory.confirmAcked,
    exitsFull: exitsFullOf(conveyor, point, memory),
    exitsDown: memory.downByFault,
    state: pointStateOf(conveyor, memory),
    faultCode: memory.jam === 'stuck' ? jamCode : 0,
    arrivedCount: memory.arrivedCount,
    departedCount: memory.departedCount,
    lateCount: memory.lateCount,
    conflictCount: memory.conflictCount,
    ignoredCount: memory.ignoredCount,
    ignoredReason: memory.ignoredReason as PointBlock['ignoredReason'],
    frameEcho: memory.frameEcho,
    guardB: guard,
    scans: memory.scans,
    confirmations: memory.confirmations,
  };
}

/** What a point is doing. */
export function pointStateOf({ state }: Conveyor, { jam, load }: PointMemory): PointBlock['state'] {
  if (jam === 'stuck') return 'jam';
  if (state.link.mode !== 'autoRemote') return 'stopped';
  if (load === undefined || load.scanSeq === 0) return 'running';
  if (load.isBlocked) return 'exitFull';
  const isWaiting = load.exit === undefined && load.defaulted === undefined;
  return isWaiting ? 'waitingForAnswer' : 'running';
}
