import { expect, test } from 'vitest';
import { changeReactions } from '../../src/domain/reactions.ts';
import { reactionsOf } from '../../src/main.ts';
import { brokenBooks } from '../lib/floor-checks.ts';
import { endsNow } from '../lib/floor-exceptions.ts';
import { peopleAnswer } from '../lib/floor-people.ts';
import {
  atStart,
  home,
  infeed,
  lhd,
  type Phase,
  pdIn,
  pick,
  putawayPhases,
  retrievalPhases,
  thaw,
} from '../lib/floor-phases.ts';
import { conveyor1, floorFiles } from '../lib/floor-plant.ts';
import { FloorRig } from '../lib/floor-rig.ts';

// What the grid of exceptions has brought to light, each as a requirement of its own.

async function reached(way: 'putaway' | 'retrieval', name: string): Promise<FloorRig> {
  const phases: readonly Phase[] = way === 'putaway' ? putawayPhases : retrievalPhases;
  const phase = phases.find((each) => each.name === name);
  const rig = await atStart[way]();
  await phase?.reach(rig);
  return rig;
}

async function resolve(rig: FloorRig, code: string, resolution: string, place?: typeof home) {
  const open = rig.questions.find((question) => question.code === code);
  return rig.operator({ act: 'resolve', discrepancy: open?.no ?? 0, resolution, place });
}

test('a mission that is broken off with its load at the destination is done', async () => {
  const rig = await reached('retrieval', 'deposited');
  endsNow(rig, 'restarted');
  thaw(rig);
  await rig.rest();
  expect([rig.asked, rig.unit('T-1').place]).toEqual([[], pick]);
  expect(rig.missions).toEqual(['1 transfer done restarted']);
});

test('a load that comes to the divert before its mission is settled is sent on once it is', async () => {
  const rig = await reached('retrieval', 'deposited');
  endsNow(rig, 'loadShifted');
  thaw(rig);
  await rig.rest();
  expect(rig.asked).toEqual(['CRANE_DOUBT']);
  await resolve(rig, 'CRANE_DOUBT', 'confirmed');
  await rig.rest();
  expect(rig.unit('T-1').place).toBe(pick);
});

/** The crane has found nothing at the P&D station, and was wrong. */
async function missing(): Promise<FloorRig> {
  const rig = await reached('putaway', 'accepted');
  endsNow(rig, 'binEmpty');
  thaw(rig);
  await rig.rest();
  expect(rig.asked).toEqual(['BIN_EMPTY']);
  return rig;
}

test.each([pdIn, lhd])('what a person finds at %s is brought into storage', async (place) => {
  const rig = await missing();
  if (place === lhd) {
    const [tote] = rig.model.people.contentsOf(pdIn);
    rig.byHand((people, simMs) => people.carry(tote?.id ?? '', lhd, simMs));
    await rig.rest();
  }
  await resolve(rig, 'BIN_EMPTY', 'found', place);
  if (place === lhd) await resolve(rig, 'CRANE_DOUBT', 'confirmed');
  await rig.rest();
  expect(rig.unit('T-1').workflow).toBeUndefined();
  expect(rig.topology.find(rig.unit('T-1').place)?.kind).toBe('cell');
  expect(rig.where('T-1')).toBe(rig.unit('T-1').place);
});

test('what a person finds where no machine takes it is a question until it is carried on', async () => {
  const rig = await missing();
  await resolve(rig, 'BIN_EMPTY', 'found', pick);
  expect(rig.questions).toMatchObject([{ code: 'CLARIFY', loadUnit: 'T-1', location: pick }]);
  expect(rig.unit('T-1').status).toBe('clarification');
  const [tote] = rig.model.people.contentsOf(pdIn);
  rig.byHand((people, simMs) => people.putBack(tote?.id ?? '', simMs));
  await rig.rest();
  expect([rig.asked, rig.unit('T-1').status]).toEqual([[], 'present']);
  expect(brokenBooks(rig)).toEqual([]);
});

test('what was confirmed to be outside can be taken out of the books', async () => {
  const rig = await reached('retrieval', 'carrying');
  endsNow(rig, 'loadShifted');
  thaw(rig);
  await rig.rest();
  await resolve(rig, 'CRANE_DOUBT', 'confirmed', 'OUTSIDE' as typeof home);
  expect(rig.unit('T-1')).toMatchObject({ place: 'OUTSIDE', status: 'clarification' });
  expect(await resolve(rig, 'CLARIFY', 'removed')).toMatchObject({ ok: true });
  expect(rig.unit('T-1').status).toBe('gone');
});

test('MISSING is no place where somebody can have seen a load unit', async () => {
  const rig = await missing();
  const answer = await resolve(rig, 'BIN_EMPTY', 'found', 'MISSING' as typeof home);
  expect(answer).toMatchObject({ ok: false, code: 'INVALID' });
});

/** T-1 has been lifted off the conveyor on its way to the crane, and people are told that it is late. */
async function lifted(): Promise<FloorRig> {
  const rig = await reached('putaway', 'onConveyor');
  const tote = rig.model.people.contentsOf(pdIn).concat(rig.model.people.contentsOf(infeed))[0];
  rig.byHand((people, simMs) => people.carry(tote?.id ?? '', 'OUTSIDE' as typeof home, simMs));
  thaw(rig);
  await rig.until('a person is told', () => rig.asked.includes('CONVEYOR_LATE'));
  return rig;
}

test('what was only seen is asked again as long as something waits', async () => {
  const rig = await lifted();
  await resolve(rig, 'CONVEYOR_LATE', 'noted');
  expect([rig.asked, brokenBooks(rig)]).toEqual([[], []]);
  await rig.until('it is asked again', () => rig.asked.includes('CONVEYOR_LATE'));
});

test('what is not on the conveyor any more is looked for, and its location is free', async () => {
  const rig = await lifted();
  await resolve(rig, 'CONVEYOR_LATE', 'notThere');
  expect(rig.questions).toMatchObject([{ code: 'CLARIFY', loadUnit: 'T-1' }]);
  expect([...rig.flow.warehouse.tables.reservation.values()]).toEqual([]);
  expect(await peopleAnswer(rig)).toEqual([]);
  expect(rig.unit('T-1').status).toBe('gone');
});

test('a load that is to be rejected and does not leave is a question, too', async () => {
  const rig = await reached('putaway', 'arrived');
  rig.plc(conveyor1).isDeaf = true;
  await rig.run(2_500);
  thaw(rig);
  rig.plc(conveyor1).isDeaf = true;
  await rig.until('a person is told', () => rig.asked.includes('CONVEYOR_LATE'));
});

test('a crane that refuses again and again is a question, and is asked less often', async () => {
  const rig = await reached('putaway', 'committed');
  const [tote] = rig.model.people.contentsOf(pdIn);
  rig.byHand((people, simMs) => people.carry(tote?.id ?? '', 'OUTSIDE' as typeof home, simMs));
  thaw(rig);
  await rig.until('a person is told', () => rig.asked.includes('REFUSED'));
  const { length } = rig.missions;
  await rig.run(9_000);
  expect(rig.missions.length - length).toBeLessThan(2);
  await resolve(rig, 'REFUSED', 'placed', 'OUTSIDE' as typeof home);
  expect(rig.asked).toEqual(['CLARIFY']);
});

test('a crane that goes on refusing is asked about once, until its person has had time to see to it', async () => {
  const rig = await reached('putaway', 'committed');
  const [tote] = rig.model.people.contentsOf(pdIn);
  rig.byHand((people, simMs) => people.carry(tote?.id ?? '', 'OUTSIDE' as typeof home, simMs));
  thaw(rig);
  await rig.until('a person is told', () => rig.asked.includes('REFUSED'));
  await resolve(rig, 'REFUSED', 'noted');
  const { length } = rig.missions;
  await rig.until('it is tried again', () => rig.missions.length > length + 1);
  expect(rig.asked).toEqual([]);
  await rig.until('a person is asked again', () => rig.asked.includes('REFUSED'));
});

test('a state that is left at once leaves no timer behind', async () => {
  const rig = await reached('putaway', 'committed');
  const [tote] = rig.model.people.contentsOf(pdIn);
  rig.byHand((people, simMs) => people.carry(tote?.id ?? '', 'OUTSIDE' as typeof home, simMs));
  thaw(rig);
  await rig.until('a person is told', () => rig.asked.includes('REFUSED'));
  const timers = [...rig.flow.warehouse.tables.timer.values()].map(({ timer }) => timer);
  expect(timers.filter((timer) => timer.includes('rejectPause'))).toEqual([
    'xstate.after.rejectPause.carry.refused',
  ]);
});

test('what has vanished from a lane is not taken for what comes there next', async () => {
  const rig = await reached('retrieval', 'atDivert');
  const [tote] = rig.model.people.contentsOf('A01-PD-OUT' as typeof home);
  rig.byHand((people, simMs) => people.carry(tote?.id ?? '', 'OUTSIDE' as typeof home, simMs));
  thaw(rig);
  await rig.until('the other one is there', () => rig.unit('T-2').place === pick);
  expect(rig.unit('T-1')).toMatchObject({ place: 'CLARIFICATION', confidence: 'disputed' });
  expect(rig.where('T-2')).toBe(pick);
});

test('a crane is not released with a load on it that no book knows', async () => {
  const rig = await atStart.putaway();
  rig.byHand((people, simMs) => people.bring({ massKg: 10, heightMm: 300 }, lhd, simMs));
  await rig.rest();
  expect(await resolve(rig, 'CRANE_DOUBT', 'confirmed')).toMatchObject({
    ok: false,
    code: 'CONFLICT',
  });
  const [tote] = rig.model.people.contentsOf(lhd);
  rig.byHand((people, simMs) => people.carry(tote?.id ?? '', 'OUTSIDE' as typeof home, simMs));
  await rig.rest();
  expect(await resolve(rig, 'CRANE_DOUBT', 'confirmed')).toMatchObject({ ok: true });
});

test('the code that a tote came with, read beside its new label, rejects nothing', async () => {
  const rig = await reached('putaway', 'labeled');
  rig.reads('scan-in-1', 'T-1');
  rig.reads('scan-in-1', 'T-1');
  thaw(rig);
  await rig.rest();
  expect([rig.asked, rig.topology.find(rig.unit('T-1').place)?.kind]).toEqual([[], 'cell']);
});

test('a reaction that the site file changes is the one that is carried out, and why says so', async () => {
  const changes = { aborts: { noRead: { next: 'rejectLane', retries: 0 } } } as const;
  const reactions = changeReactions(reactionsOf(floorFiles.crane), changes);
  const rig = await FloorRig.open({ reactions, stored: [{ lpn: 'T-1', place: home }] });
  await retrievalPhases.find(({ name }) => name === 'carrying')?.reach(rig);
  endsNow(rig, 'noRead');
  thaw(rig);
  await rig.rest();
  expect([rig.asked, rig.unit('T-1').place]).toEqual([['CLARIFY'], 'REJECT-01']);
  const texts = rig.flow.books.why('T-1').map(({ text }) => text);
  expect(texts.some((text) => text.includes('as the site file says'))).toBe(true);
});

test('what came while a conveyor was in manual is sent on when it is in auto again', async () => {
  const rig = await reached('retrieval', 'carrying');
  await rig.operator({ act: 'mode', device: conveyor1, mode: 'manual' });
  thaw(rig);
  await rig.rest();
  expect(rig.unit('T-1').place).toBe('A01-PD-OUT');
  await rig.operator({ act: 'mode', device: conveyor1, mode: 'auto' });
  await rig.rest();
  expect(rig.unit('T-1').place).toBe(pick);
});

test('what comes to the infeed while its conveyor is in manual is identified afterwards', async () => {
  const rig = await reached('putaway', 'announced');
  await rig.operator({ act: 'mode', device: conveyor1, mode: 'manual' });
  rig.byHand((people, simMs) => people.feed({ lpn: 'T-1', massKg: 10, heightMm: 300 }, simMs));
  await rig.rest();
  expect(rig.unit('T-1').status).toBe('announced');
  await rig.operator({ act: 'mode', device: conveyor1, mode: 'auto' });
  await rig.rest();
  expect(rig.topology.find(rig.unit('T-1').place)?.kind).toBe('cell');
});
