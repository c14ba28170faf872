import { expect, test } from 'vitest';
import { checkSite } from '../../src/config/read-site.ts';
import { at, edited, problemsOf, type SiteCase } from '../lib/site-text.ts';

const point = (station: string): string =>
  `{ station: ${station}, sku: A, perHour: 60, qty: 10, leadTimeS: 300 }`;
const consumption = (...points: string[]): [RegExp, string] => [
  /^stations:/m,
  `signals: { consumption: [${points.join(', ')}] }\nstations:`,
];

test('a consumption point says where what is used up, and how fast', () => {
  const { site } = checkSite('site.yaml', edited(consumption(point('PICK-01'))));
  expect(site?.signals?.consumption).toEqual([
    {
      ...{ station: 'PICK-01', sku: 'A', perHour: 60, qty: 10, leadTimeS: 300 },
      ...{ leadTimeDeviationS: 0, safetyTimeS: 0 },
    },
  ]);
});

const refused: readonly SiteCase[] = [
  [
    'a station that there is not',
    consumption(point('PICK-1')),
    'PICK-1,',
    'error signals.consumption[0].station unknown workstation "PICK-1", did you mean "PICK-01"?',
  ],
  [
    'an infeed, where nothing can be ordered to',
    consumption(point('IN-01')),
    'IN-01, sku',
    'error signals.consumption[0].station unknown workstation "IN-01"',
  ],
  [
    'the same point twice',
    consumption(point('PICK-01'), point('PICK-01')),
    'PICK-01, sku: A, perHour: 60, qty: 10, leadTimeS: 300 }] }',
    'error signals.consumption[1].station consumption point "PICK-01 A" is already used at signals.consumption[0].station',
  ],
];

test.each(refused)('%s is refused where it stands', (_, edit, where, message) => {
  const text = edited(edit);
  expect(problemsOf(text)).toEqual([`${at(text, where)} ${message}`]);
});
