import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CraneBook, Mission, Timer } from '../../src/domain/books.ts';
import { FencedError, LedgerConflictError } from '../../src/domain/errors.ts';
import type { DeviceId, HostId, WorkflowId } from '../../src/domain/ids.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Commit } from '../../src/ports/store.ts';
import { commitOf, moved, movement, row, rowsOf, standing } from '../lib/commits.ts';
import { at, cell, demoTopology, id, loadUnit } from '../lib/demo.ts';

let folder: string;
let db: DatabaseSync;
let ledger: Ledger;
const open = (nonce = 7) => {
  db = openLedger(join(folder, 'ledger.db'));
  ledger = new Ledger(db, demoTopology, { nonce, nowMs: 0 });
  return ledger;
};
const reopen = (nonce = 8) => {
  db.close();
  return open(nonce);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-ledger-'));
  open();
});
afterEach(() => {
  if (db.isOpen) db.close();
  rmSync(folder, { recursive: true });
});
const load = () => {
  const warehouse = new Warehouse(demoTopology);
  ledger.load(warehouse);
  return warehouse;
};
const tables = () =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
const everything = () =>
  Object.fromEntries(tables().map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()]));

const crane = 'crane-1' as DeviceId;
const t1 = loadUnit('T-1', cell(1));
const mission = (seq: number, more: Partial<Mission> = {}): Mission => ({
  ...{ crane, seq, workflow: 'carry/1' as WorkflowId, loadUnit: id('T-1'), atMs: 0 },
  command: { command: 'transfer', lhd: 1, from: cell(1), to: cell(2), loadHandle: 1, massKg: 1 },
  ...{ state: 'committed', isPicked: false },
  ...more,
});
const missionRow = (seq: number, more: Partial<Mission> = {}) =>
  row<'mission'>(`crane-1/${seq}`, mission(seq, more));

test('what was committed is there after reopening', () => {
  const book: CraneBook = { crane, seqHighest: 7, eventStored: 3, open: 7 };
  const reservation = { location: cell(2), loadUnit: id('T-1') };
  const timer = { workflow: 'w' as WorkflowId, timer: 't', dueMs: 500, event: { type: 'x' } };
  const order = { host: 'wms', id: 'c1', content: '{}', reply: { ok: 1 }, atMs: 1_000 };
  const reason = { subject: 'T-1', atMs: 1_000, text: 'the nearest' };
  const data = { kind: 'received' };
  const event = { sequence: 1, epoch: 1, name: 'movement', atMs: 1, subject: 's', data } as const;
  expect(ledger.lastMs()).toBeUndefined();
  ledger.commit(standing([t1]));
  ledger.commit(
    commitOf({
      ...{ causes: ['crane-1/event/3'], answered: [order], reasons: [reason], events: [event] },
      rows: rowsOf({
        crane: [row<'crane'>(crane, book)],
        mission: [missionRow(7)],
        reservation: [row<'reservation'>(cell(2), reservation)],
        timer: [row<'timer'>('w#t', timer)],
      }),
    }),
  );
  reopen();
  const { tables: books, ...warehouse } = load();
  expect(warehouse).toBeDefined();
  expect(books.loadUnit.get(id('T-1'))).toMatchObject({ place: cell(1), movedNo: 1 });
  expect(books.crane.get(crane)).toEqual(book);
  expect(books.mission.get('crane-1/7')).toEqual(mission(7));
  expect(books.reservation.get(cell(2))).toEqual(reservation);
  expect(ledger.timersDue(500, 9)).toEqual([timer]);
  expect([ledger.nextTimerMs(), ledger.timersDue(499, 9)]).toEqual([500, []]);
  expect(ledger.answered('wms', 'c1')).toEqual(order);
  expect(ledger.reasons('T-1', 9)).toEqual([reason]);
  expect(ledger.lastMs()).toBe(1_000);
  expect(ledger.read(1, 9)).toEqual([event]);
  expect([ledger.lastSequence(), ledger.lastMovement()]).toEqual([1, 1]);
  expect([ledger.hasCause('crane-1/event/3'), ledger.hasCause('crane-1/event/4')]).toEqual([
    true,
    false,
  ]);
});

test('the first deadline is known anew with every one that is set or taken back', () => {
  const timerAt = (dueMs: number): Timer => ({
    ...{ workflow: 'w' as WorkflowId, timer: `at-${dueMs}`, dueMs },
    event: { type: 'late' },
  });
  const keep = (...timers: [string, Timer | undefined][]) =>
    ledger.commit(commitOf({ rows: rowsOf({ timer: timers }) }));
  const fenced = ledger;
  const firstOf = () => [ledger.nextTimerMs(), ledger.timersDue(700, 1).map(({ dueMs }) => dueMs)];
  expect(firstOf()).toEqual([undefined, []]);
  keep(['at-600', timerAt(600)]);
  expect(firstOf()).toEqual([600, [600]]);
  keep(['at-500', timerAt(500)]);
  expect(firstOf()).toEqual([500, [500]]);
  keep(['at-500', undefined], ['at-600', undefined], ['at-800', timerAt(800)]);
  expect(firstOf()).toEqual([800, []]);
  // Another controller takes it back: this one must not find it due for ever.
  ledger = new Ledger(db, demoTopology, { nonce: 8, nowMs: 0 });
  keep(['at-800', undefined]);
  expect([fenced.timersDue(900, 9), fenced.nextTimerMs()]).toEqual([[], undefined]);
});

test('a row that was removed stays removed, and a mission that was settled is not loaded', () => {
  const reservation = { location: cell(2), loadUnit: id('T-1') };
  ledger.commit(
    commitOf({ rows: rowsOf({ reservation: [[cell(2), reservation]], mission: [missionRow(7)] }) }),
  );
  const settled = missionRow(7, { state: 'settled', verdict: 'done' });
  ledger.commit(
    commitOf({ rows: rowsOf({ reservation: [[cell(2), undefined]], mission: [settled] }) }),
  );
  reopen();
  const warehouse = load();
  expect([warehouse.tables.reservation.size, warehouse.tables.mission.size]).toEqual([0, 0]);
});

test('a mission in doubt is loaded again, whatever its verdict', () => {
  const inDoubt = { state: 'doubt', verdict: 'unknown' } as const;
  ledger.commit(commitOf({ rows: rowsOf({ mission: [missionRow(7, inDoubt)] }) }));
  reopen();
  expect(load().tables.mission.get('crane-1/7')).toMatchObject(inDoubt);
});

test('load units stand in a lane in the order in which they came, also after reopening', () => {
  const lane = at('A01-PD-OUT');
  const [first, second] = [loadUnit('T-9', lane), loadUnit('T-1', lane)];
  ledger.commit(standing([first, second]));
  reopen();
  expect(
    load()
      .at(lane)
      .map((unit) => unit.loadUnit),
  ).toEqual(['T-9', 'T-1']);
});

describe('one bad row leaves no trace of the group', () => {
  const two = standing([t1, loadUnit('T-2', cell(1))]);
  const cases: [string, Commit][] = [
    ['two load units in one cell', two],
    [
      'two load units on the crane',
      standing([loadUnit('T-3', at('A01-LHD')), loadUnit('T-4', at('A01-LHD'))]),
    ],
    [
      'two open missions of one crane',
      commitOf({ causes: ['c'], rows: rowsOf({ mission: [missionRow(7), missionRow(8)] }) }),
    ],
    ['one cause twice', commitOf({ causes: ['c', 'c'] })],
    [
      'two load units with one number',
      standing([t1, { ...loadUnit('T-2', cell(2)), handle: t1.handle }]),
    ],
    [
      'a movement told twice',
      commitOf({
        causes: ['c'],
        movements: [movement(1, 'T-1', ['OUTSIDE', 'A'], 'c'), movement(2, 'T-1', ['B', 'A'], 'c')],
      }),
    ],
    [
      'an event number given twice',
      commitOf({
        causes: ['c'],
        events: [1, 1].map((sequence) => ({
          sequence,
          epoch: 1,
          name: 'order',
          atMs: 0,
          subject: '',
          data: {},
        })),
      }),
    ],
  ];
  test.each(cases)('%s', (_, commit) => {
    const before = everything();
    expect(() => ledger.commit(commit)).toThrow(LedgerConflictError);
    expect(everything()).toEqual(before);
    expect(ledger.lastMovement()).toBe(0);
    // The writer is still sound: the next group gets the next number and the right hash.
    ledger.commit(standing([t1]));
    reopen();
    expect(load().tables.loadUnit.size).toBe(1);
  });
});

test('a load unit may take the cell, and a mission the crane, that another one leaves in the same group', () => {
  const t2 = loadUnit('T-2', cell(2));
  ledger.commit(standing([t1, t2]));
  ledger.commit(commitOf({ rows: rowsOf({ mission: [missionRow(7)] }) }));
  ledger.commit(
    commitOf({
      movements: [
        movement(3, 'T-1', [cell(1), 'CLARIFICATION']),
        movement(4, 'T-2', [cell(2), cell(1)]),
        movement(5, 'T-1', ['CLARIFICATION', cell(2)]),
      ],
      rows: rowsOf({
        loadUnit: [
          ['T-1', moved(t1, cell(2))],
          ['T-2', moved(t2, cell(1))],
        ],
        mission: [missionRow(8), missionRow(7, { state: 'settled', verdict: 'done' })],
      }),
    }),
  );
  reopen();
  expect(
    load()
      .at(cell(1))
      .map((unit) => unit.loadUnit),
  ).toEqual(['T-2']);
});

test('places without steel hold any number', () => {
  const units = ['OUTSIDE', 'MISSING', 'CLARIFICATION', 'A01-PD-OUT'].flatMap((place) => [
    loadUnit(`${place}-1`.slice(0, 20), at(place)),
    loadUnit(`${place}-2`.slice(0, 20), at(place)),
  ]);
  ledger.commit(standing(units));
  expect(load().tables.loadUnit.size).toBe(8);
});

describe('fence', () => {
  test('a second controller on the file ends the first one, and nothing of it is written', () => {
    const other = new DatabaseSync(join(folder, 'ledger.db'));
    const second = new Ledger(other, demoTopology, { nonce: 9, nowMs: 0 });
    const before = everything();
    expect(() => ledger.commit(standing([t1]))).toThrow(FencedError);
    expect(everything()).toEqual(before);
    second.commit(standing([t1]));
    other.close();
    expect(load().tables.loadUnit.size).toBe(1);
  });

  test('every start has its own epoch and knows those before it', () => {
    reopen(8);
    reopen(9);
    expect([ledger.epoch, ledger.nonce]).toEqual([3, 9]);
    expect([...ledger.claims]).toEqual([
      [1, 7],
      [2, 8],
      [3, 9],
    ]);
  });
});

test('whoever waits for events is called after the commit that owes one, and for no other', () => {
  const heard: number[] = [];
  ledger.onAppended(() => heard.push(ledger.lastSequence()));
  ledger.commit(standing([t1]));
  const event = { sequence: 1, epoch: 1, name: 'order', atMs: 1, subject: 's', data: {} } as const;
  ledger.commit(commitOf({ events: [event] }));
  expect(() => ledger.commit(commitOf({ events: [event] }))).toThrow(LedgerConflictError);
  expect(heard).toEqual([1]);
});

test('with every 32nd commit the log is due to be brought into the file', () => {
  let due = 0;
  ledger.onCheckpointDue(() => due++);
  const dueAfter = (commits: number) => {
    for (let i = 0; i < commits; i++) ledger.commit(commitOf());
    return due;
  };
  expect([dueAfter(31), dueAfter(1), dueAfter(31), dueAfter(1)]).toEqual([0, 1, 1, 2]);
});

test('the mark of a host is read as it was committed', () => {
  const host = 'wms' as HostId;
  expect(ledger.ackThrough(host)).toBe(0);
  const book = { host, ackThrough: 12, hostEpoch: 1, isPaused: false };
  ledger.commit(commitOf({ rows: rowsOf({ host: [['wms', book]] }) }));
  expect(ledger.ackThrough(host)).toBe(12);
});
