import { expect, test } from 'vitest';
import type { ScenarioStep } from '../../simulators/scenario.ts';
import { busyDay, runVirtualDay } from '../lib/virtual-day.ts';

/** Real time that a run may take on a machine that does much else. */
const timeout = 240_000;

const step = (atMin: number, device: string, fault: string, more: Partial<ScenarioStep> = {}) => ({
  ...{ atS: atMin * 60, device, fault, on: true },
  ...more,
});

test('faults of every kind of device on one day leave nothing lost and nothing open', {
  timeout,
}, async () => {
  const { findings, figures } = await runVirtualDay({
    hours: 2,
    day: {
      limits: { waitMaxMin: 120, restMaxMin: 120 },
      steps: [
        step(10, 'crane-1', 'binFull'),
        step(20, 'crane-1', 'binEmpty'),
        step(25, 'conveyor-1', 'noRead'),
        step(30, 'conveyor-1', 'unknownCode'),
        step(35, 'printer-1', 'paperOut', { forS: 600 }),
        step(40, 'crane-1', 'driveFault'),
        step(50, 'crane-1', 'linkCut', { forS: 120 }),
        step(60, 'conveyor-1', 'linkCut', { forS: 60 }),
        step(70, 'crane-1', 'plcRestart'),
        step(80, 'conveyor-1', 'jam', { forS: 300 }),
        step(90, 'crane-1', 'modeManual', { forS: 300 }),
        step(100, 'scan-in-1', 'linkCut', { forS: 120 }),
        step(105, 'conveyor-1', 'plcRestart'),
        step(110, 'crane-1', 'loadLost'),
      ],
    },
  });
  expect(findings).toEqual([]);
  expect(figures.orders.completed).toBeGreaterThan(40);
  expect(figures.questions).toBeGreaterThan(5);
});

test('with the host away for half an hour work goes on, and it gets every event afterwards', {
  timeout,
}, async () => {
  const steps = [step(15, 'host', 'away', { forS: 1_800 })];
  const { findings, figures, site } = await runVirtualDay({ day: { steps } });
  expect(findings).toEqual([]);
  // What was ordered before is brought while it is away; what it wants then comes in one go.
  expect(figures.retrievals).toBeGreaterThan(10);
  expect(site.host.through).toBe(site.store.lastSequence());
});

test('with 97 % of the cells full nothing is put where there is no room, and orders still end', {
  timeout,
}, async () => {
  const stock = { ...busyDay.stock, fillPercent: 97 };
  const arrivals = { ...busyDay.arrivals, fillMaxPercent: 97 };
  const { findings, site } = await runVirtualDay({ day: { stock, arrivals } });
  expect(findings).toEqual([]);
  expect(site.workload.heldBack.arrivals).toBeGreaterThan(0);
});
