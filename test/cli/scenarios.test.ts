import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FaultBoard } from '../../simulators/fault-board.ts';
import { type Fault, level } from '../../simulators/lib/fault.ts';
import { playScenario, type ScenarioStep } from '../../simulators/scenario.ts';
import { type Demo, startDemo, stopDemo } from '../../src/cli/demo-site.ts';
import { readScenario, scenarioNames } from '../../src/cli/scenario-files.ts';
import { ConfigError } from '../../src/domain/errors.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { silent } from '../lib/silent-log.ts';

let folder: string;
let demo: Demo;
let file: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
  file = join(folder, 'mine.yaml');
  const ports = { httpPort: 0, mqttPort: 0, controlPort: 0 };
  demo = await startDemo({ speed: 1, seed: 1, ...ports }, folder, silent, { fatal() {} });
});
afterAll(async () => {
  await stopDemo(demo);
  rmSync(folder, { recursive: true });
});

test('there is a scenario for each of the usual troubles', () => {
  const usual = ['bin-full', 'bin-empty', 'no-read', 'jam', 'printer-out-of-paper', 'host-away'];
  expect(scenarioNames()).toEqual(expect.arrayContaining([...usual, 'plc-restart', 'bad-network']));
});

test.each(scenarioNames())('%s names only what the demo site has', (name) => {
  const { steps } = readScenario(name, demo.simulated.board);
  expect(steps.length).toBeGreaterThan(0);
  expect(Math.max(...steps.map(({ atS }) => atS))).toBeLessThan(30);
});

describe('every problem of a scenario is told with its line and column', () => {
  test.each([
    ['{ atS: 1, device: crane-9, fault: jam }', 'crane-9', 'no device crane-9; there are '],
    [
      '{ atS: 1, device: crane-1, fault: jam }',
      'jam',
      'no fault of crane-1 jam; there are binFull',
    ],
    [
      '{ atS: 1, device: crane-1, fault: exception, with: { code: 99 } }',
      '{ code',
      'code of exception',
    ],
    ['{ atS: 1, device: crane-1, fault: plcRestart, forS: 3 }', '3 }', 'has no end'],
    ['{ atS: 1, device: crane-1, fault: binFull, on: false, forS: 3 }', '3 }', 'no duration'],
    ['{ atS: -1, device: crane-1, fault: binFull }', '-1,', 'steps[0].atS'],
    ['{ at: 1, device: crane-1, fault: binFull }', '{ at', '"atS" is missing'],
  ])('%s', (step, where, text) => {
    writeFileSync(file, `doc: Mine.\nsteps:\n  - ${step}\n`);
    const read = () => readScenario(file, demo.simulated.board);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(`mine.yaml:3:${5 + step.indexOf(where)} `);
    expect(read).toThrow(text);
  });

  test('a name that there is not, with the one that was meant', () => {
    expect(() => readScenario('bin-ful', demo.simulated.board)).toThrow('did you mean "bin-full"?');
  });
});

describe('a scenario that is played', () => {
  const clock = new ManualClock();
  const told: ScenarioStep[] = [];
  let isOn = false;
  const fault: Fault = level(
    'It sticks.',
    () => isOn,
    (on) => {
      isOn = on;
    },
  );
  const board = new FaultBoard(clock, silent);
  board.add('conveyor-1', 'conveyor', { jam: fault });
  const step = { device: 'conveyor-1', fault: 'jam' };
  const steps = [
    { atS: 1, ...step, on: true, forS: 2 },
    { atS: 5, ...step, on: true },
    { atS: 9, ...step, on: false },
  ];
  afterEach(() => {
    told.length = 0;
    isOn = false;
  });

  test('switches at its times, and tells of each step', () => {
    playScenario({ doc: '', steps }, board, clock, (one) => told.push(one));
    const seen = [];
    for (let atS = 1; atS <= 9; atS++) {
      clock.advance(1_000);
      seen.push(isOn);
    }
    expect(seen).toEqual([true, true, false, false, true, true, true, true, false]);
    expect(told).toEqual(steps);
  });

  test('that is ended leaves nothing on and nothing to come', () => {
    const end = playScenario({ doc: '', steps }, board, clock, (one) => told.push(one));
    clock.advance(6_000);
    end();
    expect(isOn).toBe(false);
    clock.advance(60_000);
    expect([isOn, told.length]).toEqual([false, 2]);
  });
});
