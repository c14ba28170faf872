import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CraneFact } from '../../src/ports/crane.ts';
import { blank, claimed, output, ring, started, transfer } from '../lib/crane-run.ts';
import { pass } from '../lib/fake-registers.ts';

test('a status block reads in the words of the warehouse', async () => {
  const { clock, plc, facts } = started();
  plc.show({
    ...{ lastMissionId: 40, lastResult: 'code-198', lhd1Load: 70_000, lhd1Loaded: true },
    ...{ lastKind: 'rackRight', lastBay: 30, lastLevel: 10, lastDepth: 1, travelMm: -200 },
    eventHead: 6,
    events: [
      { ...blank, eventSeq: 5, eventType: 'modeChanged', eventCode: 4 },
      {
        ...{ ...blank, eventSeq: 6, eventType: 'ended', eventCode: 101, eventMissionId: 40 },
        ...{ eventKind: 'lhd', eventBay: 1, eventDetail: 9 },
      },
    ],
  });
  await pass(clock, 200);
  expect(facts).toMatchObject([
    {
      ...{ type: 'crane.snapshot', because: 'connected', device: 'crane-1' },
      snapshot: {
        ...{ bootId: 0x10002, claim: { epoch: 0, nonce: 0 }, mode: 'autoRemote', state: 'idle' },
        ...{ retentiveOk: true, ready: true, enabled: false, safetyOk: true, held: false },
        ...{ lastResult: 'otherFault', lastPlace: 'A01-R-030-10-1', travelMm: -200 },
        lhds: [{ loaded: true, handle: 70_000 }],
        events: [
          { eventSeq: 5, type: 'modeChanged', result: 'autoRemote', place: undefined },
          { eventSeq: 6, type: 'ended', missionId: 40, result: 'binFull', place: 'A01-LHD' },
        ],
      },
    },
  ]);
});

test('a place that this aisle does not have is not known', async () => {
  const { clock, plc, facts } = started();
  plc.show({ lastKind: 'rackLeft', lastBay: 31, lastLevel: 1, lastDepth: 1 });
  await pass(clock, 200);
  expect(facts).toMatchObject([{ snapshot: { lastPlace: undefined } }]);
});

test('a torn reading is not believed, and counted', async () => {
  const { clock, plc, facts, crane, types } = await claimed();
  await pass(clock, 600);
  facts.length = 0;
  plc.show({ state: 'faulted', eventHead: 1, events: ring(1) });
  plc.torn = 3;
  for (let i = 0; i < 200 && plc.torn > 0; i++) await pass(clock, 5);
  expect(types()).toEqual([]);
  expect(crane.status().counters).toMatchObject({ torn: 3 });
  await pass(clock, 20);
  expect(types()).toEqual(['event 1', 'crane.changed']);
});

test('a reading older than the one before is not believed', async () => {
  const { clock, plc, facts, types } = await claimed();
  await pass(clock, 600);
  facts.length = 0;
  const publish = plc.beforeRead;
  plc.show({ state: 'faulted' });
  plc.beforeRead = (address) => {
    publish(address);
    for (const guard of [2000, 2124]) plc.image[guard] = (plc.image[guard] ?? 0) - 10_000;
  };
  await pass(clock, 600);
  expect(types()).toEqual([]);
});

test('events that were overwritten are told as lost, the rest in order', async () => {
  const { clock, plc, crane, types } = await claimed({ eventAck: 3 });
  plc.show({ eventHead: 12, events: ring(12) });
  crane.drive(output({ eventAck: 3 }));
  await pass(clock, 500);
  expect(types()).toEqual([
    ...['lost 4-7', 'event 8', 'event 9', 'event 10', 'event 11', 'event 12'],
  ]);
});

test('events that the core has not stored within a second are told again, once stored no more', async () => {
  const { clock, plc, crane, facts, types } = await claimed();
  plc.show({ eventHead: 2, events: ring(2) });
  await pass(clock, 1000);
  facts.length = 0;
  await pass(clock, 1000);
  expect(types()).toEqual(['event 1', 'event 2']);
  crane.drive(output({ eventAck: 2 }));
  facts.length = 0;
  await pass(clock, 3000);
  expect(types()).toEqual([]);
});

test('whatever the poll times, each event and answer comes once and in order', async () => {
  const step = fc.record({
    events: fc.integer({ min: 0, max: 4 }),
    answered: fc.boolean(),
    isTorn: fc.boolean(),
    waitMs: fc.integer({ min: 1, max: 40 }).map((n) => n * 5),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const run = started({ answer: () => output(), options: { timing: { pollIdleMs: 100 } } });
      const { clock, plc, facts, crane } = run;
      await pass(clock, 300);
      let [head, seq] = [0, 40];
      for (const { events, answered, isTorn, waitMs } of steps) {
        head += events;
        if (answered) seq++;
        plc.torn = isTorn ? 1 : 0;
        plc.show({ eventHead: head, events: ring(head), seqAnswered: seq, answer: 'accepted' });
        await pass(clock, waitMs);
        // The core stores what it was told; the ring never runs over before it did.
        for (let i = 0; i < 200 && eventsOf(facts).at(-1) !== head && head > 0; i++) {
          await pass(clock, 5);
        }
        crane.drive(output({ eventAck: head }));
      }
      await crane.stop();
      expect(eventsOf(facts)).toEqual(Array.from({ length: head }, (_, i) => i + 1));
      const answers = facts.flatMap((fact) => (fact.type === 'crane.answered' ? [fact.seq] : []));
      expect(answers).toEqual([...new Set(answers)].sort((a, b) => a - b));
      expect(facts.some(({ type }) => type === 'crane.eventsLost')).toBe(false);
    }),
    { numRuns: 30 },
  );
});

const eventsOf = (facts: readonly CraneFact[]) =>
  facts.flatMap((fact) => (fact.type === 'crane.event' ? [fact.event.eventSeq] : []));

test('an answer is told once while the core thinks, and again after a second', async () => {
  const { clock, plc, crane, types } = await claimed();
  crane.drive(output({ command: transfer }));
  plc.show({ seqAnswered: 41, answer: 'stationNotReady' });
  await pass(clock, 900);
  const answers = () => types().filter((type) => type === 'stationNotReady 41').length;
  expect(answers()).toBe(1);
  await pass(clock, 300);
  expect(answers()).toBe(2);
  crane.drive(output({ seqHighest: 41 }));
  await pass(clock, 3000);
  expect(answers()).toBe(2);
  expect(plc.frames.at(-1)).toMatchObject({ command: 'none', seq: 41 });
});

test('a hold is proved by a frame written after the wish, and told once', async () => {
  const { clock, plc, crane, facts, types } = await claimed();
  await pass(clock, 600);
  facts.length = 0;
  // Stands still and disabled already, but for a frame from before.
  plc.takes = false;
  plc.show({ enabled: false, standstill: true });
  crane.drive(output({ enable: false }));
  await pass(clock, 1200);
  expect(types()).toEqual(['crane.changed']);
  plc.takes = true;
  await pass(clock, 2000);
  expect(types()).toEqual(['crane.changed', 'held']);
  expect(facts.at(-1)).toMatchObject({ snapshot: { held: true, enabled: false } });
});

test('a move of the axes alone is no fact', async () => {
  const { clock, plc, facts, types } = await claimed();
  await pass(clock, 600);
  facts.length = 0;
  plc.show({ travelMm: 900, phase: 'toSource', hoistMm: 50 });
  await pass(clock, 1500);
  expect(types()).toEqual([]);
});
