import type { Fields, Values } from '../lib/interface-file.ts';

const placeKinds = ['none', 'rackLeft', 'rackRight', 'station', 'lhd'] as const;
const ignoredReasons = [
  'none',
  'crc',
  'mapVersion',
  'wordOrder',
  'deviceNumber',
  'staleEpoch',
  'otherController',
  'restarted',
  'lateFrame',
  'notSynchronized',
] as const;

/** Written by Craneway, always whole. The codec fills in `crc` and the reserved registers. */
const command = {
  mapVersion: 'number',
  wordOrderTest: 'number',
  deviceNumber: 'number',
  life: 'number',
  epoch: 'number',
  claimNonce: 'number',
  bootIdEcho: 'number',
  /** Bits of `control`. */
  enable: 'flag',
  selfTest: 'flag',
  eventAck: 'number',
  utcS: 'number',
  seq: 'number',
  command: [
    'none',
    'transfer',
    'pick',
    'deposit',
    'move',
    'check',
    'home',
    'cancel',
    'changeDestination',
    'resetFault',
    'resync',
  ],
  missionId: 'number',
  lhd: 'number',
  fromKind: placeKinds,
  fromBay: 'number',
  fromLevel: 'number',
  fromDepth: 'number',
  toKind: placeKinds,
  toBay: 'number',
  toLevel: 'number',
  toDepth: 'number',
  loadHandle: 'number',
  loadType: 'number',
  heightClass: 'number',
  massKg: 'number',
  /** Bits of `options`. */
  verifyCode: 'flag',
  probeDestination: 'flag',
  sourceMayBeEmpty: 'flag',
  loadCode: 'text',
  commit: 'number',
} as const satisfies Fields;

/** Written by the PLC, read whole. `lastSensors` and `eventSensors` are words with the bits of `sensors`. */
const status = {
  guardA: 'number',
  mapVersion: 'number',
  wordOrderTest: 'number',
  deviceNumber: 'number',
  life: 'number',
  lifeEcho: 'number',
  bootId: 'number',
  epochAccepted: 'number',
  nonceAccepted: 'number',
  seqAnswered: 'number',
  /** `none`, `accepted` or the name of a reject. */
  answer: 'open',
  mode: ['off', 'manual', 'semiAuto', 'autoLocal', 'autoRemote', 'service', 'emergencyStop'],
  state: ['startup', 'idle', 'executing', 'held', 'faulted', 'homing'],
  /** Bits of `flags`. */
  retentiveOk: 'flag',
  ready: 'flag',
  enabled: 'flag',
  standstill: 'flag',
  homed: 'flag',
  safetyOk: 'flag',
  warning: 'flag',
  faultLatched: 'flag',
  eventBufferHigh: 'flag',
  /** Bits of `sensors`. */
  lhd1Loaded: 'flag',
  lhd2Loaded: 'flag',
  lhd1Centered: 'flag',
  lhd2Centered: 'flag',
  fromProbed: 'flag',
  fromOccupied: 'flag',
  toProbed: 'flag',
  toOccupied: 'flag',
  frontProbed: 'flag',
  frontOccupied: 'flag',
  loadShifted: 'flag',
  lhdCount: 'number',
  activeMissionId: 'number',
  phase: [
    'none',
    'toSource',
    'picking',
    'carrying',
    'depositing',
    'retracting',
    'probing',
    'moving',
  ],
  lastMissionId: 'number',
  /** `none`, `done`, `cancelled` or the name of an abort. */
  lastResult: 'open',
  lastSensors: 'number',
  lastKind: placeKinds,
  lastBay: 'number',
  lastLevel: 'number',
  lastDepth: 'number',
  lhd1Load: 'number',
  lhd2Load: 'number',
  travelMm: 'number',
  hoistMm: 'number',
  faultCode: 'number',
  faultCount: 'number',
  ignoredCount: 'number',
  ignoredReason: ignoredReasons,
  eventHead: 'number',
  eventAcked: 'number',
  eventsLost: 'number',
  guardB: 'number',
} as const satisfies Fields;

/** 5 slots; slot = eventSeq mod 5; the codec gives and takes used ones only. */
const events = {
  eventSeq: 'number',
  eventType: ['picked', 'ended', 'modeChanged', 'loadAdded', 'loadRemoved', 'restarted'],
  /** Code of `result` where it ended, of `mode` where that changed, else 0. */
  eventCode: 'number',
  eventMissionId: 'number',
  eventKind: placeKinds,
  eventBay: 'number',
  eventLevel: 'number',
  eventDepth: 'number',
  eventSensors: 'number',
  eventDetail: 'number',
} as const satisfies Fields;

/**
 * What this driver needs of a crane, whatever its registers: fields by block, and by repeated
 * group inside a block. An interface file says where each one stands and what its codes mean.
 *
 * Source: the crane block, version 1 (`config/interfaces/crane-block-v1.yaml`).
 */
export const craneFields = { command, status } as const;
export const craneGroups = { status: { events } } as const;

export type CraneCommandBlock = Values<typeof command>;
export type CraneEventSlot = Values<typeof events>;
export type CraneStatusBlock = Values<typeof status> & {
  readonly events: readonly CraneEventSlot[];
};
