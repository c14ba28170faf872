import { expect, test } from 'vitest';
import { answer, atPick, gtin, scans } from '../lib/station-run.ts';
import { retrieves } from '../lib/stories.ts';

test('the totes of an order never keep out of its station what it still needs there', async () => {
  const rig = await atPick(15, [
    ['T-1', 10],
    ['T-2', 10],
  ]);
  expect(rig.topology.capacityOf('PICK-01' as never)).toBe(3);
  for (const tote of ['C-1', 'C-2']) {
    await scans(rig, tote);
    await answer(rig, 'full');
  }
  await scans(rig, 'C-3', gtin, 'C-3', 'T-1');
  retrieves(rig, 'T-2');
  await scans(rig, gtin, 'C-3', 'T-2');
  expect(rig.order('PK-1')).toMatchObject({ status: 'completed', lines: [{ qtyDone: 15 }] });
});
