import { describe, expect, test } from 'vitest';
import type { Timer } from '../../src/domain/books.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { ClockWatch, Deadlines, moveDeadlines, takeTimer } from '../../src/flow/deadlines.ts';
import type { Work } from '../../src/flow/work.ts';
import { demoTopology } from '../lib/demo.ts';
import { announced, FlowRig } from '../lib/flow-rig.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { first, inducts, stocked, toPd } from '../lib/stories.ts';

const timer = (name: string, dueMs: number) =>
  ({ workflow: 'putaway/T-1', timer: name, dueMs, event: { type: 'late' } }) as unknown as Timer;

test.each([
  [86_400_000, 86_400_000],
  [-86_400_000, -86_400_000],
  [2_000, 2_000],
  [1_999, 0],
  [-1_999, 0],
])('of a clock that was put right by %i ms, %i are a jump, once', (byMs, jumpMs) => {
  const clock = new ManualClock();
  clock.wallOffsetMs = 1_700_000_000_000;
  const watch = new ClockWatch(clock, undefined);
  clock.advance(60_000);
  expect(watch.look().jumpMs).toBe(0);
  clock.wallOffsetMs += byMs;
  clock.advance(500);
  expect([watch.look().jumpMs, watch.look().jumpMs]).toEqual([jumpMs, 0]);
});

test('a clock that is put right little by little never jumps', () => {
  const clock = new ManualClock();
  const watch = new ClockWatch(clock, undefined);
  for (let i = 0; i < 10; i++) {
    clock.wallOffsetMs += 1_500;
    expect(watch.look().jumpMs).toBe(0);
  }
});

test.each([
  ['put back by half an hour', 1_800_000, -1_800_000],
  ['put right by a second', 1_000, 0],
  ['going on', -600_000, 0],
])('of a clock that is %s while nobody runs, the books know', (_, aheadMs, jumpMs) => {
  const clock = new ManualClock();
  clock.wallOffsetMs = 1_700_000_000_000;
  const watch = new ClockWatch(clock, clock.nowMs() + aheadMs);
  expect([watch.look().jumpMs, watch.look().jumpMs]).toEqual([jumpMs, 0]);
});

test('every deadline goes with the clock, and it is on record', () => {
  const warehouse = new Warehouse(demoTopology);
  for (const row of [timer('read', 100), timer('late', 5_000)]) warehouse.tables.timer.put(row);
  const said: string[] = [];
  const work = { warehouse, explain: (text: string) => said.push(text), commit: () => 'all of it' };
  expect(moveDeadlines(work as unknown as Work, -90_000)).toBe('all of it');
  expect([...warehouse.tables.timer.values()].map(({ dueMs }) => dueMs)).toEqual([
    -89_900, -85_000,
  ]);
  expect(said).toEqual([
    'The clock of this computer was put back by 90 s; 2 deadlines went with it.',
  ]);
});

/** A timer that has been overdue for long. */
function overdue() {
  const clock = new ManualClock();
  clock.wallOffsetMs = 1_700_000_000_000;
  const deadlines = new Deadlines(
    { timersDue: () => [timer('read', 0)], nextTimerMs: () => 0, lastMs: () => undefined },
    clock,
  );
  return { clock, deadlines, found: () => deadlines.due(clock.nowMs()).length };
}

test('what is left of the second of listening is waited for in whole milliseconds', () => {
  const { clock, deadlines, found } = overdue();
  expect(found()).toBe(0);
  clock.advance(999.999_99);
  expect([found(), deadlines.nextMs() - clock.nowMs()]).toEqual([0, 1]);
  clock.advance(1);
  expect(found()).toBe(1);
});

test('a start that takes long, as with a large ledger, takes nothing from the second of listening', () => {
  const { clock, found } = overdue();
  clock.advance(60_000);
  expect(found()).toBe(0);
  clock.advance(999);
  expect(found()).toBe(0);
  clock.advance(1);
  expect(found()).toBe(1);
});

test('a deadline that was renewed since does not count', () => {
  const warehouse = new Warehouse(demoTopology);
  warehouse.tables.timer.put(timer('read', 200));
  const work = { warehouse } as unknown as Work;
  expect(takeTimer(work, timer('read', 100))).toBe(false);
  expect(takeTimer(work, timer('read', 200))).toBe(true);
  expect(takeTimer(work, timer('read', 200))).toBe(false);
});

test('what was read at a decision point stays as old as it is, whatever the clock says', () => {
  const warehouse = new Warehouse(demoTopology);
  const { point: points } = warehouse.tables;
  const early = { code: 'T-1', aim: undefined, atMs: 1_000 };
  const left = { scanSeq: 1, code: 'T-2', leftAtMs: 4_000 };
  const there = { scanSeq: 2, code: 'T-3' };
  const doubted = { scanSeq: 3, code: 'T-4', atMs: 2_000 };
  const both = { early, lastRead: there };
  const books = [{ early }, { lastRead: left }, { lastRead: there }, both, { doubted }];
  for (const [i, book] of books.entries()) {
    points.put({ ...warehouse.pointBook('conveyor-1' as DeviceId, i + 1), ...book });
  }
  const work = { warehouse, explain: () => {}, commit: () => 'all of it' };
  moveDeadlines(work as unknown as Work, 90_000);
  expect(
    [...points.values()].map(({ early, lastRead, doubted }) => ({ early, lastRead, doubted })),
  ).toEqual([
    { early: { ...early, atMs: 91_000 } },
    { lastRead: { ...left, leftAtMs: 94_000 } },
    { lastRead: there },
    { early: { ...early, atMs: 91_000 }, lastRead: there },
    { doubted: { ...doubted, atMs: 92_000 } },
  ]);
});

describe('a command that no load unit waits for is asked about when it is late', () => {
  const { missionLimitMs, conveyorLimitMs } = demoTopology.site.limits;

  /** Until it is answered, and again while a person has only noted it. */
  async function isAskedAbout(rig: FlowRig, ends: () => void) {
    rig.settle().advance(missionLimitMs - 1);
    expect(rig.asked).toEqual([]);
    rig.advance(1);
    expect(rig.questions()).toMatchObject([{ code: 'MISSION_LATE', device: 'crane-1' }]);
    await rig.resolve('MISSION_LATE', 'noted');
    expect(rig.advance(conveyorLimitMs).asked).toEqual(['MISSION_LATE']);
    ends();
    expect(rig.settle().asked).toEqual([]);
    const left = rig.rows('timer').map((row) => String(row['timer']));
    expect(left.filter((name) => name.startsWith('command/'))).toEqual([]);
  }

  test('to reference the axes', async () => {
    const rig = await announced(['T-1']);
    toPd(rig, inducts(rig, 'T-1'));
    rig.crane.answer('notHomed');
    rig.settle();
    expect(rig.crane.command).toMatchObject({ command: 'home' });
    rig.crane.answer();
    await isAskedAbout(rig, () => rig.crane.end('done', undefined));
  });

  test('to look into a cell', async () => {
    const rig = await stocked(['T-1']);
    await rig.operator({ act: 'check', location: first });
    await isAskedAbout(rig, () => {
      rig.crane.answer();
      const { activeMissionId: missionId } = rig.crane.shows;
      rig.crane.shows = { ...rig.crane.shows, activeMissionId: 0 };
      rig.crane.happens('ended', { missionId, result: 'done', sourceOccupied: true });
    });
  });

  test('to reset a fault', async () => {
    const rig = await stocked(['T-1']);
    rig.crane.change({ faultLatched: true, faultCode: 7 });
    rig.settle();
    await rig.resolve('CRANE_FAULT', 'reset');
    await isAskedAbout(rig, () => {
      rig.crane.change({ faultLatched: false });
      rig.crane.answer();
    });
  });
});

describe('a PLC that is read, and never shows our claim, is asked about', () => {
  const { conveyorLimitMs } = demoTopology.site.limits;

  test.each(['crane', 'conveyor'] as const)('for a %s, until it shows it', async (which) => {
    const rig = new FlowRig();
    const plc = rig[which];
    rig.kill();
    const takes = plc.drive;
    plc.drive = () => {};
    rig.restart().advance(29_999);
    expect(rig.asked).toEqual([]);
    rig.advance(1);
    expect(rig.questions()).toMatchObject([{ code: 'CLAIM_LATE', device: plc.id }]);
    await rig.resolve('CLAIM_LATE', 'noted');
    expect(rig.advance(conveyorLimitMs).asked).toEqual(['CLAIM_LATE']);
    plc.drive = takes;
    plc.connect((fact) => rig.flow.report(fact));
    expect(rig.settle().asked).toEqual([]);
    expect(rig.advance(conveyorLimitMs).asked).toEqual([]);
  });

  test('not one that people have set to observe, nor one that is not heard', async () => {
    const rig = new FlowRig();
    await rig.operator({ act: 'mode', device: rig.crane.id, mode: 'observe' });
    rig.kill();
    rig.conveyor.drive = () => {};
    rig.restart();
    const reason = 'the cable is out';
    rig.tell({ device: rig.conveyor.id, type: 'conveyor.offline', reason });
    expect(rig.advance(conveyorLimitMs).asked).toEqual([]);
  });

  test('not before a process that has stood still has listened', () => {
    const rig = new FlowRig();
    rig.kill();
    const takes = rig.crane.drive;
    rig.crane.drive = () => {};
    rig.restart().clock.standStill(60_000);
    rig.advance(1_000);
    rig.crane.drive = takes;
    rig.crane.connect((fact) => rig.flow.report(fact));
    expect(rig.settle().advance(60_000).asked).toEqual([]);
  });
});
