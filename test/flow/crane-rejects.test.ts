import { expect, test } from 'vitest';
import { forceAnswer, restart } from '../../simulators/asrs-crane/power.ts';
import { CraneSite } from '../lib/crane-site.ts';
import { at, cell } from '../lib/demo.ts';
import { readCraneInterface } from '../lib/interfaces.ts';

// Every reject of the interface file, made to come from a simulated crane behind a real socket, and
// what the books, the locks, the questions and the crane are like afterwards.
const { rejects = [] } = readCraneInterface();
const [home, pdOut] = [cell(1), at('A01-PD-OUT')];
const t1 = { lpn: 'T-1', place: home };
let site: CraneSite;

/** T-1 stands in the rack, and the next command is answered like this. */
async function refusing(answer: string): Promise<void> {
  site = await CraneSite.open({ stored: [t1] });
  forceAnswer(site.crane, answer);
  await site.order('T-1');
}

const settled = () =>
  site.until('the crane has answered', () => !site.missions.at(-1)?.includes('open'));
const stored = (lpn: string, place: string) =>
  site.until(`${lpn} is at ${place}`, () => site.unit(lpn).place === place);

const passes = async (name: string) => {
  await refusing(name);
  await stored('T-1', pdOut);
  expect(site.missions).toEqual([`1 transfer notTaken ${name}`, '2 transfer done done']);
  expect([site.asked, site.locked]).toEqual([[], []]);
};
const stops = async (name: string) => {
  await refusing(name);
  await site.until('a person is asked', () => site.asked.length === 2);
  expect(site.asked).toEqual(['CRANE_DOUBT', 'PLACE_UNKNOWN']);
  expect([site.missions, site.unit('T-1').place]).toEqual([[`1 transfer notTaken ${name}`], home]);
  expect(site.flow.warehouse.craneBook(site.crane.setup.device).doubt?.code).toBe('REJECTED');
};
/** A command about a mission that goes on, whatever becomes of the command. */
const settles = async (name: string) => {
  site = await CraneSite.open({ stored: [t1] });
  await site.order('T-1');
  await site.until('it is under way', () => site.crane.state.plc.mission !== undefined);
  forceAnswer(site.crane, name);
  await site.command('order.cancel', { order: 'SO-T-1' });
  await stored('T-1', pdOut);
  expect(site.missions).toEqual(['1 transfer done done', `2 cancel notTaken ${name}`]);
  expect([site.asked, site.locked]).toEqual([[], []]);
};
/** Its memory is lost, a person has looked, and numbers are to be taken up again. */
const resync = async (name: string) => {
  site = await CraneSite.open({ stored: [t1] });
  site.pass();
  restart(site.crane, 'lost', site.model.now);
  await site.until('a person is asked', () => site.asked.includes('CRANE_DOUBT'));
  await site.until(
    'it is held',
    () => site.equipment.crane(site.crane.setup.device).snapshot?.held === true,
  );
  forceAnswer(site.crane, name);
  await site.resolve('CRANE_DOUBT', 'confirmed');
  await settled();
  expect(site.missions).toEqual([`1 resync notTaken ${name}`]);
};

const cases: Readonly<Record<string, (name: string) => Promise<void>>> = {
  notAutoRemote: passes,
  notEnabled: passes,
  busy: passes,
  unknownCommand: stops,
  missionIdInvalid: stops,
  outOfRange: stops,
  lhdOccupied: stops,
  lhdEmpty: stops,
  async loadNotAllowed(name) {
    await refusing(name);
    await site.until('a person is asked', () => site.asked.length > 0);
    expect(site.asked).toEqual(['PLACE_UNKNOWN']);
    await site.resolve('PLACE_UNKNOWN', 'placed', home);
    await stored('T-1', pdOut);
  },
  stationNotReady: passes,
  faultLatched: passes,
  async notHomed(name) {
    await refusing(name);
    await stored('T-1', pdOut);
    const [first, ...rest] = site.missions;
    expect(first).toBe(`1 transfer notTaken ${name}`);
    expect(rest).toEqual(['2 home done done', '3 transfer done done']);
    expect(site.asked).toEqual([]);
  },
  eventBufferFull: passes,
  pathConflict: passes,
  noSuchLhd: stops,
  missionUnknown: settles,
  missionEnded: settles,
  tooLate: settles,
  async alreadySynchronized(name) {
    await resync(name);
    expect(site.asked).toEqual([]);
  },
  async handledSince(name) {
    await resync(name);
    expect(site.asked).toEqual(['CRANE_DOUBT']);
  },
};

test('every code of the interface file has its case', () => {
  expect(Object.keys(cases).toSorted()).toEqual(rejects.map(({ name }) => name).toSorted());
});

test.each(rejects)('$code $name: $next', async ({ name }) => {
  await cases[name]?.(name);
});
