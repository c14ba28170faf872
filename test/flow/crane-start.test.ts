import { describe, expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { CraneSnapshot } from '../../src/ports/crane.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, first, inducts, lhd, orderFor, pdOut, stocked, toPd } from '../lib/stories.ts';

/** A tote stands before the crane, which has been told to store it: mission 1. */
async function told() {
  const rig = await announced(['T-1']);
  toPd(rig, inducts(rig, 'T-1'));
  return rig;
}
/** The crane and all that it shows, while the controller is away. */
const meanwhile = (rig: FlowRig, what: (crane: FlowRig['crane']) => void) => {
  rig.kill();
  what(rig.crane);
  return rig.restart();
};
const driven = (rig: FlowRig) => rig.crane.outputs.length;
const state = (rig: FlowRig) => rig.rows('mission').map((row) => JSON.parse(String(row['body'])));

describe('before anything is written', () => {
  test('a crane that was not read is driven with nothing', async () => {
    const rig = await told();
    rig.kill();
    rig.crane.connect = () => {};
    const before = driven(rig);
    rig.restart();
    expect(
      rig.crane.outputs
        .slice(before)
        .filter(({ claim, enable, command }) => claim || enable || command),
    ).toEqual([]);
  });

  test('an earlier claim of ours is replaced, without enable and command until it is read back', async () => {
    const rig = await told();
    const before = driven(rig);
    rig.restart();
    const [claiming, ...rest] = rig.crane.outputs.slice(before);
    expect(claiming).toMatchObject({ claim: { epoch: 2 }, enable: false, command: undefined });
    expect(rest.at(-1)).toMatchObject({ claim: { epoch: 2 }, enable: true, command: { seq: 1 } });
  });

  test.each<[string, Partial<CraneSnapshot>]>([
    ['another controller', { claim: { epoch: 9, nonce: 9 } }],
    ['a copy of this one', { claim: { epoch: 1, nonce: 9 } }],
    ['answers that we never asked for', { seqAnswered: 7 }],
    ['a mission that we never gave', { activeMissionId: 7 }],
    ['fewer events than we have stored', { eventHead: 0, events: [] }],
  ])('%s: nothing is written, the mission is unknown, and a person decides', async (_, shows) => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    const before = driven(rig);
    meanwhile(rig, (crane) => {
      crane.shows = { ...crane.shows, ...shows };
    });
    expect(rig.crane.outputs.slice(before).every(({ claim }) => claim === undefined)).toBe(true);
    expect(rig.questions()).toMatchObject([
      { code: 'CRANE_DOUBT', loadUnit: 'T-1' },
      { code: 'FOREIGN_CONTROLLER', device: 'crane-1' },
    ]);
    expect(state(rig).at(-1)).toMatchObject({ seq: 2, state: 'doubt', verdict: 'unknown' });
    expect(await rig.resolve('CRANE_DOUBT', 'confirmed', first)).toMatchObject({ ok: false });
  });

  test('once the other controller is gone a person may confirm, and work goes on', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    const { claim } = rig.crane.shows;
    meanwhile(rig, (crane) => {
      crane.shows = { ...crane.shows, claim: { epoch: 9, nonce: 9 } };
    });
    meanwhile(rig, (crane) => {
      crane.shows = { ...crane.shows, claim };
    });
    expect(rig.asked).toEqual(['CRANE_DOUBT']);
    expect(await rig.resolve('CRANE_DOUBT', 'confirmed', first)).toMatchObject({ ok: true });
    craneRuns(rig);
    expect(rig.unit('T-1').place).toBe(pdOut);
  });
});

test('what a crane shows anew is judged first, however much else was heard before it', async () => {
  const rig = await stocked(['T-1']);
  const before = driven(rig);
  rig.crane.happens('restarted');
  const device = 'scan-in-1' as DeviceId;
  for (let i = 1; i < 64; i++) {
    rig.flow.report({ device, type: 'scanner.noRead', readId: `other-${i}` });
  }
  rig.crane.shows = { ...rig.crane.shows, claim: { epoch: 9, nonce: 9 } };
  rig.crane.connect((fact) => rig.flow.report(fact));
  rig.settle();
  expect(rig.crane.outputs.slice(before).map(({ claim }) => claim)).toEqual([undefined]);
  expect(rig.asked).toEqual(['CRANE_DOUBT', 'FOREIGN_CONTROLLER']);
});

describe('the open mission is plain', () => {
  test('never seen: the same number and content again', async () => {
    const rig = await told();
    const before = rig.crane.command;
    expect(rig.restart().crane.command).toEqual(before);
    expect(rig.crane.commands).toHaveLength(1);
  });

  test('under way: it goes on and is not sent again', async () => {
    const rig = await told();
    const before = driven(rig);
    meanwhile(rig, (crane) => crane.answer());
    expect(rig.crane.outputs.slice(before).every(({ command }) => command === undefined)).toBe(
      true,
    );
    expect(state(rig)).toMatchObject([{ seq: 1, state: 'accepted' }]);
    rig.crane.pick();
    rig.crane.end('done', first);
    expect(rig.settle().unit('T-1').place).toBe(first);
  });

  test('picked and ended: booked once, each step under its own cause', async () => {
    const rig = await told();
    meanwhile(rig, (crane) => {
      crane.answer();
      crane.pick();
      crane.end('done', first);
    });
    const causes = () => rig.rows('movement').map(({ cause }) => cause);
    expect(causes().slice(-2)).toEqual(['crane-1/event/1', 'crane-1/event/2']);
    rig.crane.tellAgain();
    rig.settle().restart();
    expect(causes()).toHaveLength(4);
  });
});

describe('what nobody saw', () => {
  test('ended, and its events are overwritten: the last result is booked, and a person looks', async () => {
    const rig = await told();
    meanwhile(rig, (crane) => {
      crane.answer();
      crane.pick();
      crane.end('done', first);
      for (let i = 0; i < 5; i++) crane.happens('restarted');
    });
    expect(rig.unit('T-1').place).not.toBe(lhd);
    expect(rig.questions('CRANE_DOUBT')[0]?.text).toContain('events 1 to 2 were overwritten');
    expect(rig.crane.output).toMatchObject({ enable: false, eventAck: 7 });
  });

  test('the same load unit ends in the same place in two restarts of its life', async () => {
    const rig = await stocked(['T-1']);
    for (const name of ['SO-1', 'SO-2']) {
      await rig.command('order.create', orderFor(name, 'T-1'));
      meanwhile(rig, (crane) => {
        crane.answer();
        crane.pick();
      });
      await rig.command('order.cancel', { order: name });
      meanwhile(rig, (crane) => {
        crane.answer();
        crane.end('cancelled', lhd);
      });
      meanwhile(rig, (crane) => {
        crane.answer();
        crane.end('done', first);
      });
      expect([rig.fatal, rig.order(name)?.status]).toEqual([[], 'canceled']);
    }
  });

  test('accepted, and the crane knows nothing of it: unknown, nothing is sent, a person is asked', async () => {
    const rig = await told();
    rig.crane.answer();
    rig.settle();
    meanwhile(rig, (crane) => {
      crane.shows = { ...crane.shows, activeMissionId: 0, state: 'idle' };
    });
    expect(state(rig)).toMatchObject([{ seq: 1, state: 'doubt', verdict: 'unknown' }]);
    expect(rig.questions()).toMatchObject([{ code: 'CRANE_DOUBT', loadUnit: 'T-1' }]);
    rig.advance(10_000_000).restart();
    expect(rig.crane.output).toMatchObject({ enable: false, command: undefined });
    expect(rig.crane.commands).toHaveLength(1);
  });

  test.each([
    ['stationNotReady', 1_000, []],
    ['lhdOccupied', 0, ['CRANE_DOUBT', 'PLACE_UNKNOWN']],
  ])(
    'refused with %s while nobody listened: the reaction is that of its code',
    async (answer, ms, asked) => {
      const rig = await told();
      meanwhile(rig, (crane) => crane.answer(answer));
      expect(rig.crane.command).toBeUndefined();
      expect(rig.advance(ms).asked.toSorted()).toEqual(asked);
      expect(rig.crane.command?.seq).toBe(ms > 0 ? 2 : undefined);
    },
  );

  test('at a mission that the books have closed: it is stopped, and a person looks', async () => {
    const rig = await told();
    craneRuns(rig);
    meanwhile(rig, (crane) => {
      crane.shows = { ...crane.shows, activeMissionId: 1, state: 'executing' };
    });
    expect(rig.asked).toEqual(['CRANE_DOUBT']);
    expect(rig.crane.output).toMatchObject({ enable: false, command: undefined });
  });
});
