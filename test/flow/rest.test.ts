import { expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';

/** The same controller on a disk whose commits take that long: nothing else happens meanwhile. */
function onSlowDisk(rig: FlowRig, commitMs: number): void {
  const { clock } = rig;
  const monotonicMs = clock.monotonicMs.bind(clock);
  let spentMs = 0;
  clock.monotonicMs = () => monotonicMs() + spentMs;
  rig.restart({
    store(ledger: Ledger) {
      const commit = ledger.commit.bind(ledger);
      ledger.commit = (rows) => {
        commit(rows);
        spentMs += commitMs;
      };
      return ledger;
    },
  });
  rig.advance(10);
}

test('after a slow commit the next one waits as long, and takes in what comes meanwhile', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  onSlowDisk(rig, 3);
  const { counts } = rig.flow;
  const before = { ...counts };
  rig.conveyor.arrive(1);
  rig.settle();
  expect(counts.commits).toBe(before.commits + 1);
  rig.conveyor.arrive(1);
  rig.settle();
  rig.conveyor.arrive(1);
  rig.advance(2);
  expect(counts.commits).toBe(before.commits + 1);
  rig.advance(1);
  expect(counts).toEqual({ commits: before.commits + 2, causes: before.causes + 3 });
});

test('however slow a commit is, the next one waits for 5 ms at most', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  onSlowDisk(rig, 400);
  const before = rig.flow.counts.commits;
  rig.conveyor.arrive(1);
  rig.settle();
  rig.conveyor.arrive(1);
  rig.settle();
  expect(rig.flow.counts.commits).toBe(before + 1);
  rig.advance(5);
  expect(rig.flow.counts.commits).toBe(before + 2);
});
