/** Plots as SVG text, drawn here so that a report needs nothing from elsewhere. */

interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

const width = 900;
const height = 240;
const frame = { left: 52, right: 16, top: 24, bottom: 30 } as const;
const inner = {
  w: width - frame.left - frame.right,
  h: height - frame.top - frame.bottom,
} as const;
/** Dark enough on white, and apart from each other for every kind of sight; a dash tells them apart in print. */
const inks = [
  { color: '#1f5fa8', dash: '' },
  { color: '#b4540a', dash: '6 4' },
] as const;
const ticks = 4;
/** More names than these on the axis would touch each other. */
const namesMax = 26;

/** Lines over one axis of names, with a legend where there is more than one. */
export function lineChart(
  title: string,
  names: readonly string[],
  series: readonly Series[],
): string {
  const top = niceTop(Math.max(0, ...series.flatMap(({ values }) => values)));
  const x = (i: number) => frame.left + (inner.w * (i + 0.5)) / Math.max(1, names.length);
  const y = yOf(top);
  const lines = series.map(({ name, values }, i) => {
    const { color, dash } = inks[i % inks.length] ?? inks[0];
    const points = values.map((value, at) => `${round(x(at))},${round(y(value))}`).join(' ');
    const stroke = `stroke="${color}" stroke-width="2" stroke-dasharray="${dash}" fill="none"`;
    const at = frame.left + 8 + i * 130;
    const legend = `<line x1="${at}" x2="${at + 24}" y1="12" y2="12" ${stroke}/><text x="${at + 30}" y="16">${name}</text>`;
    return `<polyline points="${points}" ${stroke}/>${series.length > 1 ? legend : ''}`;
  });
  return figure(title, [grid(top), axis(names, x), ...lines]);
}

/** One bar for each name, with its value above. */
export function barChart(
  title: string,
  bars: readonly { readonly name: string; readonly value: number }[],
): string {
  const top = niceTop(Math.max(0, ...bars.map(({ value }) => value)));
  const step = inner.w / Math.max(1, bars.length);
  const x = (i: number) => frame.left + step * (i + 0.5);
  const y = yOf(top);
  const drawn = bars.map(({ value }, i) => {
    const [at, from] = [x(i) - step * 0.35, y(value)];
    const size = `width="${round(step * 0.7)}" height="${round(frame.top + inner.h - from)}"`;
    return `<rect x="${round(at)}" y="${round(from)}" ${size} fill="${inks[0].color}"/><text x="${round(x(i))}" y="${round(from - 4)}" text-anchor="middle">${value}</text>`;
  });
  const names = bars.map(({ name }) => name);
  return figure(title, [grid(top), axis(names, x), ...drawn]);
}

const yOf = (top: number) => (value: number) => frame.top + inner.h * (1 - value / top);
const round = (n: number): number => Math.round(n * 10) / 10;

/** The next of 1, 2, 4, 5, 10 times a power of ten that is not below. */
function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([1, 2, 4, 5, 10].find((n) => n * power >= most) ?? 10);
}

function grid(top: number): string {
  const y = yOf(top);
  return Array.from({ length: ticks + 1 }, (_, i) => {
    const value = (top * i) / ticks;
    const at = round(y(value));
    return `<line x1="${frame.left}" x2="${width - frame.right}" y1="${at}" y2="${at}" stroke="#dde3ea"/><text x="${frame.left - 6}" y="${at + 4}" text-anchor="end" fill="#5b6675">${round(value)}</text>`;
  }).join('');
}

function axis(names: readonly string[], x: (i: number) => number): string {
  const every = Math.ceil(names.length / namesMax);
  return names
    .map((name, i) =>
      i % every === 0
        ? `<text x="${round(x(i))}" y="${height - 10}" text-anchor="middle" fill="#5b6675">${name}</text>`
        : '',
    )
    .join('');
}

const figure = (title: string, parts: readonly string[]): string =>
  `<figure><figcaption>${title}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${parts.join('')}</svg></figure>`;
