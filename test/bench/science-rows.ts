import { type Chance, draw } from '../../simulators/world/chance.ts';

/** One published number beside ours. Deterministic, unless it is a time. */
export interface ScienceRow {
  /** Who published it. */
  readonly source: string;
  readonly parameter: string;
  readonly published: number;
  readonly ours: number;
  /** In the unit of `bound`: percent of the published number, percentage points, or its own unit. */
  readonly difference: number;
  readonly bound: number;
  /** How the difference is judged: `within` ± the bound, `atMost` the bound above, `atLeast` not more than that below. */
  readonly judged: 'within' | 'atMost' | 'atLeast';
  readonly unit: '%' | 'points' | 'ms';
  readonly ok: boolean;
}

type Compared = Pick<ScienceRow, 'source' | 'parameter' | 'published' | 'ours' | 'bound'>;

/** Ours is the published number, within so many percent of it. */
export const withinPercent = (row: Compared): ScienceRow =>
  judge(row, { unit: '%', judged: 'within' }, percentAbove(row));

/** Ours is not more than so many percent above the published number; below it is as good. */
export const atMostPercent = (row: Compared): ScienceRow =>
  judge(row, { unit: '%', judged: 'atMost' }, percentAbove(row));

/** Ours is not more than so many percent below the published number; above it is as good. */
export const atLeastPercent = (row: Compared): ScienceRow =>
  judge(row, { unit: '%', judged: 'atLeast' }, percentAbove(row));

/** Two percentages, apart by at most so many percentage points. */
export const withinPoints = (row: Compared): ScienceRow =>
  judge(row, { unit: 'points', judged: 'within' }, row.ours - row.published);

/** A percentage of ours is not more than so many percentage points above the published one; below it is as good. */
export const atMostPoints = (row: Compared): ScienceRow =>
  judge(row, { unit: 'points', judged: 'atMost' }, row.ours - row.published);

/** A time in milliseconds that is not exceeded. */
export const atMostMs = (row: Omit<Compared, 'published'>): ScienceRow =>
  judge({ ...row, published: row.bound }, { unit: 'ms', judged: 'atMost' }, row.ours, row.bound);

const percentAbove = ({ published, ours }: Compared): number => (ours / published - 1) * 100;

function judge(
  row: Compared,
  by: Pick<ScienceRow, 'unit' | 'judged'>,
  difference: number,
  bound = row.bound,
): ScienceRow {
  const sizes = { within: Math.abs(difference), atMost: difference, atLeast: -difference };
  const size = sizes[by.judged];
  // A figure that is no number is a failure of the bench, never a pass.
  const ok = Number.isFinite(size) && size <= bound;
  const [ours, published] = [rounded(row.ours), rounded(row.published)];
  return { ...row, ours, published, difference: rounded(difference), ...by, ok };
}

const rounded = (value: number): number => Number(value.toFixed(4));

/** Evenly from 0 up to 1. */
export const share = (chance: Chance): number => draw(chance, 2 ** 32) / 2 ** 32;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** As a table for a terminal. */
export function scienceTable(rows: readonly ScienceRow[]): string {
  const head = ['', 'source', 'parameter', 'published', 'ours', 'difference', 'bound'];
  const lines = rows.map((row) => {
    const sign = { within: '±', atMost: '≤ ', atLeast: '≥ -' }[row.judged];
    return [
      row.ok ? 'ok' : 'NOT',
      ...[row.source, row.parameter, String(row.published), String(row.ours)],
      ...[`${row.difference.toFixed(2)} ${row.unit}`, `${sign}${row.bound} ${row.unit}`],
    ];
  });
  const widths = head.map((name, i) =>
    Math.max(name.length, ...lines.map((cells) => cells[i]?.length ?? 0)),
  );
  return [head, ...lines]
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
