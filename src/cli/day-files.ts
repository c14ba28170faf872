import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Type, { type Static } from 'typebox';
import type { Day } from '../../simulators/virtual/day.ts';
import { unknownName } from '../config/did-you-mean.ts';
import { closed } from '../config/schema-parts.ts';
import { type Finding, readYaml } from '../config/yaml-file.ts';
import { ConfigError } from '../domain/errors.ts';

const folder = new URL('../../simulators/scenarios/days/', import.meta.url).pathname;
const hours = 24;
const minutesMax = 31 * 24 * 60;

const percent = (description: string, most = 100) =>
  Type.Number({ minimum: 0, maximum: most, description });
const perHour = (description: string) =>
  Type.Union([
    Type.Number({ minimum: 0, maximum: 10_000, description: `${description}, all day.` }),
    Type.Array(Type.Number({ minimum: 0, maximum: 10_000 }), {
      ...{ minItems: hours, maxItems: hours },
      description: `${description}, in each hour from midnight.`,
    }),
  ]);

const Step = closed({
  atMin: Type.Number({
    ...{ minimum: 0, maximum: minutesMax },
    description: 'Virtual minutes since the beginning, which is midnight.',
  }),
  device: Type.String({ minLength: 1, description: 'Device of the site, or host.' }),
  fault: Type.String({ minLength: 1, description: 'See craneway sim faults; host has away.' }),
  on: Type.Boolean({ default: true, description: 'false ends it.' }),
  forMin: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: 60, description: 'It ends by itself after.' }),
  ),
  with: Type.Optional(
    Type.Record(Type.String(), Type.Integer(), { description: 'Parameters of the fault.' }),
  ),
});

const DayFile = closed({
  doc: Type.String({ minLength: 1, description: 'What kind of day it is, in a sentence.' }),
  site: Type.String({ minLength: 1, description: 'Name under config/sites, or a path.' }),
  hours: Type.Integer({
    ...{ minimum: 1, maximum: hours, default: hours },
    description: 'How long it lasts, from midnight.',
  }),
  stock: closed({
    fillPercent: percent('Share of the cells that are full at the beginning.'),
    skus: Type.Integer({ minimum: 1, maximum: 10_000 }),
    busiest20Percent: Type.Number({
      ...{ minimum: 20, maximum: 99 },
      description: 'Share of the demand that the busiest 20 % of the SKUs make.',
    }),
    wrongPercent: Type.Optional(
      percent('Load units at the beginning that hold more or less than their papers say.'),
    ),
  }),
  arrivals: closed({
    perHour: perHour('Load units that come in'),
    fillMaxPercent: percent('Nothing more comes while so many cells are full.'),
    unlabeledPercent: percent('Come with a license plate only, and get a label.'),
    oddPercent: percent('Come unannounced, unreadable, too heavy or too high.'),
  }),
  orders: closed({
    perHour: perHour('Retrieval orders'),
    linesMax: Type.Integer({ minimum: 1, maximum: 20, description: 'Load units of one order.' }),
    dueMin: Type.Array(Type.Number({ minimum: 0, maximum: minutesMax }), {
      ...{ minItems: 2, maxItems: 2 },
      description: 'Due so many minutes after its coming: at least, at most.',
    }),
    urgentPercent: percent('Orders with priority 8 instead of 5.'),
    picksPercent: Type.Optional(
      percent(
        'Orders to pick 1 to 3 pieces of one SKU at a station; all others want whole load units.',
      ),
    ),
    packsPercent: Type.Optional(
      percent('Of those picks, the ones that are packed and labeled by an order of their own.'),
    ),
    countsPercent: Type.Optional(percent('Orders to count one load unit.')),
    openMax: Type.Integer({
      ...{ minimum: 1, maximum: 10_000 },
      description: 'The host gives no more while so many are open.',
    }),
  }),
  people: closed({
    serviceS: Type.Number({ minimum: 1, maximum: 600, description: 'At a workstation, each.' }),
    lookS: Type.Number({ minimum: 1, maximum: 7_200, description: 'To answer a question.' }),
    returnsPercent: percent('Load units that go back to storage.'),
  }),
  steps: Type.Array(Step, { maxItems: 1_000, default: [] }),
  limits: closed({
    waitMaxMin: Type.Number({
      ...{ minimum: 1, maximum: minutesMax },
      description: 'No order may take longer from its coming to its end.',
    }),
    restMaxMin: Type.Number({
      ...{ minimum: 1, maximum: minutesMax },
      description: 'When nothing new comes, the site is at rest after so long.',
    }),
  }),
});
type DayFile = Static<typeof DayFile>;

/** Those that come with Craneway, by name. */
export const dayNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();

/**
 * @param nameOrPath  `ordinary-day` is simulators/scenarios/days/ordinary-day.yaml; what looks like a path is one
 * @throws {ConfigError} with every problem of the file, each with its line and column
 */
export function readDay(nameOrPath: string): Day {
  const isPath = /[/\\]|\.ya?ml$/.test(nameOrPath);
  const path = isPath ? nameOrPath : join(folder, `${nameOrPath}.yaml`);
  const shown = isPath ? nameOrPath : `simulators/scenarios/days/${nameOrPath}.yaml`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    const what = isPath ? 'cannot be read' : unknownName('scenario', nameOrPath, dayNames());
    throw new ConfigError(shown, [what]);
  }
  return dayOf(readYaml(shown, text, DayFile, problems));
}

function problems({ orders, steps }: DayFile): Finding[] {
  const [least = 0, most = 0] = orders.dueMin;
  const found: Finding[] = [];
  if (least > most) {
    const message = 'The first is the least, the second the most';
    found.push({ path: ['orders', 'dueMin'], message });
  }
  steps.forEach(({ on, forMin }, at) => {
    if (on || forMin === undefined) return;
    found.push({ path: ['steps', at, 'forMin'], message: 'What is switched off has no duration' });
  });
  return found;
}

function dayOf({ arrivals, orders, steps, ...rest }: DayFile): Day {
  const [least = 0, most = 0] = orders.dueMin;
  const allDay = (rate: number | number[]) =>
    typeof rate === 'number' ? Array.from({ length: hours }, () => rate) : rate;
  return {
    ...rest,
    arrivals: { ...arrivals, perHour: allDay(arrivals.perHour) },
    orders: { ...orders, perHour: allDay(orders.perHour), dueMin: [least, most] },
    steps: steps.map(({ atMin, forMin, ...step }) => ({
      ...step,
      atS: atMin * 60,
      forS: forMin === undefined ? undefined : forMin * 60,
    })),
  };
}
