import { describe, expect, test } from 'vitest';
import type { DeviceId, LocationId, Sscc } from '../../src/domain/ids.ts';
import { inductMachine } from '../../src/workflows/induct.machine.ts';
import type { InductEvent, InductInput } from '../../src/workflows/induct.setup.ts';
import { at, cell, id } from '../lib/demo.ts';
import { SimWorkflow } from '../lib/sim-workflow.ts';

const loadUnit = id('T-1');
const sscc = '340123450000000017' as Sscc;
const where = { device: 'conveyor-1' as DeviceId, point: 1 };
const [pd, rejectLane] = [at('A01-PD-IN'), at('REJECT-01')];
const start = (more: Partial<InductInput> = {}) =>
  new SimWorkflow(inductMachine, {
    ...{ ...where, scanSeq: 3, rejectLane, isReadByUs: true, canLabel: true, code: undefined },
    ...{ readLimitMs: 1_000, labelLimitMs: 10_000, conveyorLimitMs: 60_000 },
    ...more,
  });
const read = (code: string | undefined): InductEvent => ({ type: 'unit.read', code, aim: ']C1' });
const identified = (hasSscc = true): InductEvent => ({
  ...{ type: 'unit.identified', loadUnit, hasSscc },
});
const refused: InductEvent = { type: 'unit.refused', loadUnit, why: 'it is 400 mm high' };
const chosen: InductEvent = { type: 'location.chosen', location: cell(4), pd };
const confirmed = (to: LocationId | undefined, outcome = 'asAnswered'): InductEvent => ({
  ...{ type: 'point.confirmed', to, outcome },
});
const labeling = () =>
  start().send(read('T-1'), identified(false), { type: 'label.queued', label: 'L-1', sscc });
const verifying = () => labeling().send({ type: 'label.printed' });
/** Exits that the point was told to take. */
const answers = (w: ReturnType<typeof start>) =>
  w.intents.flatMap((intent) => (intent.type === 'answerPoint' ? [intent.params.to] : []));
const tasks = (w: ReturnType<typeof start>) =>
  w.intents.flatMap((intent) => (intent.type === 'raiseTask' ? [intent.params.text] : []));

test('read, identified, placed, sent on its way, and put away once it has left', () => {
  const w = start().send(read('T-1'));
  expect(w.intents.at(-1)).toEqual({ type: 'identify', params: { code: 'T-1', aim: ']C1' } });
  w.send(identified(), chosen);
  expect([w.state, answers(w)]).toEqual(['answered', [pd]]);
  expect(w.types).not.toContain('startPutaway');
  w.send(confirmed(pd));
  expect(w.intents.at(-1)).toEqual({
    type: 'startPutaway',
    params: { loadUnit, pd, location: cell(4) },
  });
  expect([w.state, w.asked]).toEqual(['inducted', []]);
});

test('what the controller of the conveyor has read itself is identified at once', () => {
  const w = start({ isReadByUs: false, code: 'T-1' });
  expect([w.state, w.intents]).toEqual([
    'identifying',
    [{ type: 'identify', params: { code: 'T-1', aim: undefined } }],
  ]);
});

test('a read that does not come is asked for once; then it is a no-read', () => {
  const w = start().advance(1_000);
  expect(w.intents).toEqual([{ type: 'triggerScanner', params: where }]);
  w.advance(1_000);
  expect(w.intents.slice(1)).toEqual([
    { type: 'identify', params: { code: undefined, aim: undefined } },
  ]);
});

test('the second read counts as well', () => {
  const w = start().advance(1_000).send(read('T-1'));
  expect(w.intents.at(-1)?.params).toMatchObject({ code: 'T-1' });
});

test('refused: it goes to the reject lane, and a person is told why', () => {
  const w = start().send(read(undefined), refused);
  expect(answers(w)).toEqual([rejectLane]);
  w.send(confirmed(rejectLane));
  expect([w.state, w.asked]).toEqual(['rejected', ['REJECTED']]);
  expect(tasks(w)).toEqual(['T-1 is in the reject lane: it is 400 mm high.']);
  expect(w.types).not.toContain('startPutaway');
});

test('the aisle is chosen when it is identified, and its P&D station is where it is sent', () => {
  const w = start().send(read('T-1'), identified());
  expect(w.intents.at(-1)).toEqual({
    type: 'chooseAisle',
    params: { loadUnit, isRepeated: false },
  });
  const other = { location: at('A02-L-001-01-1'), pd: at('A02-PD-IN') };
  w.send({ type: 'location.chosen', ...other });
  expect(answers(w)).toEqual([other.pd]);
  w.send(confirmed(other.pd));
  expect(w.intents.at(-1)).toEqual({ type: 'startPutaway', params: { loadUnit, ...other } });
});

test('while no aisle takes it, it waits at the point and asks again, and is not rejected', () => {
  const w = start().send(read('T-1'), identified(), { type: 'lane.full' });
  expect([w.state, answers(w), w.asked]).toEqual(['accumulating', [], []]);
  w.advance(500);
  expect(w.intents.at(-1)).toMatchObject({ type: 'chooseAisle', params: { isRepeated: true } });
});

test('no free location: likewise', () => {
  const w = start().send(read('T-1'), identified());
  w.send({ type: 'location.none', why: 'no free cell in A01' });
  expect([w.state, answers(w)]).toEqual(['rejecting', [rejectLane]]);
});

describe('it leaves otherwise than it was told', () => {
  test.each<[string, InductEvent, string, string]>([
    ['late, by the default exit', confirmed(rejectLane, 'late'), 'diverted', 'DIVERTED'],
    ['the exit was full', confirmed(rejectLane, 'exitFull'), 'diverted', 'DIVERTED'],
    ['by none', confirmed(undefined, 'vanished'), 'lost', 'TRACKING_LOST'],
  ])('%s: its location is free again and a person is asked', (_, event, state, code) => {
    const w = start().send(read('T-1'), identified(), chosen, event);
    expect([w.state, w.asked]).toEqual([state, [code]]);
    expect(w.types).toEqual(
      expect.arrayContaining(['freeLocation', 'letGo', 'sendToClarification']),
    );
    expect(w.types).not.toContain('startPutaway');
  });

  test('a reject that is lost', () => {
    const w = start().send(read(undefined), refused, confirmed(undefined, 'jammed'));
    expect([w.state, w.asked]).toEqual(['lost', ['TRACKING_LOST']]);
  });

  test('before it was read: nobody knows who it was, and a person is told', () => {
    const w = start().send(confirmed(rejectLane, 'late'));
    expect([w.state, w.asked]).toEqual(['unseen', ['TRACKING_LOST']]);
    expect(w.types).toEqual(['raiseTask']);
  });

  test.each<[string, LocationId | undefined, string]>([
    ['by the default exit', rejectLane, 'diverted'],
    ['by none', undefined, 'lost'],
  ])('while its label is printed, %s: the label is withdrawn', (_, to, state) => {
    const w = labeling().send(confirmed(to, 'late'));
    expect(w.state).toBe(state);
    expect(w.intents).toContainEqual({ type: 'withdrawLabel', params: { label: 'L-1' } });
  });

  test('it does not leave: a person is told once', () => {
    const w = start().send(read('T-1'), identified(), chosen).advance(10_000_000);
    expect(w.asked).toEqual(['CONVEYOR_LATE']);
  });
});

describe('a load unit without an SSCC', () => {
  test('gets a label, and goes on when that label was read on it', () => {
    const w = verifying();
    expect([w.state, answers(w)]).toEqual([{ labeling: 'verifying' }, []]);
    w.send(read(`00${sscc}`));
    expect(w.intents).toContainEqual({
      type: 'labelVerified',
      params: { loadUnit, label: 'L-1', sscc, proof: 'scanned' },
    });
    expect(w.state).toBe('placing');
  });

  test('goes on without one where there is no printer', () => {
    const w = start({ canLabel: false }).send(read('T-1'), identified(false));
    expect(w.state).toBe('placing');
  });

  test('the label is read before the printer has said that it is printed', () => {
    expect(labeling().send(read(sscc)).state).toBe('placing');
  });

  test('the printer does not take it: reject', () => {
    const w = labeling().send({ type: 'label.notTaken', why: 'paperOut' });
    expect([w.state, answers(w)]).toEqual(['rejecting', [rejectLane]]);
  });

  test('the printer says nothing: the label is withdrawn, and only its verdict counts', () => {
    const w = labeling().advance(10_000);
    expect(w.intents.at(-1)).toEqual({ type: 'withdrawLabel', params: { label: 'L-1' } });
    expect(w.advance(9_999).state).toEqual({ labeling: 'withdrawing' });
    w.send({ type: 'label.notTaken', why: 'withdrawn' });
    expect(w.state).toBe('rejecting');
  });

  test('the printer says nothing at all: only the scanner can tell', () => {
    const w = labeling().advance(20_000);
    expect([w.state, w.types.at(-1)]).toEqual([{ labeling: 'verifyingAgain' }, 'triggerScanner']);
    expect(w.advance(1_000).asked).toEqual(['LABEL_UNKNOWN']);
  });

  test.each([
    ['unknown at once', () => labeling().send({ type: 'label.unknown', why: 'link lost' })],
    [
      'unknown after it was withdrawn',
      () => labeling().advance(10_000).send({ type: 'label.unknown', why: 'link lost' }),
    ],
    ['printed and not read', () => verifying().advance(10_000)],
    ['printed, and the old code is read', () => verifying().send(read('T-1'))],
  ])('%s: what is on it is read once more, and nothing is printed again', (_, made) => {
    const w = made();
    expect([w.state, w.types.at(-1)]).toEqual([{ labeling: 'verifyingAgain' }, 'triggerScanner']);
    expect(w.types.filter((type) => type === 'printLabel')).toHaveLength(1);
    expect(w.send(read(`]C100${sscc}`)).state).toBe('placing');
  });

  test.each<[string, (w: ReturnType<typeof start>) => unknown, string]>([
    ['nothing', (w) => w.advance(1_000), 'its label cannot be read'],
    ['no code', (w) => w.send(read(undefined)), 'its label cannot be read'],
    ['another code', (w) => w.send(read('T-2')), 'the label reads T-2'],
  ])('%s is read instead: reject, and a person looks for the label', (_, happens, why) => {
    const w = verifying().advance(10_000);
    happens(w);
    expect([w.state, w.asked, answers(w)]).toEqual(['rejecting', ['LABEL_UNKNOWN'], [rejectLane]]);
    w.send(confirmed(rejectLane));
    expect(tasks(w)).toEqual([
      `Find the label ${sscc}: on T-1, elsewhere, or not printed at all (${why}).`,
      `T-1 is in the reject lane: ${why}.`,
    ]);
  });
});

test('the own label of a load unit, read while its printer is silent, is no code of another one', () => {
  const w = labeling().advance(10_000).send(read(sscc));
  expect(w.state).toEqual({ labeling: 'withdrawing' });
  w.send({ type: 'label.printed' }, read(sscc));
  expect([w.state, w.asked]).toEqual(['placing', []]);
});

test.each([
  ['accepted', 'accepted', 'placing'],
  ['accepted', 'counted', 'placing'],
  ['sent', 'sent', 'placing'],
  ['counted', 'accepted', { labeling: 'verifying' }],
  ['accepted', 'sent', { labeling: 'verifying' }],
  ['accepted', undefined, { labeling: 'verifying' }],
  ['scanned', 'counted', { labeling: 'verifying' }],
  [undefined, 'counted', { labeling: 'verifying' }],
] as const)('where %s is asked for, a label that is %s comes to %j', (labelProof, proof, state) => {
  const w = start({ labelProof }).send(read('T-1'), identified(false), {
    ...{ type: 'label.queued', label: 'L-1', sscc },
  });
  expect(w.send({ type: 'label.printed', proof }).state).toEqual(state);
});
