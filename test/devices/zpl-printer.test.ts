import { expect, test } from 'vitest';
import { startPrinterSimulator } from '../../simulators/zpl-printer/server.ts';
import { collector } from '../lib/collector.ts';
import {
  connected,
  device,
  endings,
  eventually,
  foreign,
  frozen,
  host,
  job,
  numbersOf,
  running,
  simulated,
} from '../lib/printer-rig.ts';
import { systemClock } from '../lib/system-clock.ts';
import { statusTelegrams } from '../vectors/zpl-printer.ts';

test('labels come out in order, each once, and are told when they are done', async () => {
  const { printer, facts, until, labels } = await simulated();
  printer.print(job('1'));
  printer.print(job('2'));
  printer.print(job('1'));
  await until('printer.printed', 2);
  printer.print(job('2'));
  printer.print(job('3'));
  expect(await facts.count(4)).toEqual([
    { device, type: 'printer.ready' },
    { device, type: 'printer.printed', jobId: '1', proof: 'counted' },
    { device, type: 'printer.printed', jobId: '2', proof: 'counted' },
    { device, type: 'printer.printed', jobId: '3', proof: 'counted' },
  ]);
  expect(numbersOf(labels.all)).toEqual(['1', '2', '3']);
  expect(labels.all[0]).toMatchObject({ number: 1, sscc: '340123450000000000' });
  expect(labels.all[0]?.zpl.startsWith('^XA^JZN^CI28')).toBe(true);
});

test.each([
  'paperOut',
  'ribbonOut',
  'headOpen',
  'paused',
  'bufferFull',
  'overTemperature',
  'noAnswer',
] as const)(
  'a job waits while the printer says %s, and is printed once it is good',
  async (fault) => {
    const { simulator, printer, facts, until, labels } = await simulated();
    await until('printer.ready');
    simulator.fault(fault, true);
    expect(await until('printer.faulted')).toMatchObject({ device, faults: [fault] });
    printer.print(job('1'));
    expect(labels.all).toEqual([]);
    simulator.fault(fault, false);
    await until('printer.printed');
    expect(facts.all.map(({ type }) => type)).toEqual([
      ...['printer.ready', 'printer.faulted', 'printer.ready', 'printer.printed'],
    ]);
    expect(labels.all).toHaveLength(1);
  },
);

test('paper that runs out with a label still to come holds that label back until there is more', async () => {
  const { simulator, printer, until, labels, facts } = await simulated();
  await until('printer.ready');
  simulator.setLabelsLeft(1);
  printer.print(job('1'));
  printer.print(job('2'));
  await labels.count(1);
  await until('printer.faulted');
  expect(facts.all.filter(({ type }) => type === 'printer.printed')).toEqual([]);
  simulator.setLabelsLeft(100);
  await facts.until((fact) => fact.type === 'printer.printed' && fact.jobId === '2');
  expect(labels.all).toHaveLength(2);
  expect(simulator.state().labelsLeft).toBe(99);
});

test('a label that a fault interrupts is told when it is out, and comes out once', async () => {
  const { simulator, printer, until, labels, facts, time } = await simulated({ time: frozen() });
  await until('printer.ready');
  printer.print(job('1'));
  await eventually(() => simulator.state().waiting.length === 1);
  simulator.fault('paperOut', true);
  await until('printer.faulted');
  time.passMs(10_000);
  simulator.fault('paperOut', false);
  await until('printer.ready', 2);
  expect(facts.all.map(({ type }) => type)).not.toContain('printer.printed');
  time.passMs(10_000);
  await until('printer.printed');
  expect(labels.all).toHaveLength(1);
});

test.each([
  ['before its end', 'cutBeforeEnd', 0],
  ['after its end', 'cutAfterEnd', 1],
] as const)(
  'a job that is cut %s is in doubt, and never sent again by itself',
  async (_, at, count) => {
    const { simulator, printer, until, labels, facts } = await simulated();
    await until('printer.ready');
    simulator.fault(at, true);
    printer.print(job('1'));
    expect(await until('printer.unknown')).toMatchObject({ jobId: '1' });
    printer.print(job('1'));
    await until('printer.offline');
    if (at === 'cutBeforeEnd') {
      // Half a label would be mixed into the next one.
      const faulted = await until('printer.faulted');
      expect(faulted).toMatchObject({ faults: ['partialFormat'] });
      simulator.fault('cancelAll', true);
    }
    printer.print(job('2'));
    await until('printer.printed');
    expect(facts.all.filter((fact) => 'jobId' in fact).map((fact) => fact.type)).toEqual([
      ...['printer.unknown', 'printer.printed'],
    ]);
    expect(labels.all).toHaveLength(count + 1);
  },
);

test('a job that waits can be taken back; one that was sent cannot', async () => {
  const { simulator, printer, facts, until, labels } = await simulated();
  await until('printer.ready');
  simulator.fault('paused', true);
  await until('printer.faulted');
  printer.print(job('1'));
  printer.print(job('2'));
  printer.withdraw('1');
  expect(facts.all.at(-1)).toEqual({
    ...{ device, type: 'printer.notTaken', jobId: '1' },
    reason: 'Withdrawn before it was sent',
  });
  simulator.fault('paused', false);
  await until('printer.printed');
  printer.withdraw('2');
  printer.withdraw('1');
  expect(facts.all.filter((fact) => 'jobId' in fact)).toHaveLength(2);
  expect(numbersOf(labels.all)).toEqual(['2']);
  printer.withdraw('9');
  expect(facts.all.at(-1)).toMatchObject({ type: 'printer.unknown', jobId: '9' });
});

test('a printer that is not there is offline, and prints what waited when it comes', async () => {
  const { simulator, printer, facts, until } = await simulated();
  const { port } = simulator;
  await until('printer.ready');
  await simulator.close();
  expect(await until('printer.offline')).toMatchObject({ reason: expect.any(String) });
  printer.print(job('1'));
  const back = await startPrinterSimulator({
    ...{ at: { host, port }, dotsPerMm: 8, clock: running().clock },
  });
  endings.push(() => back.close());
  expect(await until('printer.printed')).toMatchObject({ jobId: '1' });
  expect(facts.all.filter(({ type }) => type === 'printer.offline')).toHaveLength(1);
});

test('what cannot be printed, or is too much, is not taken', async () => {
  const { printer, facts } = connected({ connection: { kind: 'tcp', host, port: 1 } });
  printer.print({ jobId: 'evil', zpl: '^XA^JUF^XZ' });
  for (let number = 1; number <= 101; number += 1) printer.print(job(`${number}`));
  expect(facts.all).toMatchObject([
    { type: 'printer.notTaken', jobId: 'evil', reason: expect.stringContaining('^JU') },
    { type: 'printer.notTaken', jobId: '101' },
  ]);
});

test('stopping in the midst of a label leaves it in doubt', async () => {
  const { simulator, printer, facts, until, labels } = await simulated();
  await until('printer.ready');
  simulator.setLabelsLeft(1);
  printer.print(job('1'));
  await labels.count(1);
  await printer.stop();
  expect(facts.all.at(-1)).toMatchObject({ type: 'printer.unknown', jobId: '1' });
  expect(printer.status()).toMatchObject({ availability: 'offline', detail: 'stopped' });
});

test('a printer whose answers all come late gets no label: they may tell of the past', async () => {
  const heard = collector<string>();
  let lateMs = 250;
  const { printer, facts, until } = await foreign((socket, text) => {
    heard.report(text);
    const answer = () => socket.write(statusTelegrams.ready, 'latin1');
    if (text.includes('~HS')) systemClock.after(lateMs, answer);
  });
  printer.start();
  printer.print(job('1'));
  await heard.count(5);
  expect(facts.all).toMatchObject([{ type: 'printer.faulted', faults: ['noAnswer'] }]);
  expect(heard.all.join('')).not.toContain('^XA');
  lateMs = 0;
  await until('printer.printed');
  expect(facts.all.map(({ type }) => type)).toEqual([
    ...['printer.faulted', 'printer.ready', 'printer.printed'],
  ]);
});

test('a label that still waits in the printer is not done', async () => {
  const questions = collector<string>();
  let answer: string = statusTelegrams.ready;
  const { printer, facts, until } = await foreign((socket, text) => {
    if (text.includes('^XZ')) answer = statusTelegrams.printing;
    if (!text.includes('~HS')) return;
    questions.report(text);
    socket.write(answer, 'latin1');
  });
  printer.start();
  await until('printer.ready');
  printer.print(job('1'));
  await questions.count(questions.all.length + 4);
  expect(facts.all).toEqual([{ device, type: 'printer.ready' }]);
  answer = statusTelegrams.ready;
  await until('printer.printed');
});

test('a printer that talks nonsense is offline, and says why', async () => {
  const { printer, until } = await foreign((socket) =>
    socket.write('\x02garbage\x03\x02x\x03\x02y\x03'),
  );
  printer.start();
  expect(await until('printer.offline')).toMatchObject({ reason: 'Not a status telegram' });
  expect(printer.status().counters['badAnswers']).toBeGreaterThanOrEqual(1);
});
