import { expect, test } from 'vitest';
import { checkSite } from '../../src/config/read-site.ts';
import { at, edited, problemsOf, type SiteCase } from '../lib/site-text.ts';

const areas = (text: string): [RegExp, string] => [/^stations:/m, `areas: ${text}\nstations:`];

test('aisles and places belong to areas', () => {
  const text = edited(areas('[{ area: COLD, aisles: [A01], places: [IN-01, A01-PD-IN] }]'));
  expect(checkSite('site.yaml', text).site?.areas).toEqual([
    { area: 'COLD', aisles: ['A01'], places: ['IN-01', 'A01-PD-IN'] },
  ]);
});

const refused: readonly SiteCase[] = [
  [
    'an aisle that there is not',
    areas('[{ area: COLD, aisles: [A07] }]'),
    'A07',
    'error areas[0].aisles[0] unknown aisle "A07", did you mean "A01"?',
  ],
  [
    'a place that there is not',
    areas('[{ area: COLD, places: [IN-02] }]'),
    'IN-02',
    'error areas[0].places[0] unknown place "IN-02", did you mean "IN-01"?',
  ],
  [
    'a load handling device, which goes by the mode of its crane',
    areas('[{ area: COLD, places: [A01-LHD] }]'),
    'A01-LHD] }',
    'error areas[0].places[0] unknown place "A01-LHD"',
  ],
  [
    'an aisle in two areas',
    areas('[{ area: COLD, aisles: [A01] }, { area: WARM, aisles: [A01] }]'),
    'A01] }]',
    'error areas[1].aisles[0] aisle "A01" is already used at areas[0].aisles[0]',
  ],
  [
    'two areas of one code',
    areas('[{ area: COLD }, { area: COLD }]'),
    'COLD }]',
    'error areas[1].area area "COLD" is already used at areas[0].area',
  ],
  [
    'an area with the code of an aisle',
    areas('[{ area: A01 }]'),
    'A01 }]',
    'error areas[0].area "A01" is the code of an aisle or a place: an area needs a code of its own',
  ],
];

test.each(refused)('%s is refused where it stands', (_, edit, where, message) => {
  const text = edited(edit);
  expect(problemsOf(text)).toEqual([`${at(text, where)} ${message}`]);
});

const locks = (text: string): [RegExp, string] => [/^stations:/m, `locks: ${text}\nstations:`];

test('the site file locks for as long as it says so, and ranges are understood', () => {
  const text = edited(locks('[{ part: A01-L-003..005, lock: in, reason: low beam }]'));
  expect(problemsOf(text)).toEqual([]);
  expect(checkSite('s.yaml', text).site?.locks).toMatchObject([{ part: 'A01-L-003..005' }]);
});

const lockedWrongly: readonly SiteCase[] = [
  [
    'a part that there is not',
    locks('[{ part: A01-L-099..100, lock: in, reason: x }]'),
    'A01-L-099',
    'error locks[0].part "A01-L-099..100" cannot be locked here: name an area',
  ],
  [
    'an exit one way',
    locks('[{ part: conveyor-1/1/1, lock: in, reason: x }]'),
    'in, reason: x',
    'error locks[0].lock "conveyor-1/1/1" is an exit: lock it as both',
  ],
  [
    'one part twice, however it is written',
    locks('[{ part: A01-L-3, lock: in, reason: x }, { part: A01-L-003, lock: out, reason: y }]'),
    'A01-L-003,',
    'error locks[1].part lock on "A01-L-003" is already used at locks[0].part',
  ],
  [
    'what the locks cut off, as a warning,',
    locks('[{ part: conveyor-1/1/1, lock: both, reason: belt }]'),
    'IN-01, kind: infeed',
    'warn stations[0].location with the locks of this file, no way leads from "IN-01" into an aisle',
  ],
];

test.each(lockedWrongly)('%s is told where it stands', (_, edit, where, message) => {
  const text = edited(edit);
  const told = problemsOf(text).filter((problem) => problem.startsWith(`${at(text, where)} `));
  expect(told, problemsOf(text).join('\n')).toEqual([expect.stringContaining(message)]);
});
