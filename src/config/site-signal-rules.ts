import { unknownName } from './did-you-mean.ts';
import { doubles, rule, type SiteRule } from './site-rules.ts';

/** Consumption points are stations that an order can name, each once for a SKU. */
export const signalRules: readonly SiteRule[] = [
  rule(['signals', 'stations.*.location', 'stations.*.kind'], ({ signals, stations }) => {
    const points = signals?.consumption ?? [];
    const known = stations.filter(({ kind }) => kind === 'workstation').map((s) => s.location);
    const path = (i: number) => ['signals', 'consumption', i, 'station'];
    return [
      ...points.flatMap(({ station }, i) =>
        known.includes(station)
          ? []
          : [{ path: path(i), message: unknownName('workstation', station, known) }],
      ),
      ...doubles(
        'consumption point',
        points.map(({ station, sku }, i) => ({ name: `${station} ${sku}`, path: path(i) })),
      ),
    ];
  }),
];
