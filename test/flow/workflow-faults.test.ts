import { expect, test } from 'vitest';
import { setup } from 'xstate';
import type { WorkflowId } from '../../src/domain/ids.ts';
import { timerKey } from '../../src/domain/warehouse.ts';
import { begin, decide, restore } from '../../src/flow/decide.ts';
import { announced } from '../lib/flow-rig.ts';
import { inducts, stores, toPd } from '../lib/stories.ts';

/** A chart whose guard fails as a bug does, and that comes back to where it was. */
const brittle = setup({
  guards: {
    broken: () => {
      throw new Error('a bug in a guard');
    },
  },
}).createMachine({
  id: 'brittle',
  initial: 'working',
  states: {
    working: {
      initial: 'first',
      on: { pause: 'paused' },
      states: {
        first: { on: { go: 'second' } },
        second: { on: { go: { target: 'first', guard: 'broken' } } },
        last: { type: 'history' },
      },
    },
    paused: { on: { resume: 'working.last' } },
  },
});
const working = () => decide(brittle, begin(brittle, {}).next, { type: 'go' }).next;

test('a guard that throws leaves the workflow where it was', () => {
  const before = working();
  expect(() => decide(brittle, before, { type: 'go' })).toThrow('a bug in a guard');
  expect(before.value).toEqual({ working: 'second' });
  expect(decide(brittle, before, { type: 'pause' }).next.value).toBe('paused');
});

test('a workflow that was read back comes back to where it was before its pause', () => {
  const paused = decide(brittle, working(), { type: 'pause' }).next;
  const row = JSON.stringify(brittle.getPersistedSnapshot(paused));
  const readBack = restore(brittle, JSON.parse(row));
  expect(decide(brittle, readBack, { type: 'resume' }).next.value).toEqual({ working: 'second' });
});

test('a timer whose workflow has ended changes nothing and is gone', async () => {
  const rig = await announced(['T-1']);
  stores(rig, 'T-1');
  const event = { type: 'late' };
  const body = { workflow: 'carry/99', timer: 'late', dueMs: rig.clock.nowMs() + 10, event };
  rig.db
    .prepare('INSERT INTO timer VALUES (?, ?, ?)')
    .run(timerKey('carry/99' as WorkflowId, 'late'), body.dueMs, JSON.stringify(body));
  rig.restart();
  const moves = rig.moves();
  rig.advance(1_000);
  expect([rig.fatal, rig.moves(), rig.rows('timer'), rig.asked]).toEqual([[], moves, [], []]);
  expect(rig.rows('reason').at(-1)).toMatchObject({
    text: 'late came when carry/99 had ended.',
  });
});

test('work that another version of the program has begun waits, a person is told once, other work goes on', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  toPd(rig, inducts(rig, 'T-1'));
  const [row] = rig.rows('workflow').filter(({ machine }) => machine === 'putaway@1');
  const name = String(row?.['workflow']);
  const strange = rig.db.prepare(
    "UPDATE workflow SET machine = 'putaway@9', body = json_set(body, '$.machine', 'putaway@9') WHERE workflow = ?",
  );
  strange.run(name);
  rig.restart().restart();
  expect(rig.asked).toEqual(['WORKFLOW_UNKNOWN']);
  expect(rig.questions('WORKFLOW_UNKNOWN')[0]?.text).toContain(
    `${name} was begun by another version`,
  );
  expect(rig.rows('workflow')).toContainEqual(expect.objectContaining({ machine: 'putaway@9' }));
  inducts(rig, 'T-2');
  expect(rig.fatal).toEqual([]);
  expect(rig.unit('T-2').place).toBe('IN-01');
});
