import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnswerReader } from '../../devices/zpl-printer/answer-reader.ts';
import { type HostStatus, hostStatusLines } from '../../devices/zpl-printer/fields.ts';
import { faultsOf, isFinished, parseHostStatus } from '../../devices/zpl-printer/interpret.ts';
import { answerTo } from '../../simulators/zpl-printer/answers.ts';
import { newPrinter } from '../../simulators/zpl-printer/model.ts';
import { DeviceProtocolError } from '../../src/domain/errors.ts';
import { extendedAnswers, statusTelegrams } from '../vectors/zpl-printer.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const first = (telegram: string) => new AnswerReader().push(bytes(telegram))[0];
const read = (telegram: string) => first(telegram)?.value as HostStatus | undefined;

describe('the status telegram', () => {
  test("Zebra's sample is read as paper out, paused and ribbon out, with 100 labels to go", () => {
    const status = read(statusTelegrams.sample);
    expect(status).toMatchObject({ labelLengthDots: 1225, labelsRemaining: 100, functions: 1 });
    expect(faultsOf(status)).toEqual(['paperOut', 'paused', 'ribbonOut']);
    expect(isFinished(status)).toBe(false);
  });

  test('every fault is told, and silence is one of them', () => {
    expect(faultsOf(read(statusTelegrams.everyFault))).toEqual([
      ...['paperOut', 'paused', 'bufferFull', 'partialFormat', 'corruptRam'],
      ...['underTemperature', 'overTemperature', 'headOpen', 'ribbonOut'],
    ]);
    expect(faultsOf(undefined)).toEqual(['noAnswer']);
    expect(isFinished(undefined)).toBe(false);
  });

  test('a label is finished when nothing waits and nothing is wrong', () => {
    expect(isFinished(read(statusTelegrams.ready))).toBe(true);
    expect(isFinished(read(statusTelegrams.printing))).toBe(false);
    expect(faultsOf(read(statusTelegrams.printing))).toEqual([]);
  });

  test('it is found in any split of the bytes, with noise between', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(160)), (cuts) => {
        const text = `noise${statusTelegrams.ready}\r\n${statusTelegrams.sample}`;
        const at = [0, ...cuts.map((cut) => cut % text.length).sort((a, b) => a - b)];
        const reader = new AnswerReader();
        const found = at.flatMap((start, index) =>
          reader.push(Buffer.from(text.slice(start, at[index + 1]), 'latin1')),
        );
        expect(found.map(({ value }) => (value as HostStatus).paperOut)).toEqual([false, true]);
      }),
    );
  });

  test.each([
    ['a line is missing', ['030,0,0,1225,000,0,0,0,000,0,0,0', '1234,0']],
    ['a field is missing', ['030,0,0,1225', '001,0,0,0,1,2,6,0,00000000,1,000', '1234,0']],
    ['a flag is no flag', ['030,2,0,1225,000,0,0,0,000,0,0,0', '001,0,0,0,1,2,6,0,0,1,000', '1,0']],
    ['a number is none', ['030,0,0,x,000,0,0,0,000,0,0,0', '001,0,0,0,1,2,6,0,0,1,000', '1,0']],
  ])('it is refused when %s', (_, lines) => {
    expect(() => parseHostStatus(lines)).toThrow(DeviceProtocolError);
  });

  test('a line that does not end is refused', () => {
    expect(() => read(`\x02${'1'.repeat(600)}`)).toThrow(DeviceProtocolError);
  });

  test('the simulator answers in the bytes of the sample', () => {
    expect(hostStatusLines.map((line) => line.length)).toEqual([12, 11, 2]);
    const faults = { ...newPrinter.faults, paperOut: true, paused: true, ribbonOut: true };
    const answer = answerTo({ ...newPrinter, faults }, 'HS', 8);
    expect(answer).toHaveLength(82);
    expect(answer).toBe(
      statusTelegrams.sample
        .replace('1225', '1184')
        .replace('001,0,0,1', '000,0,0,1')
        .replace('00000100', '00000000'),
    );
  });
});

describe('the answers to other questions', () => {
  test.each([
    ['good', [], undefined, []],
    ['mediaAndHead', ['paperOut', 'headOpen'], undefined, ['cleanHead']],
    ['paused', ['paused'], undefined, []],
    ['cutter', ['cutter'], undefined, []],
    ['unknownBit', ['paperOut', 'attention'], '08000000', []],
    ['flagAlone', ['attention'], '00000000', []],
  ] as const)('error bits: %s is %j', (name, faults, unknownBits, warnings) => {
    const answer = first(extendedAnswers[name]);
    expect(answer).toEqual({ question: 'extended', value: { faults, unknownBits, warnings } });
  });

  test.each([
    ['\x02ZT411-203dpi,V92.21.39Z,8,8192KB\x03', 'ZT411-203dpi', 8],
    ['\x02105SLPlus-300dpi,V53.17.11Z,12,2104KB,\x03', '105SLPlus-300dpi', 12],
  ])('%j says who it is', (text, model, dotsPerMm) => {
    expect(first(text)).toMatchObject({ question: 'identity', value: { model, dotsPerMm } });
  });

  test.each([
    ['"31084"\r\n', 31_084],
    ['"?"', 'none'],
    ['x"y"31084"', 31_084],
  ] as const)('%j is an odometer', (text, value) => {
    expect(first(text)).toEqual({ question: 'odometer', value });
  });
});
