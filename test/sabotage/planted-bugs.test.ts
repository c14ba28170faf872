import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { coreBugs, floorBugs } from './core-bugs.ts';
import { upstreamBugs, wireBugs } from './edge-bugs.ts';
import type { Edit, PlantedBug } from './planted-bug.ts';
import { scannerBugs } from './scanner-bugs.ts';
import { stockBugs } from './stock-bugs.ts';

const plantedBugs = [
  ...coreBugs,
  ...floorBugs,
  ...upstreamBugs,
  ...wireBugs,
  ...scannerBugs,
  ...stockBugs,
];

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
