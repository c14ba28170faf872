import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { craneStub } from '../../devices/asrs-crane/stub.ts';
import { conveyorStub } from '../../devices/conveyor/stub.ts';
import { crc16OfRegisters } from '../../devices/lib/crc16.ts';
import { readConveyorInterface, readCraneInterface } from '../lib/interfaces.ts';
import { conveyorWire, craneFrame, craneWire, mission } from '../lib/sim-plant.ts';
import { Program } from '../lib/structured-text/program.ts';
import { StubPlc } from '../lib/structured-text/stub-plc.ts';

const craneFile = readCraneInterface();
const conveyorFile = readConveyorInterface();
const stubs: [string, string][] = [
  ['crane-block-v1', craneStub(craneFile)],
  ['conveyor-point-v1', conveyorStub(conveyorFile)],
];

test.each(stubs)('the stub %s.st is what its interface file says today', (name, text) => {
  expect(readFileSync(`config/interfaces/${name}.st`, 'utf8')).toBe(text);
});

test.each(stubs)('the stub %s.st holds together: blocks, names and types', (_, text) => {
  expect(new Program(text).unitNames.length).toBeGreaterThan(4);
  expect(text).not.toMatch(/[^\x20-\x7e\n]/);
  expect(text).not.toContain('undefined');
});

describe('the check of the stubs finds', () => {
  const text = craneStub(craneFile);
  test.each([
    ['an END_IF that is missing', 'isTaken := judge.take;\n', 'IF isTaken THEN\n', 'not declared'],
    [
      'a name that nobody declared',
      'isTaken := judge.take',
      'wasTaken := judge.take',
      'wastaken is not declared',
    ],
    ['a member that is none', 'reader.frame.seq;', 'reader.frame.sequence;', 'has no sequence'],
    ['words mixed with numbers', 'crc = frame.crc', 'crc = frame.life', 'word = uint'],
    [
      'an input that is none',
      'deviceNumber := deviceNumber,',
      'device := deviceNumber,',
      'no input device',
    ],
    ['an in-out that is left out', ', registers := statusRegisters', '', 'needs registers'],
    ['a comment that does not end', 'guardA last *)', 'guardA last', ''],
  ])('%s', (_, from, to, message) => {
    const broken = text.replace(from, to);
    expect(broken).not.toBe(text);
    expect(() => new Program(broken)).toThrow(message);
  });
});

/** A stub that is claimed, synchronized and enabled; the next life is 3. */
function ready(): StubPlc {
  const plc = new StubPlc();
  plc.write({ epoch: 5, enable: false }, 1);
  const status = plc.write({ epoch: 5, seq: 10, command: 'resync', eventAck: 0 }, 2);
  expect(status).toMatchObject({ retentiveOk: true, enabled: true, ready: true, seqAnswered: 10 });
  return plc;
}

const transfer = { ...mission(11, 'transfer', 'L5/2/1', 'L6/2/1'), epoch: 5 };

test('the CRC of the stub is that of the contract', () => {
  const program = new Program(craneStub(craneFile));
  const words = [0x3132, 0x3334, 0x3536, 0x3738];
  const crc = words.reduce((so, value) => crcStep(program, so, value), 0xffff);
  expect(crc).toBe(crc16OfRegisters(words, 0, 3));
  expect(crc).not.toBe(0xffff);
});

const crcStep = (program: Program, crc: number, value: number) =>
  Number(program.callFunction('CraneBlock_Crc', [crc, value]));

test('after loading, the stub shows that its memory is not whole and takes only resync', () => {
  const plc = new StubPlc();
  expect(plc.read()).toMatchObject({
    ...{ retentiveOk: false, bootId: 1_700_000_000, wordOrderTest: 0x01020304, mapVersion: 0x0100 },
    ...{ epochAccepted: 0, ignoredCount: 0, mode: 'autoRemote' },
  });
  expect(plc.write({ ...transfer }, 1)).toMatchObject({
    ...{ epochAccepted: 5, nonceAccepted: 7, seqAnswered: 0 },
    ...{ ignoredCount: 1, ignoredReason: 'notSynchronized' },
  });
});

test('a mission is accepted once; the same seq again and a lower one are not answered', () => {
  const plc = ready();
  const accepted = { seqAnswered: 11, answer: 'accepted', activeMissionId: 11, lifeEcho: 3 };
  expect(plc.write(transfer, 3)).toMatchObject(accepted);
  expect(plc.write(transfer, 4)).toMatchObject({ ...accepted, lifeEcho: 4 });
  expect(plc.write({ ...transfer, seq: 5, missionId: 5 }, 5)).toMatchObject({
    ...accepted,
    lifeEcho: 5,
  });
  expect(plc.write({ ...transfer, seq: 12, missionId: 12 }, 6)).toMatchObject({
    seqAnswered: 12,
    answer: 'busy',
  });
});

test.each([
  ['mapVersion', { mapVersion: 0x0200 }, 3],
  ['wordOrder', { wordOrderTest: 0x03040102 }, 3],
  ['deviceNumber', { deviceNumber: 2 }, 3],
  ['restarted', { bootIdEcho: 1 }, 3],
  ['staleEpoch', { epoch: 4 }, 3],
  ['otherController', { claimNonce: 8 }, 3],
  ['lateFrame', {}, 1],
] as const)(
  'a frame ignored as %s is counted once and nothing of it is taken',
  (reason, wrong, life) => {
    const plc = ready();
    plc.write({ ...transfer, enable: false, ...wrong }, life);
    plc.scan();
    expect(plc.scan()).toMatchObject({
      ...{ ignoredCount: 1, ignoredReason: reason },
      ...{ seqAnswered: 10, lifeEcho: 2, enabled: true, activeMissionId: 0 },
    });
  },
);

test('a frame in two writes is not acted on; one that stays so is counted as crc', () => {
  const plc = ready();
  const words = craneWire.command.encode(
    craneFrame({ ...transfer, bootIdEcho: plc.read().bootId, life: 3, commit: 3 }),
  );
  plc.command.splice(0, 26, ...words.slice(0, 26));
  expect(plc.scan()).toMatchObject({ seqAnswered: 10, ignoredCount: 0 });
  expect(plc.pass(300)).toMatchObject({
    seqAnswered: 10,
    ignoredCount: 1,
    ignoredReason: 'crc',
  });
  plc.command.splice(0, 52, ...words);
  expect(plc.scan()).toMatchObject({ seqAnswered: 11, answer: 'accepted', ignoredCount: 1 });
});

test('without frames the stub holds; a new mode is an event that must be acknowledged first', () => {
  const plc = ready();
  expect(plc.pass(2900).enabled).toBe(true);
  expect(plc.pass(200).enabled).toBe(false);
  expect(plc.write({ epoch: 5 }, 3).enabled).toBe(true);
  plc.write(transfer, 4);
  plc.inputs.mode = 1;
  plc.scan();
  plc.inputs.mode = 4;
  const status = plc.scan();
  expect(status).toMatchObject({
    lastMissionId: 11,
    lastResult: 'modeLeft',
    activeMissionId: 0,
    eventHead: 3,
  });
  expect(status.events.map(({ eventType }) => eventType)).toEqual(
    expect.arrayContaining(['ended', 'modeChanged']),
  );
  expect(plc.write({ epoch: 5, eventAck: 2 }, 5).enabled).toBe(false);
  expect(plc.write({ epoch: 5, eventAck: 3 }, 6)).toMatchObject({ enabled: true, eventAcked: 3 });
});

test('a restart with whole memory keeps what is retentive and ends the mission with restarted', () => {
  const plc = ready();
  plc.write(transfer, 3);
  const before = plc.read();
  const after = plc.scan({ isFirstScan: true });
  expect(after).toMatchObject({
    ...{ bootId: before.bootId + 1, epochAccepted: 5, seqAnswered: 11, answer: 'accepted' },
    ...{ lastMissionId: 11, lastResult: 'restarted', retentiveOk: true, enabled: false },
  });
});

test('the guard read first is written last, and the test pattern is new in every scan', () => {
  const plc = ready();
  plc.inputs.mode = 1;
  plc.put({ epoch: 5, selfTest: true, enable: false }, 3);
  const [guard = 0] = plc.status;
  expect(plc.status).toEqual(
    plc.status.map((_, at) => (at === 0 || at === 124 ? guard : (guard + at) & 0xffff)),
  );
  const order: number[] = [];
  const registers = new Proxy(plc.status, {
    set: (target, at, value) => {
      order.push(Number(at));
      return Reflect.set(target, at, value);
    },
  });
  plc.run({ statusRegisters: registers });
  expect(order).toEqual([124, ...Array.from({ length: 123 }, (_, i) => i + 1), 0]);
  expect(plc.status[0]).toBe((guard + 1) & 0xffff);
});

test('low word first is a matter of the interface file', () => {
  const file = { ...craneFile, meta: { ...craneFile.meta, wordOrder: 'lowFirst' as const } };
  const plc = new Program(craneStub(file));
  const memory = plc.value('CraneBlock_Memory');
  const [command, status] = ['Command', 'Status'].map((name) =>
    plc.value(`CraneBlock_${name}Registers`),
  );
  plc.call('CraneBlock_Plc', plc.instance('CraneBlock_Plc'), {
    ...{ isFirstScan: true, clockS: 1, memory, commandRegisters: command, statusRegisters: status },
  });
  expect((status as number[]).slice(2, 4)).toEqual([0x0304, 0x0102]);
});

test('the conveyor stub gives an answer to its own scan only, and the first one wins', () => {
  const program = new Program(conveyorStub(conveyorFile));
  const plc = program.instance('ConveyorPoint_PointScan');
  const point = program.value('ConveyorPoint_Point') as { scans: Record<string, number>[] };
  Object.assign(point.scans[1] as object, { scanseq: 7, answerstate: 0, readresult: 1 });
  const answersRegisters = program.value('ConveyorPoint_AnswersRegisters') as number[];
  const pointRegisters = program.value('ConveyorPoint_PointRegisters') as number[];
  const scan = (frame: number, scanSeq: number, exit: number) => {
    const values = {
      ...{
        pointNumber: 2,
        frame,
        epoch: 3,
        claimNonce: 9,
        bootIdEcho: 77,
        exitsClosed: 0,
        confirmAck: 0,
      },
      ...{ commit: frame, answer: [{ answerScanSeq: scanSeq, answerExit: exit, answerHandle: 5 }] },
    };
    answersRegisters.splice(0, 34, ...conveyorWire.answers.encode(values));
    program.call('ConveyorPoint_PointScan', plc, {
      ...{ pointNumber: 2, isFirstScan: false, bootId: 77, epochAccepted: 3, nonceAccepted: 9 },
      ...{ point, answersRegisters, pointRegisters },
    });
    return conveyorWire.point.decode(pointRegisters);
  };
  expect(scan(1, 4, 2)).toMatchObject({
    frameEcho: 1,
    scans: [{ scanSeq: 7, answerState: 'waiting' }],
  });
  expect(scan(2, 7, 2)).toMatchObject({
    frameEcho: 2,
    scans: [{ scanSeq: 7, answerState: 'taken' }],
  });
  expect(scan(3, 7, 1)).toMatchObject({ conflictCount: 1, ignoredCount: 0 });
  expect(scan(2, 7, 1)).toMatchObject({ ignoredCount: 1, ignoredReason: 'lateFrame' });
  expect(plc['exits']).toEqual([0, 2, 0]);
});
