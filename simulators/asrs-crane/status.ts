import { craneFields, craneGroups } from '../../devices/asrs-crane/fields.ts';
import { type BlockValues, bind, type Codec } from '../../devices/lib/codec.ts';
import type { Fields, InterfaceFile } from '../../devices/lib/interface-file.ts';
import { isEventBufferHigh, sensorBits, sensorsOf } from './events.ts';
import { positionNow } from './interrupt.ts';
import { type Crane, lhdNumbers } from './model.ts';

// A PLC writes all its registers, also those that no driver needs.
const fields = { ...craneFields.status, barcode: 'text' } as const satisfies Fields;
type Status = BlockValues<typeof fields, typeof craneGroups.status>;
type Sensors = Pick<Status, keyof typeof sensorBits>;

export type StatusWire = Codec<typeof fields, typeof craneGroups.status>;

export const statusWire = (file: InterfaceFile): StatusWire =>
  bind(file, 'status', fields, craneGroups.status);

/** The registers of the status block as they are now, with the snapshot number `guard`. */
export function statusWords(crane: Crane, wire: StatusWire, simMs: number, guard: number) {
  if (crane.state.plc.isSelfTest) return testPattern(wire.length, guard);
  return wire.encode(statusOf(crane, simMs, guard));
}

/** So that the client can prove that it never accepts a mixed block. */
const testPattern = (length: number, guard: number): number[] =>
  Array.from({ length }, (_, at) =>
    at === 0 || at === length - 1 ? guard : (guard + at) & 0xffff,
  );

/** What the status block says now. */
export function statusOf(crane: Crane, simMs: number, guard: number): Status {
  const { plc } = crane.state;
  const { rules } = crane.setup;
  const position = positionNow(crane, simMs);
  return {
    guardA: guard,
    mapVersion: rules.mapVersion,
    wordOrderTest: rules.wordOrderTest,
    deviceNumber: rules.deviceNumber,
    life: plc.life,
    lifeEcho: plc.lifeEcho,
    bootId: plc.bootId,
    epochAccepted: plc.epochAccepted,
    nonceAccepted: plc.nonceAccepted,
    seqAnswered: plc.seqAnswered,
    answer: plc.answer,
    mode: plc.mode,
    state: stateOf(crane),
    ...flagsOf(crane),
    ...sensorFlags(sensorsOf(crane)),
    lhdCount: lhdNumbers(crane.setup).length,
    activeMissionId: plc.mission?.missionId ?? 0,
    phase: plc.phase,
    lastMissionId: plc.lastMissionId,
    lastResult: plc.lastResult,
    lastSensors: plc.lastSensors,
    lastKind: plc.lastPlace.kind,
    lastBay: plc.lastPlace.bay,
    lastLevel: plc.lastPlace.level,
    lastDepth: plc.lastPlace.depth,
    lhd1Load: plc.lhdLoads[0] ?? 0,
    lhd2Load: plc.lhdLoads[1] ?? 0,
    travelMm: Math.round(position.xMm),
    hoistMm: Math.round(position.yMm),
    faultCode: plc.faultCode,
    faultCount: plc.faultCount,
    ignoredCount: plc.ignoredCount,
    ignoredReason: plc.ignoredReason,
    eventHead: plc.eventHead,
    eventAcked: plc.eventAcked,
    eventsLost: plc.eventsLost,
    barcode: plc.barcode,
    guardB: guard,
    events: plc.events,
  };
}

const sensors = Object.entries(sensorBits);

function sensorFlags(word: number): Sensors {
  const flags: Record<string, boolean> = {};
  for (const [name, bit] of sensors) flags[name] = ((word >> bit) & 1) === 1;
  return flags as Sensors;
}

function flagsOf({ state }: Crane) {
  const { plc, move, stroke } = state;
  const isAtRest = move === undefined && stroke === undefined;
  const isIdle = plc.mission === undefined;
  const isAllowed = plc.mode === 'autoRemote' && plc.enabled && plc.retentiveOk;
  const isSound = !plc.faultLatched && plc.homed && !isEventBufferHigh(plc);
  return {
    retentiveOk: plc.retentiveOk,
    ready: isAllowed && isSound && isIdle,
    enabled: plc.enabled,
    standstill: isAtRest && (isIdle || !plc.enabled),
    homed: plc.homed,
    safetyOk: plc.mode !== 'emergencyStop',
    warning: plc.warning,
    faultLatched: plc.faultLatched,
    eventBufferHigh: isEventBufferHigh(plc),
  };
}

function stateOf({ state: { plc } }: Crane): Status['state'] {
  if (plc.faultLatched) return 'faulted';
  if (plc.mission === undefined) return 'idle';
  if (!plc.enabled) return 'held';
  return plc.mission.command === 'home' ? 'homing' : 'executing';
}
