import { ConveyorNetwork, Routes } from '../domain/conveyor-network.ts';
import type { LocationId } from '../domain/ids.ts';
import type { Site } from '../domain/site.ts';
import { type FilePlace, placeNeeds, placesOf, rule, type SiteRule } from './site-rules.ts';
import type { SiteFile } from './site-schema.ts';
import type { Finding } from './yaml-file.ts';

/** Load units get over the conveyors to where they are to go, and do not block each other on the way. */
export const networkRules: readonly SiteRule[] = [
  rule(['points', 'stations', 'aisles.*.stations', ...placeNeeds], (site) => {
    const network = networkOf(site);
    const routes = new Routes(network);
    const places = placesOf(site);
    return [...loopFindings(network, routes, places), ...wayFindings(network, routes, places)];
  }),
];

/** The graph looks at nothing that a file may leave out. */
export const networkOf = ({ points, stations, aisles }: SiteFile): ConveyorNetwork =>
  new ConveyorNetwork({
    aisles,
    stations,
    points: points.map((point) => ({
      ...point,
      exits: point.exits.map((exit) => ({ ...exit, isDefault: exit.default })),
    })),
  } as unknown as Pick<Site, 'aisles' | 'stations' | 'points'>);

const of = (places: readonly FilePlace[], kind: FilePlace['kind']): FilePlace[] =>
  places.filter((place) => place.kind === kind);

const leads = (routes: Routes, from: FilePlace, to: FilePlace): boolean =>
  routes.to(to.name as LocationId).costFrom(from.name as LocationId) !== undefined;

const names = (places: readonly FilePlace[]): string => places.map(({ name }) => name).join(', ');

/** A loop that can fill up, and one that nothing gets off. */
function loopFindings(
  { loops }: ConveyorNetwork,
  routes: Routes,
  places: readonly FilePlace[],
): Finding[] {
  return loops.flatMap(({ segments, capacity, loadsMax }): Finding[] => {
    const first = places.find(({ name }) => name === segments[0]);
    if (first === undefined) return [];
    const { path } = first;
    const name = `the loop of ${segments.join(', ')}`;
    if (loadsMax < 1) {
      const message = `${name} holds one load unit on its shortest round, which would wait for itself: it needs 2 or more`;
      return [{ path, message }];
    }
    const found: Finding[] = [];
    if (!of(places, 'rejectLane').some((lane) => leads(routes, first, lane))) {
      const message = `no way leads from ${name} to a reject lane: what misses its exit goes round for ever`;
      found.push({ path, message, severity: 'warn' });
    }
    if (loadsMax < capacity / 2) {
      const message = `${name} holds ${capacity} load units, and takes ${loadsMax}: one less than its shortest round, so that none is ever full`;
      found.push({ path, message, severity: 'warn' });
    }
    return found;
  });
}

/** Ways that a load unit needs: in, out, and off the conveyors. Places without any exit are found by other rules. */
export function wayFindings(
  network: ConveyorNetwork,
  routes: Routes,
  places: readonly FilePlace[],
): Finding[] {
  const hasExit = ({ name }: FilePlace) => network.outOf(name as LocationId).length > 0;
  const isReached = ({ name }: FilePlace) => network.into(name as LocationId).length > 0;
  const [infeeds, pdsIn] = [of(places, 'infeed'), of(places, 'pdIn')];
  const stations = of(places, 'workstation').filter(isReached);
  const warn = ({ path }: FilePlace, message: string): Finding => ({
    path,
    message,
    severity: 'warn',
  });
  const ends = places.filter(({ kind }) => kind !== 'segment' && kind !== 'lhd');
  return [
    ...infeeds.filter(hasExit).flatMap((infeed) => {
      if (pdsIn.some((pd) => leads(routes, infeed, pd))) return [];
      return [warn(infeed, `no way leads from "${infeed.name}" into an aisle`)];
    }),
    ...pdsIn.filter(isReached).flatMap((pd) => {
      if (!infeeds.every(hasExit) || infeeds.some((infeed) => leads(routes, infeed, pd))) return [];
      return [
        warn(pd, `no way leads from an infeed to "${pd.name}": nothing is ever stored by it`),
      ];
    }),
    ...of(places, 'pdOut')
      .filter(hasExit)
      .flatMap((pd) => {
        const missing = stations.filter((station) => !leads(routes, pd, station));
        if (missing.length === 0) return [];
        return [warn(pd, `no way leads from "${pd.name}" to ${names(missing)}`)];
      }),
    ...of(places, 'segment')
      .filter(hasExit)
      .flatMap((segment): Finding[] => {
        if (ends.some((end) => leads(routes, segment, end))) return [];
        const message = `nothing leads from "${segment.name}" off the conveyors: what comes here never leaves`;
        return [{ path: segment.path, message }];
      }),
  ];
}
