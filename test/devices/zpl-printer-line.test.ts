import { describe, expect, test } from 'vitest';
import type { PrinterSettings } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { connected, eventually, frozen, job, numbersOf, onLine } from '../lib/printer-rig.ts';
import { systemClock } from '../lib/system-clock.ts';

const serial = (path: string): PrinterSettings['connection'] => {
  const line = { path, baudRate: 921_600, parity: 'none', flowControl: 'xonXoff' } as const;
  return { kind: 'serial', ...line };
};
const usb = (path: string) => ({ kind: 'usb', path }) as const;
/** More than a pseudo terminal holds. */
const longJob = job('1', '^FXlong'.repeat(9_000));

const kinds: readonly [string, (path: string) => PrinterSettings['connection']][] = [
  ['a serial line', serial],
  ['a USB device node', usb],
];
/** Time in which a deadline of seconds is over soon. */
const hurried: Clock = {
  ...systemClock,
  after: (delayMs, call) => systemClock.after(delayMs / 10, call),
};

describe.each(kinds)('a printer on %s', (_, connection) => {
  test('says how it is, and prints each label once', async () => {
    const { printer, until, labels } = await onLine(connection);
    await until('printer.ready');
    printer.print(job('1'));
    printer.print(job('2'));
    expect(await until('printer.printed', 2)).toMatchObject({ jobId: '2', proof: 'counted' });
    expect(numbersOf(labels.all)).toEqual(['1', '2']);
  });

  test('that is unplugged in the midst of a label leaves it in doubt', async () => {
    const { printer, simulator, until, unplug, verdicts } = await onLine(connection, {
      time: frozen(),
    });
    await until('printer.ready');
    printer.print(job('1'));
    await eventually(() => simulator.state().waiting.length === 1);
    await unplug();
    await until('printer.offline');
    expect(verdicts()).toEqual(['1 unknown']);
  });

  test('that takes no more bytes in the midst of a label leaves it in doubt', async () => {
    const { printer, simulator, until, verdicts } = await onLine(connection, {
      ...{ settings: { answers: false }, clock: hurried, faults: ['windowClosed'] },
    });
    await until('printer.unheard');
    printer.print(longJob);
    expect(await until('printer.unknown')).toMatchObject({
      reason: expect.stringContaining('did not get out'),
    });
    simulator.fault('windowClosed', false);
    await until('printer.unheard', 1);
    expect(verdicts()).toEqual(['1 unknown']);
  });

  test('that takes no bytes for a while is told so, and prints the label once after that', async () => {
    const { printer, simulator, facts, verdicts } = await onLine(connection, {
      ...{ settings: { replyLimitMs: 3_000 }, clock: hurried },
    });
    await facts.until(({ type }) => type === 'printer.ready');
    simulator.fault('windowClosed', true);
    // A line that says XOFF does not even take the question.
    await facts.until(({ type }) => type === 'printer.faulted' || type === 'printer.offline');
    printer.print(job('1'));
    simulator.fault('windowClosed', false);
    await facts.until(({ type }) => type === 'printer.printed');
    expect(verdicts()).toEqual(['1 printed']);
  });

  test('whose power is switched off and on in the midst of a label leaves it in doubt', async () => {
    const { printer, simulator, until, verdicts } = await onLine(connection, { time: frozen() });
    await until('printer.ready');
    printer.print(job('1'));
    await eventually(() => simulator.state().waiting.length === 1);
    simulator.fault('restart', true);
    expect(await until('printer.unknown')).toMatchObject({
      reason: expect.stringContaining('odometer'),
    });
    expect(verdicts()).toEqual(['1 unknown']);
  });

  test('that gives no answers gets its labels all the same', async () => {
    const { printer, until, labels } = await onLine(connection, { settings: { answers: false } });
    await until('printer.unheard');
    printer.print(longJob);
    expect(await until('printer.printed')).toMatchObject({ proof: 'sent' });
    await labels.count(1);
  });
});

test.each(kinds)(
  'a printer on %s that is not there is offline, and says where it was looked for',
  async (_, connection) => {
    const { printer, until } = connected({ connection: connection('/dev/craneway-no-printer') });
    printer.start();
    expect(await until('printer.offline')).toMatchObject({
      reason: expect.stringContaining('/dev/craneway-no-printer'),
    });
  },
);
