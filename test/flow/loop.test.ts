import { expect, test } from 'vitest';
import { LimitError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { Commit, Store } from '../../src/ports/store.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, first, inducts, orderFor, retrieves, stores, toPd } from '../lib/stories.ts';

/** Everything that a repetition must leave as it is. */
const books = (rig: FlowRig) =>
  ['movement', 'outbox', 'load_unit', 'transport_order', 'mission', 'workflow', 'timer', 'label']
    .concat(['reservation', 'crane_request', 'discrepancy', 'decision_point', 'crane', 'counter'])
    .map((name) => rig.rows(name));

test('every fact told twice changes nothing', async () => {
  const rig = await announced(['T-1']);
  const twice = (step: () => unknown) => {
    step();
    rig.settle();
    const before = books(rig);
    rig.crane.tellAgain();
    rig.conveyor.tellAgain();
    rig.settle();
    expect(books(rig)).toEqual(before);
  };
  twice(() => inducts(rig, 'T-1'));
  twice(() => toPd(rig, 1));
  twice(() => rig.crane.answer());
  twice(() => rig.crane.pick());
  twice(() => rig.crane.end('done', first));
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  twice(() => retrieves(rig, 'T-1'));
  expect(rig.order('SO-1')?.status).toBe('completed');
});

test('the same read told twice, in one group or in two, counts once', async () => {
  const rig = await announced(['T-1']);
  const scanSeq = rig.conveyor.arrive(1);
  const read = {
    ...{ device: 'scan-in-1' as DeviceId, type: 'scanner.read' as const, readId: 'r-1' },
    ...{ code: 'T-1', aim: undefined },
  };
  rig.tell(read, read);
  const before = books(rig);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  expect(books(rig.tell(read))).toEqual(before);
});

/** A store that is the ledger, but for its commits. */
const failing = (commit: (commit: Commit) => void) => (ledger: Store) =>
  new Proxy(ledger, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name === 'commit') return commit;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

test('when the commit fails nothing was driven, nobody was answered, and nothing is believed', async () => {
  const rig = await announced(['T-1']);
  let isFull = false;
  const { ledger } = rig;
  rig.restart({
    store: (next) =>
      failing((commit) => {
        if (isFull) throw new Error('disk full');
        next.commit(commit);
      })(next) as never,
  });
  expect(ledger.lastMovement()).toBe(0);
  toPd(rig, inducts(rig, 'T-1'));
  isFull = true;
  const [before, driven] = [books(rig), rig.crane.outputs.length];
  const place = rig.unit('T-1').place;
  rig.crane.answer();
  const reply = rig.command('order.create', orderFor('SO-1', 'T-1'));
  await expect(reply).rejects.toThrow('disk full');
  expect(rig.fatal).toMatchObject([{ message: 'disk full' }]);
  expect(rig.crane.outputs).toHaveLength(driven);
  expect(books(rig)).toEqual(before);
  expect([rig.unit('T-1').place, rig.order('SO-1')]).toEqual([place, undefined]);
  isFull = false;
  rig.crane.pick();
  rig.settle();
  expect([books(rig), rig.fatal.length]).toEqual([before, 1]);
});

test('nothing is ever driven before its rows are on disk', async () => {
  const rig = await announced(['T-1']);
  const onDisk = () => JSON.stringify(rig.rows('mission').map(({ mission }) => mission));
  const early: string[] = [];
  const drive = rig.crane.drive.bind(rig.crane);
  rig.crane.drive = (output) => {
    const { command } = output;
    if (command && !onDisk().includes(`crane-1/${command.seq}`)) early.push(`${command.seq}`);
    drive(output);
  };
  stores(rig, 'T-1');
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  craneRuns(rig);
  expect(rig.crane.commands).toHaveLength(2);
  expect(early).toEqual([]);
});

test('many causes are one commit, and a reading that changes nothing is none', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  const commits = () => rig.flow.counts.commits;
  const before = commits();
  rig.conveyor.arrive(1);
  rig.conveyor.arrive(1);
  rig.read('scan-in-1', 'T-1');
  expect(commits()).toBe(before + 1);
  rig.crane.change({ travelMm: 4_000 });
  rig.settle();
  expect(commits()).toBe(before + 1);
});

test('a full queue refuses people and hosts, and drops what devices tell again', async () => {
  const rig = await announced(['T-1']);
  const said: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => said.push(fields) };
  rig.restart({ ports: { log } });
  const asked = Array.from({ length: 10_000 }, () => rig.flow.operator(act));
  await expect(rig.flow.operator(act)).rejects.toThrow(LimitError);
  rig.crane.happens('restarted');
  expect(said).toMatchObject([{ device: 'crane-1' }]);
  for (let i = 0; i < 20; i++) rig.settle();
  expect(await asked[9_999]).toMatchObject({ ok: false });
  expect(rig.flow.warehouse.craneBook(rig.crane.id).eventStored).toBe(0);
  rig.crane.tellAgain();
  rig.settle();
  expect(rig.flow.warehouse.craneBook(rig.crane.id).eventStored).toBe(1);
});
const act = { operator: 'op-1', key: 'k', act: 'release', device: 'crane-2' as DeviceId } as const;

test('a timer is counted across a restart and fires once', async () => {
  const rig = await announced(['T-1']);
  const { conveyorLimitMs } = rig.flow.warehouse.topology.site.limits;
  const scanSeq = inducts(rig, 'T-1');
  rig.conveyor.leave(1, scanSeq);
  rig.settle().advance(conveyorLimitMs - 1);
  rig.restart();
  // A process that has just begun listens for a second first.
  rig.advance(999);
  expect(rig.asked).toEqual([]);
  rig.advance(1);
  expect(rig.asked).toEqual(['CONVEYOR_LATE']);
  rig.restart().advance(conveyorLimitMs);
  expect(rig.rows('discrepancy')).toHaveLength(1);
});

test('time that passed while the process was down has passed', async () => {
  const rig = await announced(['T-1']);
  rig.conveyor.arrive(1);
  rig.settle().kill();
  rig.advance(60_000);
  rig.restart().advance(1_000);
  expect(rig.triggered).toEqual(['scan-in-1']);
});

test('a limit that begins after a long stop is counted from then', async () => {
  const rig = await announced(['T-1']);
  const { readLimitMs } = rig.flow.warehouse.topology.site.limits;
  rig.conveyor.arrive(1);
  rig.settle();
  rig.kill();
  rig.advance(readLimitMs * 3);
  rig.restart().advance(1_000);
  expect(rig.triggered).toHaveLength(1);
  rig.advance(readLimitMs - 1);
  expect(rig.rows('movement')).toEqual([]);
});
