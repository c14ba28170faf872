import { afterEach, expect, test, vi } from 'vitest';
import { fakeSite } from '../lib/api-site.ts';
import { craneway } from '../lib/cli.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 60_000 });

let close = async () => {};
afterEach(() => close());

test('every verb finds its route on the real server', async () => {
  const { server, commands, acts } = await fakeSite();
  close = () => server.close();
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const verbs: readonly (readonly string[])[] = [
    ['status'],
    ['orders', 'ls', '--status', 'queued'],
    ['orders', 'show', 'SO-77'],
    ['orders', 'create', '--kind', 'count', '--location', 'A01-L-001-01-1'],
    ['orders', 'cancel', 'a/b'],
    ['stock', 'ls', '--by', 'sku'],
    ['devices', 'ls'],
    ['devices', 'release', 'crane-1'],
    ['station'],
    ['label', 'print', 'sscc-a6', '--printer', 'printer-1', '--label', 'LB-1', '--field', 'a=b'],
    ['scan', 'T-1', '--station', 'PICK-01'],
    ['finish', 'T-1', '--station', 'PICK-01', '--how', 'ship'],
    ['discrepancies', 'ls', '--all'],
    ['discrepancies', 'resolve', '3', '--as', 'foundAt'],
    ['locks', 'set', 'A01', 'out', '--reason', 'sprinkler'],
    ['locks', 'ls'],
    ['locks', 'clear', 'conveyor-1/3/2', '--reason', 'mended'],
    ['why', 'a/b'],
  ];
  for (const verb of verbs) {
    expect(await craneway(verb, { url }), verb.join(' ')).toMatchObject({ code: 0 });
  }
  expect(commands.map(({ name }) => name)).toEqual(['order.create', 'order.cancel', 'label.print']);
  expect(commands[2]?.data).toEqual({
    ...{ label: 'LB-1', template: 'sscc-a6', printer: 'printer-1', copies: 1 },
    fields: { a: 'b' },
  });
  expect(commands[1]?.data).toEqual({ order: 'a/b' });
  expect(acts.map(({ act }) => act)).toEqual([
    'release',
    'scan',
    'finish',
    'resolve',
    'lock',
    'lock',
  ]);
  expect(acts[5]).toMatchObject({ part: 'conveyor-1/3/2', lock: 'none', reason: 'mended' });
  expect(new Set(acts.map(({ operator }) => operator))).toEqual(new Set(['anna']));
});
