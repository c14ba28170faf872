import { expect, test } from 'vitest';
import { runVirtualDay } from '../lib/virtual-day.ts';

/** Real time that a run may take on a machine that does much else. */
const timeout = 120_000;

test('a host that calls every place otherwise gets the same day, and has each load unit where the books have it', {
  timeout,
}, async () => {
  const hours = 0.3;
  const names = { 'IN-01': 'goods in', 'PICK-01': 'WS1', 'REJECT-01': 'odd', A01: '7' };
  const hostCodes = { names, cells: '{aisle}/{level}/{side:12}/{bay}' };
  const [day, plain] = [await runVirtualDay({ hostCodes, hours }), await runVirtualDay({ hours })];
  expect(day.findings).toEqual([]);
  expect(day.hash).toBe(plain.hash);
  const told = new Set(day.site.host.stock.values());
  expect(told.size).toBeGreaterThan(100);
  for (const place of told) expect(place).toMatch(/^(goods in|WS1|odd|7\/\d+\/[12]\/\d+)$/);
});
