import { escaped, htmlPage, htmlTable } from '../../devices/lib/html.ts';
import { barChart, lineChart } from './charts.ts';
import type { DayFigures } from './statistics.ts';

/** What a report tells: the figures of a run, and what it was. */
export interface ReportedDay {
  readonly scenario: string;
  readonly doc: string;
  readonly seed: number;
  readonly ok: boolean;
  readonly findings: readonly { readonly kind: string; readonly text: string }[];
  readonly hash: string;
  readonly speed: { readonly virtualH: number; readonly timesCpu: number; readonly causes: number };
  readonly figures: DayFigures;
}

const findingsShown = 50;

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
const minutes = (seconds: number): string => (seconds / 60).toFixed(1);

/** The whole report as one HTML page: no scripts, nothing from elsewhere. */
export function reportPage(day: ReportedDay): string {
  const { scenario, doc, seed, ok, findings, figures } = day;
  const body = `<style>${style}</style>
<h1>${escaped(scenario)} <small>seed ${seed}</small></h1>
<p>${escaped(doc)}</p>
<p class="verdict ${ok ? 'ok' : 'bad'}">${ok ? 'All is well: everything is where books, steel and host have it, every order is over or with a person.' : `${findings.length} things do not hold.`}</p>
${ok ? '' : list(findings.slice(0, findingsShown).map(({ kind, text }) => `${kind}: ${text}`))}
${tiles(figures)}
<h2>The course of the day</h2>
${course(figures)}
<h2>Orders</h2>
${orders(figures)}
<h2>Cranes</h2>
${cranes(figures)}
<p class="foot">${escaped(`${day.speed.virtualH} h of virtual time, ${day.speed.timesCpu} times real time on a core of its own, ${day.speed.causes} causes decided. Movements ${day.hash}.`)}</p>
`;
  return htmlPage(`${scenario}, seed ${seed}`, body);
}

const list = (lines: readonly string[]): string =>
  `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;

function tiles({
  putaways,
  retrievals,
  digOuts,
  stations,
  orders: found,
  questions,
  hours,
}: DayFigures) {
  const perHour = (count: number) => `${(count / hours).toFixed(0)} an hour`;
  const all: [string, string | number, string][] = [
    ['Putaways', putaways, perHour(putaways)],
    ['Retrievals', retrievals, perHour(retrievals)],
    [
      'Dig-outs',
      digOuts,
      retrievals === 0 ? '' : `${((100 * digOuts) / retrievals).toFixed(1)} per 100 retrievals`,
    ],
    ['Orders completed', found.completed, `${percent(found.lateShare)} late`],
    ['Median lead time', `${minutes(found.leadP50S)} min`, `95 %: ${minutes(found.leadP95S)} min`],
    ['Longest', `${minutes(found.leadMaxS)} min`, found.longest ?? ''],
    ...stationTiles(stations, perHour),
    ['Wait at a station', `${stations.waitMeanS} s`, `longest: ${minutes(stations.waitMaxS)} min`],
    ['Questions to people', questions, ''],
  ];
  const tile = ([name, value, more]: [string, string | number, string]) =>
    `<div class="tile"><b>${escaped(String(value))}</b><span>${escaped(name)}</span><small>${escaped(more)}</small></div>`;
  return `<div class="tiles">${all.map(tile).join('')}</div>`;
}

/** Only of what is done there at all. */
function stationTiles(
  { picks, packs, labels, counts, differences }: DayFigures['stations'],
  perHour: (count: number) => string,
): [string, number, string][] {
  const all: [string, number, string][] = [
    ['Lines picked', picks, perHour(picks)],
    ['Totes packed', packs, `${labels} labels at stations`],
    ['Load units counted', counts, `${differences} differences found`],
  ];
  return all.filter(([, count]) => count > 0);
}

function course({ course: rows }: DayFigures): string {
  const labels = rows.map(({ hour }) => String(hour));
  return [
    lineChart('Load units an hour', labels, [
      { name: 'putaways', values: rows.map(({ putaways }) => putaways) },
      { name: 'retrievals', values: rows.map(({ retrievals }) => retrievals) },
    ]),
    lineChart('Open orders at the end of the hour', labels, [
      { name: 'open orders', values: rows.map(({ openOrders }) => openOrders) },
    ]),
    lineChart('Cells that are full, percent', labels, [
      { name: 'fill', values: rows.map(({ fill }) => 100 * fill) },
    ]),
  ].join('\n');
}

function orders({ orders: found, heldBack }: DayFigures): string {
  return [
    barChart(
      'Lead time of orders, in steps of 5 minutes',
      found.leadTimes.map((value, i, { length }) => ({
        name: i === length - 1 ? `≥ ${5 * i}` : `${5 * i}–${5 * (i + 1)}`,
        value,
      })),
    ),
    table(
      ['completed', 'canceled', 'failed', 'late', ...Object.keys(heldBack)],
      [
        [
          found.completed,
          found.canceled,
          found.failed,
          percent(found.lateShare),
          ...Object.values(heldBack),
        ],
      ],
    ),
  ].join('\n');
}

function cranes({ cranes: rows }: DayFigures): string {
  return [
    barChart(
      'Time with a mission in hand, percent',
      rows.map(({ crane, utilization }) => ({
        name: crane,
        value: Math.round(1_000 * utilization) / 10,
      })),
    ),
    table(
      [
        'crane',
        'putaways',
        'retrievals',
        'dig-outs',
        'dual cycles',
        'used',
        'empty travel h',
        'loaded travel h',
        'cycle s',
        'by FEM 9.851 s',
        'FEM single s',
        'FEM dual s',
      ],
      rows.map((row) => [
        row.crane,
        row.putaways,
        row.retrievals,
        row.digOuts,
        percent(row.dualShare),
        percent(row.utilization),
        (row.emptyTravelS / 3_600).toFixed(2),
        (row.loadedTravelS / 3_600).toFixed(2),
        row.cycleS,
        row.femCycleS,
        row.femSingleS,
        row.femDualS,
      ]),
    ),
    '<p class="foot">A cycle is a putaway with the retrieval after it, or one that was alone. "By FEM 9.851" is the same mix of single and dual cycles between the two reference points of the rule, for cells at random.</p>',
  ].join('\n');
}

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  htmlTable(
    heads,
    rows.map((row) => row.map((cell) => escaped(String(cell)))),
  );

const style = `
.verdict { padding: .6rem .9rem; border-left: 6px solid; background: #f2f5f8; }
.ok { border-color: #1d7a46; } .bad { border-color: #b3261e; }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; }
.tile { flex: 1 1 8.5rem; border: 1px solid #cdd5df; border-radius: 6px; padding: .6rem .8rem; display: flex; flex-direction: column; }
.tile b { font-size: 1.4rem; } .tile small, .foot { color: #5b6675; }
figure { margin: 1rem 0; } figcaption { font-weight: 600; } svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }`;
