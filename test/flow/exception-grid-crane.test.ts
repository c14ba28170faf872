import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Cell, gaps, readGrid, runCell } from '../lib/exception-grid.ts';
import {
  abortException,
  cancelReject,
  type Exception,
  rejectException,
  resyncReject,
} from '../lib/floor-exceptions.ts';
import { readCraneInterface } from '../lib/interfaces.ts';

// Every reject and abort of the interface file, in every phase in which a crane can say it.
const { rejects = [], aborts = [] } = readCraneInterface();
/** After these the crane does not say where its load is. */
const unknown = ['loadLost', 'sensorConflict', 'otherFault'];
const sideCommands = { cancel: 30, resync: 33 };

const ofReject = ({ code, name }: { code: number; name: string }): Exception => {
  if (code >= sideCommands.resync) return resyncReject(name);
  return code >= sideCommands.cancel ? cancelReject(name) : rejectException(name);
};
const exceptions: Readonly<Record<string, Exception>> = Object.fromEntries([
  ...rejects.map((row) => [row.name, ofReject(row)]),
  ...aborts.map(({ name }) => [name, abortException(name, unknown.includes(name))]),
]);
const cells = readGrid(readFileSync('test/vectors/exception-grid/crane.txt', 'utf8'));

test('every reject and abort has its say in every phase of putaway and retrieval', () => {
  expect(gaps(cells, exceptions)).toEqual([]);
});

/** What the interface file says is closed; only cells are. */
function closedBy({ exception, way }: Cell): string | undefined {
  const location = aborts.find(({ name }) => name === exception)?.location;
  const closes = way === 'putaway' ? 'closeDestination' : 'closeSource';
  if (location !== 'closeBoth' && location !== closes) return undefined;
  return way === 'putaway' ? 'cell' : 'home';
}

describe.each(Object.keys(exceptions))('%s', (name) => {
  const own = cells.filter(({ exception }) => exception === name);
  test.each(own)('$way, $phase', async (cell) => {
    const exception = exceptions[name] as Exception;
    const { now, later, broken, alarms } = await runCell(cell.way, cell.phase, exception);
    expect({ now, later, broken }).toEqual({ now: cell.now, later: cell.later, broken: [] });
    const abort = aborts.find((row) => row.name === name);
    if (abort === undefined) return;
    const closed = closedBy(cell);
    if (closed !== undefined) expect(now).toContain(`closed ${closed}`);
    else expect(now).not.toMatch(/closed (cell|home)/);
    expect([...new Set(alarms)]).toEqual(alarms.length > 0 ? [abort.alarm] : []);
    if (abort.loadUnit !== 'asReported') expect(now).toContain('disputed');
  });
});
