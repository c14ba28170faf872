import { describe, expect, test } from 'vitest';
import type { CraneSnapshot } from '../../src/ports/crane.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, first, inducts, orderFor, pdOut, stocked } from '../lib/stories.ts';

/** A site with T-1 in a cell; its crane shows something else when the controller comes back. */
async function found(shows: Partial<CraneSnapshot>): Promise<FlowRig> {
  const rig = await stocked(['T-1']);
  rig.kill();
  rig.crane.shows = { ...rig.crane.shows, ...shows };
  return rig.restart();
}
const others = { epoch: 9, nonce: 9 };
const text = (rig: FlowRig, code: string) => rig.questions(code)[0]?.text ?? '';
const isDriven = (rig: FlowRig) => rig.crane.outputs.at(-1)?.claim !== undefined;

describe('a crane that another controller has', () => {
  test('is asked about in plain words, and gets nothing until a person has answered', async () => {
    const rig = await found({ claim: others });
    expect(rig.asked).toEqual(['CRANE_DOUBT', 'FOREIGN_CONTROLLER']);
    expect(text(rig, 'FOREIGN_CONTROLLER')).toMatch(
      /^crane-1: it obeys epoch 9, which these books never drew\. Nothing is sent to it\./,
    );
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    expect([isDriven(rig), rig.crane.commands.length]).toEqual([false, 1]);
    expect(await rig.resolve('CRANE_DOUBT', 'confirmed')).toMatchObject({ ok: false });
  });

  test('is taken over with the next start, above its epoch and its numbers, and works after a look', async () => {
    const rig = await found({
      claim: others,
      seqAnswered: 120,
      lastMissionId: 120,
      eventHead: 240,
    });
    expect(text(rig, 'FOREIGN_CONTROLLER')).toContain(
      'it was sent mission 120, and these books end at 1',
    );
    await rig.resolve('FOREIGN_CONTROLLER', 'takeOver');
    expect(rig.asked).toEqual(['CRANE_DOUBT', 'RESTART_DUE']);
    expect(isDriven(rig)).toBe(false);

    rig.restart();
    expect(rig.crane.outputs.at(-1)).toMatchObject({ claim: { epoch: 10 }, enable: false });
    expect(rig.asked).toEqual(['CRANE_DOUBT']);
    expect(await rig.resolve('CRANE_DOUBT', 'confirmed')).toMatchObject({ ok: true });
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    expect(rig.crane.command).toMatchObject({ seq: 121, command: 'transfer', from: first });
    craneRuns(rig);
    expect(rig.unit('T-1').place).toBe(pdOut);
  });

  test('tells the person which missions and events these books lack', async () => {
    const rig = await found({
      claim: others,
      seqAnswered: 120,
      lastMissionId: 120,
      eventHead: 240,
    });
    await rig.resolve('FOREIGN_CONTROLLER', 'takeOver');
    const why = rig.ledger.reasons('crane-1', 20).map((row) => row.text);
    expect(why.join('\n')).toContain('missions 2 to 120 and events 3 to 240');
  });

  test('is taken over at once where this epoch is the higher one', async () => {
    const rig = await found({ claim: { epoch: 1, nonce: 9 } });
    await rig.resolve('FOREIGN_CONTROLLER', 'takeOver');
    expect(rig.crane.outputs.at(-1)).toMatchObject({ claim: { epoch: 2 } });
    expect(rig.asked).toEqual(['CRANE_DOUBT']);
    expect(await rig.resolve('CRANE_DOUBT', 'confirmed')).toMatchObject({ ok: true });
  });

  test('is not asked about any more once it shows our claim again', async () => {
    const rig = await stocked(['T-1']);
    const { claim } = rig.crane.shows;
    rig.kill();
    rig.crane.shows = { ...rig.crane.shows, claim: others };
    rig.restart().kill();
    rig.crane.shows = { ...rig.crane.shows, claim };
    expect(rig.restart().asked).toEqual(['CRANE_DOUBT']);
  });
});

test('a crane that was set back is not taken over: its next events would be taken for old ones', async () => {
  const rig = await found({ claim: others, eventHead: 0, events: [] });
  expect(await rig.resolve('FOREIGN_CONTROLLER', 'takeOver')).toMatchObject({
    ok: false,
    reason: expect.stringMatching(
      /^crane-1 was set back: it knows 0 events, these books 2\. Clear/,
    ),
  });
  expect(rig.asked).toEqual(['CRANE_DOUBT', 'FOREIGN_CONTROLLER']);
});

test('a crane that has lost its memory, too, goes on behind the events of these books, so that none passes for an old one', async () => {
  const forgotten = { retentiveOk: false, seqAnswered: 0, lastMissionId: 0, eventHead: 0 };
  const rig = await found({ claim: others, ...forgotten, events: [] });
  await rig.resolve('FOREIGN_CONTROLLER', 'takeOver');
  rig.restart();
  expect(await rig.resolve('CRANE_DOUBT', 'confirmed')).toMatchObject({ ok: true });
  expect(rig.crane.output).toMatchObject({ command: { command: 'resync' }, eventAck: 2 });
  const { eventAck: eventHead = 0 } = rig.crane.output ?? {};
  rig.crane.answer();
  rig.crane.change({ retentiveOk: true, eventHead });
  await rig.settle().command('order.create', orderFor('SO-1', 'T-1'));
  craneRuns(rig);
  expect(rig.unit('T-1').place).toBe(pdOut);
});

test('a conveyor that another controller has is taken over with the next start', async () => {
  const rig = await announced(['T-1']);
  const scanSeq = inducts(rig, 'T-1');
  rig.kill();
  rig.conveyor.claim = others;
  rig.restart();
  expect(rig.asked).toEqual(['FOREIGN_CONTROLLER']);
  await rig.resolve('FOREIGN_CONTROLLER', 'takeOver');
  expect(rig.conveyor.outputs.at(-1)?.claim).toBeUndefined();
  rig.restart();
  expect(rig.conveyor.outputs.at(-1)).toMatchObject({ claim: { epoch: 10 }, enable: true });
  expect([rig.conveyor.answerTo(1, scanSeq), rig.asked]).toEqual([1, []]);
});
