import { describe, expect, test } from 'vitest';
import { station } from '../lib/flow-rig.ts';
import {
  answer,
  type Day,
  gtin,
  linesOf,
  liveThrough,
  pickOrder,
  scan,
} from '../lib/station-run.ts';
import { craneRuns, first, outfeeds, stocked } from '../lib/stories.ts';

/** A pick from the order to the tote that has left, with a shortage on its way. */
const day: Day = [
  ['ordered', (rig) => rig.command('order.create', pickOrder('PK-1', 5, { ifShort: 'partial' }))],
  ['brought by the crane', (rig) => craneRuns(rig)],
  ['at the station', (rig) => outfeeds(rig)],
  ['scanned there', (rig) => scan(rig, 'T-1')],
  ['with its tote', (rig) => scan(rig, 'C-1')],
  ['with the article', (rig) => scan(rig, gtin)],
  ['short', (rig) => answer(rig, 'short', { qty: 3, reason: 'notThere' })],
  ['counted', (rig) => answer(rig, 'counted', { qty: 0 })],
  ['sent back', (rig) => scan(rig, 'T-1')],
  ['closed', (rig) => answer(rig, 'close')],
  ['handed over', (rig) => answer(rig, 'ship')],
];

async function live(restartAfter: number) {
  const rig = await liveThrough(day, restartAfter);
  return {
    ...{ told: rig.told(), moves: rig.moves(), asked: rig.asked, fatal: rig.fatal },
    lines: [linesOf(rig, 'T-1'), linesOf(rig, 'C-1')],
    order: rig.order('PK-1'),
    open: ['workflow', 'station_step', 'timer'].flatMap((table) => rig.rows(table)),
  };
}

test.each(day.map(([name], i) => [name, i] as const))(
  'restarted when it was %s: the pick goes on where it was, and nothing is told twice',
  async (_, i) => {
    const undisturbed = await live(-1);
    expect(undisturbed.order).toMatchObject({ status: 'completed', lines: [{ qtyDone: 3 }] });
    // What was sent back is expected at the infeed.
    expect(undisturbed.open).toMatchObject([{ timer: 'return/T-1#late' }]);
    expect(await live(i)).toEqual(undisturbed);
  },
);

describe('a load unit is scanned where the books do not have it', () => {
  test('a person says that it is here: the books follow, and the hosts are told', async () => {
    const rig = await stocked(['T-1']);
    await scan(rig, 'T-1');
    expect(rig.questions()).toMatchObject([{ code: 'WRONG_AT_STATION', loadUnit: 'T-1' }]);
    expect(await rig.resolve('WRONG_AT_STATION', 'here')).toMatchObject({ ok: true });
    expect(rig.unit('T-1')).toMatchObject({ place: station, confidence: 'scanned' });
    expect(rig.told().at(-1)).toBe(`T-1 relocated ${first} > PICK-01`);
    // It goes back with no further word, and is asked for where it does not come.
    rig.advance(rig.topology.site.limits.conveyorLimitMs);
    expect(rig.asked).toEqual(['RETURN_LATE']);
  });

  test('a mistake: nothing changes', async () => {
    const rig = await stocked(['T-1']);
    await scan(rig, 'T-1');
    await rig.resolve('WRONG_AT_STATION', 'noted');
    expect(rig.unit('T-1').place).toBe(first);
  });

  test('not while it is under way: what moves it is asked first', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', pickOrder('PK-1', 5));
    await scan(rig, 'T-1');
    const outcome = await rig.resolve('WRONG_AT_STATION', 'here');
    expect(outcome).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(rig.unit('T-1').place).toBe(first);
  });
});
