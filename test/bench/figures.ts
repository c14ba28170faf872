/** One measured number. Nothing here judges: a time is for people to look at, never for a test to assert. */
export interface Figure {
  /** What was measured, and under which load. */
  readonly name: string;
  readonly unit: string;
  /** One number, or several of one measurement by their names: `p50`, `p99`. */
  readonly values: Readonly<Record<string, number>>;
  /** What a reader has to know about it. */
  readonly note?: string;
}

/** Figures that belong together. */
export interface Chapter {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** Parts of a sample, as it is usual for latencies: p50, p99, p99.9 and the largest. */
export function percentiles(sample: readonly number[]): Figure['values'] {
  if (sample.length === 0) return { count: 0 };
  const sorted = Float64Array.from(sample).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return {
    p50: round(at(0.5)),
    p99: round(at(0.99)),
    'p99.9': round(at(0.999)),
    max: round(at(1)),
    count: sorted.length,
  };
}

/** Three significant digits, or whole above 1000: what a measurement like these is good for. */
export const round = (value: number): number =>
  Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));

/** As a table for a terminal. */
export function table({ title, figures }: Chapter): string {
  const rows = figures.map(({ name, unit, values, note }) => {
    const cells = Object.entries(values).map(([key, value]) =>
      key === 'value' ? String(value) : `${key} ${value}`,
    );
    return [name, `${cells.join('  ')} ${unit}`, note ?? ''] as const;
  });
  const width = Math.max(...rows.map(([name]) => name.length));
  const wide = Math.max(...rows.map(([, cells]) => cells.length));
  const lines = rows.map(([name, cells, note]) =>
    `  ${name.padEnd(width)}  ${cells.padEnd(wide)}  ${note}`.trimEnd(),
  );
  return [`\n${title}`, ...lines].join('\n');
}

/** Microseconds of each call, after as many that warm it up. @param work  gets the number of its round, from 0 */
export function timesOf(rounds: number, work: (round: number) => void): number[] {
  const times: number[] = [];
  for (let round = -rounds; round < rounds; round++) {
    const startNs = process.hrtime.bigint();
    work(round + rounds);
    if (round >= 0) times.push(Number(process.hrtime.bigint() - startNs) / 1000);
  }
  return times;
}
