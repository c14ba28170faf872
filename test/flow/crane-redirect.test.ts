import { describe, expect, test } from 'vitest';
import { forceAnswer } from '../../simulators/asrs-crane/power.ts';
import { CraneSite } from '../lib/crane-site.ts';
import { cell } from '../lib/demo.ts';
import { announced } from '../lib/flow-rig.ts';
import { craneRuns, first, inducts, lhd, orderFor, second, stocked, toPd } from '../lib/stories.ts';

describe('over a real socket', () => {
  /** T-1 is on the crane on its way to the cell where T-2 is found meanwhile. */
  async function lost(before: (site: CraneSite) => void = () => {}) {
    const site = await CraneSite.open({
      stored: [{ lpn: 'T-2', place: cell(9), unit: { status: 'missing' } }],
    });
    site.freezeIn = 'carrying';
    await site.putAway('T-1');
    await site.until('it is on the crane', () => site.crane.state.plc.phase === 'carrying');
    const [reserved] = [...site.flow.warehouse.tables.reservation.values()];
    const to = reserved?.location ?? cell(1);
    site.model.people.carry('T1', to, 0);
    before(site);
    const { operator } = site;
    site.flow.warehouse.tables.discrepancy.load({
      ...{ no: 99, code: 'BIN_EMPTY', text: '', raisedAtMs: 0, state: 'open' },
      loadUnit: site.unit('T-2').loadUnit,
      resolutions: [{ resolution: 'found', text: '', needs: ['place'] }],
    });
    await operator.call(site, {
      ...{ act: 'resolve', discrepancy: 99, resolution: 'found', place: to },
    });
    await site.until('it is answered', () => site.missions[1]?.includes('open') === false);
    site.freezeIn = undefined;
    return { site, to };
  }

  test('a destination found occupied on the way: the crane goes to another cell without stopping', async () => {
    const { site, to } = await lost();
    await site.until('it is stored', () => site.missions[0] === '1 transfer done done');
    expect(site.missions[1]).toBe('2 changeDestination done accepted');
    const { place } = site.unit('T-1');
    expect(place).not.toBe(to);
    expect([site.where('T-1'), site.where('T-2')]).toEqual([place, to]);
    expect([site.asked, site.locked]).toEqual([[], []]);
    expect(site.flow.warehouse.tables.reservation.has(place)).toBe(false);
  });

  test('it was too late: the crane finds the cell full, and the load unit goes elsewhere', async () => {
    const { site, to } = await lost((it) => forceAnswer(it.crane, 'tooLate'));
    await site.until('it is stored', () => site.missions[2] === '3 deposit done done');
    expect(site.missions.slice(0, 2)).toEqual([
      '1 transfer done binFull',
      '2 changeDestination notTaken tooLate',
    ]);
    expect(site.where('T-1')).toBe(site.unit('T-1').place);
    expect(site.unit('T-1').place).not.toBe(to);
  });
});

/** Told to go to the first cell, which is closed before the crane has said anything else. */
async function closed(isAccepted = true) {
  const rig = await announced(['T-1']);
  toPd(rig, inducts(rig, 'T-1'));
  if (isAccepted) {
    rig.crane.answer();
    rig.crane.pick();
    rig.settle();
  }
  const { lock } = rig.flow.warehouse.tables;
  lock.put({ location: first, lock: 'both', reason: 'test' });
  // Any cause will do: what is lost is noticed with the next decision.
  rig.tell({ device: 'printer-1' as never, type: 'printer.ready' });
  return rig;
}

test('accepted: it ends at the other cell', async () => {
  const rig = await closed();
  expect(rig.crane.command).toMatchObject({
    ...{ command: 'changeDestination', seq: 2, missionId: 1, to: second },
  });
  rig.crane.answer();
  rig.crane.end('done', second);
  rig.settle();
  expect(rig.unit('T-1')).toMatchObject({ place: second, workflow: undefined });
  expect(rig.rows('reservation')).toEqual([]);
});

test('before it has begun: the mission never runs, and a new one goes to the other cell', async () => {
  const rig = await closed(false);
  expect(rig.crane.command).toMatchObject({ command: 'changeDestination', missionId: 1 });
  rig.crane.answer('missionUnknown');
  rig.settle();
  expect(rig.crane.command).toMatchObject({ command: 'transfer', seq: 3, to: second });
  craneRuns(rig);
  expect(rig.unit('T-1').place).toBe(second);
});

test('the mission has ended meanwhile: it is where the crane has put it', async () => {
  const rig = await closed();
  rig.crane.end('done', first);
  rig.crane.answer('missionEnded');
  rig.settle();
  expect(rig.unit('T-1')).toMatchObject({ place: first, workflow: undefined });
  expect([rig.asked, rig.crane.command]).toEqual([[], undefined]);
});

test('a cell that the crane does not know: it is stopped, and a person is asked', async () => {
  const rig = await closed();
  rig.crane.answer('outOfRange');
  rig.settle();
  expect(rig.asked).toEqual(['CRANE_DOUBT']);
  expect(rig.crane.output?.enable).toBe(false);
});

test('a restart of the controller meanwhile: the same command goes out again, and counts once', async () => {
  const rig = await closed();
  const { command } = rig.crane;
  rig.restart();
  expect(rig.crane.command).toEqual(command);
  rig.kill();
  rig.crane.answer();
  rig.restart();
  expect(rig.crane.command).toBeUndefined();
  rig.crane.end('binFull', lhd);
  rig.settle();
  // The second cell is closed as the full one: the answer was heard.
  expect(rig.questions('BIN_FULL')).toMatchObject([{ location: second }]);
});

test('the other one is lost too before the crane has answered: the newest wish follows', async () => {
  const rig = await closed();
  const { lock } = rig.flow.warehouse.tables;
  lock.put({ location: second, lock: 'both', reason: 'test' });
  rig.tell({ device: 'printer-1' as never, type: 'printer.ready' });
  rig.crane.answer();
  rig.settle();
  expect(rig.crane.command).toMatchObject({ command: 'changeDestination', seq: 3 });
  expect(rig.crane.command).not.toMatchObject({ to: second });
});

test('another cell is wanted while the crane has a reset to answer, and nobody hears that answer: it goes out with the next start', async () => {
  const rig = await announced(['T-1']);
  toPd(rig, inducts(rig, 'T-1'));
  rig.crane.answer();
  rig.crane.pick();
  rig.settle().crane.change({ faultLatched: true, faultCode: 7 });
  rig.settle();
  await rig.resolve('CRANE_FAULT', 'reset');
  rig.flow.warehouse.tables.lock.put({ location: first, lock: 'both', reason: 'test' });
  rig.tell({ device: 'printer-1' as never, type: 'printer.ready' });
  expect(rig.crane.command).toMatchObject({ command: 'resetFault', seq: 2 });
  rig.kill();
  rig.crane.answer();
  rig.crane.shows = { ...rig.crane.shows, faultLatched: false };
  rig.restart();
  expect(rig.crane.command).toMatchObject({
    ...{ command: 'changeDestination', seq: 3, missionId: 1, to: second },
  });
});

test('a cancel that is wanted while the crane has a reset to answer goes out after that', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  rig.crane.answer();
  rig.crane.pick();
  rig.settle().crane.change({ faultLatched: true, faultCode: 7 });
  rig.settle();
  await rig.resolve('CRANE_FAULT', 'reset');
  await rig.command('order.cancel', { order: 'SO-1' });
  expect(rig.crane.command).toMatchObject({ command: 'resetFault', seq: 3 });
  rig.crane.answer();
  rig.crane.change({ faultLatched: false });
  rig.settle();
  expect(rig.crane.command).toMatchObject({ command: 'cancel', seq: 4, missionId: 2 });
  rig.crane.answer();
  rig.crane.end('cancelled', lhd);
  craneRuns(rig.settle());
  expect([rig.order('SO-1')?.status, rig.unit('T-1').place]).toEqual(['canceled', first]);
});
