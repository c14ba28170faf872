/**
 * Register images written by hand from the tables in `config/interfaces/*.yaml`; the codec that
 * drivers and simulators share is held against them. In each row: the offset, the words, and what
 * they say. Word order is high word first. CRCs: CRC-16/MODBUS computed bit by bit with another
 * program over the words above them.
 */

/** Frame to crane 3: transfer, seq 65 540 = 0x0001_0004, from rack left bay 12 level 5 to station 2. */
export const craneCommand = {
  words: [
    ...[0x0100], // 0 mapVersion 1.0
    ...[0x0102, 0x0304], // 1 wordOrderTest
    ...[3], // 3 deviceNumber
    ...[7], // 4 life
    ...[1, 2], // 5 epoch 65 538
    ...[0xdead, 0xbeef], // 7 claimNonce 3 735 928 559
    ...[0, 17], // 9 bootIdEcho
    ...[0b01], // 11 control: enable
    ...[0, 41], // 12 eventAck
    ...[0x6553, 0xf100], // 14 utcS 1 700 000 000
    ...[1, 4], // 16 seq
    ...[1], // 18 command: transfer
    ...[1, 4], // 19 missionId
    ...[1], // 21 lhd
    ...[1, 12, 5, 1], // 22 from
    ...[3, 2, 0, 0], // 26 to
    ...[0, 1001], // 30 loadHandle
    ...[2], // 32 loadType
    ...[1], // 33 heightClass
    ...[850], // 34 massKg
    ...[0b101], // 35 options: verifyCode, sourceMayBeEmpty
    ...[0x4c50, 0x4e2d, 0x3030, 0x3031, 0x3233, 0x4100], // 36 'LP' 'N-' '00' '01' '23' 'A'
    ...[0, 0, 0, 0], // 42 rest of loadCode
    ...[0, 0, 0, 0], // 46 reserved
    ...[0x8c91], // 50 crc over 0 to 49
    ...[7], // 51 commit
  ] as readonly number[],
  values: {
    mapVersion: 0x0100,
    wordOrderTest: 0x01020304,
    deviceNumber: 3,
    life: 7,
    epoch: 65_538,
    claimNonce: 3_735_928_559,
    bootIdEcho: 17,
    enable: true,
    selfTest: false,
    eventAck: 41,
    utcS: 1_700_000_000,
    seq: 65_540,
    command: 'transfer',
    missionId: 65_540,
    lhd: 1,
    fromKind: 'rackLeft',
    fromBay: 12,
    fromLevel: 5,
    fromDepth: 1,
    toKind: 'station',
    toBay: 2,
    toLevel: 0,
    toDepth: 0,
    loadHandle: 1001,
    loadType: 2,
    heightClass: 1,
    massKg: 850,
    verifyCode: true,
    probeDestination: false,
    sourceMayBeEmpty: true,
    loadCode: 'LPN-000123A',
    commit: 7,
  },
} as const;

/** Crane 3 carries mission 65 540 and keeps events 43 (slot 3), 44 (slot 4) and 45 (slot 0). */
export const craneStatus = {
  words: [
    ...[900], // 0 guardA
    ...[0x0100], // 1 mapVersion
    ...[0x0102, 0x0304], // 2 wordOrderTest
    ...[3], // 4 deviceNumber
    ...[0xffff], // 5 life
    ...[7], // 6 lifeEcho
    ...[0, 17], // 7 bootId
    ...[1, 2], // 9 epochAccepted
    ...[0xdead, 0xbeef], // 11 nonceAccepted
    ...[1, 4], // 13 seqAnswered
    ...[1], // 15 answer: accepted
    ...[4], // 16 mode: autoRemote
    ...[2], // 17 state: executing
    ...[0b0_0011_0101], // 18 flags: retentiveOk, enabled, homed, safetyOk
    ...[0b000_0000_0101], // 19 sensors: lhd1Loaded, lhd1Centered
    ...[1], // 20 lhdCount
    ...[1, 4], // 21 activeMissionId
    ...[30], // 23 phase: carrying
    ...[1, 3], // 24 lastMissionId 65 539
    ...[101], // 26 lastResult: binFull
    ...[0b00_0000_0001], // 27 lastSensors: lhd1Loaded
    ...[4, 1, 0, 0], // 28 last: lhd 1
    ...[0, 1001], // 32 lhd1Load
    ...[0, 0], // 34 lhd2Load
    ...[0, 0xbc7a], // 36 travelMm 48 250
    ...[0xffff, 0xfff4], // 38 hoistMm -12
    ...[0], // 40 faultCode
    ...[2], // 41 faultCount
    ...[1], // 42 ignoredCount
    ...[8], // 43 ignoredReason: lateFrame
    ...[0, 45], // 44 eventHead
    ...[0, 42], // 46 eventAcked
    ...[0], // 48 eventsLost
    ...[0x4c50, 0x4e2d, 0x3900, 0, 0, 0, 0, 0, 0, 0], // 49 'LP' 'N-' '9'
    ...[0], // 59 reserved
    // 60 slot 0: event 45, picked, mission 65 540, now on lhd 1, lhd1Loaded
    ...[0, 45, 1, 0, 1, 4, 4, 1, 0, 0, 1, 0],
    ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // 72 slot 1 unused
    ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // 84 slot 2 unused
    // 96 slot 3: event 43, ended, code 101, mission 65 539, on lhd 1, lhd1Loaded, fault 512
    ...[0, 43, 2, 101, 1, 3, 4, 1, 0, 0, 1, 512],
    // 108 slot 4: event 44, modeChanged to 4, no mission, no place
    ...[0, 44, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 0], // 120 reserved2
    ...[900], // 124 guardB
  ] as readonly number[],
  values: {
    guardA: 900,
    life: 65_535,
    epochAccepted: 65_538,
    nonceAccepted: 3_735_928_559,
    seqAnswered: 65_540,
    answer: 'accepted',
    mode: 'autoRemote',
    state: 'executing',
    retentiveOk: true,
    ready: false,
    enabled: true,
    standstill: false,
    sensors: 5,
    activeMissionId: 65_540,
    phase: 'carrying',
    lastMissionId: 65_539,
    lastResult: 'binFull',
    lastKind: 'lhd',
    lastBay: 1,
    lhd1Load: 1001,
    travelMm: 48_250,
    hoistMm: -12,
    ignoredReason: 'lateFrame',
    eventHead: 45,
    barcode: 'LPN-9',
    guardB: 900,
  },
  events: [
    { eventSeq: 45, eventType: 'picked', eventMissionId: 65_540, eventKind: 'lhd' },
    { eventSeq: 43, eventType: 'ended', eventCode: 101, eventDetail: 512 },
    { eventSeq: 44, eventType: 'modeChanged', eventCode: 4, eventKind: 'none' },
  ],
} as const;

/** Answers to point 2: scan 65 540 goes to exit 3 with load 1001, scan 65 541 to the default exit. */
export const conveyorAnswers = {
  words: [
    ...[2], // 0 pointNumber
    ...[9], // 1 frame
    ...[1, 2], // 2 epoch 65 538
    ...[0xdead, 0xbeef], // 4 claimNonce
    ...[0, 17], // 6 bootIdEcho
    ...[0b1000_0000_0000_0001], // 8 exitsClosed: 1 and 16
    ...[0, 6], // 9 confirmAck
    ...[1, 4, 3, 0, 1001], // 11 slot 0
    ...[1, 5, 0, 0, 0], // 16 slot 1
    ...[0, 0, 0, 0, 0], // 21 slot 2 unused
    ...[0, 0, 0, 0, 0], // 26 slot 3 unused
    ...[0], // 31 reserved
    ...[0x0155], // 32 crc over 0 to 31
    ...[9], // 33 commit
  ] as readonly number[],
  values: {
    pointNumber: 2,
    frame: 9,
    epoch: 65_538,
    claimNonce: 3_735_928_559,
    bootIdEcho: 17,
    exitsClosed: 0x8001,
    confirmAck: 6,
    commit: 9,
    answer: [
      { answerScanSeq: 65_540, answerExit: 3, answerHandle: 1001 },
      { answerScanSeq: 65_541, answerExit: 0, answerHandle: 0 },
    ],
  },
} as const;

/** Decision point 2: scans 8 (slot 2) and 9 (slot 0), confirmation 6 (slot 1). */
export const conveyorPoint = {
  words: [
    ...[31], // 0 guardA
    ...[2], // 1 pointNumber
    ...[0, 9], // 2 scanHead
    ...[0, 6], // 4 confirmHead
    ...[0, 5], // 6 confirmAcked
    ...[0b0100], // 8 exitsFull: 3
    ...[0b0000], // 9 exitsDown
    ...[2], // 10 state: waitingForAnswer
    ...[0], // 11 faultCode
    ...[9, 7], // 12 arrivedCount, departedCount
    ...[1, 0], // 14 lateCount, conflictCount
    ...[0, 0], // 16 ignoredCount, ignoredReason: none
    ...[9], // 18 frameEcho
    ...[0], // 19 reserved
    ...[0, 9, 1, 0], // 20 slot 0: scan 9, good, waiting
    ...[0x3031, 0x3039, 0x3530, 0x3630, 0x3030, 0x3133], // 24 '01' '09' '50' '60' '00' '13'
    ...[0x3433, 0x3532, 0x3231, 0x4131, 0x4232, 0x4333], // 30 '43' '52' '21' 'A1' 'B2' 'C3'
    ...[1200, 800, 0, 1, 0x86a0], // 36 length, width, height not measured, mass 100 000 g
    ...new Array<number>(21).fill(0), // 41 slot 1 unused
    ...[0, 8, 2, 2], // 62 slot 2: scan 8, noRead, defaulted
    ...new Array<number>(17).fill(0), // 66 no code, nothing measured
    ...new Array<number>(8).fill(0), // 83 slot 0 unused
    ...[0, 6, 0, 7, 0, 1000, 2, 1], // 91 slot 1: confirmation 6 of scan 7, load 1000, exitFull, exit 1
    ...new Array<number>(24).fill(0), // 99 slots 2 to 4 unused
    ...[0], // 123 reserved2
    ...[31], // 124 guardB
  ] as readonly number[],
  values: {
    pointNumber: 2,
    scanHead: 9,
    confirmHead: 6,
    exitsFull: 4,
    exitsDown: 0,
    state: 'waitingForAnswer',
    arrivedCount: 9,
    departedCount: 7,
    lateCount: 1,
    ignoredReason: 'none',
    guardB: 31,
    scans: [
      {
        scanSeq: 9,
        readResult: 'good',
        answerState: 'waiting',
        code: '010950600013435221A1B2C3',
        lengthMm: 1200,
        widthMm: 800,
        heightMm: 0,
        massG: 100_000,
      },
      {
        ...{ scanSeq: 8, readResult: 'noRead', answerState: 'defaulted', code: '' },
        ...{ lengthMm: 0, widthMm: 0, heightMm: 0, massG: 0 },
      },
    ],
    confirmations: [
      {
        ...{ confirmSeq: 6, confirmScanSeq: 7, confirmHandle: 1000 },
        ...{ outcome: 'exitFull', exitTaken: 1 },
      },
    ],
  },
} as const;
