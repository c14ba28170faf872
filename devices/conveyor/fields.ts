import type { Fields, Values } from '../lib/interface-file.ts';

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
] as const;

/** Written by Craneway, always whole. The codec fills in `crc` and the reserved registers. */
const link = {
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
  utcS: 'number',
  commit: 'number',
} as const satisfies Fields;

/** Written by the PLC, read whole. */
const linkStatus = {
  guardA: 'number',
  mapVersion: 'number',
  wordOrderTest: 'number',
  deviceNumber: 'number',
  life: 'number',
  lifeEcho: 'number',
  bootId: 'number',
  epochAccepted: 'number',
  nonceAccepted: 'number',
  counterEra: 'number',
  mode: ['off', 'manual', 'semiAuto', 'autoLocal', 'autoRemote', 'service', 'emergencyStop'],
  /** Bits of `flags`. */
  retentiveOk: 'flag',
  enabled: 'flag',
  safetyOk: 'flag',
  pointCount: 'number',
  ignoredCount: 'number',
  ignoredReason: ignoredReasons,
  guardB: 'number',
} as const satisfies Fields;

/** 32 slots; slot = number of the decision point - 1. */
const news = { scanHeadLow: 'number', confirmHeadLow: 'number' } as const satisfies Fields;

/** Written by Craneway, one per decision point. Words of exits are plain numbers: bit n is exit n + 1. */
const answers = {
  pointNumber: 'number',
  frame: 'number',
  epoch: 'number',
  claimNonce: 'number',
  bootIdEcho: 'number',
  exitsClosed: 'number',
  confirmAck: 'number',
  commit: 'number',
} as const satisfies Fields;

/** 4 slots, in any order; answerScanSeq 0 = unused. */
const answer = {
  answerScanSeq: 'number',
  answerExit: 'number',
  answerHandle: 'number',
} as const satisfies Fields;

/** Written by the PLC, one per decision point. */
const point = {
  guardA: 'number',
  pointNumber: 'number',
  scanHead: 'number',
  confirmHead: 'number',
  confirmAcked: 'number',
  exitsFull: 'number',
  exitsDown: 'number',
  state: ['stopped', 'running', 'waitingForAnswer', 'exitFull', 'jam', 'faulted'],
  faultCode: 'number',
  arrivedCount: 'number',
  departedCount: 'number',
  lateCount: 'number',
  conflictCount: 'number',
  ignoredCount: 'number',
  ignoredReason: ignoredReasons,
  frameEcho: 'number',
  guardB: 'number',
} as const satisfies Fields;

/** 3 slots; slot = scanSeq mod 3; the codec gives and takes used ones only. */
const scans = {
  scanSeq: 'number',
  readResult: ['good', 'noRead', 'multiple', 'expectedMissing', 'arrivalOnly'],
  answerState: ['waiting', 'taken', 'defaulted'],
  code: 'text',
  lengthMm: 'number',
  widthMm: 'number',
  heightMm: 'number',
  massG: 'number',
} as const satisfies Fields;

/** 5 slots; slot = confirmSeq mod 5; the codec gives and takes used ones only. */
const confirmations = {
  confirmSeq: 'number',
  confirmScanSeq: 'number',
  confirmHandle: 'number',
  outcome: [
    'asAnswered',
    'exitFull',
    'late',
    'exitDown',
    'restarted',
    'jammed',
    'vanished',
    'notEnabled',
  ],
  exitTaken: 'number',
} as const satisfies Fields;

/**
 * What this driver needs of a conveyor PLC, whatever its registers: fields by block, and by
 * repeated group inside a block. An interface file says where each one stands.
 *
 * Source: the conveyor decision point, version 1 (`config/interfaces/conveyor-point-v1.yaml`).
 */
export const conveyorFields = { link, linkStatus, answers, point } as const;
export const conveyorGroups = {
  linkStatus: { news },
  answers: { answer },
  point: { scans, confirmations },
} as const;

export type LinkBlock = Values<typeof link>;
export type LinkStatusBlock = Values<typeof linkStatus> & {
  readonly news: readonly Values<typeof news>[];
};
export type AnswersBlock = Values<typeof answers> & {
  readonly answer: readonly Values<typeof answer>[];
};
export type ScanSlot = Values<typeof scans>;
export type ConfirmationSlot = Values<typeof confirmations>;
export type PointBlock = Values<typeof point> & {
  readonly scans: readonly ScanSlot[];
  readonly confirmations: readonly ConfirmationSlot[];
};
