import { expect, test } from 'vitest';
import { VirtualPeople, type VirtualPeopleOptions } from '../../simulators/virtual/people.ts';
import type { DiscrepancyView, Reader } from '../../src/ports/reader.ts';
import { ManualClock } from '../lib/manual-clock.ts';

test('what a device refuses for longer than anybody tries is answered when it is asked again', async () => {
  const clock = new ManualClock();
  const question = { discrepancy: 7, resolutions: [{ resolution: 'noted' }] };
  let tries = 0;
  const people = new VirtualPeople({
    ...{ clock, random: { u32: () => 0 }, watch: () => {} },
    ...{ serviceMs: 1_000, lookMs: 1_000, returnsOf100: 0 },
    ...{ workstations: new Map(), rejectLanes: [], infeeds: [] },
    floor: { truth: () => ({ totes: [] }) } as unknown as VirtualPeopleOptions['floor'],
    reader: () =>
      ({ discrepancies: () => [question as unknown as DiscrepancyView] }) as unknown as Reader,
    intake: {
      operator: async () => {
        tries++;
        return { ok: false, code: 'CONFLICT', reason: 'it is set to observe' };
      },
    },
  });
  people.asked(question.discrepancy);
  clock.advance(600_000);
  const before = tries;
  clock.advance(600_000);
  expect(tries).toBe(before);
  people.asked(question.discrepancy);
  clock.advance(10_000);
  expect(tries).toBeGreaterThan(before);
});
