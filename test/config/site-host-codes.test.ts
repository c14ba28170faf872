import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostCodeRules } from '../../src/config/site-host-code-rules.ts';
import { SiteFile } from '../../src/config/site-schema.ts';
import { readYaml } from '../../src/config/yaml-file.ts';
import type { Site } from '../../src/domain/site.ts';
import { cellsOf, partOf } from '../../src/domain/site-part.ts';
import { Topology } from '../../src/domain/topology.ts';
import { demoSite } from '../lib/demo.ts';
import { at, demo, edited, problemsOf, type SiteCase } from '../lib/site-text.ts';

const codes = (text: string): [RegExp, string] => [/^stations:/m, `hostCodes: ${text}\nstations:`];
const cells = (pattern: string) => codes(`{ cells: "${pattern}" }`);

const placesOf = ({ stations, aisles }: Site): readonly string[] => [
  ...stations.map(({ location }) => location),
  ...aisles.flatMap(({ lhd, stations: pds }) => [lhd, ...pds.map(({ location }) => location)]),
];
const allCells = (topology: Topology) =>
  topology.site.aisles.flatMap(({ aisle }) =>
    (['L', 'R'] as const).flatMap((side) => {
      const part = partOf(topology, `${aisle}-${side}`);
      return part === undefined ? [] : [...cellsOf(part)];
    }),
  );

const name = fc.constantFrom(
  'IN-01',
  'PICK-01',
  'A01',
  'A01-LHD',
  'WS1',
  '7',
  '7-L-1-1',
  'wareneingang',
  'A01-L',
  'Ä 1',
);
const own = fc.constantFrom('IN-01', 'PICK-01', 'REJECT-01', 'A01', 'A01-LHD', 'A01-PD-IN');
const pattern = fc.constantFrom(
  ...[
    '{aisle}-{side}-{bay}-{level}',
    '{aisle}-{side}-{level:3}-{bay:2}-1',
    '{side:12}{bay:2}{level:2}',
  ],
  ...[
    '{aisle}-{side}-{bay:3}-{level:2}-1',
    'R.{level}.{bay}.{side:XY}',
    '{aisle}-{side}-{level}-{bay}',
  ],
);

const file = readYaml('demo.yaml', demo, SiteFile);
const problemsIn = (hostCodes: NonNullable<SiteFile['hostCodes']>) =>
  hostCodeRules.flatMap(({ check }) => check({ ...file, hostCodes }));

test('on any site that is taken, every place and cell has a host code of its own, which means that place to hosts and people', () => {
  let taken = 0;
  const refusals = new Set<string>();
  fc.assert(
    fc.property(fc.dictionary(own, name, { maxKeys: 4 }), fc.option(pattern), (names, some) => {
      const said = { names, ...(some !== null && { cells: some }) };
      const [problem] = problemsIn(said);
      if (problem !== undefined) return void refusals.add(problem.message);
      taken++;
      expectClear(new Topology({ ...demoSite, hostCodes: said }));
    }),
    { numRuns: 150 },
  );
  expect(taken).toBeGreaterThan(20);
  expect(refusals.size).toBeGreaterThan(20);
});

function expectClear(topology: Topology): void {
  const { hostCodes, site } = topology;
  const all = [...placesOf(site), ...allCells(topology), 'OUTSIDE', 'MISSING'];
  expect(all.length).toBe(608);
  const called = all.map((place) => hostCodes.of(place));
  expect(new Set(called).size).toBe(all.length);
  expect(called.map((code) => hostCodes.meantByHost(code))).toEqual(all);
  expect(called.map((code) => hostCodes.meantByPerson(code))).toEqual(all);
  expect(all.map((place) => hostCodes.meantByPerson(place))).toEqual(all);
  // A host that uses our code of what it calls otherwise means nothing, and never another place.
  const ours = all.filter((place) => hostCodes.otherThan(place) !== undefined);
  expect(ours.map((place) => hostCodes.meantByHost(place))).toEqual(ours.map(() => undefined));
}

const refused: readonly SiteCase[] = [
  [
    'a place that there is not',
    codes('{ names: { PICK-02: WS1 } }'),
    'PICK-02',
    'error hostCodes.names unknown place, aisle or area "PICK-02", did you mean "PICK-01"?',
  ],
  [
    'one code for two places',
    codes('{ names: { IN-01: WS1, PICK-01: WS1 } }'),
    'WS1 } }',
    'error hostCodes.names.PICK-01 host code "WS1" is already used at hostCodes.names.IN-01',
  ],
  [
    'the code of another place of the file',
    codes('{ names: { IN-01: PICK-01 } }'),
    'PICK-01 } }',
    'error hostCodes.names.IN-01 hosts would call "IN-01" what this file calls another thing: "PICK-01"',
  ],
  [
    'the code of cells of the file',
    codes('{ names: { IN-01: A01-L-003..005 } }'),
    'A01-L-003..005',
    'error hostCodes.names.IN-01 hosts would call "IN-01" what this file calls another thing: "A01-L-003..005"',
  ],
  [
    'a code that the contract has a meaning for',
    codes('{ names: { IN-01: MISSING } }'),
    'MISSING }',
    'error hostCodes.names.IN-01 "MISSING" has a fixed meaning in the contract with hosts',
  ],
  [
    'a code of 25 characters',
    codes('{ names: { IN-01: ABCDEFGHIJKLMNOPQRSTUVWXY } }'),
    'ABCDEFGHIJKLMNOPQRSTUVWXY',
    'error hostCodes.names.IN-01 must be 1 to 24 characters without blanks at its ends, got "ABCDEFGHIJKLMNOPQRSTUVWXY"',
  ],
  [
    'a pattern in which two cells share a code',
    cells('{side}-{bay}{level}'),
    '"{side}-{bay}{level}"',
    'error hostCodes.cells nobody can tell where {bay} ends: say how many digits it has, as {bay:3}, or put a - behind it',
  ],
  [
    'a pattern by which a cell is called as a station is',
    codes('{ names: { IN-01: R-3-2 }, cells: "{side}-{bay}-{level}" }'),
    '"{side}-{bay}-{level}"',
    'error hostCodes.cells hosts would call cell A01-R-003-02-1 what "IN-01" is called: "R-3-2"',
  ],
  [
    'a pattern by which the code of a cell reads as another cell',
    cells('{aisle}-{side}-{level:3}-{bay:2}-1'),
    '"{aisle}-{side}-{level:3}-{bay:2}-1"',
    'error hostCodes.cells hosts would call cell A01-L-001-02-1 what this file calls another thing: "A01-L-002-01-1"',
  ],
];

test.each(refused)('%s is refused where it stands', (_, edit, where, message) => {
  const text = edited(edit);
  expect(problemsOf(text)[0]).toBe(`${at(text, where)} ${message}`);
});
