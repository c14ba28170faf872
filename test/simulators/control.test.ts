import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ControlServer } from '../../simulators/control/server.ts';
import { FaultBoard } from '../../simulators/fault-board.ts';
import {
  type Fault,
  type FaultValues,
  moment,
  timesParameter,
} from '../../simulators/lib/fault.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { silent } from '../lib/silent-log.ts';

let board: FaultBoard;
let clock: ManualClock;
let control: ControlServer;
let url: string;
const seen: [boolean, FaultValues][] = [];
let happened = 0;

const jam = (): Fault => {
  let isNowOn = false;
  return {
    doc: 'It sticks.',
    parameters: { times: timesParameter, ms: { doc: 'late', min: 1, max: 10, default: 5 } },
    isOn: () => isNowOn,
    set(isOn, values) {
      isNowOn = isOn;
      seen.push([isOn, values]);
    },
  };
};

beforeEach(async () => {
  seen.length = 0;
  happened = 0;
  clock = new ManualClock();
  board = new FaultBoard(clock, silent);
  board.add('conveyor-1', 'conveyor', { jam: jam() });
  board.add('conveyor-1', 'conveyor', { restart: moment('It restarts.', () => happened++) });
  board.add('crane-1', 'crane', { jam: jam() });
  const truth = { totes: [], violations: [], forgotten: 3 };
  control = new ControlServer({ board, truth: () => truth, log: silent });
  url = await control.listen(0);
});
afterEach(() => control.close());

/** @returns status and body of the answer */
async function ask(method: string, path: string, body?: unknown, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: text }),
  });
  return [answer.status, (await answer.json()) as Record<string, unknown>] as const;
}
const isOn = (device: string) => board.list(device)[0]?.faults[0]?.on;

test('everything that can go wrong is listed with what it means and whether it is on', async () => {
  await ask('PUT', '/faults/crane-1/jam', { on: true });
  expect(await ask('GET', '/faults')).toMatchObject([
    200,
    {
      devices: [
        {
          device: 'conveyor-1',
          kind: 'conveyor',
          faults: [
            { fault: 'jam', doc: 'It sticks.', on: false, isMoment: false },
            { fault: 'restart', on: false, isMoment: true, parameters: {} },
          ],
        },
        { device: 'crane-1', faults: [{ fault: 'jam', on: true }] },
      ],
    },
  ]);
  expect(await ask('GET', '/faults/crane-1')).toMatchObject([200, { devices: [{}] }]);
});

test('a fault is switched with its parameters, those left out as they are by default', async () => {
  const [status, view] = await ask('PUT', '/faults/crane-1/jam', { on: true, times: 2 });
  expect([status, view['on']]).toEqual([200, true]);
  await ask('PUT', '/faults/crane-1/jam', { on: false });
  expect(seen).toEqual([
    [true, { times: 2, ms: 5 }],
    [false, { times: undefined, ms: 5 }],
  ]);
});

test('a fault with a time ends by itself, and not before a later switch says', async () => {
  await ask('PUT', '/faults/crane-1/jam', { on: true, forMs: 1_000 });
  clock.advance(900);
  expect(isOn('crane-1')).toBe(true);
  await ask('PUT', '/faults/crane-1/jam', { on: true, forMs: 1_000 });
  clock.advance(900);
  expect(isOn('crane-1')).toBe(true);
  clock.advance(100);
  expect(isOn('crane-1')).toBe(false);
});

test('all of the site, one device or one fault is cleared', async () => {
  board.set('crane-1', 'jam', { on: true });
  board.set('conveyor-1', 'jam', { on: true });
  expect(await ask('DELETE', '/faults/crane-1/jam')).toEqual([200, { cleared: 1 }]);
  expect([isOn('crane-1'), isOn('conveyor-1')]).toEqual([false, true]);
  expect(await ask('DELETE', '/faults')).toEqual([200, { cleared: 1 }]);
  expect(await ask('DELETE', '/faults/conveyor-1')).toEqual([200, { cleared: 0 }]);
});

test('what happens in a moment has happened, and has no end', async () => {
  await ask('PUT', '/faults/conveyor-1/restart', { on: true });
  await ask('PUT', '/faults/conveyor-1/restart', { on: false });
  expect(happened).toBe(1);
  expect(await ask('PUT', '/faults/conveyor-1/restart', { on: true, forMs: 5 })).toMatchObject([
    422,
    { detail: 'restart happens in a moment and has no end' },
  ]);
});

test('where every load is can only be read', async () => {
  expect(await ask('GET', '/world')).toEqual([200, { totes: [], violations: [], forgotten: 3 }]);
  expect(await ask('DELETE', '/world')).toMatchObject([404, { code: 'NOT_FOUND' }]);
});

describe('a refusal says what is wrong and what there is', () => {
  test.each([
    ['PUT', '/faults/crane-2/jam', { on: true }, 404, 'no device crane-2; there are conveyor-1, '],
    ['PUT', '/faults/crane-1/jm', { on: true }, 404, 'no fault of crane-1 jm; there are jam'],
    ['PUT', '/faults/crane-1/toString', { on: true }, 404, 'no fault of crane-1 toString'],
    ['GET', '/faults/crane-2', undefined, 404, 'no device crane-2'],
    ['DELETE', '/faults/crane-1/jm', undefined, 404, 'no fault of crane-1 jm'],
    ['PUT', '/faults/crane-1/jam', { on: 'yes' }, 422, '"on" must be true or false'],
    ['PUT', '/faults/crane-1/jam', { on: true, ms: '5' }, 422, '"ms" must be a number'],
    ['PUT', '/faults/crane-1/jam', { on: true, ms: 11 }, 422, 'ms of jam is a whole number from 1'],
    ['PUT', '/faults/crane-1/jam', { on: true, times: 1.5 }, 422, 'times of jam is a whole number'],
    ['PUT', '/faults/crane-1/jam', { on: true, exit: 1 }, 422, 'parameters times, ms, and no exit'],
    ['PUT', '/faults/crane-1/jam', { on: true, forMs: -1 }, 422, 'lasts up to 60 minutes'],
    ['PUT', '/faults/crane-1/jam', '{', 400, 'not JSON'],
    ['PUT', '/faults/crane-1/jam', 'null', 422, '"on" must be true or false'],
    ['PUT', '/faults/crane-1/jam', ' '.repeat(20_000), 413, 'longer than 10000 bytes'],
    ['PUT', '/faults/crane-1', { on: true }, 405, 'PUT does nothing here'],
    ['GET', '/faults/%zz', undefined, 400, 'not encoded'],
    ['GET', '/', undefined, 404, 'GET /faults'],
  ])('%s %s %j', async (method, path, body, status, detail) => {
    const [got, answer] = await ask(method, path, body);
    expect([got, answer['detail']]).toEqual([status, expect.stringContaining(detail)]);
    expect(seen).toEqual([]);
  });

  test('a page of another site may not switch anything', async () => {
    const headers = { origin: 'http://evil.example' };
    expect(await ask('PUT', '/faults/crane-1/jam', { on: true }, headers)).toMatchObject([
      403,
      { code: 'FORBIDDEN' },
    ]);
    expect(seen).toEqual([]);
  });
});
