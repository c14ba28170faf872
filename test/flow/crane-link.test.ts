import { expect, test } from 'vitest';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { changeMode, restart } from '../../simulators/asrs-crane/power.ts';
import { CraneSite } from '../lib/crane-site.ts';
import { at, cell } from '../lib/demo.ts';
import { readCraneInterface } from '../lib/interfaces.ts';

// What may happen to the two programs and the wire between them while a mission runs, over a real
// socket: nothing is sent twice, nothing is concluded that nobody knows.
const pdOut = at('A01-PD-OUT');
const lifeLostMs = 700;
const file: InterfaceFile = {
  ...readCraneInterface(),
  timing: readCraneInterface().timing.map((row) =>
    row.name === 'lifeLostMs' ? { ...row, default: lifeLostMs } : row,
  ),
};

/** T-1 is on the crane, on its way to the station. */
async function carrying() {
  const site = await CraneSite.open({ file, stored: [{ lpn: 'T-1', place: cell(1) }] });
  site.freezeIn = 'carrying';
  await site.order('T-1');
  await site.until('it is on the crane', () => site.crane.state.plc.phase === 'carrying');
  await site.until('it is booked', () => site.unit('T-1').place === 'A01-LHD');
  return site;
}
const { crane: device } = { crane: 'crane-1' as never };
const offline = (site: CraneSite) => site.equipment.crane(device).offline;

/** It has come where it was to go, and each mission was executed once. */
async function arrives(site: CraneSite, missions: readonly string[]) {
  site.freezeIn = undefined;
  await site.until('it is brought', () => site.missions.at(-1) === missions.at(-1));
  expect(site.missions).toEqual(missions);
  expect([site.unit('T-1').place, site.asked]).toEqual([pdOut, []]);
  expect(site.model.world.truth().violations).toEqual([]);
  for (const { starts, picks, deposits } of site.model.world.executions()) {
    expect(Math.max(starts, picks, deposits)).toBe(1);
  }
}

test('the program of the PLC stands still: the crane counts as offline, and its mission goes on afterwards', async () => {
  const site = await carrying();
  site.isHalted = true;
  await site.until('it is noticed', () => offline(site) !== undefined);
  expect(offline(site)).toContain('stands still');
  expect(site.missions).toEqual(['1 transfer open']);
  site.isHalted = false;
  await arrives(site, ['1 transfer done done']);
});

test('the wire is cut: the PLC holds by itself, and goes on when the controller is back', async () => {
  const site = await carrying();
  site.server.mute(true);
  site.server.drop();
  await site.until('both have noticed', () => {
    site.pass();
    return offline(site) !== undefined && !site.crane.state.plc.enabled;
  });
  expect(site.missions).toEqual(['1 transfer open']);
  site.server.mute(false);
  await arrives(site, ['1 transfer done done']);
});

test('the PLC restarts and remembers: its mission has ended, a new one begins from where the load is', async () => {
  const site = await carrying();
  site.pass();
  restart(site.crane, 'whole', site.model.now);
  await site.until('it is booked', () => site.missions[0] === '1 transfer done restarted');
  await arrives(site, ['1 transfer done restarted', '2 deposit done done']);
});

test('the PLC restarts and has forgotten: unknown, a person looks, numbers are taken up again', async () => {
  const site = await carrying();
  site.pass();
  restart(site.crane, 'lost', site.model.now);
  await site.until('a person is asked', () => site.asked.includes('CRANE_DOUBT'));
  expect(site.flow.warehouse.craneBook(device).doubt?.code).toBe('LOSS');
  expect(site.missions).toEqual(['1 transfer unknown']);
  await site.until('it is held', () => site.equipment.crane(device).snapshot?.held === true);
  await site.resolve('CRANE_DOUBT', 'confirmed', at('A01-LHD'));
  await arrives(site, [
    '1 transfer unknown settled by a person',
    '2 resync done accepted',
    '3 deposit done done',
  ]);
});

test('a person takes the crane over and gives it back: both times somebody has to look', async () => {
  const site = await carrying();
  site.pass();
  changeMode(site.crane, 'manual', site.model.now.simMs);
  await site.until('it is booked', () => site.missions[0] === '1 transfer done modeLeft');
  expect(site.flow.warehouse.craneBook(device).doubt?.code).toBe('modeLeft');
  expect(site.locked).toEqual([cell(1)]);
  changeMode(site.crane, 'autoRemote', site.model.now.simMs);
  await site.until('it shows', () => site.equipment.crane(device).snapshot?.mode === 'autoRemote');
  await site.until('it is held', () => site.equipment.crane(device).snapshot?.held === true);
  // Nothing moves before a person has said where the load is.
  expect(site.missions).toHaveLength(1);
  await site.resolve('MODE_LEFT', 'opened');
  for (const { no: discrepancy, code } of site.questions) {
    expect(code).toBe('CRANE_DOUBT');
    await site.operator({ act: 'resolve', discrepancy, resolution: 'confirmed' });
  }
  await arrives(site, ['1 transfer done modeLeft', '2 deposit done done']);
});

test('a PLC with another map version: nothing is written to it, and the fix is named', async () => {
  const other = { ...file, meta: { ...file.meta, mapVersion: 0x0200 } };
  const site = await CraneSite.open({ file, plcFile: other });
  await site.until('it is told', () => site.asked.includes('DEVICE_MISCONFIGURED'));
  expect(site.questions[0]?.text).toContain('mapVersion reads 0x0200 instead of 0x0100');
  expect(site.crane.state.plc).toMatchObject({ epochAccepted: 0, ignoredCount: 0 });
});
