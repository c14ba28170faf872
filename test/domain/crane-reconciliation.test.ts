import { describe, expect, test } from 'vitest';
import type { Mission } from '../../src/domain/books.ts';
import {
  areNumbersForeign,
  type CraneLedger,
  type CraneReading,
  isStrangerActive,
  judgeClaim,
  judgeMission,
  type MissionVerdict,
} from '../../src/domain/crane-reconciliation.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { at } from '../lib/demo.ts';

/** Mission 41 is the open one; 40 ended before it. */
const m = 41;
const ledger: CraneLedger = {
  epoch: 5,
  nonce: 55,
  claims: new Map([
    [4, 44],
    [5, 55],
    [6, 66],
  ]),
  seqHighest: 42,
  eventStored: 17,
};
const atRest: CraneReading = {
  epoch: 5,
  nonce: 55,
  retentiveOk: true,
  seqAnswered: 40,
  answer: 'accepted',
  activeMissionId: 0,
  lastMissionId: 40,
  eventHead: 17,
};
const mission: Mission = {
  crane: 'crane-1' as DeviceId,
  seq: m,
  workflow: undefined,
  loadUnit: undefined,
  command: {
    command: 'transfer',
    lhd: 1,
    from: at('A01-PD-IN'),
    to: at('A01-L-001-01-1'),
    loadHandle: 1,
    massKg: 1,
  },
  state: 'committed',
  isPicked: false,
  atMs: 0,
};

describe('whose claim a controller shows', () => {
  const fresh = { epoch: 0, nonce: 0, seqAnswered: 0, lastMissionId: 0, eventHead: 0 };
  test.each<[string, Partial<CraneReading>, string]>([
    ['our own', {}, 'mine'],
    ['our epoch with another nonce: a copied machine', { nonce: 56 }, 'foreign'],
    ['an earlier one of ours', { epoch: 4, nonce: 44 }, 'claim'],
    ['the number of an earlier one of ours, drawn by another', { epoch: 4, nonce: 45 }, 'foreign'],
    ['a later one of ours: this process is the old one', { epoch: 6, nonce: 66 }, 'replaced'],
    ['a later one that our books do not have', { epoch: 7, nonce: 77 }, 'foreign'],
    ['an earlier one that our books do not have', { epoch: 3, nonce: 33 }, 'foreign'],
    ['none, its memory lost', { ...fresh, retentiveOk: false }, 'claim'],
    ['none, fresh from commissioning', fresh, 'claim'],
    [
      'none, but it has worked: somebody wrote without a claim',
      { ...fresh, seqAnswered: 3 },
      'foreign',
    ],
  ])('%s', (_, shown, verdict) => {
    expect(judgeClaim(ledger, { ...atRest, ...shown })).toBe(verdict);
  });
});

describe('numbers that our books cannot have led to', () => {
  test.each<[string, Partial<CraneReading>, boolean]>([
    ['at rest', {}, false],
    ['answered above our highest', { seqAnswered: 43 }, true],
    ['active above our highest', { activeMissionId: 43 }, true],
    ['last above our highest', { lastMissionId: 43 }, true],
    ['all at our highest', { seqAnswered: 42, activeMissionId: 42, lastMissionId: 42 }, false],
    ['events below the stored one', { eventHead: 16 }, true],
    ['events begin anew after a loss of memory', { eventHead: 0, retentiveOk: false }, false],
  ])('%s', (_, shown, verdict) => {
    expect(areNumbersForeign(ledger, { ...atRest, ...shown })).toBe(verdict);
  });
});

/** The table of the contract: what the controller shows, and what an open mission has become. */
const table: readonly (readonly [
  string,
  Partial<CraneReading>,
  { readonly [State in 'committed' | 'accepted' | 'doubt']: MissionVerdict },
])[] = [
  [
    'active is this mission',
    { seqAnswered: m, activeMissionId: m },
    { committed: 'goOn', accepted: 'goOn', doubt: 'doubt' },
  ],
  [
    'active is this mission, and its cancel has been answered',
    { seqAnswered: m + 1, activeMissionId: m },
    { committed: 'goOn', accepted: 'goOn', doubt: 'doubt' },
  ],
  [
    'last is this mission',
    { seqAnswered: m, lastMissionId: m },
    { committed: 'bookResult', accepted: 'bookResult', doubt: 'doubt' },
  ],
  [
    'last is this mission, and its cancel has been answered',
    { seqAnswered: m + 1, lastMissionId: m },
    { committed: 'bookResult', accepted: 'bookResult', doubt: 'doubt' },
  ],
  [
    'answered below it',
    { seqAnswered: m - 1 },
    { committed: 'sendAgain', accepted: 'doubt', doubt: 'doubt' },
  ],
  [
    'answered, a reject',
    { seqAnswered: m, answer: 'stationNotReady' },
    { committed: 'rejected', accepted: 'doubt', doubt: 'doubt' },
  ],
  [
    'answered, accepted, and neither active nor last',
    { seqAnswered: m, answer: 'accepted' },
    { committed: 'doubt', accepted: 'doubt', doubt: 'doubt' },
  ],
  [
    'answered, and the answer is not kept',
    { seqAnswered: m, answer: 'none' },
    { committed: 'doubt', accepted: 'doubt', doubt: 'doubt' },
  ],
  [
    'answered above it: its cancel',
    { seqAnswered: m + 1, answer: 'missionUnknown' },
    { committed: 'notTaken', accepted: 'doubt', doubt: 'doubt' },
  ],
];

describe.each(table)('%s', (_, shown, verdicts) => {
  test.each(Object.entries(verdicts))('a mission that is %s: %s', (state, verdict) => {
    const row = { ...mission, state: state as Mission['state'] };
    expect(judgeMission(row, { ...atRest, ...shown })).toBe(verdict);
  });
});

test.each<[string, number, number | undefined, boolean]>([
  ['none is at work', 0, m, false],
  ['the open one is at work', m, m, false],
  ['one is at work that the books have closed', m - 1, undefined, true],
  ['another one than the open one is at work', m - 1, m, true],
])('%s', (_, activeMissionId, open, verdict) => {
  expect(isStrangerActive(open, { ...atRest, activeMissionId })).toBe(verdict);
});
