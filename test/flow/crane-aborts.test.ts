import { expect, test } from 'vitest';
import type { ForcedEnd } from '../../simulators/asrs-crane/model.ts';
import { arm, forceAnswer, forceEnd } from '../../simulators/asrs-crane/power.ts';
import { CraneSite } from '../lib/crane-site.ts';
import { at, cell } from '../lib/demo.ts';
import { readCraneInterface } from '../lib/interfaces.ts';

// Every abort of the interface file, made to come from a simulated crane behind a real socket, and
// what the books, the locks, the questions and the crane are like afterwards.
const { aborts = [] } = readCraneInterface();
const [home, pdOut, lhd] = [cell(1), at('A01-PD-OUT'), at('A01-LHD')];
const t1 = { lpn: 'T-1', place: home };
let site: CraneSite;

const stored = (lpn: string, place: string) =>
  site.until(`${lpn} is at ${place}`, () => site.unit(lpn).place === place);

interface Ending {
  readonly at: ForcedEnd['at'];
  readonly place: string;
  readonly locked?: readonly string[];
  readonly asked?: readonly string[];
  /** What the crane is told next by itself. */
  readonly next?: string;
  readonly alarm?: string;
}

const unit = () => site.unit('T-1');
const doubtful = (ending: Pick<Ending, 'at' | 'place'> & Partial<Ending>): Ending => ({
  asked: ['CRANE_DOUBT'],
  alarm: 'critical',
  ...ending,
});
const disputed = (code: string) =>
  doubtful({
    at: 'unknown',
    place: 'CLARIFICATION',
    locked: [home],
    asked: ['CRANE_DOUBT', code],
  });

const cases: Readonly<Record<string, Ending>> = {
  binFull: { at: 'lhd', place: pdOut },
  binEmpty: {
    at: 'source',
    place: 'MISSING',
    locked: [home],
    asked: ['BIN_EMPTY', 'ORDER_STUCK'],
  },
  frontBlocked: { at: 'source', place: pdOut, next: 'transfer' },
  codeMismatch: {
    ...{ at: 'lhd', place: 'CLARIFICATION', locked: [home], next: 'deposit', alarm: 'warning' },
    asked: ['CLARIFY', 'CODE_MISMATCH', 'ORDER_STUCK'],
  },
  noRead: { at: 'lhd', place: pdOut, next: 'deposit' },
  contour: { at: 'source', place: pdOut, next: 'transfer', asked: ['ORDER_STUCK'] },
  overweight: { at: 'lhd', place: pdOut, next: 'deposit', asked: ['ORDER_STUCK'] },
  stationTimeout: { at: 'lhd', place: pdOut, next: 'deposit' },
  loadLost: disputed('LOAD_LOST'),
  loadShifted: doubtful({ at: 'lhd', place: lhd }),
  operatorAbort: doubtful({
    ...{ at: 'lhd', place: lhd, locked: [home], alarm: 'warning' },
    asked: ['CRANE_DOUBT', 'OPERATOR_ABORT'],
  }),
  modeLeft: doubtful({
    ...{ at: 'lhd', place: lhd, locked: [home], alarm: 'warning' },
    asked: ['CRANE_DOUBT', 'MODE_LEFT'],
  }),
  restarted: { at: 'lhd', place: pdOut, next: 'deposit' },
  sensorConflict: disputed('SENSOR_CONFLICT'),
  driveFault: doubtful({ at: 'lhd', place: lhd }),
  positioningFault: doubtful({ at: 'source', place: home }),
  otherFault: disputed('OTHER_FAULT'),
};

test('every code of the interface file has its case', () => {
  expect(Object.keys(cases).toSorted()).toEqual(aborts.map(({ name }) => name).toSorted());
});

const told = aborts.filter(({ name }) => name !== 'binFull');
test.each(told)('$code $name: $location, $loadUnit, $next', async ({ name }) => {
  const { at: where, place, locked = [], asked = [], next, alarm } = cases[name] as Ending;
  site = await CraneSite.open({ stored: [t1] });
  forceEnd(site.crane, { result: name, at: where });
  await site.order('T-1');
  await site.until('its end is booked', () => site.missions[0] === `1 transfer done ${name}`);
  await stored('T-1', place);
  await site.until('people are asked', () => site.asked.length >= asked.length);
  expect({ asked: site.asked, locked: site.locked }).toEqual({ asked, locked });
  if (next !== undefined) await site.until('it goes on', () => site.missions.length > 1);
  expect(site.missions[1]?.split(' ')[1]).toBe(next);
  const critical = site.questions.filter((question) => question.alarm === 'critical');
  if (alarm !== undefined) expect(critical.length > 0).toBe(alarm === 'critical');
  expect(unit().confidence).toBe(
    place === 'CLARIFICATION' || place === 'MISSING' ? 'disputed' : 'sensed',
  );
});

test('101 binFull: the destination is closed, what stands there gets a name, the load goes elsewhere', async () => {
  site = await CraneSite.open();
  arm(site.crane, 'binFull', true);
  await site.putAway('T-1');
  await site.until('it is stored elsewhere', () => site.missions.length === 2);
  await site.until('it is booked', () => site.missions[1] === '2 deposit done done');
  expect([site.asked, site.locked.length]).toEqual([['BIN_FULL'], 1]);
  const [full = ''] = site.locked;
  expect(unit().place).not.toBe(full);
  expect(site.flow.warehouse.at(at(full))).toMatchObject([{ loadUnit: 'UNKNOWN-1' }]);
  expect(site.where('T-1')).toBe(unit().place);
});

test('18 loadNotAllowed at a cell: another cell is chosen, and after three it is brought to a person', async () => {
  site = await CraneSite.open();
  await site.until('the crane is ready', () => site.crane.state.plc.enabled);
  forceAnswer(site.crane, 'loadNotAllowed');
  await site.putAway('T-1');
  await site.until('it is stored', () => site.missions[1] === '2 transfer done done');
  expect([site.asked, unit().place]).toEqual([[], cell(1, 1, 'R')]);
});

test('an end with a code that no file lists is treated as otherFault', async () => {
  const file = readCraneInterface();
  site = await CraneSite.open({ stored: [t1] });
  const codes = site.crane.setup.resultCodes as Map<string, number>;
  codes.set('code-150', 150);
  expect(file.aborts?.some(({ code }) => code === 150)).toBe(false);
  forceEnd(site.crane, { result: 'code-150', at: 'unknown' });
  await site.order('T-1');
  await site.until('a person is asked', () => site.asked.includes('CRANE_DOUBT'));
  expect(site.missions).toEqual(['1 transfer done otherFault']);
  expect([site.locked, unit().place]).toEqual([[home], 'CLARIFICATION']);
});
