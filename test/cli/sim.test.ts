import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ControlServer } from '../../simulators/control/server.ts';
import { FaultBoard } from '../../simulators/fault-board.ts';
import { level, moment } from '../../simulators/lib/fault.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { craneway } from '../lib/cli.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { silent } from '../lib/silent-log.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 30_000 });

let control: ControlServer;
let url: string;
let isJammed: boolean;
const clock = new ManualClock();

beforeEach(async () => {
  isJammed = false;
  const board = new FaultBoard(clock, silent);
  const jam = level(
    'The next load sticks.',
    () => isJammed,
    (isOn) => {
      isJammed = isOn;
    },
  );
  const exit = { doc: 'which', min: 1, max: 4 };
  const faults = {
    jam: { ...jam, parameters: { exit } },
    restart: moment('It restarts.', () => {}),
  };
  board.add('conveyor-1', 'conveyor', faults);
  const tote = { id: 'T1', codes: ['T-000001'], location: 'IN-01' as LocationId, isForeign: false };
  const truth = () => ({ totes: [tote], violations: [], forgotten: 0 });
  control = new ControlServer({ board, truth, log: silent });
  url = await control.listen(0);
});
afterEach(() => control.close());

const sim = (...args: string[]) => craneway(['sim', '--sim-url', url, ...args]);

test('what can go wrong is a table for people and the answer itself for programs', async () => {
  const people = await sim('faults', 'conveyor-1');
  expect(people.out.split('\n')).toEqual([
    'conveyor-1 (conveyor)',
    'FAULT    NOW   OPTIONS  MEANS',
    'jam      off   --exit   The next load sticks.',
    'restart  once  -        It restarts.',
    '',
  ]);
  const programs = await sim('faults', '--json');
  expect(JSON.parse(programs.out)).toMatchObject({ devices: [{ device: 'conveyor-1' }] });
});

test('a fault is switched on for a time, and cleared', async () => {
  const on = await sim('fault', 'conveyor-1', 'jam', 'on', '--exit', '2', '--for', '10s');
  expect(on).toMatchObject({ code: 0, out: 'conveyor-1 jam is on. The next load sticks.\n' });
  expect([isJammed, clock.waitingMs]).toEqual([true, [10_000]]);
  expect(await sim('clear')).toMatchObject({ code: 0, out: '1 switched off\n' });
  expect(isJammed).toBe(false);
});

test('where loads really are is shown', async () => {
  expect((await sim('world')).out).toBe(
    'LOAD  LOCATION  CODES     FOREIGN\nT1    IN-01     T-000001  -\n',
  );
});

test('a refusal says what there is, and what nobody answers where to look', async () => {
  expect(await sim('fault', 'conveyor-1', 'jamm', 'on')).toEqual({
    code: 4,
    out: '',
    err: 'There is no fault of conveyor-1 jamm; there are jam, restart [NOT_FOUND]\n',
  });
  expect(await sim('fault', 'conveyor-1', 'jam', 'on', '--exit', '9')).toMatchObject({
    code: 2,
    err: 'exit of jam is a whole number from 1 to 4 [INVALID]\n',
  });
  expect(await sim('fault', 'conveyor-1', 'jam', 'perhaps')).toMatchObject({ code: 2 });
  await control.close();
  const unanswered = await sim('world');
  expect(unanswered.code).toBe(7);
  expect(unanswered.err).toContain('Name it with --sim-url or CRANEWAY_SIM_URL.');
});
