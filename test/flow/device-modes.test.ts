import { expect, test } from 'vitest';
import type { DeviceMode } from '../../src/domain/device-mode.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, first, inducts, toPd } from '../lib/stories.ts';

const set = (rig: FlowRig, device: string, mode: DeviceMode, key?: string) =>
  rig.operator({ act: 'mode', device: device as DeviceId, mode }, key);
const why = (rig: FlowRig, subject: string) => rig.flow.books.why(subject).map(({ text }) => text);
/** What the crane's frames say now. */
const says = (rig: FlowRig) => rig.crane.outputs.at(-1);
/** The link is made anew, as a driver does when the mode asks for it. */
function reconnect(rig: FlowRig): void {
  rig.crane.offline();
  rig.crane.connect((fact) => rig.flow.report(fact));
  rig.settle();
}

test('a crane in manual stays claimed, and begins no mission until it is in auto again', async () => {
  const rig = await announced(['T-1']);
  await set(rig, 'crane-1', 'manual');
  toPd(rig, inducts(rig, 'T-1'));
  expect(says(rig)).toMatchObject({ claim: {}, enable: true, command: undefined });
  expect(why(rig, 'T-1')[0]).toContain('waits for crane-1');
  expect(why(rig, 'T-1')[0]).toContain('it is set to manual by op-1');
  await set(rig, 'crane-1', 'auto');
  expect(rig.crane.command).toMatchObject({ command: 'transfer' });
  craneRuns(rig);
  expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
});

test('a mission that runs when the crane is set to manual goes on to its end, and is the last', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  toPd(rig, inducts(rig, 'T-1'));
  await set(rig, 'crane-1', 'manual');
  toPd(rig, inducts(rig, 'T-2'));
  craneRuns(rig);
  expect(rig.unit('T-1').place).toBe(first);
  expect(rig.crane.command).toBeUndefined();
  expect([rig.rows('mission').length, rig.asked]).toEqual([1, []]);
});

test.each(['observe', 'off'] as const)(
  'nothing is written to a crane in %s, its mission is not canceled, and goes on afterwards',
  async (mode) => {
    const rig = await announced(['T-1']);
    toPd(rig, inducts(rig, 'T-1'));
    const { command } = rig.crane;
    await set(rig, 'crane-1', mode);
    reconnect(rig);
    expect(says(rig)).toMatchObject({ claim: undefined, enable: false });
    const canNot = await rig.operator({ act: 'release', device: 'crane-1' as DeviceId });
    expect(canNot.ok).toBe(false);
    await set(rig, 'crane-1', 'auto');
    reconnect(rig);
    expect(rig.crane.command).toEqual(command);
    craneRuns(rig);
    expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
  },
);

test('a fault of a crane that is only observed is not reset: the person is told what to do first', async () => {
  const rig = await announced();
  rig.crane.shows = { ...rig.crane.shows, faultLatched: true, faultCode: 7 };
  await set(rig, 'crane-1', 'observe');
  reconnect(rig);
  const outcome = await rig.resolve('CRANE_FAULT', 'reset');
  expect(outcome).toMatchObject({ ok: false, code: 'CONFLICT' });
  expect(JSON.stringify(outcome)).toContain('set to observe by op-1');
  expect(rig.rows('mission')).toEqual([]);
});

test('a mode outlives a restart, with who has set it and when', async () => {
  const rig = await announced(['T-1']);
  rig.advance(5_000);
  await set(rig, 'crane-1', 'manual');
  await set(rig, 'scan-pick-1', 'off');
  rig.restart();
  expect(rig.rows('device_mode').map(({ device, mode }) => [device, mode])).toEqual([
    ['crane-1', 'manual'],
    ['scan-pick-1', 'off'],
  ]);
  expect(rig.flow.warehouse.tables.mode.get('crane-1' as DeviceId)).toEqual({
    ...{ device: 'crane-1', mode: 'manual', by: 'op-1', atMs: 5_000 },
  });
  expect(rig.crane.modes.at(-1)).toBe('manual');
  toPd(rig, inducts(rig, 'T-1'));
  expect(rig.crane.command).toBeUndefined();
});

test('every change is kept with its author, a repeated click changes nothing, an unknown device is refused', async () => {
  const rig = await announced();
  await set(rig, 'crane-1', 'manual', 'one-click');
  expect(await set(rig, 'crane-1', 'manual', 'one-click')).toMatchObject({ ok: true });
  expect(await set(rig, 'crane-1', 'manual')).toMatchObject({ ok: true });
  await set(rig, 'crane-1', 'auto');
  expect(why(rig, 'crane-1').slice(0, 2)).toEqual([
    'op-1 set crane-1 from manual to auto.',
    'op-1 set crane-1 from auto to manual.',
  ]);
  expect(await set(rig, 'crane-9', 'off')).toMatchObject({ ok: false, code: 'NOT_FOUND' });
  expect(rig.crane.modes).toEqual(['auto', 'manual', 'auto']);
});

test.each(['observe', 'manual'] as const)(
  'what a scanner in %s reads moves nothing',
  async (mode) => {
    const rig = await announced(['T-1']);
    await set(rig, 'scan-in-1', mode);
    inducts(rig, 'T-1');
    expect(rig.moves()).toEqual([]);
    await set(rig, 'scan-in-1', 'auto');
    rig.read('scan-in-1', 'T-1');
    expect(rig.moves()).toEqual(['T-1 OUTSIDE > IN-01']);
  },
);

test('a printer that is not in auto gets no new label, and the tote is told why it has none', async () => {
  const rig = await announced();
  await rig.command('loadUnit.announce', { loadUnits: [{ lpn: 'T-1', loadUnitType: 'TOTE-600' }] });
  await set(rig, 'printer-1', 'manual');
  rig.conveyor.leave(1, inducts(rig, 'T-1'));
  rig.settle();
  expect(rig.printed).toEqual([]);
  expect(rig.questions('REJECTED')[0]?.text).toContain('it is set to manual by op-1');
});

test('a conveyor in manual gets no answer for what comes now, and what was answered goes its way', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  const before = inducts(rig, 'T-1');
  await set(rig, 'conveyor-1', 'manual');
  expect(rig.conveyor.answerTo(1, before)).toBe(1);
  const after = inducts(rig, 'T-2');
  rig.advance(60_000);
  expect(rig.conveyor.answerTo(1, after)).toBeUndefined();
  expect(rig.conveyor.answerTo(1, before)).toBe(1);
  expect(why(rig, 'conveyor-1')[0]).toContain('gets no answer: it is set to manual by op-1');
  expect(rig.fatal).toEqual([]);
});

test('a conveyor in observe is not claimed, and nothing is answered', async () => {
  const rig = await announced(['T-1']);
  await set(rig, 'conveyor-1', 'observe');
  expect(rig.conveyor.outputs.at(-1)).toMatchObject({ claim: undefined, enable: false });
});
