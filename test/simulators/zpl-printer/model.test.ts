import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printerFaultKinds } from '../../../simulators/zpl-printer/conditions.ts';
import { ssccOf } from '../../../simulators/zpl-printer/label-text.ts';
import {
  advance,
  cancelAll,
  newPrinter,
  type PrinterModel,
  printMs,
  restart,
  withFaults,
} from '../../../simulators/zpl-printer/model.ts';
import { receive } from '../../../simulators/zpl-printer/receive.ts';

const label = (sscc: string) => `^XA^FO1,1^BY4^BCN,256,N,N,N,D^FD(00)${sscc}^FS^XZ`;
const one = label('340123450000000000');
const fed = (printer: PrinterModel, ...texts: string[]) =>
  texts.reduce((next, text) => receive(next, Buffer.from(text, 'latin1')).printer, printer);

test('each format is printed once, one after the other', () => {
  let printer = fed(newPrinter, `${one}\r\n${label('340123450000000178')}`);
  expect(printer.waiting).toHaveLength(2);
  const first = advance(printer, printMs);
  expect(first.labels).toMatchObject([{ number: 1, sscc: '340123450000000000' }]);
  printer = first.printer;
  const second = advance(printer, 10 * printMs);
  expect(second.labels).toMatchObject([{ number: 2, sscc: '340123450000000178' }]);
  expect(advance(second.printer, 10 * printMs).labels).toEqual([]);
  expect(second.printer).toMatchObject({ labelsLeft: 498, printedCount: 2, waiting: [] });
});

test('however bytes and time are split, the same comes out', () => {
  const text = `x${one}~HS${one}^XA~HS^FDhalf`;
  const whole = advance(fed(newPrinter, text), 3 * printMs).printer;
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), fc.array(fc.nat(printMs)), (cuts, steps) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b)];
      let printer = fed(newPrinter, ...at.map((start, index) => text.slice(start, at[index + 1])));
      for (const stepMs of steps) printer = advance(printer, stepMs).printer;
      printer = advance(printer, 3 * printMs).printer;
      expect(printer).toEqual(whole);
    }),
  );
});

test('a status that is asked for after a format tells of it, also in the midst of another', () => {
  const { answers } = receive(newPrinter, Buffer.from(`~HS${one}~HS^XA~HS`));
  const [idle, waiting, partial] = answers.map((answer) => answer.split(','));
  expect([idle?.[4], waiting?.[4], partial?.[4]]).toEqual(['000', '001', '001']);
  expect([idle?.[7], waiting?.[7], partial?.[7]]).toEqual(['0', '0', '1']);
});

test.each([
  ['paperOut', { faults: { ...newPrinter.faults, paperOut: true } }],
  ['no label left', { labelsLeft: 0 }],
  ['headOpen', { faults: { ...newPrinter.faults, headOpen: true } }],
  ['paused', { faults: { ...newPrinter.faults, paused: true } }],
])('with %s nothing comes out and nothing is lost', (_, change) => {
  const stuck = { ...fed(newPrinter, one), ...change };
  const later = advance(stuck, 60_000);
  expect(later.labels).toEqual([]);
  const cured = { ...later.printer, faults: newPrinter.faults, labelsLeft: 5 };
  expect(advance(cured, printMs).labels).toHaveLength(1);
});

test('half a format stays, and spoils the next one, until it is cancelled', () => {
  const half = fed(newPrinter, '^XA^FO1,1^FDhalf^FS');
  expect(advance(fed(half, one), printMs).labels[0]?.zpl).toContain('half');
  expect(advance(fed(cancelAll(half), one), printMs).labels[0]?.zpl).toBe(one);
  expect(advance(fed(half, '~JA', one), printMs).labels[0]?.zpl).toBe(one);
});

test('its state is JSON', () => {
  const printer = advance(fed(newPrinter, one, one, '^XA'), printMs).printer;
  expect(JSON.parse(JSON.stringify(printer))).toEqual(printer);
});

test.each([
  ['^XA^BCN,256,N,N,N,D^FH_^FD(00)34012345000000000_30^FS^XZ', '340123450000000000'],
  ['^XA^BCN,256,N,N,N,D^FD(00)340123450000000000(10)A^FS^XZ', '340123450000000000'],
  // The text beside the bars is not what a scanner reads.
  ['^XA^A0N,30,30^FD(00)340123450000000000^FS^XZ', undefined],
  ['^XA^BCN,256,N,N,N,N^FD(00)340123450000000000^FS^XZ', undefined],
  ['^XA^BCN,256,N,N,N,D^FD(01)09506000134352^FS^XZ', undefined],
])('%s is scanned as %s', (zpl, sscc) => {
  expect(ssccOf(zpl)).toBe(sscc);
});

test.each([
  ['^JZY', 1],
  ['^JZN', 0],
] as const)(
  'a label that a fault interrupts is spoiled, and with %s printed %d times more',
  (mode, again) => {
    const begun = advance(fed(newPrinter, one.replace('^XA', `^XA${mode}`)), printMs / 2).printer;
    const stopped = withFaults(begun, { paperOut: true });
    expect(stopped.spoiledCount).toBe(1);
    const cured = withFaults(stopped, { paperOut: false });
    expect(advance(cured, 10 * printMs).labels).toHaveLength(again);
  },
);

test('power off and on loses what waits, and what a command has set', () => {
  const printer = restart(fed(newPrinter, '^XA^JZN^XZ', one, '~CC!', '!XAhalf'));
  expect(printer).toEqual({ ...newPrinter, printedCount: printer.printedCount });
  expect(advance(fed(printer, one), printMs).labels).toHaveLength(1);
});

test('commands with another prefix than the one that holds are text', () => {
  const changed = withFaults(newPrinter, { prefixChanged: true });
  expect(advance(fed(changed, one), printMs).labels).toEqual([]);
  expect(advance(fed(changed, '~CC^', one), printMs).labels).toHaveLength(1);
  const locked = withFaults(changed, { prefixLocked: true });
  expect(advance(fed(locked, '~CC^', one), printMs).labels).toEqual([]);
});

test('every switch says in a sentence what it does', () => {
  const docs = Object.values(printerFaultKinds).map(({ doc }) => doc);
  expect(docs.length).toBeGreaterThan(20);
  expect(docs.filter((doc) => !/^[A-Z].*\.$/.test(doc))).toEqual([]);
});
