import { beforeAll, describe, expect, test } from 'vitest';
import { reportPage } from '../../src/virtual/report.ts';
import type { DayResult } from '../../src/virtual/run-day.ts';
import { busyDay, runVirtualDay } from '../lib/virtual-day.ts';

/** Real time that a run may take on a machine that does much else. */
const patienceMs = 120_000;

describe('an hour in which half of the orders are picks', () => {
  let result: DayResult;
  beforeAll(async () => {
    const orders = { ...busyDay.orders, picksPercent: 50 };
    result = await runVirtualDay({ day: { orders } });
  }, patienceMs);

  test('ends with every load unit where books, steel and host have it, and every order over', () => {
    expect(result.findings).toEqual([]);
    expect(result.figures.orders.completed).toBeGreaterThan(30);
  });

  test('people follow the steps: every line is picked into a tote that leaves, and the source goes back', () => {
    const { warehouse } = result.site.flow;
    const orders = [...warehouse.tables.order.values()].filter(({ kind }) => kind === 'pick');
    const lines = orders.flatMap((order) => order.lines);
    expect(lines.filter(({ qtyDone }) => qtyDone > 0).length).toBeGreaterThan(10);
    const totes = [...warehouse.tables.loadUnit.values()].filter(({ loadUnit }) =>
      loadUnit.startsWith('C-'),
    );
    expect(totes.length).toBeGreaterThan(10);
    expect(totes.filter(({ status }) => status !== 'gone')).toEqual([]);
    const inTotes = totes.flatMap((tote) => tote.lines).reduce((sum, { qty }) => sum + qty, 0);
    expect(inTotes).toBe(lines.reduce((sum, { qtyDone }) => sum + qtyDone, 0));
  });

  test('the report tells lines picked and how long load units wait for people', () => {
    const { figures, findings, hash } = result;
    const { stations } = figures;
    expect(stations.picks).toBeGreaterThan(10);
    expect(stations.waitMaxS).toBeGreaterThanOrEqual(stations.waitMeanS);
    expect(stations.waitMeanS).toBeGreaterThan(0);
    const speed = { virtualH: 1, timesCpu: 1, causes: 1 };
    const day = {
      scenario: 'picks',
      doc: 'Picks.',
      seed: 1,
      ok: true,
      speed,
      figures,
      findings,
      hash,
    };
    expect(reportPage(day)).toContain(`<b>${stations.picks}</b><span>Lines picked</span>`);
  });
});
