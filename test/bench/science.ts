import { parseArgs } from 'node:util';
import { blockRows } from './science-blocks.ts';
import { interleavingRows } from './science-interleave.ts';
import { type ScienceRow, scienceTable } from './science-rows.ts';
import { steadyRows } from './science-steady.ts';
import { storageRows } from './science-storage.ts';
import { travelRows } from './science-travel.ts';

/** Each gives the rows of one part of the literature. */
const chapters: Readonly<Record<string, (isQuick: boolean, seed: number) => ScienceRow[]>> = {
  travel: travelRows,
  storage: storageRows,
  interleaving: interleavingRows,
  blocks: blockRows,
  steady: steadyRows,
};

/** What is published about stores like these, beside what Craneway's own rules and crane come to. */
function bench(): void {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: Object.keys(chapters) },
    },
  });
  const { json, quick, only } = values;
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed must be a whole number: ${values.seed}`);
  const rows = only.flatMap((name) => {
    const rowsOf = chapters[name];
    if (rowsOf === undefined) throw new Error(`there is no chapter ${name}`);
    const found = rowsOf(quick, seed);
    if (!json) console.log(`\n${name}\n${scienceTable(found)}`);
    return found;
  });
  const missed = rows.filter(({ ok }) => !ok).length;
  if (json) console.log(JSON.stringify({ rows }));
  else console.log(`\n${rows.length} rows, ${missed} out of bounds`);
  if (missed > 0 || rows.length === 0) process.exitCode = 1;
}

bench();
