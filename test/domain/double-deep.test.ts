import { expect, test } from 'vitest';
import type { LocationId } from '../../src/domain/ids.ts';
import { whyNotReachable } from '../../src/domain/reachability.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, id, loadUnit } from '../lib/demo.ts';
import { smallSite } from '../lib/sim-site.ts';

const topology = new Topology(smallSite);
const [aisle] = smallSite.aisles;
const [front, rear] = [at('A01-L-001-01-1'), at('A01-L-001-01-2')];

function books() {
  const warehouse = new Warehouse(topology);
  const slotting = new Slotting(topology);
  const choose = (except: readonly LocationId[] = []) => {
    if (aisle === undefined) throw new Error('no aisle');
    return slotting.assignLocation(warehouse, loadUnit('T-9', at('A01-PD-IN')), aisle, except);
  };
  const put = (name: string, place: LocationId, more = {}) =>
    warehouse.tables.loadUnit.put({ ...loadUnit(name, place, more), type: 'TOTE' });
  return { warehouse, choose, put };
}

test('cells behind each other know of each other', () => {
  expect([topology.frontOf(rear), topology.rearOf(front)]).toEqual([front, rear]);
  expect([topology.frontOf(front), topology.rearOf(rear)]).toEqual([undefined, undefined]);
});

test('the rear cell is taken first, then the one before it', () => {
  const { choose, put } = books();
  expect(choose().chosen).toBe(rear);
  put('T-1', rear);
  expect(choose().chosen).toBe(front);
});

test('a rear cell behind a load unit is not free, and free again when that has left', () => {
  const { choose, put } = books();
  put('T-1', front);
  expect(choose().chosen).toBe('A01-R-001-01-2');
  put('T-1', at('A01-PD-OUT'));
  expect(choose().chosen).toBe(rear);
});

test('no load unit is put before one that is on its way to the rear cell', () => {
  const { warehouse, choose } = books();
  warehouse.tables.reservation.put({ location: rear, loadUnit: id('T-1') });
  expect(choose().chosen).toBe('A01-R-001-01-2');
});

test('what stands behind another load unit can be had, unless that one may not be moved', () => {
  const { warehouse, put } = books();
  put('T-1', rear);
  put('T-2', front);
  const why = () => whyNotReachable(warehouse, loadUnit('T-1', rear))?.detail;
  expect(why()).toBeUndefined();
  warehouse.tables.lock.put({ location: front, lock: 'both', reason: 'test' });
  expect(why()).toBe('T-1 stands behind T-2, which may not be moved');
  warehouse.tables.lock.remove(front);
  put('T-2', front, { status: 'clarification' });
  expect(why()).toBe('T-1 stands behind T-2, which may not be moved');
});
