import { describe, expect, test } from 'vitest';
import {
  type CraneEventSlot,
  type CraneStatusBlock,
  craneFields,
  craneGroups,
} from '../../devices/asrs-crane/fields.ts';
import { type CraneWire, interpret, type Reading } from '../../devices/asrs-crane/interpret.ts';
import { bind } from '../../devices/lib/codec.ts';
import { bitsOf, codesOf } from '../../devices/lib/interface-file.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { CraneCommand, CraneFact, CraneOutput } from '../../src/ports/crane.ts';
import { demoAisle, demoTopology } from '../lib/demo.ts';
import { readCraneInterface } from '../lib/interfaces.ts';

const file = readCraneInterface();
const wire: CraneWire = {
  ...{ device: 'crane-1' as DeviceId, topology: demoTopology, aisle: demoAisle },
  ...{ results: codesOf(file, 'result'), modes: codesOf(file, 'mode') },
  sensorBits: bitsOf(file, 'sensors'),
};
/** Claimed, idle, its last answer was to command 40. */
const rest: CraneStatusBlock = {
  ...bind(file, 'status', craneFields.status, craneGroups.status).decode(new Array(125).fill(0)),
  ...{ bootId: 3, epochAccepted: 7, nonceAccepted: 9, retentiveOk: true, ready: true },
  ...{ mode: 'autoRemote', state: 'idle', seqAnswered: 40, answer: 'accepted' },
};
const wanted: CraneOutput = {
  ...{ claim: { epoch: 7, nonce: 9 }, enable: true, eventAck: 0, seqHighest: 40 },
  command: undefined,
};
const command = (seq: number) => ({ seq, command: 'home' }) as unknown as CraneCommand;
const slot = (eventSeq: number, own: Partial<CraneEventSlot> = {}): CraneEventSlot => ({
  ...{ eventSeq, eventType: 'picked', eventCode: 0, eventMissionId: 0, eventKind: 'none' },
  ...{ eventBay: 0, eventLevel: 0, eventDepth: 0, eventSensors: 0, eventDetail: 0 },
  ...own,
});
/** The crane after so many events, the last of them in its ring. */
const upTo = (head: number): Partial<CraneStatusBlock> => ({
  eventHead: head,
  events: [1, 2, 3, 4, 5].filter((seq) => seq <= head).map((seq) => slot(seq)),
});

const short = (fact: CraneFact): string => {
  if (fact.type === 'crane.snapshot') return fact.because;
  if (fact.type === 'crane.event') return `event ${fact.event.eventSeq}`;
  return fact.type === 'crane.answered' ? `${fact.answer} ${fact.seq}` : fact.type;
};
type Said = Partial<CraneOutput> | 'nothing';
const reading = (shown: Partial<CraneStatusBlock>, said: Said, nowMs: number): Reading => ({
  ...{ status: { ...rest, ...shown }, held: false, nowMs },
  output: said === 'nothing' ? undefined : { ...wanted, ...said },
});

/** A connection whose first snapshot the core has judged, at 0 ms. */
function judged(shown: Partial<CraneStatusBlock> = {}, said: Said = {}) {
  let { told } = interpret(undefined, reading(shown, said, 0), wire);
  told = { ...told, isAwaited: false };
  return (now: Partial<CraneStatusBlock>, says: Said = {}, nowMs = 0, held = false) => {
    const result = interpret(told, { ...reading(now, says, nowMs), held }, wire);
    told = result.told;
    return result.facts.map(short);
  };
}

describe('before the core has judged a reading', () => {
  test('nothing but that reading is told', () => {
    const first = interpret(undefined, reading({}, {}, 0), wire);
    expect(first.facts.map(short)).toEqual(['connected']);
    const next = interpret(first.told, reading(upTo(1), {}, 0), wire);
    expect([next.facts, next.told]).toEqual([[], first.told]);
  });

  test('and nothing of a claim that it has not asked for', () => {
    expect(judged()(upTo(1), 'nothing')).toEqual([]);
    expect(judged()(upTo(1), { claim: undefined })).toEqual([]);
    expect(judged()(upTo(1), { claim: { epoch: 8, nonce: 9 } })).toEqual([]);
  });

  test('a start, the claim that was asked for and one of somebody else ask it to judge', () => {
    const other = { epochAccepted: 8, nonceAccepted: 1 };
    expect(judged()({ bootId: 4 })).toEqual(['restarted']);
    expect(judged()(other, { claim: { epoch: 8, nonce: 1 } })).toEqual(['claimed']);
    expect(judged()(other)).toEqual(['connected']);
  });
});

describe('an answer', () => {
  const answered = { seqAnswered: 41, answer: 'stationNotReady' };

  test('is told once, and every second again while the command waits for it', () => {
    const reads = judged();
    const waits = { command: command(41) };
    expect(reads({}, waits, 500)).toEqual([]);
    expect(reads(answered, waits, 600)).toEqual(['stationNotReady 41']);
    expect(reads(answered, waits, 1599)).toEqual([]);
    expect(reads(answered, waits, 1600)).toEqual(['stationNotReady 41']);
    expect(reads(answered, {}, 9000)).toEqual([]);
  });

  test('is told even where nobody waits for it any more', () => {
    expect(judged()(answered)).toEqual(['stationNotReady 41']);
  });

  test('that the judged reading has shown is told only to a command that waits for it', () => {
    expect(judged()({}, {}, 9000)).toEqual([]);
    expect(judged()({}, { command: command(40) })).toEqual(['accepted 40']);
  });
});

describe('events', () => {
  test('are told in order, and what is not stored within a second again', () => {
    const reads = judged();
    expect(reads(upTo(2), {}, 100)).toEqual(['event 1', 'event 2']);
    expect(reads(upTo(2), {}, 600)).toEqual([]);
    expect(reads(upTo(2), {}, 1099)).toEqual([]);
    expect(reads(upTo(2), {}, 1100)).toEqual(['event 1', 'event 2']);
    expect(reads(upTo(2), { eventAck: 1 }, 1500)).toEqual([]);
    expect(reads(upTo(2), { eventAck: 1 }, 2499)).toEqual([]);
    expect(reads(upTo(3), { eventAck: 1 }, 2500)).toEqual(['event 2', 'event 3']);
    expect(reads(upTo(3), { eventAck: 3 }, 9000)).toEqual([]);
    expect(reads(upTo(4), { eventAck: 3 }, 9001)).toEqual(['event 4']);
  });

  test('that are stored already are not told after connecting', () => {
    expect(judged(upTo(5), { eventAck: 3 })(upTo(5), { eventAck: 3 })).toEqual([
      ...['event 4', 'event 5'],
    ]);
  });

  test('whose numbers begin anew are told from there on', () => {
    const reads = judged();
    reads(upTo(3));
    expect(reads(upTo(0))).toEqual([]);
    expect(reads(upTo(1))).toEqual(['event 1']);
  });

  test('stand in a snapshot from the oldest to the newest', () => {
    const shown = { eventHead: 7, events: [5, 6, 7, 3, 4].map((seq) => slot(seq)) };
    const [fact] = interpret(undefined, reading(shown, {}, 0), wire).facts;
    const order = [3, 4, 5, 6, 7].map((eventSeq) => ({ eventSeq }));
    expect(fact).toMatchObject({ snapshot: { events: order } });
  });
});

describe('levels', () => {
  test.each<Partial<CraneStatusBlock>>([
    ...([{ mode: 'manual' }, { state: 'faulted' }, { ready: false }, { enabled: true }] as const),
    ...[{ safetyOk: true }, { retentiveOk: false }, { faultLatched: true }, { faultCode: 7 }],
    ...[{ lhd1Loaded: true }, { lhd2Loaded: true }],
  ])('are told once when they change: %o', (change) => {
    const reads = judged();
    expect(reads(change)).toEqual(['crane.changed']);
    expect(reads(change)).toEqual([]);
  });

  test('come with every event of a crane that has lost its memory: it asks back for the last one', () => {
    const forgotten = (head: number) => ({ ...upTo(head), retentiveOk: false });
    const reads = judged(forgotten(1));
    expect(reads(forgotten(1))).toEqual(['event 1']);
    expect(reads(forgotten(2))).toEqual(['event 2', 'crane.changed']);
    expect(reads(forgotten(2))).toEqual([]);
  });

  test('come with the answer to a reset that has not ended the fault: a person sees to it again', () => {
    const faulty = { faultLatched: true, faultCode: 7 };
    const reads = judged(faulty);
    expect(reads({ ...faulty, seqAnswered: 41 })).toEqual(['accepted 41', 'crane.changed']);
    expect(reads({ ...faulty, seqAnswered: 41 })).toEqual([]);
  });

  test('that it is held is told once for each time that the core wants it', () => {
    const reads = judged();
    const hold = { enable: false };
    expect(reads({}, {}, 0, true)).toEqual([]);
    expect(reads({}, hold, 0, false)).toEqual([]);
    expect(reads({}, hold, 0, true)).toEqual(['held']);
    expect(reads({}, hold, 0, false)).toEqual([]);
    expect(reads({}, hold, 0, true)).toEqual([]);
    expect(reads({}, {}, 0, true)).toEqual([]);
    expect(reads({}, hold, 0, true)).toEqual(['held']);
  });

  test('that it is held is told again after a change that has said otherwise', () => {
    const reads = judged();
    const hold = { enable: false };
    expect(reads({}, hold, 0, true)).toEqual(['held']);
    expect(reads({ mode: 'manual' }, hold, 0, false)).toEqual(['crane.changed']);
    expect(reads({ mode: 'manual' }, hold, 0, true)).toEqual(['held']);
    expect(reads({ mode: 'manual' }, hold, 0, true)).toEqual([]);
  });
});

test('whether the source held a load is known only where it was probed', () => {
  const bits = (...names: string[]) =>
    names.reduce((word, name) => word | (1 << (wire.sensorBits.get(name) ?? 0)), 0);
  const occupied = (lastSensors: number, of = wire) => {
    const [fact] = interpret(undefined, reading({ lastSensors }, {}, 0), of).facts;
    return fact?.type === 'crane.snapshot' && fact.snapshot.lastSourceOccupied;
  };
  expect(occupied(0)).toBeUndefined();
  expect(occupied(bits('fromOccupied'))).toBeUndefined();
  expect(occupied(bits('fromProbed'))).toBe(false);
  expect(occupied(bits('fromProbed', 'fromOccupied'))).toBe(true);
  // A crane that cannot probe has no such bits.
  expect(occupied(0xffff, { ...wire, sensorBits: new Map() })).toBeUndefined();
});
