import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { cellCode } from '../../src/domain/topology.ts';
import { at, demoAisle, demoTopology as topology } from '../lib/demo.ts';

const anyCell = fc.record({
  side: fc.constantFrom<'L' | 'R'>('L', 'R'),
  bay: fc.integer({ min: 1, max: demoAisle.bays }),
  level: fc.integer({ min: 1, max: demoAisle.levels }),
  depth: fc.constant(1),
});

test('every cell of the aisle is found by its code, and its code says where it is', () => {
  fc.assert(
    fc.property(anyCell, (cell) => {
      const place = topology.find(cellCode('A01', cell));
      expect(place).toMatchObject({ kind: 'cell', aisle: { aisle: 'A01' }, cell });
    }),
  );
});

test.each([
  'A01-L-000-01-1',
  'A01-L-031-01-1',
  'A01-L-001-00-1',
  'A01-L-001-11-1',
  'A01-L-001-01-2',
  'A01-L-001-01-0',
  'A01-M-001-01-1',
  'A02-L-001-01-1',
  'A01-L-1-1-1',
  ' A01-L-001-01-1',
  'PICK-02',
  '',
])('%j is no place of this site', (code) => {
  expect(topology.find(code)).toBeUndefined();
  expect(() => topology.placeOf(at(code))).toThrow(InvariantError);
});

describe('capacity', () => {
  test.each([
    ['A01-L-001-01-1', 1],
    ['A01-LHD', 1],
    ['A01-PD-OUT', 4],
    ['PICK-01', 3],
    ['OUTSIDE', Number.POSITIVE_INFINITY],
    ['MISSING', Number.POSITIVE_INFINITY],
    ['CLARIFICATION', Number.POSITIVE_INFINITY],
  ])('of %s is %s', (code, capacity) => {
    expect(topology.capacityOf(at(code))).toBe(capacity);
  });
});

test('a cell is met at the middle of its bay and at the height of its level', () => {
  expect(topology.positionOf(at('A01-R-003-02-1'))).toEqual({ xMm: 1250, yMm: 400 });
  expect(topology.positionOf(at('A01-PD-IN'))).toEqual({ xMm: -1000, yMm: 600 });
  expect(() => topology.positionOf(at('PICK-01'))).toThrow('no position');
});

test('a crane reaches its cells, its stations and its own device, and nothing else', () => {
  const reach = (from: string, to: string) => topology.aisleReaching(at(from), at(to)).crane;
  expect(reach('A01-PD-IN', 'A01-R-003-02-1')).toBe('crane-1');
  expect(reach('A01-LHD', 'A01-PD-OUT')).toBe('crane-1');
  expect(() => reach('A01-PD-IN', 'PICK-01')).toThrow(InvariantError);
  expect(() => reach('OUTSIDE', 'A01-PD-IN')).toThrow(InvariantError);
});

test('decision points are found by their number and by where they stand', () => {
  const device = 'conveyor-1' as DeviceId;
  expect(topology.point(device, 2)).toMatchObject({ role: 'divert', at: 'A01-PD-OUT' });
  expect(topology.point(device, 4)).toBeUndefined();
  expect(topology.pointsAt(at('A01-PD-IN')).map(({ role }) => role)).toEqual(['arrival']);
  expect(topology.pointsAt(at('PICK-01'))).toEqual([]);
});
