import { describe, expect, test } from 'vitest';
import { answerTo, type Question } from '../../simulators/answers.ts';
import { Eyes } from '../../simulators/virtual/eyes.ts';
import type { DiscrepancyView, Reader } from '../../src/ports/reader.ts';
import { at } from '../lib/demo.ts';

const asks = (code: string, offered: string, location = 'IN-01'): Question => ({
  ...{ code, location },
  resolutions: offered.split(' ').map((resolution) => ({ resolution })),
});
const late = asks('CONVEYOR_LATE', 'noted notThere');
const refused = asks('REFUSED', 'noted placed');
const wrong = asks('WRONG_AT_STATION', 'noted here', 'PICK-01');
/** What a person says of T-1, which the books have at the outfeed. */
const saidOf = (question: Question, place: string | undefined) => {
  const tote = place && { id: 'T1', codes: ['T-1'], location: at(place), isForeign: false };
  return answerTo(
    question,
    { codes: ['T-1'], location: 'A01-PD-OUT' },
    { totes: tote ? [tote] : [] },
  );
};

describe('a person who is asked', () => {
  test('does not wait for what is outside, also where the books know it', () => {
    const said = answerTo(late, { codes: ['T-1'], location: 'OUTSIDE' }, { totes: [] });
    expect(said).toEqual({ resolution: 'notThere' });
  });

  test('says that it is still on its way only of what stands where the books have it', () => {
    expect(saidOf(late, 'A01-PD-OUT')).toEqual({ resolution: 'noted' });
    expect(saidOf(refused, 'A01-PD-OUT')).toEqual({ resolution: 'noted' });
  });

  test.each(['PICK-01', 'OUTSIDE', undefined])(
    'says that it does not come any more: %s',
    (place) => {
      expect(saidOf(late, place)).toEqual({ resolution: 'notThere' });
    },
  );

  test.each([
    ['PICK-01', 'PICK-01'],
    ['MISSING', 'OUTSIDE'],
    [undefined, 'OUTSIDE'],
  ])('says where that is which no crane can fetch: %s', (place, said) => {
    expect(saidOf(refused, place)).toEqual({ resolution: 'placed', place: said });
  });

  test('says that what was scanned stands there, when it does', () => {
    expect(saidOf(wrong, 'PICK-01')).toEqual({ resolution: 'here' });
    expect(saidOf(wrong, 'IN-01')).toEqual({ resolution: 'noted' });
  });

  test.each([
    ['takes out what the books do not know where it stands in the way', ['T9'], 'T9'],
    ['takes nothing out where nothing stands any more', [], undefined],
  ])('%s', (_, ids, carryOut) => {
    const unknown = asks('UNEXPECTED_LOAD', 'putBack removed', 'A01-PD-IN');
    const strangers = ids.map((id) => ({ id, isNameless: false }));
    const said = (isAskedLong: boolean, location = 'A01-PD-IN') =>
      answerTo(unknown, { codes: [], location, strangers, isAskedLong }, { totes: [] });
    expect(said(true)).toEqual({ resolution: 'removed', ...(carryOut && { carryOut }) });
    // It may still go on by itself, or has done so.
    expect(said(false)).toBeUndefined();
    expect(said(true, 'REJECT-01')).toBeUndefined();
  });

  test('says of what has no code that it stands where something stands that the books do not know', () => {
    const doubt = asks('CRANE_DOUBT', 'confirmed', 'A01-LHD');
    const said = (ids: string[]) => {
      const strangers = ids.map((id) => ({ id, isNameless: false }));
      return answerTo(doubt, { codes: [], location: 'A01-LHD', strangers }, { totes: [] });
    };
    expect(said(['T9'])).toEqual({ resolution: 'confirmed', place: 'A01-LHD' });
    expect(said([])).toEqual({ resolution: 'confirmed', place: 'OUTSIDE' });
  });

  test('takes out what cannot stay where it stands, when it does not go on by itself', () => {
    const stuck = asks('CLARIFY', 'placed putBack removed', 'A01-PD-OUT');
    const tote = { id: 'T1', codes: ['T-1'], location: at('A01-PD-OUT'), isForeign: false };
    const said = (isAskedLong: boolean) =>
      answerTo(stuck, { codes: ['T-1'], location: 'A01-PD-OUT', isAskedLong }, { totes: [tote] });
    expect(said(true)).toEqual({ resolution: 'removed', carryOut: 'T1' });
    expect(said(false)).toEqual({ resolution: 'placed', place: 'A01-PD-OUT' });
  });

  test('has nothing to look for where the question is about no load unit', () => {
    expect(answerTo(wrong, { codes: [] }, { totes: [] })).toEqual({ resolution: 'noted' });
  });
});

describe('a person who looks for what has lost its plate', () => {
  test('takes the one without a plate for the one that is missed where it stands', () => {
    const said = (isNameless: boolean) =>
      answerTo(
        late,
        { codes: ['T-1'], location: 'A01-PD-IN', strangers: [{ id: 'T9', isNameless }] },
        { totes: [] },
      );
    expect(said(true)).toEqual({ resolution: 'noted' });
    expect(said(false)).toEqual({ resolution: 'notThere' });
  });

  test('finds what a crane has put down in a cell, also without its plate', () => {
    const strangers = [{ id: 'T9', isNameless: true, cell: 'A01-L-001-01-1' }];
    const booked = { codes: ['T-1'], location: 'A01-LHD', strangers };
    const said = answerTo(asks('CRANE_DOUBT', 'confirmed', 'A01-LHD'), booked, { totes: [] });
    expect(said).toEqual({ resolution: 'confirmed', place: 'A01-L-001-01-1' });
  });
});

test('a person who looks for what a crane has put down does not take a tote of somebody else for it', () => {
  const unit = { loadUnit: 'T-1', lpn: 'T-1', location: 'A01-LHD' };
  const reader = { loadUnit: () => unit, stock: () => ({ items: [] }) } as unknown as Reader;
  const seen = (isForeign: boolean) => {
    const tote = { id: 'T9', codes: [], location: at('A01-R-001-01-1'), isForeign };
    const eyes = new Eyes({ contentsOf: () => [], truth: () => ({ totes: [tote] }) }, () => reader);
    return eyes.bookedOf({ loadUnit: 'T-1' } as DiscrepancyView).strangers;
  };
  expect(seen(false)).toEqual([{ id: 'T9', isNameless: true, cell: 'A01-R-001-01-1' }]);
  expect(seen(true)).toEqual([]);
});
