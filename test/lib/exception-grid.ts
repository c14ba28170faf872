import { CLARIFICATION, MISSING, OUTSIDE } from '../../src/domain/ids.ts';
import { brokenBooks, unaskedDifferences } from './floor-checks.ts';
import { type Exception, phasesOf, type Way } from './floor-exceptions.ts';
import { type Habit, peopleAnswer } from './floor-people.ts';
import { atStart, home, infeed, lhd, pdIn, pdOut, pick, reject, thaw } from './floor-phases.ts';
import { crane1 } from './floor-plant.ts';
import type { FloorRig } from './floor-rig.ts';

/** One cell of the grid: what meets what, what follows by itself, and what when people have answered. */
export interface Cell<W extends string = Way> {
  readonly exception: string;
  readonly way: W;
  readonly phase: string;
  /** As `told` says it. */
  readonly now: string;
  readonly later: string;
}

const aliases: Readonly<Record<string, string>> = {
  [home]: 'home',
  [infeed]: 'infeed',
  [lhd]: 'lhd',
  [pdIn]: 'pdIn',
  [pdOut]: 'pdOut',
  [pick]: 'station',
  [reject]: 'reject',
  [OUTSIDE]: 'outside',
  [MISSING]: 'missing',
  [CLARIFICATION]: 'clarification',
  'A01-L-001-01-2': 'cell',
};
export const shortOf = (place: string): string => aliases[place] ?? 'another';

/** The questions; where T-1 is, and how that is known; what is closed; how the order stands. */
function told(rig: FloorRig): string {
  const { place, confidence, status } = rig.unit('T-1');
  const shown = [shortOf(place), confidence, ...(status === 'present' ? [] : [status])].join(' ');
  const closed = [...rig.flow.warehouse.tables.lock.values()].map(({ location }) =>
    shortOf(location),
  );
  const order = rig.flow.books.order('SO-1')?.status;
  return [
    rig.asked.join(' ') || '-',
    shown,
    ...(closed.length > 0 ? [`closed ${closed.toSorted().join(' ')}`] : []),
    ...(order === undefined ? [] : [order]),
  ].join('; ');
}

/** What a cell has led to. */
interface Run {
  readonly now: string;
  readonly later: string;
  /** Rules of the books that were broken at rest, and differences from steel that nobody was asked about. */
  readonly broken: readonly string[];
  /** How urgent the questions were, where somebody has said so. */
  readonly alarms: readonly string[];
  readonly rig: FloorRig;
}

/** Brings T-1 to its phase, lets the exception happen there, waits for rest; then people answer. */
export async function runCell(
  way: Way,
  phaseName: string,
  exception: Exception,
  habit: Habit = 'removed',
): Promise<Run> {
  const phase = phasesOf[way].find(({ name }) => name === phaseName);
  if (phase === undefined) throw new Error(`there is no phase ${phaseName}`);
  const rig = await atStart[way]();
  await phase.reach(rig);
  await exception.happen(rig);
  await rig.run(100);
  thaw(rig);
  if (rig.flow.warehouse.modeOf(crane1) === 'manual' && phaseName === phaseHeldByMode[way]) {
    await rig.operator({ act: 'mode', device: crane1, mode: 'auto' });
  }
  await rig.rest();
  await exception.end?.(rig);
  await rig.rest();
  const now = told(rig);
  const alarms = rig.questions.flatMap(({ alarm }) => alarm ?? []);
  const broken = [...brokenBooks(rig), ...unaskedDifferences(rig)].map((why) => `now: ${why}`);
  const refused = await peopleAnswer(rig, habit);
  const lasting = [...brokenBooks(rig), ...unaskedDifferences(rig), ...refused];
  const all = [...broken, ...lasting.map((why) => `then: ${why}`)];
  return { now, later: told(rig), broken: all, alarms, rig };
}

/** In these the crane is kept from taking T-1 by its mode. */
const phaseHeldByMode = { putaway: 'atPd', retrieval: 'waiting' } as const;

/**
 * Reads rows such as `binFull  putaway  carrying depositing  BIN_FULL; …  =>  -; …`: one or more phases
 * with the same expectation.
 */
export function readGrid<W extends string = Way>(text: string): Cell<W>[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const [head = '', now = '', later = ''] = line.split(/ \| | => /).map((part) => part.trim());
      const [exception = '', way = '', ...phases] = head.split(/\s+/);
      return phases.map((phase) => ({ exception, way: way as W, phase, now, later }));
    });
}

/**
 * Every exception has its say in every phase: an expectation, or the reason why it cannot happen there.
 *
 * @returns what is missing, double, or expected where it cannot happen
 */
export function gaps(
  cells: readonly Where[],
  exceptions: Readonly<Record<string, { cannot?(way: string, phase: string): string | undefined }>>,
  places: readonly Omit<Where, 'exception'>[] = moves,
): string[] {
  const count = (where: string) => cells.filter((cell) => whereOf(cell) === where).length;
  const expected = Object.entries(exceptions).flatMap(([exception, { cannot }]) =>
    places.map(({ way, phase }) => ({ exception, way, phase, reason: cannot?.(way, phase) })),
  );
  const wrong = expected.flatMap(({ reason, ...place }) => {
    const where = whereOf(place);
    const rows = count(where);
    if (rows === (reason === undefined ? 1 : 0)) return [];
    return [`${where}: ${reason ?? `${rows} rows`}`];
  });
  const known = new Set(expected.map(whereOf));
  const strange = cells.map(whereOf).filter((where) => !known.has(where));
  return [...wrong, ...strange.map((where) => `${where} is no cell`)];
}

type Where = Pick<Cell<string>, 'exception' | 'way' | 'phase'>;
const whereOf = ({ exception, way, phase }: Where): string => `${exception} ${way} ${phase}`;
const moves = (['putaway', 'retrieval'] as const).flatMap((way) =>
  phasesOf[way].map(({ name: phase }) => ({ way, phase })),
);
