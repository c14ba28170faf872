import { beforeAll, describe, expect, test } from 'vitest';
import { judgeDay } from '../../src/virtual/oracle.ts';
import { reportPage } from '../../src/virtual/report.ts';
import type { DayResult } from '../../src/virtual/run-day.ts';
import { busyDay, runVirtualDay } from '../lib/virtual-day.ts';

/** Real time that a run may take on a machine that does much else. */
const patienceMs = 120_000;

describe('an hour of the large site with picks, packs and counts, and stock that is not as its papers say', () => {
  let result: DayResult;
  beforeAll(async () => {
    const stock = { ...busyDay.stock, fillPercent: 2, wrongPercent: 30 };
    const shares = { picksPercent: 60, packsPercent: 60, countsPercent: 30 };
    const orders = { ...busyDay.orders, ...shares };
    result = await runVirtualDay({ day: { site: 'eight-aisles', stock, orders } });
  }, patienceMs);

  test('ends with every load unit and every piece where the books have it', () => {
    expect(result.findings).toEqual([]);
  });

  test('totes are packed into cartons, which bear a label of their station and leave', () => {
    const { packs, labels } = result.figures.stations;
    expect(packs).toBeGreaterThan(5);
    expect(labels).toBeGreaterThanOrEqual(packs);
    const cartons = [...result.site.flow.warehouse.tables.loadUnit.values()].filter(
      ({ loadUnit }) => loadUnit.startsWith('B-'),
    );
    expect(cartons.filter(({ status }) => status === 'gone').length).toBeGreaterThanOrEqual(packs);
    expect(cartons.filter(({ sscc }) => sscc === undefined)).toEqual([]);
  });

  test('counts find what is wrong, and then the books have it right', () => {
    const { site, figures } = result;
    const { counts, differences } = figures.stations;
    expect(counts).toBeGreaterThan(5);
    expect(differences).toBeGreaterThan(1);
    const orders = [...site.flow.warehouse.tables.order.values()].filter(
      ({ kind, status }) => kind === 'count' && status === 'completed',
    );
    const counted = orders.flatMap(({ loadUnits, lines }) =>
      lines.map(({ sku, qtyDone }) => [loadUnits[0] ?? '', sku, qtyDone] as const),
    );
    const planted = counted.filter(([loadUnit]) => site.contents.wrong.has(loadUnit));
    expect(planted.length).toBeGreaterThan(1);
    expect(planted.some(([, , qty]) => qty === undefined)).toBe(false);
  });

  test('the report tells packs, labels, counts and what they have found', () => {
    const { figures, findings, hash } = result;
    const { packs, labels, counts, differences } = figures.stations;
    const speed = { virtualH: 1, timesCpu: 1, causes: 1 };
    const day = { ...{ scenario: 'stations', doc: 'Stations.', seed: 1 }, ok: true, speed };
    const page = reportPage({ ...day, figures, findings, hash });
    expect(page).toContain(`<b>${packs}</b><span>Totes packed</span><small>${labels} labels`);
    expect(page).toContain(
      `<b>${counts}</b><span>Load units counted</span><small>${differences} d`,
    );
  });

  test('the oracle finds a piece too few, which no papers explain', () => {
    const { site } = result;
    const { loadUnit: table } = site.flow.warehouse.tables;
    const stored = [...table.values()].find(
      ({ loadUnit, place, lines }) =>
        place.startsWith('A0') && lines.length === 1 && !site.contents.wrong.has(loadUnit),
    );
    const [line] = stored?.lines ?? [];
    if (stored === undefined || line === undefined) throw new Error('nothing is stored');
    table.put({ ...stored, lines: [{ ...line, qty: line.qty + 1 }] });
    const really = `${line.qty + 1} x ${line.sku} in the books, and ${line.qty} really`;
    expect(judgeDay(site)).toEqual([{ kind: 'lost', text: `${stored.loadUnit} holds ${really}` }]);
    table.put(stored);
    expect(judgeDay(site)).toEqual([]);
  });
});
