import { doubles, placeNeeds, placesOf, reservedCodes, rule, type SiteRule } from './site-rules.ts';

const cellForm = /-[LR]-\d{3}-\d{2}-\d$/;

/** Every code means one thing. */
export const codeRules: readonly SiteRule[] = [
  rule(['devices.*.device'], ({ devices }) =>
    doubles(
      'device',
      devices.map(({ device }, i) => ({ name: device, path: ['devices', i, 'device'] })),
    ),
  ),
  rule(['hosts.*.host'], ({ hosts }) => [
    ...doubles(
      'host',
      hosts.map(({ host }, i) => ({ name: host, path: ['hosts', i, 'host'] })),
    ),
    ...hosts.flatMap(({ host }, i) =>
      host === 'local'
        ? [{ path: ['hosts', i, 'host'], message: '"local" stands for people on site' }]
        : [],
    ),
  ]),
  rule(['loadUnitTypes.*.code', 'loadUnitTypes.*.number'], ({ loadUnitTypes }) => [
    ...doubles(
      'load unit type',
      loadUnitTypes.map(({ code }, i) => ({ name: code, path: ['loadUnitTypes', i, 'code'] })),
    ),
    ...doubles(
      'number',
      loadUnitTypes.map(({ number }, i) => ({
        name: number,
        path: ['loadUnitTypes', i, 'number'],
      })),
    ),
  ]),
  rule(['aisles.*.stations.*.number'], ({ aisles }) =>
    aisles.flatMap(({ stations }, i) =>
      doubles(
        'P&D number',
        stations.map(({ number }, j) => ({
          name: number,
          path: ['aisles', i, 'stations', j, 'number'],
        })),
      ),
    ),
  ),
  rule(placeNeeds, (site) => {
    const aisles = site.aisles.map(({ aisle }, i) => ({
      name: aisle,
      path: ['aisles', i, 'aisle'],
    }));
    const places = placesOf(site);
    return [
      ...doubles('place', [...aisles, ...places]),
      ...[...aisles, ...places].flatMap(({ name, path }) => {
        if (reservedCodes.includes(name)) {
          return [{ path, message: `"${name}" has a fixed meaning in the contract with hosts` }];
        }
        return cellForm.test(name) ? [{ path, message: `"${name}" reads like a cell` }] : [];
      }),
    ];
  }),
  rule(['points.*.device', 'points.*.point', 'points.*.exits.*.exit'], ({ points }) => {
    const byDevice = Map.groupBy(points.entries(), ([, { device }]) => device);
    return [...byDevice.values()].flatMap((own) => [
      ...doubles(
        'point',
        own.map(([i, { point }]) => ({ name: point, path: ['points', i, 'point'] })),
      ),
      ...own.flatMap(([i, { exits }]) =>
        doubles(
          'exit',
          exits.map(({ exit }, j) => ({ name: exit, path: ['points', i, 'exits', j, 'exit'] })),
        ),
      ),
    ]);
  }),
];
