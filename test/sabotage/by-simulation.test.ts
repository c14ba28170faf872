import { afterAll, expect, test } from 'vitest';
import { simulationJudge } from './by-simulation.ts';
import { plantedBugs } from './catalog.ts';
import { edit, type PlantedBug } from './planted-bug.ts';
import { copyTree, removeTree } from './scratch-copy.ts';

const scratch = copyTree();
afterAll(() => removeTree(scratch));

// Every run sees this one, whatever goes wrong in it: a host tells at the beginning what SKUs there are.
const planted = plantedBugs.find(({ id }) => id === 'puback-before-commit') as PlantedBug;
const noSource = edit('src/ledger/ledger.ts', 'export class Ledger', 'export class 7');
const noName = edit('src/ledger/ledger.ts', 'this.#commits++;', 'this.#commits += nobody;');

test('the simulation under fire finds a planted bug, and not one that does not even run, nor one that names what there is not', async () => {
  const judge = await simulationJudge(scratch, 1);
  const found = await judge(planted);
  expect(found).toMatchObject({ isCaught: true, seed: 1 });
  expect(found.why).toMatch(/^I24: /);
  const broken = await judge({ ...planted, edits: [noSource] });
  expect(broken).toEqual({ isCaught: false, why: 'it ended after 0 seeds of 1' });
  const nameless = await judge({ ...planted, edits: [noName] });
  expect(nameless.isCaught).toBe(false);
  expect(nameless.why).toBe('the bug is no bug: nothing is named nobody');
}, 120_000);
