import { describe, expect, test } from 'vitest';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import { announce, type FlowRig } from '../lib/flow-rig.ts';
import {
  craneRuns,
  first,
  inducts,
  lhd,
  orderFor,
  pdOut,
  second,
  stocked,
  third,
  toPd,
} from '../lib/stories.ts';

const crane = 'crane-1' as DeviceId;
const pdIn = 'A01-PD-IN' as LocationId;
const view = (rig: FlowRig) => rig.flow.books.station(lhd);
const asked = (rig: FlowRig) => view(rig)?.kind ?? 'none';
const begins = (rig: FlowRig) => rig.operator({ act: 'inspect', device: crane });
const scan = (rig: FlowRig, code: string) => rig.operator({ act: 'scan', station: lhd, code });
const answer = (rig: FlowRig, choice: string) =>
  rig.operator({ act: 'answer', station: lhd, choice });
const isStopped = (rig: FlowRig) => rig.crane.output?.enable === false && !rig.crane.output.command;

/** Says what stands at the places that are asked for by themselves; nothing where it is not said. */
async function looks(rig: FlowRig, seen: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const places: string[] = [];
  for (let n = 0; asked(rig) === 'lookAtPlace' && n < 20; n++) {
    const place = /Look at (\S+),/.exec(view(rig)?.instruction ?? '')?.[1] ?? '';
    if (places.at(-1) !== place) places.push(place);
    const code = seen[place];
    const isNew = code !== undefined && rig.unit(code).confidence !== 'scanned';
    const isElsewhere = code !== undefined && rig.unit(code).place !== place;
    const outcome = isNew || isElsewhere ? await scan(rig, code) : await answer(rig, 'nothing');
    expect(outcome).toMatchObject({ ok: true });
  }
  return places;
}

describe('an inspection after work by hand', () => {
  test('stops the crane, and leads through the crane, its P&D stations and the cells of its missions', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    await begins(rig);
    expect(isStopped(rig)).toBe(true);
    expect(view(rig)).toMatchObject({
      title: 'Look at PLACE',
      instruction: `Look at ${lhd}, where the books have nothing: scan what stands there.`,
    });
    const places = await looks(rig, { [first]: 'T-1' });
    expect(places.slice(0, 3).toSorted()).toEqual([lhd, pdIn, pdOut].toSorted());
    expect(places).toContain(first);
    expect(asked(rig)).toBe('lookMore');
  });

  test('books that were right stay, with a scan behind them, and the crane works again', async () => {
    const rig = await stocked(['T-1']);
    const moved = rig.moves();
    await begins(rig);
    await looks(rig);
    await scan(rig, first);
    await scan(rig, 'T-1');
    expect(rig.unit('T-1').confidence).toBe('scanned');
    expect(await answer(rig, 'done')).toMatchObject({ ok: true });
    expect([rig.moves(), isStopped(rig), rig.asked, asked(rig)]).toEqual([
      moved,
      false,
      [],
      'none',
    ]);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    craneRuns(rig);
    expect(rig.unit('T-1').place).toBe(pdOut);
  });

  test('a load unit in another cell: the books follow, and the host hears one movement', async () => {
    const rig = await stocked(['T-1']);
    const from = rig.ledger.lastSequence();
    await begins(rig);
    await looks(rig);
    await scan(rig, first);
    await answer(rig, 'nothing');
    expect(rig.unit('T-1')).toMatchObject({ place: 'CLARIFICATION', confidence: 'disputed' });
    await scan(rig, third);
    await scan(rig, 'T-1');
    await answer(rig, 'done');
    expect(rig.unit('T-1')).toMatchObject({ place: third, status: 'present' });
    expect([rig.told().slice(from), rig.asked]).toEqual([
      [`T-1 relocated ${first} > ${third}`],
      [],
    ]);
  });

  test('two load units that have changed places: both are right afterwards', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    await begins(rig);
    await looks(rig);
    await scan(rig, first);
    await scan(rig, 'T-2');
    await scan(rig, second);
    await scan(rig, 'T-1');
    await answer(rig, 'done');
    expect([rig.unit('T-1').place, rig.unit('T-2').place]).toEqual([second, first]);
    expect([rig.unit('T-1').status, rig.asked]).toEqual(['present', []]);
  });
});

describe('what an inspection finds', () => {
  test('a load unit that nobody has seen is missing, at the end and not before', async () => {
    const rig = await stocked(['T-1']);
    await begins(rig);
    await looks(rig);
    await scan(rig, first);
    await answer(rig, 'nothing');
    expect(rig.asked).toEqual(['CRANE_DOUBT']);
    await answer(rig, 'done');
    expect(rig.unit('T-1')).toMatchObject({ place: 'MISSING', status: 'missing' });
    expect(rig.asked).toEqual(['BIN_EMPTY']);
  });

  test('what stands where the books have nothing and bears no code closes the cell', async () => {
    const rig = await stocked(['T-1']);
    await begins(rig);
    await looks(rig);
    await scan(rig, second);
    await answer(rig, 'noCode');
    await answer(rig, 'done');
    expect(rig.unit('UNKNOWN-1')).toMatchObject({ place: second, status: 'clarification' });
    expect(rig.asked).toEqual(['COUNT_DIFFERS']);
  });

  test('what stands where the books have it, without a code, is taken for it and not called scanned', async () => {
    const rig = await stocked(['T-1']);
    await begins(rig);
    await looks(rig);
    await scan(rig, first);
    await answer(rig, 'noCode');
    expect(rig.unit('T-1')).toMatchObject({ place: first, confidence: 'sensed' });
  });

  test('a cell that nobody can see stays closed, and a person is asked', async () => {
    const rig = await stocked(['T-1']);
    await begins(rig);
    await looks(rig);
    await scan(rig, first);
    await answer(rig, 'skip');
    await answer(rig, 'done');
    expect(rig.asked).toEqual(['NOT_COUNTED']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    expect(rig.order('SO-1')?.status).toBe('queued');
  });

  test('a load unit that the host has announced is new where it is seen, and goes into storage', async () => {
    const rig = await stocked(['T-1']);
    await announce(rig, 'T-5');
    await begins(rig);
    await looks(rig, { [pdIn]: 'T-5' });
    await answer(rig, 'done');
    craneRuns(rig);
    expect(rig.unit('T-5')).toMatchObject({ place: second, status: 'present' });
  });
});

/** T-1 is to be brought to its cell, and the crane has been told so. */
async function storing(): Promise<FlowRig> {
  const rig = await stocked(['T-2']);
  await announce(rig, 'T-1');
  toPd(rig, inducts(rig, 'T-1'));
  rig.crane.answer();
  rig.settle();
  return rig;
}
/** It is canceled when the crane is asked to let go of it. */
async function releases(rig: FlowRig, place: LocationId | undefined): Promise<void> {
  await answer(rig, 'done');
  rig.crane.answer();
  rig.crane.end('cancelled', place);
  rig.crane.change({});
  rig.settle();
  if (asked(rig) === 'notReleased') expect(await answer(rig, 'again')).toMatchObject({ ok: true });
}

describe('a mission that was under way when an inspection began', () => {
  test('is not released before the crane has let go of it, and the person is told why', async () => {
    const rig = await storing();
    await begins(rig);
    await looks(rig, { [pdIn]: 'T-1' });
    await answer(rig, 'done');
    expect(asked(rig)).toBe('notReleased');
    expect(view(rig)?.instruction).toContain('still has mission');
    expect(isStopped(rig)).toBe(false); // it is told to cancel, and nothing else
    expect(rig.crane.command).toMatchObject({ command: 'cancel' });
  });

  test.each<[string, LocationId]>([
    ['before the crane', pdIn],
    ['on the crane', lhd],
    ['in the cell', second],
  ])('its load is seen %s: it goes on from there, and ends in its cell', async (_, place) => {
    const rig = await storing();
    await begins(rig);
    const places = await looks(rig, { [place]: 'T-1' });
    expect(places).toContain(second);
    await releases(rig, place);
    expect(asked(rig)).toBe('none');
    if (place !== second) craneRuns(rig);
    expect(rig.unit('T-1')).toMatchObject({
      place: second,
      status: 'present',
      workflow: undefined,
    });
    expect([rig.asked, rig.fatal]).toEqual([[], []]);
  });

  test('its load is seen nowhere: it is missing, and its cell is free for others', async () => {
    const rig = await storing();
    await begins(rig);
    await looks(rig);
    await releases(rig, undefined);
    expect(rig.unit('T-1')).toMatchObject({
      place: 'MISSING',
      status: 'missing',
      workflow: undefined,
    });
    expect(rig.rows('reservation')).toEqual([]);
    expect(rig.asked).toEqual(['BIN_EMPTY']);
  });

  test('what waits for the crane is looked for where it was seen, not where it was', async () => {
    const rig = await stocked(['T-1']);
    await begins(rig);
    await rig.command('order.create', orderFor('SO-1', 5));
    await looks(rig);
    await scan(rig, first);
    await answer(rig, 'nothing');
    await scan(rig, third);
    await scan(rig, 'T-1');
    await answer(rig, 'done');
    expect([rig.unit('T-1').place, rig.fatal]).toEqual([third, []]);
    expect(rig.crane.command).not.toMatchObject({ from: first });
  });
});

describe('an inspection', () => {
  test('is one for a crane, however often it is begun', async () => {
    const rig = await stocked(['T-1']);
    await begins(rig);
    await answer(rig, 'nothing');
    const before = view(rig);
    await begins(rig);
    expect(view(rig)).toEqual(before);
    expect(rig.asked).toEqual(['CRANE_DOUBT']);
  });

  test('does not take a code that is read twice for what stands at the next place', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    await begins(rig);
    await scan(rig, 'T-1');
    expect(await scan(rig, 'T-1')).toMatchObject({
      reason: expect.stringContaining('has been seen already'),
    });
    expect(rig.unit('T-1').place).toBe(lhd);
  });

  test('refuses a place of no aisle, and a crane that there is not', async () => {
    const rig = await stocked(['T-1']);
    await begins(rig);
    await looks(rig);
    expect(await scan(rig, 'PICK-01')).toMatchObject({ ok: false });
    const nobody = { act: 'inspect', device: 'crane-9' as DeviceId } as const;
    expect(await rig.operator(nobody)).toMatchObject({ ok: false, code: 'NOT_FOUND' });
    expect(rig.flow.books.stations().map(({ station }) => station)).toContain(lhd);
  });

  test('goes on after a restart at every step, and books the same', async () => {
    const run = async (between: (rig: FlowRig) => unknown) => {
      const rig = await stocked(['T-1'], ['T-2']);
      const acts = [
        () => begins(rig),
        ...[lhd, pdIn, pdOut].map(() => () => answer(rig, 'nothing')),
        () => scan(rig, first),
        () => scan(rig, 'T-2'),
        () => scan(rig, second),
        () => answer(rig, 'nothing'),
        () => scan(rig, third),
        () => scan(rig, 'T-1'),
        () => answer(rig, 'done'),
      ];
      for (const act of acts) {
        expect(await act()).toMatchObject({ ok: true });
        between(rig);
      }
      expect([rig.fatal, asked(rig), isStopped(rig)]).toEqual([[], 'none', false]);
      return [rig.moves(), rig.told(), rig.asked];
    };
    expect(await run((rig) => rig.restart())).toEqual(await run(() => undefined));
  });
});
