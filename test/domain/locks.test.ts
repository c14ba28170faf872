import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/domain/errors.ts';
import {
  fixedBy,
  isCellClosed,
  lockText,
  type PartLock,
  whoLocked,
  whyLocked,
} from '../../src/domain/locks.ts';
import type { FixedLock } from '../../src/domain/site.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at } from '../lib/demo.ts';
import { siteOf } from '../lib/several-aisles.ts';

const lock = (part: string, own: Partial<PartLock> = {}): PartLock => ({
  ...{ part, lock: 'both', reason: 'beam is bent', by: 'operator/anna', atMs: 0 },
  ...own,
});
const warehouseWith = (...locks: FixedLock[]) =>
  new Warehouse(new Topology({ ...siteOf(2), locks }));

describe('a lock of the site file', () => {
  const fixed = [
    { part: 'A01-L-001..002', lock: 'in', reason: 'pillar' },
    { part: 'A02', lock: 'both', reason: 'not built' },
  ] as const;
  const warehouse = warehouseWith(...fixed);

  test.each([
    ['A01-L-002-10-1', true, false],
    ['A01-L-003-10-1', false, false],
    ['A01-R-002-10-1', false, false],
    ['A02-L-002-10-1', true, true],
    ['PICK-01', false, false],
  ])('holds for all that lies in its part, and for nothing else: %s', (location, into, outOf) => {
    const isLocked = (way: 'in' | 'out') => whyLocked(warehouse, at(location), way) !== undefined;
    expect([isLocked('in'), isLocked('out')]).toEqual([into, outOf]);
  });

  test('is told as such, and stays when people unlock what they have locked', () => {
    expect(warehouse.locks.fixed).toEqual(
      fixed.map((row) => lock(row.part, { ...row, by: fixedBy })),
    );
    const { partLock } = warehouse.tables;
    partLock.put(lock('A01-L-001..002', { lock: 'out' }));
    const cell = at('A01-L-001-01-1');
    expect(warehouse.locks.on(cell, 'out')).toMatchObject({ by: 'operator/anna' });
    partLock.remove('A01-L-001..002');
    expect(warehouse.locks.on(cell, 'out')).toBeUndefined();
    expect(warehouse.locks.on(cell, 'in')).toMatchObject({ reason: 'pillar' });
  });

  test('that names no part of the site is our own bug: the check of the file has passed it', () => {
    expect(() => warehouseWith({ part: 'A09', lock: 'in', reason: 'pillar' })).toThrow(
      InvariantError,
    );
  });
});

test.each([
  ['A01', lock('A01'), 'A01 is locked by anna: beam is bent'],
  ['A01', lock('A01', { lock: 'out' }), 'A01 is locked (out) by anna: beam is bent'],
  ['A01-L-001-01-1', lock('A01'), 'A01-L-001-01-1 is locked with A01 by anna: beam is bent'],
  ['A01', lock('A01', { by: 'host/wms' }), 'A01 is locked by wms: beam is bent'],
  ['A01', lock('A01', { by: fixedBy }), 'A01 is locked by the site file: beam is bent'],
])('a person reads what is locked, with what, by whom and why: %s', (code, row, text) => {
  expect(lockText(code, row)).toBe(text);
});

test('a name is told without what kind of name it is', () => {
  expect([whoLocked({ ...lock('A01'), by: 'host/w/ms' }), whoLocked(lock('A01'))]).toEqual([
    ...['w/ms', 'anna'],
  ]);
});

test('a cell about which a question is open takes and gives nothing that way, and says why', () => {
  const warehouse = warehouseWith();
  const cell = at('A01-L-001-01-1');
  warehouse.tables.lock.put({ location: cell, lock: 'out', reason: 'binEmpty' });
  expect(whyLocked(warehouse, cell, 'out')).toBe(`${cell} is locked: binEmpty`);
  expect(whyLocked(warehouse, cell, 'in')).toBeUndefined();
  expect([isCellClosed(warehouse, cell, 'out'), isCellClosed(warehouse, cell, 'in')]).toEqual([
    ...[true, false],
  ]);
});
