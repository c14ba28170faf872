import { scriptOptions } from '../lib/script-options.ts';
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
const usage = `Compares slotting, sequencing and cranes with what is published about such stores.

  npm run bench:science -- [--quick] [--seed S] [--only CHAPTER ...] [--json]

  --only CHAPTER   ${Object.keys(chapters).join(', ')}; default: all
`;

function bench(): void {
  const { values, whole, refuse } = scriptOptions(usage, {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: Object.keys(chapters) },
  });
  const { json, quick, only } = values;
  const seed = whole('seed', 0, 0xffff_ffff);
  for (const name of only) if (!(name in chapters)) refuse(`There is no chapter ${name}`);
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
