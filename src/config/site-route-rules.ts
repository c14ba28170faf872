import { unknownName } from './did-you-mean.ts';
import {
  doubles,
  type FilePlace,
  placeNeeds,
  placesOf,
  rule,
  type SiteRule,
} from './site-rules.ts';
import type { SiteFile } from './site-schema.ts';
import type { Finding } from './yaml-file.ts';

type Point = SiteFile['points'][number];
type Station = SiteFile['stations'][number];
type Places = ReadonlyMap<string, FilePlace>;

/** Load units can get where the file sends them, and away from there. */
export const routeRules: readonly SiteRule[] = [
  rule(['points'], ({ points }) => points.flatMap((point, i) => exitFindings(point, i))),
  rule(['points'], ({ points }) => points.flatMap((point, i) => labelFindings(point, i))),
  rule(['stations'], ({ stations }) =>
    stations.flatMap((station, i) => stationLabelFindings(station, i)),
  ),
  rule(['points', ...placeNeeds], (site) => {
    const places = new Map(placesOf(site).map((place) => [place.name, place]));
    return site.points.flatMap((point, i) => [
      ...atFindings(point, i, places),
      ...targetFindings(point, i, places),
    ]);
  }),
  rule(['points', ...placeNeeds], deadEnds),
  rule(['aisles', 'loadUnitTypes'], sizeFindings),
  rule(['aisles', 'heightClasses'], heightFindings),
  rule(['aisles'], ({ aisles }) => aisles.flatMap(cellClassFindings)),
];

function exitFindings({ exits }: Point, i: number): Finding[] {
  if (exits.length === 1) return [];
  const defaults = [...exits.entries()].filter(([, exit]) => exit.default);
  if (defaults.length === 0) {
    return [{ path: ['points', i, 'exits'], message: 'one exit of several needs "default: true"' }];
  }
  return defaults.slice(1).map(([j]) => ({
    path: ['points', i, 'exits', j, 'default'],
    message: `exit ${defaults[0]?.[1].exit} is the default already`,
  }));
}

function stationLabelFindings({ printer, labelTemplate }: Station, i: number): Finding[] {
  const isWhole = (printer === undefined) === (labelTemplate === undefined);
  if (isWhole) return [];
  const [has, needs] =
    printer === undefined ? ['labelTemplate', 'printer'] : ['printer', 'labelTemplate'];
  return [{ path: ['stations', i, has ?? ''], message: `needs "${needs}" beside it` }];
}

function labelFindings({ role, printer, labelTemplate }: Point, i: number): Finding[] {
  const found: Finding[] = [];
  if (printer !== undefined && role !== 'induct') {
    const path = ['points', i, 'printer'];
    found.push({ path, message: `only a point with role induct prints, not ${role}` });
  }
  if (printer !== undefined && labelTemplate === undefined) {
    const path = ['points', i, 'printer'];
    found.push({ path, message: 'needs "labelTemplate": what it shall print' });
  }
  if (printer === undefined && labelTemplate !== undefined) {
    const path = ['points', i, 'labelTemplate'];
    found.push({ path, message: 'needs "printer": nothing here could print it' });
  }
  return found;
}

function atFindings({ at, role }: Point, i: number, places: Places): Finding[] {
  const path = ['points', i, 'at'];
  const place = places.get(at);
  if (place === undefined) return [{ path, message: unknownName('place', at, places.keys()) }];
  if (role === 'arrival' && place.kind !== 'pdIn') {
    return [{ path, message: `role arrival needs a P&D station with direction in, not "${at}"` }];
  }
  if (place.kind === 'lhd') {
    return [{ path, message: `"${at}" is on a crane, where no conveyor tells of anything` }];
  }
  return [];
}

function targetFindings({ at, role, exits }: Point, i: number, places: Places): Finding[] {
  return exits.flatMap(({ to }, j) => {
    const path = ['points', i, 'exits', j, 'to'];
    const place = places.get(to);
    if (place === undefined) return [{ path, message: unknownName('place', to, places.keys()) }];
    if (role === 'arrival') {
      const isOwnCrane = place.kind === 'lhd' && place.aisle === places.get(at)?.aisle;
      const message = `from an arrival the crane of its aisle takes over: "${to}" is not its lhd`;
      return isOwnCrane ? [] : [{ path, message }];
    }
    if (place.kind === 'lhd')
      return [{ path, message: `"${to}" is on a crane, not on a conveyor` }];
    if (place.kind === 'pdOut') {
      return [{ path, message: `"${to}" has direction out: only its crane brings anything there` }];
    }
    return [];
  });
}

/** What a place lacks without which nothing gets there, or nothing gets away. */
function deadEnds(site: SiteFile): Finding[] {
  const reached = new Set(site.points.flatMap(({ exits }) => exits.map(({ to }) => to)));
  const has = (role: Point['role'], at: string) =>
    site.points.some((point) => point.role === role && point.at === at);
  const lackOf: Record<FilePlace['kind'], (name: string) => string | undefined> = {
    infeed: (at) =>
      has('induct', at) ? undefined : 'no point with role induct identifies what comes in here',
    workstation: (at) => (reached.has(at) ? undefined : 'no exit leads here'),
    rejectLane: (at) => (reached.has(at) ? undefined : 'no exit leads here'),
    segment: (at) => {
      if (!reached.has(at)) return 'no exit leads here';
      return has('divert', at) ? undefined : 'no point with role divert takes it onward';
    },
    pdIn: (at) => {
      if (!reached.has(at)) return 'no exit leads here';
      return has('arrival', at) ? undefined : 'no point with role arrival tells that it is ready';
    },
    pdOut: (at) => (has('divert', at) ? undefined : 'no point with role divert takes it onward'),
    lhd: () => undefined,
  };
  return placesOf(site).flatMap(({ kind, name, path }): Finding[] => {
    const lack = lackOf[kind](name);
    return lack === undefined ? [] : [{ path, message: `"${name}": ${lack}`, severity: 'warn' }];
  });
}

function sizeFindings({ aisles, loadUnitTypes }: SiteFile): Finding[] {
  const tooTall = aisles.flatMap(({ heightMaxMm, levelHeightMm }, i): Finding[] =>
    heightMaxMm < levelHeightMm
      ? []
      : [
          {
            path: ['aisles', i, 'heightMaxMm'],
            message: `must be less than levelHeightMm, which is ${levelHeightMm}`,
          },
        ],
  );
  const homeless = loadUnitTypes.flatMap(({ code, heightMaxMm, massMaxKg }, i): Finding[] => {
    const fits = aisles.some((a) => a.heightMaxMm >= heightMaxMm && a.massMaxKg >= massMaxKg);
    const message = `"${code}" at its largest fits into no aisle`;
    return fits ? [] : [{ path: ['loadUnitTypes', i, 'code'], message, severity: 'warn' }];
  });
  return [...tooTall, ...homeless];
}

/** Every load unit that may be stored has a class, and one only. */
function heightFindings({ aisles, heightClasses }: SiteFile): Finding[] {
  const numbers = heightClasses.map(({ number }, i) => ({
    name: number,
    path: ['heightClasses', i, 'number'],
  }));
  const unordered = heightClasses.flatMap(({ heightMaxMm }, i): Finding[] => {
    const below = heightClasses[i - 1]?.heightMaxMm ?? 0;
    const message = `must be above ${below}, which is the class before`;
    return heightMaxMm > below ? [] : [{ path: ['heightClasses', i, 'heightMaxMm'], message }];
  });
  const tallestMm = heightClasses.at(-1)?.heightMaxMm ?? Number.POSITIVE_INFINITY;
  const classless = aisles.flatMap(({ heightMaxMm }, i): Finding[] => {
    const message = `no height class goes up to ${heightMaxMm}: the last one ends at ${tallestMm}`;
    return heightMaxMm <= tallestMm ? [] : [{ path: ['aisles', i, 'heightMaxMm'], message }];
  });
  return [...doubles('height class', numbers), ...unordered, ...classless];
}

/** Each level has one class, within what the aisle can take. */
function cellClassFindings(aisle: SiteFile['aisles'][number], i: number): Finding[] {
  return aisle.cellClasses.flatMap(({ levels, heightMaxMm, massMaxKg }, j): Finding[] => {
    const at = (key: string) => ['aisles', i, 'cellClasses', j, key];
    const [from, to] = levels;
    const [before] = aisle.cellClasses
      .slice(0, j)
      .filter((other) => other.levels[0] <= to && from <= other.levels[1]);
    const wrong: [boolean, string, string][] = [
      [from > to, 'levels', `must begin with the lower level, not ${from}`],
      [to > aisle.levels, 'levels', `the aisle has ${aisle.levels} levels`],
      [before !== undefined, 'levels', `${before?.levels.join(' to ')} has a class already`],
      [heightMaxMm > aisle.heightMaxMm, 'heightMaxMm', `the aisle takes ${aisle.heightMaxMm}`],
      [massMaxKg > aisle.massMaxKg, 'massMaxKg', `the aisle takes ${aisle.massMaxKg}`],
    ];
    return wrong.flatMap(([isWrong, key, message]) =>
      isWrong ? [{ path: at(key), message }] : [],
    );
  });
}
