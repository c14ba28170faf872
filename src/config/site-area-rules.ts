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

const areaNeeds = ['areas.*.area', 'areas.*.aisles', 'areas.*.places'] as const;

/** An area has a code of its own, and nothing belongs to two of them. */
export const areaRules: readonly SiteRule[] = [
  rule([...placeNeeds, ...areaNeeds], (site) => {
    const aisles = site.aisles.map(
      ({ aisle }, i): Named => ({
        name: aisle,
        path: ['aisles', i, 'aisle'],
      }),
    );
    const taken = new Set([...aisles, ...placesOf(site)].map(({ name }) => name));
    const areas = site.areas.map(({ area }, i): Named & { name: string } => ({
      name: area,
      path: ['areas', i, 'area'],
    }));
    return [
      ...doubles('area', areas),
      ...areas.flatMap(({ name, path }) => {
        const what = taken.has(name) ? 'is the code of an aisle or a place' : 'has a fixed meaning';
        return taken.has(name) || reservedCodes.includes(name)
          ? [{ path, message: `"${name}" ${what}: an area needs a code of its own` }]
          : [];
      }),
    ];
  }),
  rule([...placeNeeds, ...areaNeeds], (site) => {
    const aisles = site.aisles.map(({ aisle }) => aisle);
    // The load handling devices of a crane are locked by its mode.
    const places = placesOf(site)
      .filter(({ kind }) => kind !== 'lhd')
      .map(({ name }) => name);
    const members = (key: 'aisles' | 'places') =>
      site.areas.flatMap((area, i) =>
        area[key].map((name, j) => ({ name, path: ['areas', i, key, j] })),
      );
    const unknown = (what: string, named: ReturnType<typeof members>, known: readonly string[]) =>
      named.flatMap(({ name, path }) =>
        known.includes(name) ? [] : [{ path, message: unknownName(what, name, known) }],
      );
    return [
      ...unknown('aisle', members('aisles'), aisles),
      ...unknown('place', members('places'), places),
      ...doubles('aisle', members('aisles')),
      ...doubles('place', members('places')),
    ];
  }),
];
