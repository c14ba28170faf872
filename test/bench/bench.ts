import { scriptOptions } from '../lib/script-options.ts';
import { measureCranes } from './cranes.ts';
import { measureDecisions } from './decisions.ts';
import { type Chapter, type Figure, round, table } from './figures.ts';
import { measureFloods } from './flood.ts';
import { measureFloors } from './floors.ts';
import { load, machine } from './machine.ts';
import { measureModbus } from './modbus.ts';
import { runPlcProcess } from './plc-process.ts';
import { measureScans } from './scans.ts';
import { measureLongStart, measureStarts } from './start.ts';
import { measureVirtual } from './virtual.ts';

const chapters: Readonly<Record<string, (isQuick: boolean) => Promise<Chapter>>> = {
  floors: measureFloors,
  scans: measureScans,
  modbus: measureModbus,
  cranes: measureCranes,
  flood: measureFloods,
  decisions: async () => measureDecisions(),
  virtual: measureVirtual,
  start: measureStarts,
  'start-10m': measureLongStart,
};
/** What takes too long to be run with the others. */
const onlyWhenAsked = ['start-10m'];

const usual = Object.keys(chapters).filter((name) => !onlyWhenAsked.includes(name));

const usage = `Measures Craneway on this machine.

  npm run bench -- [--quick] [--only CHAPTER ...] [--json]

  --quick          short, for a look
  --only CHAPTER   ${Object.keys(chapters).join(', ')}; default: all but ${onlyWhenAsked.join(', ')}
  --json           the figures as JSON
`;

async function bench(): Promise<void> {
  const { values, refuse } = scriptOptions(usage, {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: usual },
  });
  const { json, quick, only } = values;
  for (const name of only) if (!(name in chapters)) refuse(`There is no chapter ${name}`);
  const before = load();
  const done: Chapter[] = [];
  if (!json) console.log(Object.entries(machine()).flat().join(' '));
  for (const name of only) {
    const measure = chapters[name];
    if (measure === undefined) throw new Error(`there is no chapter ${name}`);
    const chapter = await measure(quick);
    done.push(chapter);
    if (!json) console.log(table(chapter));
  }
  const ratios = ratiosOf(done.flatMap(({ figures }) => figures));
  const meanwhile = { loadBefore: before, loadAfter: load() };
  if (json) {
    const figures = done.flatMap(({ title, figures }) =>
      figures.map((figure) => ({ chapter: title, ...figure })),
    );
    console.log(
      JSON.stringify({ machine: { ...machine(), ...meanwhile }, figures, ratios }, null, 1),
    );
    return;
  }
  if (ratios.length > 0) console.log(table({ title: 'Times the floor', figures: ratios }));
  console.log(`\nload average before ${before.join(' ')}, after ${meanwhile.loadAfter.join(' ')}`);
}

/** The latencies of the whole beside what their parts cost alone, from the same run. */
function ratiosOf(figures: readonly Figure[]): Figure[] {
  const p50 = (start: string) => figures.find(({ name }) => name.startsWith(start))?.values['p50'];
  const [modbus, commit] = [p50('Modbus TCP'), p50('SQLite FULL')];
  if (modbus === undefined || commit === undefined) return [];
  // To see it, to read it, to answer it; and one fsync in between.
  const floorMs = (3 * modbus + commit) / 1000;
  return figures
    .filter(({ name, unit }) => unit === 'ms' && name.includes('answers at once'))
    .flatMap(({ name, values }) => {
      if (values['p50'] === undefined || values['count'] === undefined) return [];
      const ratio = { p50: round(values['p50'] / floorMs) };
      return [{ name, unit: `× ${round(floorMs)} ms`, values: ratio, note: '3 Modbus + 1 commit' }];
    });
}

if (process.argv[2] === 'plc') runPlcProcess();
else await bench();
