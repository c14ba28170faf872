import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gaps, readGrid, runCell } from '../lib/exception-grid.ts';
import { type Exception, linkExceptions } from '../lib/floor-exceptions.ts';

// Links, life, memory, modes of machines and of devices, and the process itself.
const exceptions: Readonly<Record<string, Exception>> = linkExceptions;
const cells = readGrid(readFileSync('test/vectors/exception-grid/links.txt', 'utf8'));

test('each of them has its say in every phase of putaway and retrieval', () => {
  expect(gaps(cells, exceptions)).toEqual([]);
});

describe.each(Object.keys(exceptions))('%s', (name) => {
  const own = cells.filter(({ exception }) => exception === name);
  test.each(own)('$way, $phase', async (cell) => {
    const exception = exceptions[name] as Exception;
    const { now, later, broken } = await runCell(cell.way, cell.phase, exception);
    expect({ now, later, broken }).toEqual({ now: cell.now, later: cell.later, broken: [] });
  });
});
