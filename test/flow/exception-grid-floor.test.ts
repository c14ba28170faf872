import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gaps, readGrid, runCell } from '../lib/exception-grid.ts';
import type { Exception } from '../lib/floor-exceptions.ts';
import {
  conveyorExceptions,
  infeedExceptions,
  peopleExceptions,
} from '../lib/floor-exceptions-more.ts';
import { readConveyorInterface } from '../lib/interfaces.ts';

// Diverts that go otherwise than answered, scanners, printers, people's hands and hosts' second thoughts.
const exceptions: Readonly<Record<string, Exception>> = {
  ...conveyorExceptions,
  ...infeedExceptions,
  ...peopleExceptions,
};
const cells = readGrid(readFileSync('test/vectors/exception-grid/floor.txt', 'utf8'));

test('each of them has its say in every phase of putaway and retrieval', () => {
  expect(gaps(cells, exceptions)).toEqual([]);
});

test('every outcome of a divert is one of them, or a restart or a mode of the conveyor', () => {
  const elsewhere = ['asAnswered', 'restarted', 'notEnabled'];
  const outcomes = (readConveyorInterface().outcomes ?? []).map(({ name }) => name);
  expect(outcomes.filter((name) => !elsewhere.includes(name)).toSorted()).toEqual(
    Object.keys(conveyorExceptions).toSorted(),
  );
});

describe.each(Object.keys(exceptions))('%s', (name) => {
  const own = cells.filter(({ exception }) => exception === name);
  test.each(own)('$way, $phase', async (cell) => {
    const exception = exceptions[name] as Exception;
    const { now, later, broken } = await runCell(cell.way, cell.phase, exception);
    expect({ now, later, broken }).toEqual({ now: cell.now, later: cell.later, broken: [] });
  });
});
