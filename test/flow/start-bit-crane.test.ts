import { describe, expect, test } from 'vitest';
import { changeMode } from '../../simulators/asrs-crane/power.ts';
import { restartStartBit } from '../../simulators/start-bit-crane/model.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { CraneSite } from '../lib/crane-site.ts';
import { at, cell } from '../lib/demo.ts';
import { countingText } from '../lib/interfaces.ts';
import { type StartBitSite, startBitSite, untilDone } from '../lib/start-bit-site.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

const [home, pdOut, lhd] = [cell(1), at('A01-PD-OUT'), at('A01-LHD')];
const craneId = 'crane-1' as DeviceId;
const t1 = { lpn: 'T-1', place: home };

const stored = (site: CraneSite, lpn: string, place: string) =>
  site.until(`${lpn} is at ${place}`, () => site.unit(lpn).place === place);
const inDoubt = ({ site }: StartBitSite) =>
  site.until('a person is asked', () => site.asked.includes('CRANE_DOUBT'));
const question = ({ site }: StartBitSite) =>
  site.questions.find(({ code }) => code === 'CRANE_DOUBT')?.text ?? '';
const confirm = ({ site }: StartBitSite, place: string) =>
  untilDone(site, () => site.resolve('CRANE_DOUBT', 'confirmed', at(place)));
/** Does something while the crane stands still in this phase. */
async function during({ site }: StartBitSite, name: string, act: () => void): Promise<void> {
  site.freezeIn = name;
  await site.until(`it is ${name}`, () => site.crane.state.plc.phase === name);
  act();
  site.freezeIn = undefined;
}

describe('a crane whose PLC keeps no numbers', () => {
  test('gets nothing before a person has released it: nobody has watched it meanwhile', async () => {
    const run = await startBitSite({ stored: [t1], isReleased: false });
    await run.site.order('T-1');
    await inDoubt(run);
    expect(question(run)).toContain('nobody has watched it while this controller did not run');
    expect([run.starts, run.clears]).toEqual([[], []]);
    await run.release();
    await stored(run.site, 'T-1', pdOut);
  });

  test('stores and fetches a tote, each by one start', async () => {
    const run = await startBitSite();
    await run.site.putAway('T-1');
    await run.site.until('it is stored', () => run.site.unit('T-1').workflow === undefined);
    expect(run.site.where('T-1')).toBe(run.site.unit('T-1').place);
    expect(run.site.unit('T-1').confidence).toBe('sensed');
    await run.site.order('T-1');
    await stored(run.site, 'T-1', pdOut);
    expect(run.starts).toHaveLength(2);
    expect(run.plc.taken).toBe(2);
    expect(run.site.missions.at(-1)).toMatch(/transfer done done$/);
    expect(run.site.asked).toEqual([]);
  });

  test('whose PLC counts its commands works in the same way', async () => {
    const run = await startBitSite({ stored: [t1], text: countingText });
    await run.site.order('T-1');
    await stored(run.site, 'T-1', pdOut);
    expect(run.plc.seqAnswered).toBe(2);
    expect(run.starts).toHaveLength(1);
  });

  test('goes on when the answer to its start was lost, and the start is not written again', async () => {
    const run = await startBitSite({ stored: [t1] });
    const { site } = run;
    run.onStart = () => site.server.mute(true, 'answers');
    await site.order('T-1');
    await site.until('the link is lost', () => site.equipment.crane(craneId).offline !== undefined);
    site.server.mute(false);
    await stored(site, 'T-1', pdOut);
    expect(run.starts).toHaveLength(1);
    expect(site.asked).toEqual([]);
  });
});

describe('a crane without numbers that fails', () => {
  test('to take a start: it is taken back, a person is asked, and it never runs later', async () => {
    const run = await startBitSite({ stored: [t1] });
    run.plc.isDeaf = true;
    await run.site.order('T-1');
    await inDoubt(run);
    expect(question(run)).toMatch(/mission 2 was written once, and it has not become busy/);
    await run.site.until('the start is taken back', () => run.clears.length > 0);
    run.plc.isDeaf = false;
    await confirm(run, home);
    await stored(run.site, 'T-1', pdOut);
    expect(run.starts).toHaveLength(2);
    expect(run.plc.taken).toBe(1);
  });

  test('to show done: sensor and position prove it', async () => {
    const run = await startBitSite({ stored: [t1] });
    run.plc.hidesDone = true;
    run.site.freezeIn = 'carrying';
    await run.site.order('T-1');
    await stored(run.site, 'T-1', lhd);
    run.site.freezeIn = undefined;
    await stored(run.site, 'T-1', pdOut);
    expect(run.site.unit('T-1').confidence).toBe('sensed');
  });

  test('by a restart in a mission: a person says where the load is, and nothing is sent before', async () => {
    const run = await startBitSite({ stored: [t1] });
    await run.site.order('T-1');
    let sent = 0;
    await during(run, 'carrying', () => {
      sent = run.starts.length + run.clears.length;
      restartStartBit({ crane: run.site.crane, startBit: run.plc }, 'empty', run.site.model.now);
      run.site.server.drop();
    });
    await inDoubt(run);
    expect(run.starts.length + run.clears.length).toBe(sent);
    await confirm(run, lhd);
    await stored(run.site, 'T-1', pdOut);
    expect(run.starts).toHaveLength(2);
  });
});

describe('the link to a crane without numbers', () => {
  test('is away for a moment in a mission: it goes on, and nobody is asked', async () => {
    const run = await startBitSite({ stored: [t1] });
    await run.site.order('T-1');
    await during(run, 'carrying', () => run.site.server.drop());
    await stored(run.site, 'T-1', pdOut);
    expect([run.starts.length, run.site.asked]).toEqual([1, []]);
  });

  test('is away for longer in a mission: a person looks, even though it has ended well', async () => {
    const run = await startBitSite({ stored: [t1] });
    await run.site.order('T-1');
    await during(run, 'toSource', () => run.site.server.mute(true));
    await run.site.until('it has ended', () => {
      run.site.pass();
      return run.plc.isDone;
    });
    const untilMs = clock.monotonicMs() + 2500;
    await run.site.until('the limit has passed', () => clock.monotonicMs() > untilMs);
    run.site.server.mute(false);
    await inDoubt(run);
    expect(question(run)).toContain('nobody could read it for');
    await confirm(run, pdOut);
    await run.site.until('the order goes on', () => run.site.asked.length === 0);
    expect(run.plc.taken).toBe(1);
  });
});

describe('what a crane without numbers shows is not believed where it contradicts itself', () => {
  const raise = (word: number, by: number) => (status: Uint16Array) => {
    status[word] = (status[word] ?? 0) + by;
  };
  const loadedBit = 8;
  test.each([
    ['its device is still loaded', raise(1, loadedBit)],
    ['it stands elsewhere', raise(4, 2000)],
  ])('done, but %s: a person says where the load is', async (_, lie) => {
    const run = await startBitSite({ stored: [t1] });
    run.lie = (status) => {
      if (run.plc.isDone) lie(status);
    };
    await run.site.order('T-1');
    await inDoubt(run);
    expect(question(run)).toMatch(
      /has ended without a fault, but (its device is loaded|it does not)/,
    );
    run.lie = () => {};
    await confirm(run, pdOut);
    expect(run.site.unit('T-1').place).toBe(pdOut);
    expect(run.starts).toHaveLength(1);
  });

  test('it was operated by hand: released only after it is back in automatic', async () => {
    const run = await startBitSite();
    changeMode(run.site.crane, 'manual', 0);
    await inDoubt(run);
    expect(question(run)).toContain('it was turned from autoRemote to manual');
    const refused = await run.site.operator({ act: 'release', device: craneId });
    expect(refused).toMatchObject({ ok: false, code: 'CONFLICT' });
    changeMode(run.site.crane, 'autoRemote', 0);
    await run.release();
    expect(run.site.asked).toEqual([]);
  });

  test('somebody else has written its command registers: it is stopped until they are cleared', async () => {
    const run = await startBitSite();
    run.plc.isDeaf = true;
    const { command } = run.site.crane.state;
    run.site.crane.state.command = command.with(0, 1).with(1, 1);
    await inDoubt(run);
    expect(question(run)).toContain('hold a start that this controller has not written');
    expect(question(run)).toContain('clear them at the PLC');
    const refused = await run.site.operator({ act: 'release', device: craneId });
    expect(refused).toMatchObject({ ok: false });
    run.site.crane.state.command = command.map(() => 0);
    await run.release();
    expect(run.clears).toEqual([]);
  });

  test('the bin is full: the tote goes to the next one, as with every crane', async () => {
    const run = await startBitSite();
    run.site.crane.state.armed.push('binFull');
    await run.site.putAway('T-1');
    await run.site.until('it is stored', () => run.site.unit('T-1').workflow === undefined);
    expect(run.site.where('T-1')).toBe(run.site.unit('T-1').place);
    expect(run.site.asked).toEqual(['BIN_FULL']);
  });

  test('the bin is empty: the tote is missing', async () => {
    const run = await startBitSite({ stored: [t1] });
    run.site.crane.state.armed.push('binEmpty');
    await run.site.order('T-1');
    await run.site.until('it is missing', () => run.site.asked.includes('BIN_EMPTY'));
    expect(run.site.unit('T-1').place).toBe('MISSING');
  });
});
