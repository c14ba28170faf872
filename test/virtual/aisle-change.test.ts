import { expect, test } from 'vitest';
import { busyDay, runVirtualDay } from '../lib/virtual-day.ts';

/** Real time that a run may take on a machine that does much else. */
const timeout = 240_000;

test('on eight aisles whose cranes fail one after the other, what is on its way to them gets another aisle, and all is stored', {
  timeout,
}, async () => {
  const everyHour = (rate: number) => Array.from({ length: 24 }, () => rate);
  const fails = (crane: number, atMin: number) => ({
    ...{ atS: atMin * 60, device: `crane-${crane}`, fault: 'modeManual', on: true, forS: 600 },
  });
  const turned = new Set<string>();
  const { findings, site } = await runVirtualDay({
    day: {
      site: 'eight-aisles',
      stock: { fillPercent: 5, skus: 100, busiest20Percent: 80 },
      arrivals: { ...busyDay.arrivals, perHour: everyHour(900), oddPercent: 0 },
      orders: { ...busyDay.orders, perHour: everyHour(20) },
      steps: [fails(8, 8), fails(7, 20), fails(6, 32), fails(5, 44)],
      limits: { waitMaxMin: 120, restMaxMin: 120 },
    },
    see: (commit) => {
      for (const [loadUnit, row] of commit.rows.loadUnit) {
        if (row?.transit?.turned !== undefined) turned.add(loadUnit);
      }
    },
  });
  expect(findings).toEqual([]);
  expect(turned.size).toBeGreaterThan(2);
  const places = [...turned].map((code) => site.flow.warehouse.loadUnit(code as never)?.place);
  for (const place of places) expect(place).toMatch(/^A0\d-[LR]-|^OUTSIDE$/);
});
