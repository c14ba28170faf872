import { describe, expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, first, inducts, lhd, second, stocked, toPd } from '../lib/stories.ts';

/** A tote stands before the crane, which has been told to store it: mission 1. */
async function told() {
  const rig = await announced(['T-1']);
  toPd(rig, inducts(rig, 'T-1'));
  return rig;
}
const crane = 'crane-1' as DeviceId;
const isStopped = (rig: FlowRig) => rig.crane.output?.enable === false && !rig.crane.output.command;
const confirm = (rig: FlowRig, place?: typeof first) =>
  rig.resolve('CRANE_DOUBT', 'confirmed', place);

describe('somebody has handled loads', () => {
  test.each([
    ['it was operated by hand', 'modeChanged', 'autoRemote'],
    ['a load was put onto it', 'loadAdded', ''],
    ['a load was taken from it', 'loadRemoved', ''],
  ] as const)('%s: it is stopped until a person has looked', async (_, type, result) => {
    const rig = await stocked(['T-1']);
    rig.crane.happens(type, { result });
    rig.settle();
    expect([isStopped(rig), rig.asked]).toEqual([true, ['CRANE_DOUBT']]);
    rig.advance(10_000_000).restart();
    expect(isStopped(rig)).toBe(true);
    expect(await rig.operator({ act: 'release', device: crane })).toMatchObject({ ok: true });
    expect([isStopped(rig), rig.asked]).toEqual([false, []]);
  });

  test('leaving automatic alone stops nothing: coming back does', async () => {
    const rig = await stocked(['T-1']);
    rig.crane.happens('modeChanged', { result: 'manual' });
    rig.crane.change({ mode: 'manual' });
    expect(rig.settle().asked).toEqual([]);
    rig.crane.happens('modeChanged', { result: 'autoRemote' });
    rig.crane.change({ mode: 'autoRemote' });
    expect(rig.settle().asked).toEqual(['CRANE_DOUBT']);
  });

  test('the event is acknowledged only once it is stored', async () => {
    const rig = await stocked(['T-1']);
    const before = rig.crane.output?.eventAck;
    rig.crane.happens('loadAdded');
    expect(rig.crane.output?.eventAck).toBe(before);
    rig.settle();
    expect(rig.crane.output?.eventAck).toBe(3);
  });
});

describe('a person confirms', () => {
  test('not before the crane is proved to stand still', async () => {
    const rig = await stocked(['T-1']);
    rig.crane.happens('loadAdded');
    rig.settle();
    rig.crane.change({ held: false });
    rig.settle();
    expect(await confirm(rig)).toMatchObject({ ok: false, code: 'CONFLICT' });
    rig.crane.change({ held: true });
    rig.settle();
    expect(await confirm(rig)).toMatchObject({ ok: true });
  });

  test('not while it has a mission in hand: that is canceled first, once', async () => {
    const rig = await told();
    rig.crane.answer();
    rig.crane.pick();
    rig.crane.happens('loadAdded');
    rig.settle();
    rig.crane.change({});
    rig.settle();
    for (const _ of [1, 2]) expect(await confirm(rig, lhd)).toMatchObject({ ok: false });
    expect(rig.crane.command).toMatchObject({ seq: 2, command: 'cancel', missionId: 1 });
    rig.crane.answer();
    rig.crane.end('cancelled', lhd);
    rig.crane.change({});
    rig.settle();
    expect(isStopped(rig)).toBe(true);
    expect(await confirm(rig, lhd)).toMatchObject({ ok: true });
    expect(rig.crane.command).toMatchObject({ command: 'deposit', to: first });
    craneRuns(rig);
    expect(rig.unit('T-1').place).toBe(first);
    expect(rig.crane.commands.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe('what a person says', () => {
  test('of the place counts more than what the crane has said', async () => {
    const rig = await told();
    rig.crane.answer();
    rig.crane.pick();
    rig.crane.end('loadShifted', lhd);
    rig.settle();
    rig.crane.change({});
    rig.settle();
    expect(isStopped(rig)).toBe(true);
    await confirm(rig, second);
    expect(rig.unit('T-1').place).toBe(second);
  });

  test('and is refused counts for nothing: the same click again is decided anew', async () => {
    const rig = await stocked(['T-1']);
    rig.crane.happens('loadAdded');
    rig.settle().crane.change({ held: false });
    rig.settle();
    const click = () => rig.operator({ act: 'release', device: crane }, 'one click');
    expect(await click()).toMatchObject({ ok: false });
    rig.crane.change({ held: true });
    rig.settle();
    expect(await click()).toMatchObject({ ok: true });
    expect(await click()).toMatchObject({ ok: true, text: 'Done already.' });
  });

  test('must be one of the answers, with a place that there is', async () => {
    const rig = await told();
    rig.crane.happens('loadAdded');
    rig.settle();
    expect(await rig.resolve('CRANE_DOUBT', 'noted')).toMatchObject({ code: 'INVALID' });
    expect(await confirm(rig, 'A09' as typeof first)).toMatchObject({ code: 'INVALID' });
    expect(await confirm(rig)).toMatchObject({ code: 'INVALID' });
    expect(await rig.operator({ act: 'release', device: crane })).toMatchObject({ ok: false });
    expect(isStopped(rig)).toBe(true);
  });
});

describe('events are missing', () => {
  test('the rest is stored, the crane is stopped, and it is told again without harm', async () => {
    const rig = await told();
    const lost = { device: crane, type: 'crane.eventsLost', from: 1, to: 2 } as const;
    rig.crane.shows = { ...rig.crane.shows, eventHead: 2 };
    rig.tell(lost);
    rig.crane.happens('restarted');
    rig.tell(lost);
    expect(rig.crane.output).toMatchObject({ enable: false, eventAck: 3 });
    expect(rig.asked).toEqual(['CRANE_DOUBT']);
  });

  test('the end of a mission that the books have closed is not swallowed', async () => {
    const rig = await stocked(['T-1']);
    rig.crane.happens('ended', { missionId: 1, result: 'done', place: second });
    rig.settle();
    expect([isStopped(rig), rig.unit('T-1').place]).toEqual([true, first]);
    expect(rig.questions()[0]?.text).toContain('mission 1');
  });
});

describe('the memory of the controller is lost', () => {
  const forgotten = {
    ...{ retentiveOk: false, bootId: 200, claim: { epoch: 0, nonce: 0 }, seqAnswered: 0 },
    ...{ activeMissionId: 0, lastMissionId: 0, eventHead: 0, events: [], answer: 'none' },
  };
  async function lost() {
    const rig = await told();
    rig.crane.answer();
    rig.settle().kill();
    rig.crane.shows = { ...rig.crane.shows, ...forgotten };
    return rig.restart();
  }

  test('an open mission is unknown, never not taken, and nothing is sent by itself', async () => {
    const rig = await lost();
    expect(rig.rows('mission')).toMatchObject([{ verdict: 'unknown' }]);
    rig.advance(10_000_000);
    expect(rig.crane.commands).toHaveLength(1);
    expect([isStopped(rig), rig.questions('CRANE_DOUBT').length]).toEqual([true, 1]);
  });

  test('after the person has looked numbers go on above all that was given, and then work', async () => {
    const rig = await lost();
    expect(await confirm(rig, 'A01-PD-IN' as typeof first)).toMatchObject({ ok: true });
    expect(rig.crane.command).toMatchObject({ seq: 2, command: 'resync', eventHead: 0 });
    rig.crane.answer();
    rig.settle();
    expect(rig.crane.command).toBeUndefined();
    rig.crane.change({ retentiveOk: true });
    rig.settle();
    expect(rig.crane.command).toMatchObject({ seq: 3, command: 'transfer' });
  });

  test('of a crane that carried nothing no place is asked, and its look into a cell is done again', async () => {
    const rig = await stocked(['T-1']);
    await rig.operator({ act: 'check', location: first });
    rig.settle().crane.answer();
    rig.settle().kill();
    rig.crane.shows = { ...rig.crane.shows, ...forgotten };
    await rig.restart();
    expect(rig.questions('CRANE_DOUBT')).toMatchObject([
      {
        resolutions: [{ resolution: 'confirmed', text: 'Looked: the books are right.', needs: [] }],
      },
    ]);
    expect(await confirm(rig)).toMatchObject({ ok: true });
    rig.crane.answer();
    rig.settle().crane.change({ retentiveOk: true });
    expect(rig.settle().crane.command).toMatchObject({ command: 'check', from: first });
  });

  test('somebody handled loads since the person looked: it is looked at again', async () => {
    const rig = await lost();
    await confirm(rig, 'A01-PD-IN' as typeof first);
    rig.crane.answer('handledSince');
    rig.settle();
    expect([isStopped(rig), rig.asked]).toEqual([true, ['CRANE_DOUBT']]);
    expect(await confirm(rig)).toMatchObject({ ok: true });
    expect(rig.crane.command).toMatchObject({ seq: 3, command: 'resync' });
  });
});

describe('the crane cannot work', () => {
  test.each([
    ['manual', { mode: 'manual' }],
    ['its safety circuit is open', { safetyOk: false }],
    ['its fault is latched', { faultLatched: true, faultCode: 7 }],
  ])('%s: it gets no mission until that is over', async (_, shows) => {
    const rig = await announced(['T-1']);
    rig.crane.change(shows);
    toPd(rig, inducts(rig, 'T-1'));
    expect(rig.crane.commands).toEqual([]);
    rig.crane.change({ mode: 'autoRemote', safetyOk: true, faultLatched: false });
    expect(rig.settle().crane.commands).toHaveLength(1);
  });

  test('offline: nothing is planned, and the frame goes on when it is back', async () => {
    const rig = await announced(['T-1']);
    rig.crane.offline();
    toPd(rig.settle(), inducts(rig, 'T-1'));
    expect(rig.crane.commands).toEqual([]);
    rig.crane.connect((fact) => rig.flow.report(fact));
    rig.settle();
    craneRuns(rig);
    expect(rig.unit('T-1').place).toBe(first);
  });

  test('a fault is reset by a person, with a number of its own, and not over an unanswered mission', async () => {
    const rig = await told();
    rig.crane.change({ faultLatched: true, faultCode: 7 });
    rig.settle();
    expect(rig.crane.output?.enable).toBe(false);
    expect(await rig.resolve('CRANE_FAULT', 'reset')).toMatchObject({ ok: false });
    rig.crane.answer('faultLatched');
    rig.settle();
    expect(await rig.resolve('CRANE_FAULT', 'reset')).toMatchObject({ ok: true });
    expect(rig.crane.command).toMatchObject({ seq: 2, command: 'resetFault' });
    rig.crane.answer();
    rig.crane.change({ faultLatched: false });
    rig.settle().advance(1_000);
    expect(rig.crane.command).toMatchObject({ seq: 3, command: 'transfer' });
  });

  test('a fault whose reset the crane refuses is asked about again', async () => {
    const rig = await stocked(['T-1']);
    rig.crane.change({ faultLatched: true, faultCode: 7 });
    rig.settle();
    await rig.resolve('CRANE_FAULT', 'reset');
    expect(rig.asked).toEqual([]);
    rig.crane.answer('unknownCommand');
    rig.settle();
    expect(rig.asked).toEqual(['CRANE_FAULT']);
    expect(await rig.resolve('CRANE_FAULT', 'reset')).toMatchObject({ ok: true });
    expect(rig.crane.command).toMatchObject({ seq: 3, command: 'resetFault' });
  });

  test('registers that are not those of the site file: said once, gone when they fit', async () => {
    const rig = await announced();
    const fact = { device: crane, type: 'crane.misconfigured', reason: 'device number 2' } as const;
    rig.tell(fact).tell(fact);
    expect(rig.questions()).toMatchObject([{ code: 'DEVICE_MISCONFIGURED' }]);
    rig.crane.connect((snapshot) => rig.flow.report(snapshot));
    expect(rig.settle().asked).toEqual([]);
  });
});

test('it refuses again and again to look into a cell: a person is asked, and it is left alone', async () => {
  const rig = await stocked(['T-1']);
  await rig.operator({ act: 'check', location: first });
  for (let i = 0; i < 100 && rig.crane.command; i++) {
    rig.crane.answer('pathConflict');
    rig.settle().advance(1_000);
  }
  expect([rig.asked, rig.crane.command]).toEqual([['NOT_COUNTED'], undefined]);
  expect(await rig.resolve('NOT_COUNTED', 'check')).toMatchObject({ ok: true });
  expect(rig.crane.command).toMatchObject({ command: 'check', from: first });
});
