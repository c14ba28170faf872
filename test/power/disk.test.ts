import { expect, test } from 'vitest';
import { seededRandom } from '../../src/machine/random.ts';
import { type Damage, Disk, damages } from './disk.ts';
import type { Op } from './recording.ts';

const file = 'f';
const write = (offset: number, text: string): Op => ({
  ...{ kind: 'write', file, offset },
  bytes: Buffer.from(text),
});
const sync = (thread = 1): Op[] => [
  { kind: 'syncBegun', file, thread },
  { kind: 'synced', file, thread },
];

/** Everything that many power cuts at this place leave. */
function left(ops: readonly Op[], kinds: readonly Damage[] = damages): Set<string> {
  const disk = new Disk();
  for (const op of [{ kind: 'create', file } as const, ...ops]) disk.apply(op);
  const random = seededRandom(1);
  return new Set(
    Array.from({ length: 200 }, (_, i) => {
      const damage = kinds[i % kinds.length] ?? 'drop';
      return disk.afterPowerLoss(damage, random).get(file)?.toString('latin1') ?? 'gone';
    }),
  );
}

test('what was synced outlives every power cut', () => {
  expect(left([write(0, 'abc'), ...sync()])).toEqual(new Set(['abc']));
});

test('what was not may be there or not', () => {
  const ops = [write(0, 'abc'), ...sync(), write(1, 'x'), write(2, 'y')];
  expect(left(ops, ['drop'])).toEqual(new Set(['abc', 'axc', 'axy']));
  expect(left(ops, ['reorder'])).toEqual(new Set(['abc', 'axc', 'aby', 'axy']));
});

test('a write may be there by sectors, or as garbage', () => {
  const [old, new_] = ['o'.repeat(1024), 'n'.repeat(1024)];
  const found = left([write(0, old), ...sync(), write(0, new_)], ['tear']);
  expect(found).toContain('n'.repeat(512) + 'o'.repeat(512));
  expect(found).toContain('o'.repeat(512) + 'n'.repeat(512));
  expect([...found].some((bytes) => /[^no]/.test(bytes))).toBe(true);
});

test('a sync covers what was written before it began, whoever wrote it', () => {
  const begun: Op = { kind: 'syncBegun', file, thread: 1 };
  const synced: Op = { kind: 'synced', file, thread: 1 };
  const ops = [write(0, 'a'), begun, write(1, 'b'), ...sync(2), write(2, 'c'), synced];
  expect(left(ops, ['drop'])).toEqual(new Set(['ab', 'abc']));
  expect(left([write(0, 'a'), begun, write(1, 'b'), synced], ['drop'])).toEqual(
    new Set(['a', 'ab']),
  );
});

test('a file that was cut short and not synced may be as long as before', () => {
  const ops: Op[] = [write(0, 'abc'), ...sync(), { kind: 'truncate', file, length: 1 }];
  expect(left(ops)).toEqual(new Set(['abc', 'a']));
});

test('names are there at once', () => {
  const ops: Op[] = [write(0, 'abc'), ...sync(), { kind: 'unlink', file }];
  expect(left([])).toEqual(new Set(['']));
  expect(left(ops)).toEqual(new Set(['gone']));
  expect(left([write(0, 'a'), ...sync(), { kind: 'rename', file, to: 'g' }])).toEqual(
    new Set(['gone']),
  );
});
