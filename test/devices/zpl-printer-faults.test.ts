import { connect } from 'node:net';
import { expect, test } from 'vitest';
import {
  device,
  endings,
  eventually,
  frozen,
  host,
  job,
  numbersOf,
  simulated,
} from '../lib/printer-rig.ts';

/** A label is in the printer, and half of it on paper. */
async function inMidLabel(options: Parameters<typeof simulated>[0] = {}) {
  const rig = await simulated({ time: frozen(), ...options });
  await rig.until('printer.ready');
  rig.printer.print(job('1'));
  await eventually(() => rig.simulator.state().waiting.length === 1);
  rig.time.passMs(400);
  await eventually(() => rig.simulator.state().printingLeftMs === 400);
  return rig;
}

test('paper out before a label: it waits, and comes out once there is paper', async () => {
  const { simulator, printer, until, labels } = await simulated({ faults: ['paperOut'] });
  expect(await until('printer.faulted')).toMatchObject({ faults: ['paperOut'] });
  printer.print(job('1'));
  simulator.fault('paperOut', false);
  expect(await until('printer.printed')).toMatchObject({ proof: 'counted' });
  expect(labels.all).toHaveLength(1);
});

test.each(['paperOut', 'ribbonOut', 'headOpen'] as const)(
  '%s in the midst of a label: it is told as sent at most, and not printed again by itself',
  async (fault) => {
    const { simulator, time, until, labels, verdicts } = await inMidLabel();
    simulator.fault(fault, true);
    await until('printer.faulted');
    simulator.fault(fault, false);
    expect(await until('printer.printed')).toEqual({
      ...{ device, type: 'printer.printed', jobId: '1', proof: 'sent' },
      remark: `${fault} while it was printed: it may be spoiled`,
    });
    time.passMs(10_000);
    expect([verdicts(), labels.all, simulator.state().spoiledCount]).toEqual([
      ...[['1 printed'], [], 1],
    ]);
  },
);

test('paper out after a label, as it was the last one: whether it is whole is left open', async () => {
  const { simulator, printer, until, labels } = await simulated();
  await until('printer.ready');
  simulator.setLabelsLeft(1);
  printer.print(job('1'));
  await labels.count(1);
  await until('printer.faulted');
  simulator.setLabelsLeft(100);
  expect(await until('printer.printed')).toMatchObject({ proof: 'sent' });
  expect(labels.all).toHaveLength(1);
});

test('a printer of old firmware says nothing in a fault: that is a fault, and no label goes out', async () => {
  const { simulator, printer, until, labels } = await simulated({
    faults: ['silentInFaults', 'headOpen'],
  });
  expect(await until('printer.faulted')).toMatchObject({
    faults: ['noAnswer'],
    detail: expect.stringContaining('another computer'),
  });
  printer.print(job('1'));
  simulator.fault('headOpen', false);
  await until('printer.printed');
  expect(labels.all).toHaveLength(1);
});

test.each(['paused', 'overTemperature'] as const)(
  '%s in the midst of a label: it is finished, and counts in full when the printer is good again',
  async (fault) => {
    const { simulator, time, until, labels } = await inMidLabel();
    simulator.fault(fault, true);
    time.passMs(400);
    await labels.count(1);
    await until('printer.faulted');
    simulator.fault(fault, false);
    expect(await until('printer.printed')).toMatchObject({ proof: 'counted' });
  },
);

test('the window closes in the midst of a label: the printer is busy, and nothing is sent again', async () => {
  const { simulator, time, until, labels, verdicts } = await inMidLabel();
  simulator.fault('windowClosed', true);
  expect(await until('printer.faulted')).toMatchObject({ faults: ['noAnswer'] });
  time.passMs(400);
  await labels.count(1);
  simulator.fault('windowClosed', false);
  expect(await until('printer.printed')).toMatchObject({ proof: 'sent' });
  expect([verdicts(), labels.all.length]).toEqual([['1 printed'], 1]);
});

test('the printer restarts in the midst of a label: it is in doubt, and lost in its memory', async () => {
  const { simulator, time, printer, until, labels, verdicts } = await inMidLabel();
  simulator.fault('restart', true);
  expect(await until('printer.unknown')).toMatchObject({ jobId: '1' });
  await until('printer.ready', 2);
  printer.print(job('2'));
  await eventually(() => simulator.state().waiting.length === 1);
  time.passMs(800);
  await until('printer.printed');
  expect([verdicts(), numbersOf(labels.all)]).toEqual([['1 unknown', '2 printed'], ['2']]);
});

test('labels that a person throws away at the printer are in doubt: its odometer has counted none', async () => {
  const { simulator, until, verdicts } = await inMidLabel();
  simulator.fault('cancelAll', true);
  expect(await until('printer.unknown')).toMatchObject({
    jobId: '1',
    reason: expect.stringContaining('odometer'),
  });
  expect(verdicts()).toEqual(['1 unknown']);
});

test('another computer holds the printer: it is busy, and our label comes out once, later', async () => {
  const { simulator, printer, until, labels, facts } = await simulated();
  await until('printer.ready');
  simulator.fault('foreignChannel', true);
  expect(await until('printer.faulted')).toMatchObject({ faults: ['noAnswer'] });
  printer.print(job('1'));
  simulator.fault('foreignChannel', false);
  await until('printer.printed');
  expect(labels.all).toHaveLength(1);
  expect(facts.all.filter(({ type }) => type === 'printer.offline')).toEqual([]);
});

test('two channels: an idle connection is closed so that others print, and comes back for a label', async () => {
  const { simulator, printer, until, labels } = await simulated({
    settings: { idleCloseMs: 200 },
    simulator: { channelSilenceMs: 3_600_000 },
  });
  await until('printer.ready');
  const other = connect({ host, port: simulator.port });
  endings.push(() => other.destroy());
  other.write(job('9').zpl);
  await labels.count(1);
  expect(printer.status()).toMatchObject({
    availability: 'online',
    detail: expect.stringContaining('left to others'),
  });
  printer.print(job('1'));
  expect((await labels.count(1)).length).toBe(1);
  other.end();
  await until('printer.printed');
  expect(numbersOf(labels.all)).toEqual(['9', '1']);
  expect(printer.status().counters['connects']).toBe(2);
});

test('noise between answers changes nothing', async () => {
  const { printer, until, labels } = await simulated({ faults: ['noise'] });
  printer.print(job('1'));
  expect(await until('printer.printed')).toMatchObject({ proof: 'counted' });
  expect(labels.all).toHaveLength(1);
});

test('a printer that answers nonsense gets no label, and the nonsense is counted', async () => {
  const { printer, until, labels } = await simulated({ faults: ['garbled'] });
  printer.print(job('1'));
  expect(await until('printer.offline')).toMatchObject({ reason: 'Not a status telegram' });
  expect(printer.status().counters['badAnswers']).toBeGreaterThanOrEqual(1);
  expect(labels.all).toEqual([]);
});

test.each([
  [60, ['printer.ready', 'printer.printed'], 1],
  [400, ['printer.faulted'], 0],
])('answers %d ms late, where 100 ms are allowed, give %j', async (slowMs, told, count) => {
  const { simulator, printer, facts, labels } = await simulated({
    ...{ faults: ['slow'], simulator: { slowMs } },
  });
  printer.print(job('1'));
  await facts.count(told.length);
  await eventually(() => Number(printer.status().counters['noAnswer']) >= 2 || count > 0);
  expect([facts.all.map(({ type }) => type), labels.all.length]).toEqual([told, count]);
  expect(simulator.state().waiting).toEqual([]);
});

test('a print head of another resolution is told with what to change, and gets no label', async () => {
  const { printer, until, labels } = await simulated({ faults: ['wrongDpmm'] });
  printer.print(job('1'));
  expect(await until('printer.faulted')).toMatchObject({
    faults: ['misconfigured'],
    detail: expect.stringMatching(/has 12 dots per mm.*says 8: set dotsPerMm to 12/),
  });
  expect(labels.all).toEqual([]);
});

test.each([
  ['cutterJam', ['cutter'], undefined],
  ['strangeError', ['attention'], expect.stringContaining('08000000')],
] as const)('%s is told though ~HS knows nothing of it', async (fault, faults, detail) => {
  const { simulator, until } = await simulated();
  await until('printer.ready');
  simulator.fault(fault, true);
  const told = await until('printer.faulted');
  expect(told).toMatchObject({ faults, ...(detail && { detail }) });
});

test.each([
  ['firmware without an odometer', 'noOdometer'],
  ['an emulation that answers ~HS alone', 'plain'],
] as const)('%s proves that a label is accepted, and no more', async (_, fault) => {
  const { printer, until } = await simulated({ faults: [fault] });
  printer.print(job('1'));
  expect(await until('printer.printed')).toMatchObject({ proof: 'accepted' });
});

test('prefixes that someone has changed are set back before a label', async () => {
  const { printer, until, labels } = await simulated({ faults: ['prefixChanged'] });
  printer.print(job('1'));
  expect(await until('printer.printed')).toMatchObject({ proof: 'counted' });
  expect(labels.all).toHaveLength(1);
});

test('a printer that ignores a label, as its prefix cannot be set back, leaves it in doubt', async () => {
  const { printer, until, labels } = await simulated({ faults: ['prefixChanged', 'prefixLocked'] });
  printer.print(job('1'));
  await until('printer.unknown');
  expect(labels.all).toEqual([]);
});

test('where the line goes one way, the status is unknown and a label is sent, no more', async () => {
  const { printer, until, labels, facts } = await simulated({
    ...{ settings: { answers: false }, faults: ['noAnswer'] },
  });
  expect(await until('printer.unheard')).toEqual({ device, type: 'printer.unheard' });
  printer.print(job('1'));
  expect(await until('printer.printed')).toMatchObject({ proof: 'sent' });
  await labels.count(1);
  expect(printer.status().detail).toContain('status unknown');
  expect(facts.all.map(({ type }) => type)).toEqual(['printer.unheard', 'printer.printed']);
});
