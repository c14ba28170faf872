import { afterEach, expect, test, vi } from 'vitest';
import { craneway, fakeHttp } from '../lib/cli.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 30_000 });

let close = async () => {};
afterEach(() => close());

test('advice on slotting is one row for each SKU, with what all of it would save, and what is not known', async () => {
  const row = {
    ...{ sku: 'A', abcClass: 'A', storageClass: 1, takenPerDay: 18.2, loadUnits: 12, moves: 7 },
    ...{ travelNowS: 14.6, travelThenS: 8.1, gainSPerDay: 118.3, costS: 196.5, told: true },
  };
  const total = { skus: 3, moves: 200, gainSPerDay: 140.2, costS: 5600 };
  const view = { items: [row], total, leftOff: 2, isCut: true, unknown: 4 };
  const none = { ...view, items: [], why: 'the site file has no signals' };
  const { url, close: stop } = await fakeHttp((asked) => ({
    body: asked.url.endsWith('?limit=1') ? view : none,
  }));
  close = stop;
  const { out, err } = await craneway(['stock', 'slotting', '--limit', '1'], { url });
  expect(out.trim().split('\n').at(-1)?.trim().split(/ +/)).toEqual(
    ...[['A', 'A', '1', '18.2', '12', '7', '14.6', '8.1', '118.3', '196.5', '-']],
  );
  expect(err.trim().split('\n')).toEqual([
    '3 SKUs: 200 moves of 5600 s in all would save 140.2 s of cranes a day.',
    '2 more are not shown: --limit 3.',
    'No more moves are advised at a time: SKUs wanted less were not looked at.',
    'Of 4 SKUs in stock nobody knows the demand.',
  ]);
  const nothing = await craneway(['stock', 'slotting'], { url });
  expect(nothing.err).toContain('Nothing can be advised: the site file has no signals.');
});
