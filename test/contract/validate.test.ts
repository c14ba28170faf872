import { expect, test } from 'vitest';
import type { CommandKey } from '../../src/contract/names.ts';
import { validateAck, validateCommand } from '../../src/contract/validate.ts';

const problems = (name: CommandKey, data: unknown): readonly string[] => {
  const checked = validateCommand(name, data);
  return checked.ok ? [] : (checked.error.errors ?? []).map(({ path }) => path);
};
const retrieval = { order: 'SO-1', kind: 'retrieval', station: 'OUT-01', loadUnit: 'T-1' };

test('defaults are filled into a copy, and what was sent stays as it was', () => {
  const sent = { order: 'SO-1', kind: 'pick', station: 'P-1', lines: [{ sku: 'S', qty: 1 }] };
  const checked = validateCommand('order.create', sent);
  expect(checked).toMatchObject({
    ok: true,
    data: { priority: 5, hold: false, ifShort: 'wait', lines: [{ stockStatus: 'available' }] },
  });
  expect(sent.lines).toEqual([{ sku: 'S', qty: 1 }]);
});

test('all problems are told at once, each with a pointer to its field', () => {
  const data = { ...retrieval, order: 'SO 1', dueDate: 'x', priority: 10, dueAt: '2026-02-30' };
  expect(problems('order.create', data).toSorted()).toEqual([
    '/dueAt',
    '/dueAt',
    '/dueDate',
    '/order',
    '/priority',
  ]);
});

test('a pointer escapes what JSON pointers escape', () => {
  expect(problems('order.cancel', { order: 'A', 'a/b~c': 1 })).toEqual(['/a~1b~0c']);
});

test('a number in quotes is not a number', () => {
  expect(problems('order.create', { ...retrieval, priority: '5' })).toEqual(['/priority']);
});

test.each<[string, CommandKey, object, string]>([
  [
    'a retrieval without a station',
    'order.create',
    { ...retrieval, station: undefined },
    '/station',
  ],
  ['a retrieval of nothing', 'order.create', { ...retrieval, loadUnit: undefined }, '/loadUnit'],
  [
    'a retrieval of two things',
    'order.create',
    { ...retrieval, lines: [{ sku: 'S', qty: 1 }] },
    '/loadUnit',
  ],
  ['a putaway of nothing', 'order.create', { order: 'A', kind: 'putaway' }, '/loadUnit'],
  ['a count of nothing', 'order.create', { order: 'A', kind: 'count' }, '/location'],
  ['a day that is none', 'stock.adjust', adjustment({ expiry: '2027-02-29' }), '/expiry'],
  ['half a unit', 'stock.adjust', adjustment({ qty: 0.5 }), '/qty'],
  ['a control character', 'stock.adjust', adjustment({ reason: 'a\u0007b' }), '/reason'],
  ['a block of two things', 'stock.block', { sku: 'S', location: 'A', lock: 'in', reason: '' }, ''],
  ['a lock without a word', 'stock.block', { location: 'A', reason: '' }, '/lock'],
  ['a label for nowhere', 'label.print', { label: 'L', template: 'T' }, ''],
  [
    'a load unit without a name',
    'loadUnit.announce',
    { loadUnits: [{ loadUnitType: 'TOTE' }] },
    '/loadUnits/0',
  ],
  [
    'an SSCC with a wrong check digit',
    'loadUnit.announce',
    { loadUnits: [{ sscc: '340123450000000179', loadUnitType: 'TOTE' }] },
    '/loadUnits/0/sscc',
  ],
  [
    'a range that runs backwards',
    'event.resend',
    { from: '0000000000000009', to: '0000000000000008' },
    '/to',
  ],
])('%s is refused', (_what, name, data, path) => {
  expect(problems(name, JSON.parse(JSON.stringify(data)))).toEqual([path]);
});

function adjustment(change: object): object {
  const data = { loadUnit: 'T-1', sku: 'S', expectedQty: 1, qty: 0, reason: 'damaged' };
  return { ...data, ...change };
}

test('what is no object at all is refused, not thrown at', () => {
  for (const data of [undefined, null, 7, 'x', []]) {
    expect(validateCommand('order.cancel', data)).toMatchObject({
      ok: false,
      error: { code: 'INVALID', status: 422, type: 'urn:craneway:error:INVALID' },
    });
  }
});

test('a flood of problems becomes a short answer', () => {
  const lines = Array.from({ length: 150 }, () => ({ sku: '', qty: 0 }));
  expect(problems('order.create', { ...retrieval, loadUnit: undefined, lines })).toHaveLength(20);
});

test('a mark is sixteen digits', () => {
  expect(validateAck({ epoch: 1, ackThrough: '104', hostEpoch: 1 }).ok).toBe(false);
  expect(validateAck({ epoch: 1, ackThrough: '0000000000000104', hostEpoch: 1 }).ok).toBe(true);
});
