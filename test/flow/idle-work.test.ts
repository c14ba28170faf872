import { expect, test } from 'vitest';
import { arm, forceEnd } from '../../simulators/asrs-crane/power.ts';
import { CraneSite } from '../lib/crane-site.ts';
import { at, cell } from '../lib/demo.ts';
import { siteWith } from '../lib/sim-site.ts';

// One crane in its aisle, over a real socket; its aisle has one cell that is not as empty as the books say.
const checking = siteWith({}, { idleWork: { checks: true } });
const ended = (site: CraneSite, mission: string) =>
  site.until(mission, () => site.missions.includes(mission));

async function full(site: CraneSite): Promise<CraneSite> {
  arm(site.crane, 'binFull', true);
  await site.putAway('T-1');
  await ended(site, '2 deposit done done');
  return site;
}

test('a crane with nothing to do looks into a cell that a question is open about, and settles it', async () => {
  const site = await full(await CraneSite.open({ site: checking }));
  await ended(site, '3 check done done');
  // The stranger found there is in the books already: they agree.
  expect([site.locked, site.asked]).toEqual([[], []]);
  const why = site.flow.books.why('crane-1').map(({ text }) => text);
  expect(why.join()).toContain(
    'Nothing waits for crane-1: it looks into A01-L-001-01-1 meanwhile.',
  );
});

test('what waits comes first: the look is taken after it', async () => {
  const site = await CraneSite.open({ site: checking, stored: [{ lpn: 'T-9', place: cell(9) }] });
  arm(site.crane, 'binFull', true);
  await site.putAway('T-1');
  site.freezeIn = 'depositing';
  await site.until('it deposits', () => site.crane.state.plc.phase === 'depositing');
  await site.order('T-9');
  site.freezeIn = undefined;
  await ended(site, '4 check done done');
  expect(site.missions.slice(1, 3)).toEqual(['2 deposit done done', '3 transfer done done']);
  expect(site.unit('T-9').place).toBe(at('A01-PD-OUT'));
});

test('a look under way is left for what comes, and taken afterwards', async () => {
  // What stands on the other side keeps the crane from waiting right where it is to look.
  const stored = [
    { lpn: 'T-8', place: cell(1, 1, 'R') },
    { lpn: 'T-9', place: cell(9) },
  ];
  const site = await CraneSite.open({ site: checking, stored });
  arm(site.crane, 'binFull', true);
  await site.putAway('T-1');
  await ended(site, '1 transfer done binFull');
  site.freezeIn = 'toSource';
  await site.until('it goes there', () => site.crane.state.plc.phase === 'toSource');
  await site.order('T-9');
  await ended(site, '4 cancel done accepted');
  site.freezeIn = undefined;
  await ended(site, '6 check done done');
  expect(site.missions.slice(2, 5)).toEqual([
    ...['3 check done cancelled', '4 cancel done accepted', '5 transfer done done'],
  ]);
  expect([site.unit('T-9').place, site.locked]).toEqual([at('A01-PD-OUT'), []]);
  const why = site.flow.books.why('crane-1').map(({ text }) => text);
  expect(why.join()).toContain('crane-1 is wanted: what it does by itself is withdrawn.');
});

test('a look that finds nothing out is not taken again: a person is asked', async () => {
  const site = await CraneSite.open({ site: checking });
  arm(site.crane, 'binFull', true);
  await site.putAway('T-1');
  await ended(site, '1 transfer done binFull');
  site.freezeIn = 'retracting';
  await site.until('it has deposited', () => site.crane.state.plc.phase === 'retracting');
  forceEnd(site.crane, { result: 'positioningFault', at: 'source' });
  site.freezeIn = undefined;
  await ended(site, '3 check done positioningFault');
  expect(site.asked).toContain('NOT_COUNTED');
  const { device } = site.crane.setup;
  await site.until('it stands still', () => site.equipment.crane(device).snapshot?.held === true);
  expect(await site.resolve('CRANE_DOUBT', 'confirmed')).toMatchObject({ ok: true });
  await site.order('T-1');
  await ended(site, '4 transfer done done');
  await site.until('it is at rest', () => site.unit('T-1').place === at('A01-PD-OUT'));
  expect(site.missions).toHaveLength(4);
  expect(site.locked).toHaveLength(1);
});

test('a site that does not ask for it leaves the cell to a person', async () => {
  const site = await full(await CraneSite.open());
  await site.order('T-1');
  await site.until('another mission is over', () => site.missions.length === 3);
  expect(site.missions.filter((text) => text.includes('check'))).toEqual([]);
  expect(site.asked).toEqual(['BIN_FULL']);
});
