import { describe, expect, test } from 'vitest';
import {
  type ConfirmationSlot,
  conveyorFields,
  conveyorGroups,
  type LinkStatusBlock,
  type PointBlock,
  type ScanSlot,
} from '../../devices/conveyor/fields.ts';
import {
  interpretLink,
  interpretPoint,
  isOpen,
  type LinkTold,
  type PointTold,
} from '../../devices/conveyor/interpret.ts';
import { bind } from '../../devices/lib/codec.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ConveyorFact } from '../../src/ports/conveyor.ts';
import { readConveyorInterface } from '../lib/interfaces.ts';

const device = 'conveyor-1' as DeviceId;
const file = readConveyorInterface();

describe('the link', () => {
  const codec = bind(file, 'linkStatus', conveyorFields.linkStatus, conveyorGroups.linkStatus);
  const status: LinkStatusBlock = {
    ...codec.decode(new Array(codec.length).fill(0)),
    ...{ bootId: 3, epochAccepted: 7, nonceAccepted: 9 },
  };
  const wanted = (epoch: number, nonce: number) => ({
    ...{ claim: { epoch, nonce }, enable: true, points: new Map() },
  });
  const told = { ...interpretLink(device, undefined, status, undefined).told, isAwaited: false };
  const because = (own: Partial<LinkStatusBlock>, of: LinkTold | undefined = told) => {
    const { fact } = interpretLink(device, of, { ...status, ...own }, wanted(8, 1));
    return fact?.type === 'conveyor.snapshot' ? fact.because : undefined;
  };

  test('is judged at first, after a start, and under another claim, and else goes on', () => {
    expect(interpretLink(device, undefined, status, undefined).fact).toMatchObject({
      ...{ because: 'connected', snapshot: { bootId: 3, claim: { epoch: 7, nonce: 9 } } },
    });
    expect(because({})).toBeUndefined();
    expect(because({ bootId: 4 })).toBe('restarted');
    expect(because({ epochAccepted: 8, nonceAccepted: 1 })).toBe('claimed');
    expect(because({ epochAccepted: 8, nonceAccepted: 2 })).toBe('connected');
  });

  test('is open once the core has judged it, as long as its claim is the one that is wanted', () => {
    expect(isOpen(told, wanted(7, 9))).toBe(true);
    expect(isOpen(undefined, wanted(7, 9))).toBe(false);
    expect(isOpen({ ...told, isAwaited: true }, wanted(7, 9))).toBe(false);
    expect(isOpen(told, wanted(8, 9))).toBe(false);
    expect(isOpen(told, undefined)).toBe(false);
  });
});

const scan = (scanSeq: number, answerState: ScanSlot['answerState'] = 'waiting'): ScanSlot => ({
  ...{ scanSeq, readResult: 'good', answerState, code: '' },
  ...{ lengthMm: 0, widthMm: 0, heightMm: 0, massG: 0 },
});
/** Of the scan with the same number, where nothing else is said; 0: the tracking was void. */
const confirmed = (confirmSeq: number, confirmScanSeq = confirmSeq): ConfirmationSlot => ({
  ...{ confirmSeq, confirmScanSeq, confirmHandle: 0, outcome: 'asAnswered', exitTaken: 1 },
});
const pointCodec = bind(file, 'point', conveyorFields.point, conveyorGroups.point);
const empty: PointBlock = {
  ...pointCodec.decode(new Array(pointCodec.length).fill(0)),
  ...{ pointNumber: 1, state: 'running' },
};
const withScans = (scanHead: number, scans: ScanSlot[]) => ({ scanHead, scans });
const withConfirmations = (head: number, confirmations?: ConfirmationSlot[]) => ({
  confirmHead: head,
  confirmations:
    confirmations ?? [1, 2, 3, 4, 5].filter((seq) => seq <= head).map((seq) => confirmed(seq)),
});

const short = (fact: ConveyorFact): string => {
  if (fact.type === 'conveyor.scanned') return `scan ${fact.scan.scanSeq}`;
  if (fact.type === 'conveyor.confirmed') return `confirmed ${fact.confirmation.confirmSeq}`;
  if (fact.type === 'conveyor.gap') return `no ${fact.what} ${fact.from}-${fact.to}`;
  return fact.type;
};
interface Said {
  /** Undefined: the core has no wishes for this point. */
  readonly ack?: number | undefined;
  readonly era?: number;
  readonly isFirst?: boolean;
  readonly nowMs?: number;
}

/** A point as one process reads it, one reading after the other. */
function process() {
  let told: PointTold | undefined;
  return (own: Partial<PointBlock>, { ack, era = 1, isFirst = false, nowMs = 0 }: Said = {}) => {
    const output =
      ack === undefined ? undefined : { era, answers: [], confirmAck: ack, exitsClosed: [] };
    const block = { ...empty, ...own };
    const result = interpretPoint(told, { device, block, era, output, isFirst, nowMs });
    told = result.told;
    return result.facts.map(short);
  };
}
/** One that has read the point when nothing had happened there. */
function begun(said: Said = { ack: 0 }) {
  const reads = process();
  expect(reads({}, { ...said, isFirst: true })).toEqual(['conveyor.pointChanged']);
  return reads;
}

describe('scans', () => {
  test('are told once, in their order, and what was overwritten as a gap', () => {
    const reads = begun();
    expect(reads(withScans(1, [scan(1)]))).toEqual(['scan 1']);
    expect(reads(withScans(1, [scan(1)]))).toEqual([]);
    expect(reads(withScans(5, [scan(4), scan(5), scan(3)]))).toEqual([
      ...['no scans 2-2', 'scan 3', 'scan 4', 'scan 5'],
    ]);
  });

  test('that wait are told at every connection, those gone by the default exit to a new process', () => {
    const reads = process();
    const there = withScans(3, [scan(3), scan(1, 'taken'), scan(2, 'defaulted')]);
    expect(reads(there, { isFirst: true })).toEqual(['scan 2', 'scan 3', 'conveyor.pointChanged']);
    expect(reads(there)).toEqual([]);
    expect(reads(there, { isFirst: true })).toEqual(['scan 3', 'conveyor.pointChanged']);
    const next = withScans(4, [scan(2, 'defaulted'), scan(3, 'taken'), scan(4)]);
    expect(reads(next, { isFirst: true })).toEqual(['scan 4', 'conveyor.pointChanged']);
  });

  test('that wait are told to a new process in their order', () => {
    const there = withScans(3, [scan(3), scan(1), scan(2)]);
    expect(process()(there, { isFirst: true }).slice(0, 3)).toEqual(['scan 1', 'scan 2', 'scan 3']);
  });

  test('of another era begin at 1, and what stands beyond the newest is none of them', () => {
    const reads = begun();
    reads(withScans(3, [scan(1), scan(2), scan(3)]));
    expect(reads(withScans(1, [scan(1)]), { era: 2 })).toEqual(['scan 1']);
    const other = begun();
    other(withScans(3, [scan(1), scan(2), scan(3)]));
    expect(other(withScans(1, [scan(3), scan(1)]), { isFirst: true })).toEqual([
      ...['scan 1', 'conveyor.pointChanged'],
    ]);
  });

  test('say height and mass only where they were measured', () => {
    const measured = { ...scan(1), heightMm: 320, massG: 0 };
    const reading = { device, block: { ...empty, ...withScans(1, [measured]) }, era: 1 };
    const { facts } = interpretPoint(undefined, {
      ...{ ...reading, output: undefined, isFirst: true, nowMs: 0 },
    });
    expect(facts[0]).toMatchObject({ scan: { heightMm: 320, massG: undefined } });
  });
});

describe('confirmations', () => {
  test('are told in order, and what is not stored within a second again', () => {
    const reads = begun();
    const two = withConfirmations(2);
    expect(reads(two, { ack: 0, nowMs: 100 })).toEqual(['confirmed 1', 'confirmed 2']);
    expect(reads(two, { ack: 0, nowMs: 600 })).toEqual([]);
    expect(reads(two, { ack: 0, nowMs: 1099 })).toEqual([]);
    expect(reads(two, { ack: 0, nowMs: 1100 })).toEqual(['confirmed 1', 'confirmed 2']);
    expect(reads(two, { ack: 1, nowMs: 1500 })).toEqual([]);
    expect(reads(two, { ack: 1, nowMs: 2499 })).toEqual([]);
    const three = withConfirmations(3);
    expect(reads(three, { ack: 1, nowMs: 2500 })).toEqual(['confirmed 2', 'confirmed 3']);
    expect(reads(three, { ack: 3, nowMs: 9000 })).toEqual([]);
  });

  test('are not told again while the core has no wishes for the point', () => {
    const reads = begun({ ack: undefined });
    expect(reads(withConfirmations(1))).toEqual(['confirmed 1']);
    expect(reads(withConfirmations(1), { nowMs: 9000 })).toEqual([]);
  });

  test('that are not stored are told at every connection, and what was overwritten as a gap', () => {
    const reads = process();
    const there = withConfirmations(
      7,
      [3, 4, 5, 6, 7].map((seq) => confirmed(seq)),
    );
    const changed = 'conveyor.pointChanged';
    expect(reads(there, { ack: 0, isFirst: true }).slice(0, 2)).toEqual([
      ...['no confirmations 1-2', 'confirmed 3'],
    ]);
    const since = { ack: 5, isFirst: true };
    expect(reads(there, since)).toEqual(['confirmed 6', 'confirmed 7', changed]);
    expect(reads(there, { ...since, nowMs: 1 })).toEqual(['confirmed 6', 'confirmed 7', changed]);
  });

  test('whose numbers begin anew are told from there on, in the same era and in another', () => {
    const reads = begun();
    const wishes = { ack: 0 };
    reads(withConfirmations(3), wishes);
    expect(reads(withConfirmations(0), wishes)).toEqual([]);
    expect(reads(withConfirmations(1), wishes)).toEqual(['confirmed 1']);
    expect(reads(withConfirmations(1), { ...wishes, era: 2 })).toEqual(['confirmed 1']);
  });
});

describe('scans come before confirmations', () => {
  const both = (scans: ScanSlot[], confirmations: ConfirmationSlot[]) => ({
    ...withScans(scans.at(-1)?.scanSeq ?? 0, scans),
    ...withConfirmations(confirmations.at(-1)?.confirmSeq ?? 0, confirmations),
  });

  test.each<[string, ScanSlot[], ConfirmationSlot[], string[]]>([
    [
      'where nothing was void',
      [scan(1, 'taken'), scan(2)],
      [confirmed(1)],
      ['scan 1', 'scan 2', 'confirmed 1'],
    ],
    [
      'but for the load that was scanned anew after the tracking was void',
      [scan(1), scan(2)],
      [confirmed(1), confirmed(2, 0), confirmed(3, 1)],
      ['scan 1', 'confirmed 1', 'confirmed 2', 'scan 2', 'confirmed 3'],
    ],
    [
      'also where that is all that happened',
      [scan(1)],
      [confirmed(1, 0)],
      ['confirmed 1', 'scan 1'],
    ],
    [
      'as every load that waits no more',
      [scan(1, 'defaulted')],
      [confirmed(1, 0)],
      ['scan 1', 'confirmed 1'],
    ],
    [
      'after the gaps in both',
      [scan(3, 'taken'), scan(4)],
      [confirmed(2), confirmed(3, 0)],
      ['no scans 1-2', 'no confirmations 1-1', 'scan 3', 'confirmed 2', 'confirmed 3', 'scan 4'],
    ],
  ])('%s', (_, scans, confirmations, told) => {
    expect(begun()(both(scans, confirmations), { ack: 0 })).toEqual(told);
  });

  test('and what waits for its answer is told again with a gap in them', () => {
    const reads = begun();
    expect(reads(withScans(1, [scan(1)]))).toEqual(['scan 1']);
    const now = both([scan(1)], [confirmed(3)]);
    expect(reads(now, { ack: 0 })).toEqual(['no confirmations 1-2', 'scan 1', 'confirmed 3']);
  });
});

test('the state of a point is told once when anything of it changes, and at every connection', () => {
  const reads = begun();
  const changed = ['conveyor.pointChanged'];
  for (const own of [{ state: 'jam' }, { exitsFull: 2 }, { exitsDown: 1 }, { faultCode: 7 }]) {
    const block = own as Partial<PointBlock>;
    expect(reads(block)).toEqual(changed);
    expect(reads(block)).toEqual([]);
    expect(reads(block, { isFirst: true })).toEqual(changed);
  }
});
