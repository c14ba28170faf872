import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalog, plantedBugs } from './catalog.ts';
import type { Edit, PlantedBug } from './planted-bug.ts';
import { outsideOfSimulation, seenBySimulation, unseenBySimulation } from './simulation.ts';

/** Edits whose text is not in its file exactly once: the bug would prove nothing. */
const lostEdits = ({ edits }: Pick<PlantedBug, 'edits'>): Edit[] =>
  edits.filter(({ file, old }) => readFileSync(file, 'utf8').split(old).length !== 2);

test('an edit that no longer applies is found', () => {
  const file = 'src/flow/flow.ts';
  const edits = [
    { file, old: 'text that was changed', new: '' },
    { file, old: 'const ', new: '' },
  ];
  expect(lostEdits({ edits })).toEqual(edits);
});

test('there are planted bugs, each under a name of its own', () => {
  expect(plantedBugs.length).toBeGreaterThan(25);
  expect(new Set(plantedBugs.map(({ id }) => id)).size).toBe(plantedBugs.length);
});

test.each(plantedBugs)('$id can still be planted, and somebody is to catch it', (planted) => {
  expect(lostEdits(planted)).toEqual([]);
  const catchers = planted.caughtBy.split(' ').filter((file) => !existsSync(file));
  expect(catchers).toEqual([]);
});

test('every bug of the catalog is planted', () => {
  const numbers = Array.from({ length: 36 }, (_, i) => `P${i + 1}`);
  expect(Object.keys(catalog)).toEqual(numbers);
  const ids = new Set(plantedBugs.map(({ id }) => id));
  const missing = Object.entries(catalog).filter(
    ([, { by }]) => by.length === 0 || by.some((id) => !ids.has(id)),
  );
  expect(missing).toEqual([]);
});

test('of every planted bug it is said whether the simulation finds it, or why not', () => {
  const said = [seenBySimulation, outsideOfSimulation, unseenBySimulation].flatMap(Object.keys);
  expect(said.toSorted()).toEqual(plantedBugs.map(({ id }) => id).toSorted());
});
