import { whyNotClear } from '../domain/cell-pattern.ts';
import type { Aisle, Site } from '../domain/site.ts';
import { cellsOf, partOf } from '../domain/site-part.ts';
import { type Cell, cellCode, Topology } from '../domain/topology.ts';
import { unknownName } from './did-you-mean.ts';
import {
  doubles,
  type Named,
  placeNeeds,
  placesOf,
  reservedCodes,
  rule,
  type SiteRule,
} from './site-rules.ts';
import type { SiteFile } from './site-schema.ts';
import type { Finding } from './yaml-file.ts';

const needs = ['hostCodes', 'aisles', 'areas', 'points', 'stations', ...placeNeeds] as const;

/** One code, one thing: for hosts, and for people, who may use the host's codes as well as those of the file. */
export const hostCodeRules: readonly SiteRule[] = [
  rule(needs, (site) => {
    const { names = {}, cells } = site.hostCodes ?? {};
    const own = ownCodes(site);
    const codes = Object.entries(names).map(([name, code]) => ({ name, code, path: at(name) }));
    const known = codes.filter(({ name }) => own.some((one) => one.name === name));
    const found = [
      ...codes.filter((one) => !known.includes(one)).map((one) => unknown(one, own)),
      ...doubles(
        'host code',
        codes.map(({ code, path }) => ({ name: code, path })),
      ),
    ];
    const called = site.aisles.map(({ aisle, ...size }) => ({
      ...size,
      name: names[aisle] ?? aisle,
    }));
    const why = cells === undefined ? undefined : whyNotClear(cells, called);
    if (why !== undefined) found.push({ path: ['hostCodes', 'cells'], message: why });
    if (found.length > 0) return found;
    return [...known.flatMap((one) => clashes(site, one)), ...cellClashes(site, own)];
  }),
];

interface HostName {
  readonly name: string;
  readonly code: string;
  readonly path: readonly string[];
}

const at = (name: string) => ['hostCodes', 'names', name];

const ownCodes = (site: SiteFile): readonly (Named & { readonly name: string })[] => [
  ...placesOf(site),
  ...site.aisles.map(({ aisle }, i) => ({ name: aisle, path: ['aisles', i, 'aisle'] })),
  ...site.areas.map(({ area }, i) => ({ name: area, path: ['areas', i, 'area'] })),
];

const unknown = ({ name, path }: HostName, own: readonly { readonly name: string }[]): Finding => ({
  path: path.slice(0, -1),
  key: name,
  message: unknownName(
    'place, aisle or area',
    name,
    own.map((one) => one.name),
  ),
});

/** What the file calls so already, or the contract with hosts. */
function clashes(site: SiteFile, { name, code, path }: HostName): Finding[] {
  if (reservedCodes.includes(code)) {
    return [{ path, message: `"${code}" has a fixed meaning in the contract with hosts` }];
  }
  // Load handling devices are no part that can be locked.
  const isPlace = placesOf(site).some((place) => place.name === code);
  if (code === name || (!isPlace && partOf(topologyOf(site), code) === undefined)) return [];
  const message = `hosts would call "${name}" what this file calls another thing: "${code}"`;
  return [{ path, message }];
}

/** No code of a cell is the code of anything else. */
function cellClashes(site: SiteFile, own: readonly (Named & { readonly name: string })[]) {
  const { names = {}, cells } = site.hostCodes ?? {};
  if (cells === undefined) return [];
  const topology = topologyOf(site, site.hostCodes);
  const { hostCodes } = topology;
  const path = ['hostCodes', 'cells'];
  const found = own.flatMap(({ name }) => {
    const both = [name, names[name] ?? name].map((code) => [code, hostCodes.cellCalled(code)]);
    return both.flatMap(([code, cell]): Finding[] =>
      cell === undefined
        ? []
        : [{ path, message: `hosts would call cell ${cell} what "${name}" is called: "${code}"` }],
    );
  });
  const reserved = reservedCodes.filter((code) => hostCodes.cellCalled(code) !== undefined);
  const fixed = reserved.map((code) => ({
    path,
    message: `"${code}" has a fixed meaning in the contract with hosts`,
  }));
  return [...found, ...fixed, ...ownCellClashes(topology, path)].slice(0, findingsMax);
}

/** Of a pattern that is wrong every cell is. */
const findingsMax = 3;

/**
 * A host's code of a cell that reads as another cell, or as several, in this file. Whether it does follows from how
 * many digits the numbers have, so that a few cells of each aisle stand for all.
 */
function ownCellClashes(topology: Topology, path: readonly string[]): Finding[] {
  return topology.site.aisles.flatMap((aisle) =>
    probes(aisle).flatMap((cell): Finding[] => {
      const own = cellCode(aisle.aisle, cell);
      const code = topology.hostCodes.of(own);
      const part = partOf(topology, code);
      if (part === undefined || (part.kind === 'cell' && part.location === own)) return [];
      if (part.kind === 'cells' && [...cellsOf(part)].join() === own) return [];
      return [
        {
          path,
          message: `hosts would call cell ${own} what this file calls another thing: "${code}"`,
        },
      ];
    }),
  );
}

const probed = [1, 2, 9, 10, 99, 100];
const upTo = (max: number) => [...new Set([...probed.filter((n) => n <= max), max])];

const probes = ({ bays, levels, depths }: Aisle): readonly Cell[] =>
  (['L', 'R'] as const).flatMap((side) =>
    upTo(bays).flatMap((bay) =>
      upTo(levels).flatMap((level) => upTo(depths).map((depth) => ({ side, bay, level, depth }))),
    ),
  );

const topologyOf = (site: SiteFile, hostCodes?: SiteFile['hostCodes']): Topology =>
  new Topology({ ...site, hostCodes } as unknown as Site);
