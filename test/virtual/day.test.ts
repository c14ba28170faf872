import { beforeAll, describe, expect, test } from 'vitest';
import { zoneOf } from '../../simulators/world/layout.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { judgeDay } from '../../src/virtual/oracle.ts';
import type { DayResult } from '../../src/virtual/run-day.ts';
import { runVirtualDay } from '../lib/virtual-day.ts';

/** Real time that a run may take on a machine that does much else. */
const patienceMs = 120_000;

describe('an hour of the demo site on virtual time', () => {
  let first: DayResult;
  beforeAll(async () => {
    first = await runVirtualDay();
  }, patienceMs);

  test('ends with every load unit where books, steel and host have it, and every order over', () => {
    expect(first.findings).toEqual([]);
    const { figures } = first;
    expect(figures.putaways).toBeGreaterThan(40);
    expect(figures.retrievals).toBeGreaterThan(40);
    expect(figures.orders.completed).toBeGreaterThan(30);
    // Labels were printed and read back, and people were asked.
    expect(figures.questions).toBeGreaterThan(0);
    expect(first.site.flow.warehouse.counter('sscc')).toBeGreaterThan(10);
  });

  test('the same seed gives the same movements, another seed others', {
    timeout: patienceMs,
  }, async () => {
    const [same, other] = [await runVirtualDay(), await runVirtualDay({ seed: 2 })];
    expect(same.hash).toBe(first.hash);
    expect(same.figures).toEqual(first.figures);
    expect(other.hash).not.toBe(first.hash);
    expect(other.findings).toEqual([]);
  });

  test('the oracle finds a load unit that stands elsewhere than in the books', () => {
    const { site } = first;
    const { world } = site.plant.model;
    const stored = world.truth().totes.find(({ location }) => location.startsWith('A01-L'));
    world.move(stored?.id ?? '', zoneOf('IN-01' as LocationId, 0), 0);
    expect(judgeDay(site)).toEqual([
      { kind: 'lost', text: expect.stringContaining('stands at IN-01') },
    ]);
    world.move(stored?.id ?? '', stored?.location as LocationId, 0);
    expect(judgeDay(site)).toEqual([]);
  });

  test('the oracle finds what the host was not told, and a place with too much in it', () => {
    const { site } = first;
    const { loadUnit: table } = site.flow.warehouse.tables;
    const [unit, other] = [...table.values()].filter(({ place }) => place.startsWith('A01-L'));
    if (unit === undefined || other === undefined) throw new Error('the aisle is empty');
    table.put({ ...unit, place: other.place, toldPlace: other.place });
    const kinds = judgeDay(site).map(({ text }) => text.replace(unit.loadUnit, 'X'));
    expect(kinds).toEqual([
      expect.stringMatching(/^X is booked at .* and stands at /),
      `${other.place} holds 2 in the books`,
      expect.stringMatching(/^X is at .* for the host, not at /),
    ]);
    table.put(unit);
  });

  test('the oracle finds an order that has not ended while nobody is asked', () => {
    const { site } = first;
    const [order] = [...site.flow.warehouse.tables.order.values()];
    if (order === undefined) throw new Error('there was no order');
    site.flow.warehouse.tables.order.put({ ...order, status: 'active' });
    expect(judgeDay(site)).toEqual([
      { kind: 'unresolved', text: `${order.order} is active, and nobody is asked` },
    ]);
    site.flow.warehouse.tables.order.put(order);
  });
});

test('an order that waits longer than the day allows is a finding', {
  timeout: patienceMs,
}, async () => {
  const limits = { waitMaxMin: 1, restMaxMin: 60 };
  const { findings } = await runVirtualDay({ day: { limits } });
  expect(findings).toEqual([
    { kind: 'unresolved', text: expect.stringMatching(/took .* s, 1 min are allowed$/) },
  ]);
});

test('a step for a device that the site does not have is refused with its place', async () => {
  const steps = [{ atS: 0, device: 'crane-9', fault: 'binFull', on: true }];
  const running = runVirtualDay({ day: { steps } });
  await expect(running).rejects.toMatchObject({
    problems: [expect.objectContaining({ message: expect.stringContaining('/steps/0/device') })],
  });
});
