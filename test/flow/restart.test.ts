import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Commit, Store } from '../../src/ports/store.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { first, orderFor } from '../lib/stories.ts';

/** What the machines, the host and the people do, one after the other. */
const day: readonly (readonly [string, (rig: FlowRig) => unknown])[] = [
  ['a tote comes to the identification point', (rig) => rig.conveyor.arrive(1)],
  ['it is read', (rig) => rig.read('scan-in-1', 'T-1')],
  ['it leaves by its exit', (rig) => rig.conveyor.leave(1, 1)],
  ['it stands before the crane', (rig) => rig.conveyor.arrive(3)],
  ['the crane accepts', (rig) => rig.crane.answer()],
  ['the crane has picked it', (rig) => rig.crane.pick()],
  ['the crane has stored it', (rig) => rig.crane.end('done', first)],
  [
    'its place on the conveyor is free',
    (rig) => rig.conveyor.confirm(3, { scanSeq: 1, exitTaken: 1, outcome: 'asAnswered' }),
  ],
  [
    'the host orders it',
    (rig) =>
      rig
        .command('order.create', orderFor('SO-1', 'T-1'), { id: 'the order' })
        .catch(() => 'no reply'),
  ],
  ['the crane accepts again', (rig) => rig.crane.answer()],
  ['the crane has picked it again', (rig) => rig.crane.pick()],
  ['the crane has put it down', (rig) => rig.crane.end('done', rig.crane.shows.lastPlace && pdOut)],
  ['it asks for its way', (rig) => rig.conveyor.arrive(2)],
  ['it leaves for the workstation', (rig) => rig.conveyor.leave(2, 1)],
  ['a person scans it', (rig) => rig.read('scan-pick-1', 'T-1')],
  ['the person ships it', (rig) => rig.read('scan-pick-1', 'CRANEWAY-SHIP')],
];
const pdOut = 'A01-PD-OUT' as typeof first;

/** Steps that whoever did them does again when nothing has happened. */
const isRepeated = (name: string) => /read|order|person/.test(name);

/** Time in which a scanner is asked again and the like. */
const patience = (rig: FlowRig) => rig.advance(4_000);

/** All that a day leaves behind. */
function leftBy(rig: FlowRig) {
  return {
    moves: rig.moves(),
    told: rig.told(),
    missions: rig.crane.commands.map(({ seq, command }) => `${seq} ${command}`),
    unit: rig.unit('T-1').place,
    order: rig.order('SO-1')?.status,
    asked: rig.asked,
    open: ['workflow', 'timer', 'reservation', 'crane_request'].flatMap((name) => rig.rows(name)),
    fatal: rig.fatal,
  };
}

async function live(disturbed: (rig: FlowRig, step: number, act: () => void) => void) {
  const rig = await announced(['T-1']);
  rig.seen.set('scan-in-1', 'T-1');
  for (const [i, [, act]] of day.entries()) {
    disturbed(rig, i, () => act(rig));
    patience(rig);
  }
  return leftBy(rig);
}

const undisturbed = await live((rig, _, act) => {
  act();
  rig.settle();
});

test('the day ends well when nothing happens', () => {
  expect(undisturbed).toMatchObject({
    missions: ['1 transfer', '2 transfer'],
    unit: 'OUTSIDE',
    order: 'completed',
    ...{ asked: [], open: [], fatal: [] },
  });
  expect(undisturbed.told.slice(-2)).toEqual(['SO-1 completed', 'T-1 shipped PICK-01 > OUTSIDE']);
});

const steps = day.map(([name], i) => [name, i] as const);

describe.each(steps)('%s', (name, at) => {
  test('and then the process restarts', async () => {
    const left = await live((rig, step, act) => {
      act();
      rig.settle();
      if (step === at) rig.restart();
    });
    expect(left).toEqual(undisturbed);
  });

  test('while the process is down', async () => {
    const left = await live((rig, step, act) => {
      if (step !== at) return act();
      rig.kill();
      act();
      rig.restart();
      if (isRepeated(name)) act();
    });
    expect(left).toEqual(undisturbed);
  });

  test('and the power is cut after the commit, before anybody is told', async () => {
    const left = await live((rig, step, act) => {
      if (step !== at) return act();
      const cut = { isDue: false };
      rig.restart({ store: (ledger) => cuttable(ledger, cut) });
      cut.isDue = true;
      act();
      rig.settle();
      expect(rig.fatal.splice(0)).toHaveLength(1);
      rig.restart();
      if (isRepeated(name)) act();
    });
    expect(left).toEqual(undisturbed);
  });
});

/** While `cut` is due, a commit is durable and the last thing that the process does. */
function cuttable(ledger: Ledger, cut: { readonly isDue: boolean }): Store {
  return new Proxy(ledger, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'commit') return value.bind(target);
      return (commit: Commit) => {
        target.commit(commit);
        if (cut.isDue) throw new Error('power cut');
      };
    },
  });
}
