import { expect, test } from 'vitest';
import type { Frame } from '../../devices/barcode-scanner/frame-link.ts';
import { interpreter } from '../../devices/barcode-scanner/interpret.ts';
import { scannerPresets } from '../../src/config/scanner-presets.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';

type Own = Partial<Parameters<typeof interpreter>[0]>;

const told = (frame: string | Frame, own: Own = {}) =>
  interpreter({
    ...{ noRead: ['NoRead', '?'], trigger: scannerPresets.sick.trigger, aim: false },
    ...{ gs: [], strip: { first: 0, last: 0 }, expect: [] },
    ...own,
  })(typeof frame === 'string' ? { text: frame } : frame);

const read = (code: string, aim?: string) => ({ kind: 'read', code, aim });

test('a no-read is exactly the text set for it', () => {
  expect(told('NoRead')).toEqual({ kind: 'noRead' });
  expect(told('?')).toEqual({ kind: 'noRead' });
  for (const code of ['NoRead1', 'noread', ' NoRead', 'NOREAD', 'ERROR']) {
    expect(told(code)).toEqual(read(code));
  }
});

test('the symbology is told apart from the code, where the scanner sends it', () => {
  expect(told(']C100340123450000000000', { aim: true })).toEqual(
    read('00340123450000000000', ']C1'),
  );
  expect(told(']C1X')).toEqual(read(']C1X'));
  expect(told('TOTE-1', { aim: true })).toEqual(read('TOTE-1'));
  expect(told({ text: ']C1X', aim: ']Q1' }, { aim: true })).toEqual(read(']C1X', ']Q1'));
});

test.each(['sAN mTCgateon 1', 'sAN mTCgateoff 1', 'sFA 3', 'OK,LON', 'OK,LOFF', '||[0]'])(
  'the answer %j to a trigger is no code',
  (reply) => {
    expect(told(reply)).toEqual({ kind: 'reply' });
  },
);

test('what a scanner sends in place of the separator of GS1 elements becomes the separator', () => {
  const own: Own = { gs: ['~', '{GS}', '{'], aim: true };
  expect(told(']C110ABC~17261231', own)).toEqual(read('10ABC\x1d17261231', ']C1'));
  expect(told(']C110ABC{GS}17261231', own)).toEqual(read('10ABC\x1d17261231', ']C1'));
  expect(told('10ABC~17261231')).toEqual(read('10ABC~17261231'));
});

test('characters that a scanner adds are cut off, after the AIM identifier', () => {
  const strip = { first: 1, last: 2 };
  expect(told(']C0jTOTE-1##', { strip, aim: true })).toEqual(read('TOTE-1', ']C0'));
  expect(told('jTOTE-1##', { strip })).toEqual(read('TOTE-1'));
  for (const short of ['j##', 'j#', '#', ']C0'])
    expect(told(short, { strip, aim: true })).toMatchObject({ kind: 'notOurs' });
});

const ours = { expect: ['sscc', 'T-[0-9]{6}'], aim: true } satisfies Partial<ScannerSettings>;

test.each([
  ['an LPN of the form that is expected', 'T-000007', read('T-000007')],
  ['an SSCC in a GS1 code', ']C100340123450000000000', read('00340123450000000000', ']C1')],
  ['a command of people at a workstation', 'CRANEWAY-SHIP', read('CRANEWAY-SHIP')],
])('where codes of ours are described, %s passes', (_, frame, expected) => {
  expect(told(frame, ours)).toEqual(expected);
});

test.each([
  ['the article number on the carton', ']E04006381333931'],
  ['an LPN with something before it', 'XT-000007'],
  ['an LPN with something behind it', 'T-0000071'],
  ['an SSCC with a wrong check digit', ']C100340123450000000001'],
  ['a GS1 code without an SSCC', ']C10109506000134352'],
])('where codes of ours are described, %s is none', (_, frame) => {
  expect(told(frame, ours)).toMatchObject({ kind: 'notOurs' });
});

test('a no-read is one, also where codes of ours are described', () => {
  expect(told('NoRead', ours)).toEqual({ kind: 'noRead' });
});
