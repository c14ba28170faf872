import { unknownName } from './did-you-mean.ts';
import type { SiteFile } from './site-schema.ts';
import type { Finding, Rule } from './yaml-file.ts';
import type { Path } from './yaml-position.ts';

export type SiteRule = Rule<SiteFile>;
export type DeviceType = SiteFile['devices'][number]['type'];

/** Codes that the contract with hosts has a meaning for. */
export const reservedCodes: readonly string[] = [
  'OUTSIDE',
  'MISSING',
  'CLARIFICATION',
  'ADJUSTMENT',
];

type Section = keyof SiteFile & string;

/**
 * A rule over some entries of the file, and nothing else of it: it does not run while the shape of
 * one of them is wrong.
 */
export const rule = (
  needs: readonly (Section | `${Section}.${string}`)[],
  check: (site: SiteFile) => readonly Finding[],
): SiteRule => ({ needs, check });

/** What `placesOf` looks at. */
export const placeNeeds = [
  'aisles.*.aisle',
  'aisles.*.lhd',
  'aisles.*.lhd2',
  'aisles.*.stations.*.location',
  'aisles.*.stations.*.direction',
  'stations.*.location',
  'stations.*.kind',
] as const;

/** What `deviceFindings` looks at. */
export const deviceNeeds = ['devices.*.device', 'devices.*.type'] as const;

export interface Named {
  readonly name: string | number;
  readonly path: Path;
}

/** The second and every further use of a name is a finding that says where the first one is. */
export function doubles(what: string, named: readonly Named[]): Finding[] {
  const first = new Map<string | number, Path>();
  return named.flatMap(({ name, path }) => {
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, path);
      return [];
    }
    return [{ path, message: `${what} ${quote(name)} is already used at ${short(before)}` }];
  });
}

const quote = (name: string | number): string =>
  typeof name === 'number' ? `${name}` : `"${name}"`;

const short = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);

/** A name that should be a device of `type`. Looks at `deviceNeeds`. */
export function deviceFindings(
  { devices }: SiteFile,
  { name, path, type }: { name: string | undefined; path: Path; type: DeviceType },
): Finding[] {
  if (name === undefined) return [];
  const found = devices.find(({ device }) => device === name);
  if (found?.type === type) return [];
  if (found !== undefined) {
    return [{ path, message: `"${name}" is of type ${found.type}, but ${type} is needed here` }];
  }
  const fitting = devices.filter((device) => device.type === type);
  const known = fitting.map(({ device }) => device);
  return [{ path, message: unknownName(type, name, known) }];
}

export interface FilePlace {
  readonly name: string;
  readonly path: Path;
  readonly kind: SiteFile['stations'][number]['kind'] | 'pdIn' | 'pdOut' | 'lhd';
  /** Of a P&D station or a load handling device. */
  readonly aisle?: string;
}

/** Every place of the file but the cells. Looks at `placeNeeds`. */
export const placesOf = ({ aisles, stations }: SiteFile): FilePlace[] => [
  ...stations.map(
    ({ location, kind }, i): FilePlace => ({
      name: location,
      path: ['stations', i, 'location'],
      kind,
    }),
  ),
  ...aisles.flatMap(({ aisle, lhd, lhd2, stations }, i): FilePlace[] => [
    { name: lhd, path: ['aisles', i, 'lhd'], kind: 'lhd', aisle },
    ...(lhd2 === undefined
      ? []
      : [{ name: lhd2, path: ['aisles', i, 'lhd2'], kind: 'lhd' as const, aisle }]),
    ...stations.map(
      ({ location, direction }, j): FilePlace => ({
        name: location,
        path: ['aisles', i, 'stations', j, 'location'],
        kind: direction === 'in' ? 'pdIn' : 'pdOut',
        aisle,
      }),
    ),
  ]),
];
