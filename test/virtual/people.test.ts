import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  type Otherwise,
  VirtualPeople,
  type VirtualPeopleOptions,
} from '../../simulators/virtual/people.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import type { OperatorAct } from '../../src/ports/intake.ts';
import type { DiscrepancyView, Reader } from '../../src/ports/reader.ts';
import { ManualClock } from '../lib/manual-clock.ts';

const quietly = (asked: Promise<unknown>) => void asked.catch(() => {});

/** People, and what is before their eyes. */
function people(
  options: Pick<VirtualPeopleOptions, 'floor' | 'reader' | 'intake' | 'rejectLanes' | 'otherwise'>,
) {
  const clock = new ManualClock();
  const crew = new VirtualPeople({
    ...{ clock, random: { u32: () => 0 }, watch: quietly },
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

/** What a page does with what is said: hears it, gives no answer, or refuses it. */
type Page = 'hears' | 'noAnswer' | 'refuses';

/** A question about a closed cell with a strange tote in it, asked until a page has heard what is said of it. */
async function askedOfCell(pages: readonly Page[], others: readonly ReturnType<Otherwise>[]) {
  const cell = 'A01-L-001-01-1' as LocationId;
  const question = {
    ...{ discrepancy: 5, code: 'CELL_CLOSED', location: cell },
    resolutions: [{ resolution: 'removed' }, { resolution: 'keptClosed' }],
  } as unknown as DiscrepancyView;
  const strange = { id: 'T1', codes: [], location: cell as string, isForeign: true };
  const [said, left, word]: [string[], Page[], ReturnType<Otherwise>[]] = [
    [],
    [...pages],
    [...others],
  ];
  let [hands, isHeard] = [0, false];
  const { clock, crew } = people({
    rejectLanes: [],
    otherwise: () => word.shift(),
    floor: {
      truth: () => ({ totes: [strange] }),
      handle: () => {
        hands++;
        strange.location = 'OUTSIDE';
        return { done: true };
      },
    } as unknown as VirtualPeopleOptions['floor'],
    reader: () => ({ discrepancies: () => (isHeard ? [] : [question]) }) as unknown as Reader,
    intake: {
      operator: async (act: OperatorAct) => {
        if (act.act === 'resolve') said.push(act.resolution);
        const page = left.shift();
        if (page === 'noAnswer') throw new Error('no answer');
        isHeard = page === 'hears';
        return isHeard
          ? { ok: true, text: 'done' }
          : { ok: false, code: 'CONFLICT', reason: 'it is under way' };
      },
    },
  });
  crew.asked(question.discrepancy);
  for (let look = 0; look < 10; look++) {
    clock.advance(500);
    await turn();
  }
  return { said, hands };
}

const stays = { resolution: 'keptClosed' };

describe('a word that nobody has answered', () => {
  test('is said again as it was by those who have used their hands for it, and they use them once', async () => {
    const asked = await askedOfCell(['noAnswer', 'noAnswer', 'hears'], [undefined, stays, stays]);
    expect(asked).toEqual({ said: ['removed', 'removed', 'removed'], hands: 1 });
  });

  test('may still be heard: whoever has given it leaves everything as it is', async () => {
    const asked = await askedOfCell(['noAnswer', 'hears'], [stays]);
    expect(asked).toEqual({ said: ['keptClosed', 'keptClosed'], hands: 0 });
  });
});

test('what a page has refused is looked at again, and done otherwise', async () => {
  const asked = await askedOfCell(['refuses', 'hears'], [stays]);
  expect(asked).toEqual({ said: ['keptClosed', 'removed'], hands: 1 });
});

test('one who was refused what their hands had done says only what is seen then', async () => {
  const asked = await askedOfCell(['refuses', 'hears'], [undefined, stays]);
  expect(asked).toEqual({ said: ['removed', 'removed'], hands: 1 });
});

test('what was taken out of a reject lane is told until it is heard, and the next tote there is not taken for it', async () => {
  const lane = 'REJECT-01' as LocationId;
  const inLane = [{ id: 'T1' }, { id: 'T2' }];
  const said: string[] = [];
  const question = {
    ...{ discrepancy: 9, code: 'UNKNOWN_LOAD', loadUnit: 'UNKNOWN-1', location: lane },
    resolutions: [{ resolution: 'removed' }],
  };
  const { clock, crew } = people({
    rejectLanes: [lane],
    floor: {
      contentsOf: () => inLane,
      truth: () => ({ totes: [] }),
      handle: () => {
        inLane.shift();
        return { done: true };
      },
    } as unknown as VirtualPeopleOptions['floor'],
    reader: () =>
      ({
        discrepancies: () => (said.length > 2 ? [] : [question]),
        loadUnit: () => undefined,
      }) as unknown as Reader,
    intake: {
      operator: (act: OperatorAct) => {
        if (act.act === 'resolve') said.push(act.resolution);
        return Promise.reject(new Error('no answer'));
      },
    },
  });
  crew.asked(question.discrepancy);
  crew.arrived(lane);
  clock.advance(60_000);
  expect([said, inLane]).toEqual([['removed', 'removed', 'removed'], [{ id: 'T2' }]]);
});
