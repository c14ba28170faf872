import { describe, expect, test } from 'vitest';
import type { CraneSnapshot } from '../../src/ports/crane.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { first, inducts, lhd, orderFor, stocked, toPd } from '../lib/stories.ts';

/** A tote stands before the crane, which has been told to store it: mission 1. */
async function told() {
  const rig = await announced(['T-1']);
  toPd(rig, inducts(rig, 'T-1'));
  return rig;
}
/** Another reading of all that the crane shows, over a link that was never lost. */
const readAgain = (rig: FlowRig, shows: Partial<CraneSnapshot>) => {
  rig.crane.shows = { ...rig.crane.shows, ...shows };
  const before = rig.crane.outputs.length;
  rig.crane.connect((fact) => rig.flow.report(fact));
  rig.settle();
  return rig.crane.outputs.slice(before);
};
const reasons = (rig: FlowRig) => rig.rows('reason').map(({ text }) => text);

describe('while the controller runs', () => {
  test('another one takes the crane: from then on nothing is written', async () => {
    const rig = await stocked(['T-1']);
    const outputs = readAgain(rig, { claim: { epoch: 9, nonce: 9 } });
    expect(outputs.length).toBeGreaterThan(0);
    expect(outputs.filter(({ claim, enable }) => claim !== undefined || enable)).toEqual([]);
  });

  test('the crane shows an older claim of ours: it gets nothing to do before it shows ours', async () => {
    const rig = await told();
    const { claim } = rig.crane.shows;
    rig.restart();
    const [claiming, ...rest] = readAgain(rig, { claim });
    expect(claiming).toMatchObject({ claim: { epoch: 2 }, enable: false, command: undefined });
    expect(rest.at(-1)).toMatchObject({ enable: true, command: { seq: 1 } });
  });
});

describe('the crane has lost its memory', () => {
  test.each([
    [undefined, 'its controller has lost its memory'],
    [{ why: 'it was switched off', first: undefined }, 'it was switched off'],
    [
      { why: 'it was switched off', first: 'Set its counter' },
      'it was switched off. Set its counter',
    ],
  ])('%o: a person is told what is to be done there', async (unproven, text) => {
    const rig = await stocked(['T-1']);
    readAgain(rig, { retentiveOk: false, ...(unproven && { unproven }) });
    expect(rig.questions('CRANE_DOUBT')[0]?.text).toContain(`${text}.`);
  });
});

describe('what lies on the load handling device', () => {
  const showing = (loaded: boolean | undefined): Partial<CraneSnapshot> => ({
    lhds: [{ loaded, handle: 0 } as CraneSnapshot['lhds'][number]],
  });
  const at = (rig: FlowRig) => rig.flow.warehouse.at(lhd).map(({ loadUnit }) => loadUnit);

  test('and is not in the books: the crane waits, and the stranger is brought out', async () => {
    const rig = await stocked(['T-1']);
    readAgain(rig, showing(true));
    expect(rig.questions('CRANE_DOUBT')[0]?.text).toContain(
      `${lhd} is loaded, and is empty in the books`,
    );
    expect(at(rig)).toEqual(['UNKNOWN-1']);
  });

  test('in the books and is not there: the crane waits, and the load unit is disputed', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    rig.crane.answer();
    rig.crane.pick();
    rig.settle();
    await rig.command('order.cancel', { order: 'SO-1' });
    rig.crane.answer();
    rig.crane.change({ mode: 'manual' });
    rig.crane.end('cancelled', lhd);
    rig.settle();
    expect([at(rig), rig.asked, rig.crane.command]).toEqual([['T-1'], [], undefined]);
    readAgain(rig, showing(false));
    expect(rig.questions('CRANE_DOUBT')).toMatchObject([{ loadUnit: 'T-1' }]);
    expect(rig.questions('CRANE_DOUBT')[0]?.text).toContain(
      `${lhd} is empty, and is loaded in the books`,
    );
    expect(rig.unit('T-1').confidence).toBe('disputed');
  });

  test('is not known to the crane: nothing follows from that', async () => {
    const rig = await stocked(['T-1']);
    readAgain(rig, showing(undefined));
    expect(rig.asked).toEqual([]);
  });

  test('is being picked: the event will tell', async () => {
    const rig = await told();
    rig.crane.answer();
    rig.settle();
    readAgain(rig, showing(true));
    expect(rig.asked).toEqual([]);
  });

  test('before a mission has begun: the crane will refuse it', async () => {
    const rig = await told();
    readAgain(rig, showing(true));
    expect(rig.asked).toEqual([]);
  });

  test('while a person is to look anyhow: they are asked once, about what came first', async () => {
    const rig = await stocked(['T-1']);
    rig.crane.happens('modeChanged', { result: 'autoRemote' });
    rig.settle();
    const before = rig.questions().map(({ text }) => text);
    readAgain(rig, showing(true));
    expect(rig.questions().map(({ text }) => text)).toEqual(before);
    expect(at(rig)).toEqual([]);
  });
});

test('one event that the crane counts and does not show is lost', async () => {
  const rig = await stocked(['T-1']);
  readAgain(rig, { eventHead: rig.crane.shows.eventHead + 1 });
  expect(rig.questions('CRANE_DOUBT')[0]?.text).toContain('events 3 to 3 were overwritten');
});

test('a crane that is not in automatic is read, and why it does nothing is on record', async () => {
  const rig = await stocked(['T-1']);
  const waits = 'crane-1 is in manual; it waits for automatic.';
  expect(reasons(rig)).not.toContain(waits);
  readAgain(rig, { mode: 'manual' });
  expect(reasons(rig)).toContain(waits);
});

test('a mission whose cancel was answered before it began, while nobody listened, never runs', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  await rig.command('order.cancel', { order: 'SO-1' });
  expect(rig.crane.command).toMatchObject({ command: 'cancel', missionId: 2 });
  rig.kill();
  rig.crane.answer('missionUnknown');
  rig.restart();
  const missions = rig.rows('mission').map(({ body }) => JSON.parse(String(body)));
  expect(missions.slice(1)).toMatchObject([
    { seq: 2, state: 'settled', verdict: 'notTaken' },
    { seq: 3, state: 'settled', verdict: 'done' },
  ]);
  expect(reasons(rig)).toContain('crane-1 never began mission 2.');
  expect([rig.order('SO-1')?.status, rig.unit('T-1').place]).toEqual(['canceled', first]);
  expect([rig.asked, rig.crane.command, rig.fatal]).toEqual([[], undefined, []]);
});
