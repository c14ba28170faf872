import { expect, test } from 'vitest';
import { VirtualPeople, type VirtualPeopleOptions } from '../../simulators/virtual/people.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import type { OperatorAct } from '../../src/ports/intake.ts';
import type { DiscrepancyView, Reader } from '../../src/ports/reader.ts';
import { ManualClock } from '../lib/manual-clock.ts';

/** People, and what is before their eyes. */
function people(
  options: Pick<VirtualPeopleOptions, 'floor' | 'reader' | 'intake' | 'rejectLanes'>,
) {
  const clock = new ManualClock();
  const crew = new VirtualPeople({
    ...{ clock, random: { u32: () => 0 }, watch: () => {} },
    ...{ serviceMs: 1_000, lookMs: 1_000, returnsOf100: 0 },
    ...{ workstations: new Map(), infeeds: [] },
    ...options,
  });
  return { clock, crew };
}

test('what a device refuses for longer than anybody tries is answered when it is asked again', async () => {
  const question = { discrepancy: 7, resolutions: [{ resolution: 'noted' }] };
  let tries = 0;
  const { clock, crew } = people({
    rejectLanes: [],
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
  crew.asked(question.discrepancy);
  clock.advance(600_000);
  const before = tries;
  clock.advance(600_000);
  expect(tries).toBe(before);
  crew.asked(question.discrepancy);
  clock.advance(10_000);
  expect(tries).toBeGreaterThan(before);
});

test.each([
  { where: 'nowhere', location: 'MISSING', is: 'settled', answers: ['removed'] },
  { where: 'in a cell', location: 'A01-L-001-01-1', is: 'left open', answers: [] },
])(
  'what was read as one that is $where is taken out of the reject lane, and its question is $is',
  ({ location, answers }) => {
    const lane = 'REJECT-01' as LocationId;
    const read = { id: 'T9', lpn: 'X-1', label: undefined };
    const meant = { id: 'T1', codes: ['S-1'], location, isForeign: false };
    const said: string[] = [];
    let isThere = true;
    const question = {
      ...{ discrepancy: 13, code: 'REJECTED', loadUnit: 'S-1', location: lane },
      resolutions: [{ resolution: 'putBack' }, { resolution: 'removed' }],
    };
    const unit = { loadUnit: 'S-1', lpn: 'S-1', location: lane, status: 'clarification' };
    const { clock, crew } = people({
      rejectLanes: [lane],
      floor: {
        contentsOf: () => (isThere ? [read] : []),
        truth: () => ({ totes: [meant] }),
        handle: () => {
          isThere = false;
          return { done: true };
        },
      } as unknown as VirtualPeopleOptions['floor'],
      reader: () =>
        ({
          discrepancies: () => (said.length > 0 ? [] : [question]),
          loadUnit: (name: string) => (name === 'S-1' ? unit : undefined),
        }) as unknown as Reader,
      intake: {
        operator: async (act: OperatorAct) => {
          if (act.act === 'resolve') said.push(act.resolution);
          return { ok: true, text: 'done' };
        },
      },
    });
    crew.asked(question.discrepancy);
    crew.arrived(lane);
    clock.advance(100_000);
    expect([isThere, said]).toEqual([true, []]);
    clock.advance(100_000);
    expect([isThere, said]).toEqual([false, answers]);
  },
);
