import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { dayNames, readDay } from '../../src/cli/day-files.ts';
import { ConfigError } from '../../src/domain/errors.ts';

const text = `doc: A day.
site: demo
stock: { fillPercent: 50, skus: 10, busiest20Percent: 80 }
arrivals: { perHour: 10, fillMaxPercent: 90, unlabeledPercent: 0, oddPercent: 0 }
orders: { perHour: 10, linesMax: 1, dueMin: [10, 20], urgentPercent: 0, openMax: 10 }
people: { serviceS: 10, lookS: 60, returnsPercent: 0 }
steps:
  - { atMin: 30, device: crane-1, fault: binFull }
limits: { waitMaxMin: 60, restMaxMin: 60 }
`;

const folder = mkdtempSync(join(tmpdir(), 'days-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(changed: string): string[] {
  const path = join(folder, 'day.yaml');
  writeFileSync(path, changed);
  try {
    readDay(path);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, message }) => `${line}: ${message}`);
  }
}

describe('the file of a day', () => {
  test.each(dayNames())('%s, which comes with Craneway, can be read', (name) => {
    const day = readDay(name);
    expect(day.orders.perHour).toHaveLength(24);
    expect(day.limits.waitMaxMin).toBeGreaterThan(0);
  });

  test('takes one rate for all hours, and minutes for its steps', () => {
    const path = join(folder, 'day.yaml');
    writeFileSync(path, text);
    const day = readDay(path);
    expect(day.arrivals.perHour).toEqual(Array.from({ length: 24 }, () => 10));
    expect(day.steps).toMatchObject([{ atS: 1_800, device: 'crane-1', on: true }]);
  });

  test('says every mistake with its line', () => {
    const wrong = text
      .replace('[10, 20]', '[20, 10]')
      .replace('binFull }', 'binFull, on: false, forMin: 5 }');
    expect(problemsOf(wrong)).toEqual([
      expect.stringMatching(/^5: .*least/),
      expect.stringMatching(/^8: .*no duration/),
    ]);
    expect(problemsOf(text.replace('fillPercent: 50', 'fillPercent: 500')).join()).toMatch(/^3: /);
  });

  test('is offered by its nearest name when there is none such', () => {
    expect(() => readDay('demo-dya')).toThrow(/demo-day/);
  });
});
