import { describe, expect, test } from 'vitest';
import { checkSite } from '../../src/config/read-site.ts';
import { loopText } from '../lib/loop-site.ts';
import { at } from '../lib/site-text.ts';

const problemsOf = (text: string) =>
  checkSite('s.yaml', text).problems.map(
    ({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`,
  );

function edited(...edits: readonly (readonly [from: string, to: string])[]) {
  return edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, loopText);
}

test('a loop with ways in and out has no problems', () => {
  expect(problemsOf(loopText)).toEqual([]);
});

describe('a check of the conveyors finds', () => {
  test('a loop that one load unit fills, at its line', () => {
    const text = edited(
      ['LOOP-A, kind: segment, capacity: 2', 'LOOP-A, kind: segment, capacity: 1'],
      ['{ exit: 2, to: LOOP-B, default: true }', '{ exit: 2, to: LOOP-A, default: true }'],
    );
    expect(problemsOf(text)).toContain(
      `${at(text, 'LOOP-A, kind')} error the loop of LOOP-A holds one load unit on its shortest round, which would wait for itself: it needs 2 or more`,
    );
    expect(checkSite('s.yaml', text).site).toBeUndefined();
  });

  test('a short cut that lets a long loop take little', () => {
    const text = edited([
      'exits: [{ exit: 1, to: PICK-01 }, { exit: 2, to: LOOP-D, default: true }]',
      'exits: [{ exit: 1, to: PICK-01 }, { exit: 2, to: LOOP-D, default: true }, { exit: 3, to: LOOP-B }]',
    ]);
    expect(problemsOf(text)).toEqual([
      `${at(text, 'LOOP-A, kind')} warn the loop of LOOP-A, LOOP-B, LOOP-C, LOOP-D holds 8 load units, and takes 3: one less than its shortest round, so that none is ever full`,
    ]);
  });

  test('a loop that leads to no reject lane', () => {
    const text = edited([', { exit: 3, to: REJECT-01 }', '']);
    expect(problemsOf(text)).toEqual([
      `${at(text, 'LOOP-A, kind')} warn no way leads from the loop of LOOP-A, LOOP-B, LOOP-C, LOOP-D to a reject lane: what misses its exit goes round for ever`,
    ]);
  });

  test('an infeed from which no aisle is reached, and aisles that nothing is stored in', () => {
    const text = edited([
      '{ exit: 1, to: LOOP-A }, { exit: 2, to: REJECT-01',
      '{ exit: 1, to: PICK-01 }, { exit: 2, to: REJECT-01',
    ]);
    expect(problemsOf(text)).toEqual([
      `${at(text, 'A01-PD-IN, number')} warn no way leads from an infeed to "A01-PD-IN": nothing is ever stored by it`,
      `${at(text, 'A02-PD-IN, number')} warn no way leads from an infeed to "A02-PD-IN": nothing is ever stored by it`,
      `${at(text, 'IN-01, kind')} warn no way leads from "IN-01" into an aisle`,
    ]);
  });

  test('a station that an aisle does not reach', () => {
    const text = edited([
      'at: A02-PD-OUT, role: divert, exits: [{ exit: 1, to: LOOP-C }]',
      'at: A02-PD-OUT, role: divert, exits: [{ exit: 1, to: PICK-02 }]',
    ]);
    expect(problemsOf(text)).toEqual([
      `${at(text, 'A02-PD-OUT, number')} warn no way leads from "A02-PD-OUT" to PICK-01`,
    ]);
  });

  test('segments that nothing ever leaves', () => {
    const text = edited(
      ['{ exit: 3, to: REJECT-01 }]', '{ exit: 3, to: SINK }]'],
      [
        '  - { location: LOOP-A, kind',
        '  - { location: SINK, kind: segment, capacity: 3 }\n  - { location: LOOP-A, kind',
      ],
      [
        '  - { device: conveyor-1, point: 4',
        '  - { device: conveyor-2, point: 9, at: SINK, role: divert, exits: [{ exit: 1, to: SINK }] }\n  - { device: conveyor-1, point: 4',
      ],
    );
    expect(problemsOf(text)).toContain(
      `${at(text, 'SINK, kind')} error nothing leads from "SINK" off the conveyors: what comes here never leaves`,
    );
  });
});
