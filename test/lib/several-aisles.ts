import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { Aisle, Site, SlottingSettings } from '../../src/domain/site.ts';
import { demoAisle, demoSite } from './demo.ts';

const at = (code: string) => code as LocationId;

/** The demo site with several aisles like its own, all reached from its identification point. */
export function siteOf(
  count: number,
  { aisle = {}, slotting }: { aisle?: Partial<Aisle>; slotting?: SlottingSettings } = {},
): Site {
  const aisles = Array.from({ length: count }, (_, i) => {
    const name = `A0${i + 1}`;
    const stations = demoAisle.stations.map((station) => ({
      ...station,
      location: at(station.location.replace('A01', name)),
    }));
    const crane = `crane-${i + 1}` as DeviceId;
    return { ...demoAisle, ...aisle, aisle: name, crane, lhd: at(`${name}-LHD`), stations };
  });
  const exits = [
    ...aisles.map(({ aisle: name }, i) => ({ exit: i + 1, to: at(`${name}-PD-IN`) })),
    { exit: count + 1, to: at('REJECT-01') },
  ].map((exit) => ({ ...exit, isDefault: exit.exit > count }));
  const points = demoSite.points.map((point) =>
    point.role === 'induct' ? { ...point, exits } : point,
  );
  return { ...demoSite, aisles, points, slotting };
}
