import { chanceOf } from '../../simulators/dst/chance.ts';
import { readSiteFiles, type SiteFiles } from '../../src/cli/site-files.ts';
import type { Site } from '../../src/domain/site.ts';

const demo = readSiteFiles('demo');

/** A small site, drawn: one or two deep, cells looked into or not. */
export function siteOf(seed: number): SiteFiles {
  const random = chanceOf(seed, 'site');
  const [depths, isRead] = [1 + (random.u32() % 2), random.u32() % 2 === 0];
  const code = isRead ? ('lpn' as const) : ('none' as const);
  const site: Site = {
    ...demo.site,
    aisles: demo.site.aisles.map((aisle) => ({
      ...aisle,
      ...{ bays: 3, levels: 3, depths: depths as 1 | 2 },
      checks: { code, probeDestination: false },
    })),
    broker: { ...demo.site.broker, embedded: false },
    devices: demo.site.devices.filter(({ type }) => type !== 'indicator'),
    indicators: [],
    limits: {
      ...demo.site.limits,
      ...{
        missionLimitMs: 40_000,
        conveyorLimitMs: 40_000,
        labelLimitMs: 5_000,
        readLimitMs: 2_000,
      },
    },
  };
  return { ...demo, site };
}
