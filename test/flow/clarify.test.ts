import { describe, expect, test } from 'vitest';
import { at } from '../lib/demo.ts';
import { announce, type FlowRig, station } from '../lib/flow-rig.ts';
import {
  answer,
  asked,
  atPick,
  choices,
  gtin,
  linesOf,
  scan,
  scans,
  stockedWithArticles,
} from '../lib/station-run.ts';
import { craneRuns, first, inducts, orderFor, outfeeds, second, stores } from '../lib/stories.ts';

const view = (rig: FlowRig) => rig.flow.books.station('PICK-01');
/** Totes in their cells, and a person who wants to know what stands at the station. */
async function clarifying(...totes: [string, number?][]): Promise<FlowRig> {
  const rig = await stockedWithArticles(...totes);
  await answer(rig, 'clarify');
  return rig;
}

/** T-1, which the books have in its cell, stands at the station and has been taken over there. */
async function atHand(): Promise<FlowRig> {
  const rig = await clarifying(['T-1', 10]);
  await scans(rig, 'T-1');
  await answer(rig, 'here');
  return rig;
}

describe('a known load unit in the wrong place', () => {
  test('the step says what the books know, and a scan alone books nothing', async () => {
    const rig = await clarifying(['T-1', 10]);
    const before = [rig.rows('movement'), rig.rows('load_unit')];
    await scans(rig, 'T-1');
    expect(view(rig)).toMatchObject({
      kind: 'clarifyPlace',
      instruction: `The books have T-1 at ${first} with 10 x A (available). Is T-1 here?`,
    });
    await answer(rig, 'leave');
    expect([rig.rows('movement'), rig.rows('load_unit')]).toEqual(before);
    expect(asked(rig)).toBe('clarifyScan T-1');
  });

  test('the books follow, and who said so is kept', async () => {
    const rig = await atHand();
    expect(rig.unit('T-1')).toMatchObject({ place: station, confidence: 'scanned' });
    expect(rig.told().at(-1)).toBe(`T-1 relocated ${first} > PICK-01`);
    expect(rig.rows('movement').at(-1)).toMatchObject({ by_id: 'operator/op-1' });
    expect(rig.flow.books.why('T-1')[0]?.text).toContain(`booked at ${first} before`);
  });

  test('nobody else gets it before it is decided, and then it may be used again', async () => {
    const rig = await atHand();
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    expect(rig.order('SO-1')?.status).toBe('queued');
    await rig.command('order.cancel', { order: 'SO-1' });
    await answer(rig, 'return');
    expect(asked(rig)).toBe('wait -');
    stores(rig, 'T-1');
    expect(rig.unit('T-1')).toMatchObject({ place: first, status: 'present' });
  });

  test('one that was missing: what was asked about it has answered itself', async () => {
    const rig = await atPick(3);
    await answer(rig, 'gone');
    await answer(rig, 'clarify');
    await scans(rig, 'T-1');
    await answer(rig, 'here');
    await answer(rig, 'keep');
    expect(rig.unit('T-1')).toMatchObject({ place: station, status: 'present' });
    expect(rig.asked).toEqual([]);
    expect(rig.told()).toContain('T-1 found MISSING > PICK-01');
  });

  test('one that is on its way is not taken from there; the person is told what to settle first', async () => {
    const rig = await clarifying(['T-1', 10]);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    await scans(rig, 'T-1');
    await answer(rig, 'here');
    expect(view(rig)?.instruction).toMatch(/Not now: T-1 is under way \(retrieval\/SO-1/);
    expect(rig.unit('T-1').place).toBe(first);
  });

  test('one that has come for an order is not clarified but worked with', async () => {
    const rig = await clarifying(['T-1', 10]);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    craneRuns(rig);
    outfeeds(rig);
    expect(await scan(rig, 'T-1')).toMatchObject({ reason: expect.stringContaining('for SO-1') });
    await answer(rig, 'stop');
    await scans(rig, 'T-1');
    expect(rig.order('SO-1')?.status).toBe('completed');
  });
});

describe('a load unit that the books do not know', () => {
  test('becomes known with what is counted in it', async () => {
    const rig = await clarifying();
    await scans(rig, 'T-9');
    expect(view(rig)?.instruction).toBe('The books do not know it. Is T-9 here?');
    await answer(rig, 'here');
    await answer(rig, 'contents');
    await scans(rig, gtin);
    await answer(rig, 'counted', { qty: 4 });
    await answer(rig, 'nothing');
    await answer(rig, 'keep');
    expect([rig.unit('T-9').status, linesOf(rig, 'T-9')]).toEqual(['present', ['4 A available']]);
    expect(rig.told()).toContain('T-9 received OUTSIDE > PICK-01');
  });

  test('that the host has announced comes with what it was said to hold', async () => {
    const rig = await clarifying();
    await rig.command('loadUnit.announce', {
      loadUnits: [{ lpn: 'T-8', loadUnitType: 'TOTE-600', lines: [{ sku: 'A', qty: 6 }] }],
    });
    await scans(rig, 'T-8');
    await answer(rig, 'here');
    expect([rig.unit('T-8').place, linesOf(rig, 'T-8')]).toEqual([station, ['6 A available']]);
  });

  test('without a code gets a name of ours, and loses it to the label that is stuck onto it', async () => {
    const rig = await clarifying();
    await answer(rig, 'noCode');
    expect(rig.unit('UNKNOWN-1')).toMatchObject({ place: station, status: 'clarification' });
    await scans(rig, 'T-9');
    await answer(rig, 'here');
    expect(rig.unit('UNKNOWN-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
    expect(rig.unit('T-9')).toMatchObject({ place: station, status: 'present' });
  });

  test('without a code: an article in it tells which load units it may be', async () => {
    const rig = await clarifying(['T-1', 10], ['T-2', 5]);
    await scans(rig, gtin);
    expect(view(rig)?.instruction).toContain('A lies in T-1, T-2 in the books.');
  });

  test('one from the reject lane is taken over under the name that it got there', async () => {
    const rig = await stockedWithArticles(['T-1', 10]);
    const scanSeq = inducts(rig, 'T-7');
    rig.conveyor.leave(1, scanSeq);
    rig.settle();
    await announce(rig, 'T-7', 5);
    await answer(rig, 'clarify');
    await scans(rig, 'UNKNOWN-1');
    await answer(rig, 'here');
    expect([rig.asked, rig.flow.warehouse.countAt(at('REJECT-01'))]).toEqual([[], 0]);
    await scans(rig, 'T-7');
    await answer(rig, 'here');
    await answer(rig, 'return');
    stores(rig, 'T-7');
    expect(rig.unit('T-7').place).toBe(second);
  });
});

describe('what is not so in a load unit is booked, one thing after the other', () => {
  test('it holds something else: it is counted, without saying what is booked', async () => {
    const rig = await atHand();
    await answer(rig, 'contents');
    expect(view(rig)).toMatchObject({ kind: 'count', instruction: 'Count A in T-1.' });
    await answer(rig, 'counted', { qty: 7 });
    await answer(rig, 'nothing');
    expect([asked(rig), linesOf(rig, 'T-1')]).toEqual(['clarifyUnit T-1', ['7 A available']]);
    expect(rig.told()).toContain('T-1 counted PICK-01 > ADJUSTMENT');
  });

  test('it is damaged: no order gets any of it', async () => {
    const rig = await atHand();
    await answer(rig, 'damaged');
    expect(linesOf(rig, 'T-1')).toEqual(['10 A blocked']);
  });

  test('it is empty: the host is told what is not there', async () => {
    const rig = await atHand();
    await answer(rig, 'empty');
    expect(linesOf(rig, 'T-1')).toEqual([]);
    expect(rig.told()).toContain('T-1 adjusted PICK-01 > ADJUSTMENT');
  });

  test('it is discarded: only with a reason, which the host hears', async () => {
    const rig = await atHand();
    expect(await answer(rig, 'discard')).toMatchObject({ ok: false });
    await answer(rig, 'discard', { reason: 'damaged' });
    expect(rig.unit('T-1')).toMatchObject({
      place: 'OUTSIDE',
      status: 'gone',
      workflow: undefined,
    });
    const last = rig.events().findLast(({ name }) => name === 'movement');
    expect(last?.data).toMatchObject({
      kind: 'adjusted',
      operator: 'op-1',
      reasons: [{ code: 'OPERATOR', detail: 'discarded in clarification: damaged' }],
    });
    expect(asked(rig)).toBe('wait -');
  });

  test('it is taken away in the middle: it is looked for, and the station is free', async () => {
    const rig = await atHand();
    await answer(rig, 'gone');
    expect(rig.unit('T-1')).toMatchObject({ status: 'missing', workflow: undefined });
    expect([rig.asked, asked(rig)]).toEqual([['TAKEN_AWAY'], 'wait -']);
  });
});

describe('clarification', () => {
  test('is offered where nothing else is asked for, by bar code too', async () => {
    const rig = await stockedWithArticles(['T-1', 10]);
    expect(choices(rig)).toEqual(['clarify']);
    await scans(rig, 'CRANEWAY-CLARIFY');
    expect(asked(rig)).toBe('clarifyScan -');
  });

  test('is not begun in the middle of a pick', async () => {
    const rig = await atPick(3);
    expect(await answer(rig, 'clarify')).toMatchObject({ ok: false });
    expect(asked(rig)).toBe('scanTarget T-1');
  });

  test.each([
    ['a place', 'PICK-01', 'is a place'],
    ['nothing that names a load unit', '#', 'malformed'],
  ])('%s is no load unit', async (_, code, why) => {
    const rig = await clarifying();
    expect(await scan(rig, code)).toMatchObject({ reason: expect.stringContaining(why) });
  });

  test('goes on after a restart at every step, and books the same', async () => {
    const run = async (between: (rig: FlowRig) => unknown) => {
      const rig = await clarifying(['T-1', 10]);
      const steps = [
        () => scan(rig, 'T-1'),
        () => answer(rig, 'here'),
        () => answer(rig, 'contents'),
        () => answer(rig, 'counted', { qty: 8 }),
        () => answer(rig, 'nothing'),
        () => answer(rig, 'damaged'),
        () => answer(rig, 'keep'),
      ];
      for (const step of steps) {
        expect(await step()).toMatchObject({ ok: true });
        between(rig);
      }
      expect(rig.fatal).toEqual([]);
      return [rig.moves(), linesOf(rig, 'T-1'), rig.told(), rig.asked];
    };
    expect(await run((rig) => rig.restart())).toEqual(await run(() => undefined));
  });
});
