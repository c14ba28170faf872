import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { chanceOf } from '../../simulators/dst/chance.ts';
import type { Pace } from '../../simulators/dst/schedule.ts';
import { readSiteFiles, type SiteFiles } from '../../src/cli/site-files.ts';
import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { Aisle, Site } from '../../src/domain/site.ts';
import { cellCode } from '../../src/domain/topology.ts';
import { id, sku } from '../lib/demo.ts';
import { skus } from './workload.ts';

const demo = readSiteFiles('demo');
const storedCount = 8;

/** One run in so many has two aisles, each with a crane of its own, behind one identification point. */
const oneInWithTwo = 4;

/** A small site, drawn: one or two deep, cells looked into or not, one aisle or two. */
export function siteOf(seed: number): Site {
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
  const hasTwo = chanceOf(seed, 'aisles').u32() % oneInWithTwo === 1;
  return hasTwo ? withSecondAisle(site) : site;
}

/** Its files, with PLCs and drivers at the pace of the run. */
export function filesOf(seed: number, { timing }: Pace): SiteFiles {
  const interfaces = [...demo.interfaces].map(([name, file]): [string, InterfaceFile] => [
    name,
    paced(file, timing),
  ]);
  return { ...demo, site: siteOf(seed), interfaces: new Map(interfaces) };
}

function paced(file: InterfaceFile, timing: Pace['timing']): InterfaceFile {
  const { device } = file.meta;
  const times =
    device === 'asrsCrane' ? timing.crane : device === 'conveyor' ? timing.conveyor : {};
  const unknown = Object.keys(times).filter(
    (name) => !file.timing.some((row) => row.name === name),
  );
  invariant(unknown.length === 0, `${file.meta.id} has no timing ${unknown.join(', ')}`);
  return {
    ...file,
    timing: file.timing.map((row) => ({ ...row, default: times[row.name] ?? row.default })),
  };
}

/** The same once more beside it: an aisle with a crane, reached from the infeed, from which one comes to the same workstation. */
function withSecondAisle(site: Site): Site {
  const [first] = site.aisles;
  const [induct, divert, arrival] = site.points;
  const crane = site.devices.find(({ device }) => device === first?.crane);
  invariant(
    !!first && !!induct && !!divert && !!arrival && crane?.type === 'asrs-crane',
    'a site as the demo has it',
  );
  const other = (code: string) => code.replace('A01', 'A02') as LocationId;
  const aisle = {
    ...first,
    ...{ aisle: 'A02', crane: 'crane-2' as DeviceId, lhd: other(first.lhd) },
    stations: first.stations.map((station) => ({ ...station, location: other(station.location) })),
  };
  const exits = [
    ...induct.exits.filter(({ isDefault }) => !isDefault),
    { exit: 3, to: other('A01-PD-IN'), isDefault: false },
    ...induct.exits.filter(({ isDefault }) => isDefault),
  ];
  const again = (point: typeof divert, number: number) => ({
    ...{ ...point, point: number, at: other(point.at) },
    exits: point.exits.map((exit) => ({ ...exit, to: other(exit.to) })),
  });
  const settings = { ...crane.settings, port: crane.settings.port + 10, deviceNumber: 2 };
  return {
    ...site,
    aisles: [first, aisle],
    points: [{ ...induct, exits }, divert, arrival, again(divert, 4), again(arrival, 5)],
    devices: [...site.devices, { ...crane, device: aisle.crane, settings }],
  };
}

/** Load units that stand in the racks when a run begins, as the books have them. */
export const storedAtFirst = (aisles: readonly Aisle[]) =>
  Array.from({ length: storedCount }, (_, i) => {
    const aisle = aisles[i % aisles.length] as Aisle;
    const no = Math.floor(i / aisles.length);
    const [bay, level] = [1 + (no % 3), 1 + (Math.floor(no / 3) % 3)];
    const lpn = `S-${i + 1}`;
    const name = skus[i % skus.length] as string;
    return {
      ...{ loadUnit: id(lpn), handle: i + 1, lpn, type: 'TOTE-600', massKg: 10, heightMm: 300 },
      place: cellCode(aisle.aisle, { side: 'L', bay, level, depth: aisle.depths }),
      lines: [{ sku: sku(name), qty: 10, stockStatus: 'available' as const }],
      ...{ status: 'present' as const, confidence: 'sensed' as const },
      ...{ movedNo: i + 1, receivedNo: i + 1 },
    };
  }).map((unit) => ({ ...unit, toldPlace: unit.place }));
