import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { Aisle, DecisionPoint, Site, SiteDevice } from '../../src/domain/site.ts';

const at = (location: string) => location as LocationId;
const device = (name: string) => name as DeviceId;

export interface BenchSite {
  /** Decision points of each conveyor PLC. */
  readonly conveyors: readonly { readonly port: number; readonly points: number }[];
  /** Port of each crane's PLC; its aisle is there in any case. */
  readonly cranes: readonly number[];
  readonly bays: number;
}

const levels = 50;
const never = 24 * 3_600_000;

/** A site that is big enough not to fill up while it is measured, and with limits that are never met. */
export function benchSite({ conveyors, cranes, bays }: BenchSite): Site {
  const aisles = Array.from({ length: Math.max(1, cranes.length) }, (_, i) => aisle(i + 1, bays));
  const points = conveyors.flatMap((plc, i) => inductPoints(i + 1, plc.points));
  return {
    site: 'bench',
    controller: 'edge-a',
    hosts: [{ host: 'wms' as Site['hosts'][number]['host'], acknowledges: true }],
    loadUnitTypes: [{ code: 'TOTE', number: 1, heightMaxMm: 320, massMaxKg: 35 }],
    heightClasses: [],
    aisles,
    stations: [
      ...points.map(({ at: location }) => station(location, 'infeed', 6)),
      station(at('PICK-01'), 'workstation', 1_000_000),
      station(at('REJECT-01'), 'rejectLane', 1_000_000),
    ],
    points,
    sscc: { extension: 3, companyPrefix: '4012345' },
    devices: [
      ...conveyors.map(({ port }, i) => plcOf('conveyor', i + 1, port)),
      ...cranes.map((port, i) => plcOf('asrs-crane', i + 1, port)),
    ],
    indicators: [],
    broker: {
      embedded: true,
      host: '127.0.0.1',
      port: 0,
      username: undefined,
      passwordEnv: undefined,
    },
    http: { host: '127.0.0.1', port: 0 },
    limits: {
      openOrdersMax: 100_000,
      outboxMax: 100_000_000,
      missionLimitMs: never,
      conveyorLimitMs: never,
      readLimitMs: never,
      labelLimitMs: never,
      agingMs: never,
    },
  };
}

/** Cells of an aisle with so many bays. */
export const cellsOf = (bays: number): number => bays * levels * 2;

function aisle(number: number, bays: number): Aisle {
  const name = `A${String(number).padStart(2, '0')}`;
  const pd = { capacity: 1_000_000, xMm: -1000, yMm: 600 };
  return {
    aisle: name,
    crane: device(`crane-${number}`),
    lhd: at(`${name}-LHD`),
    lhd2: undefined,
    checks: { code: 'none', probeDestination: false },
    ...{ bays, levels, depths: 1, bayWidthMm: 500, levelHeightMm: 400 },
    ...{ heightMaxMm: 320, massMaxKg: 35 },
    kinematics: {
      travel: { speedMmPerS: 4000, accelMmPerS2: 2000 },
      hoist: { speedMmPerS: 2000, accelMmPerS2: 2000 },
      transferMs: 3000,
    },
    stations: [
      { location: at(`${name}-PD-IN`), number: 1, direction: 'in', ...pd },
      { location: at(`${name}-PD-OUT`), number: 2, direction: 'out', ...pd },
    ],
  };
}

/** The PLC reads the codes itself; what is good goes to the first aisle. */
function inductPoints(plc: number, count: number): DecisionPoint[] {
  return Array.from({ length: count }, (_, i) => ({
    device: device(`conveyor-${plc}`),
    point: i + 1,
    at: at(`IN-${plc}-${i + 1}`),
    role: 'induct',
    ...{ scanner: undefined, printer: undefined, labelTemplate: undefined },
    exits: [
      { exit: 1, to: at('A01-PD-IN'), isDefault: false },
      { exit: 2, to: at('REJECT-01'), isDefault: true },
    ],
  }));
}

const station = (
  location: LocationId,
  kind: Site['stations'][number]['kind'],
  capacity: number,
): Site['stations'][number] => ({ location, kind, capacity, scanner: undefined });

function plcOf(type: 'conveyor' | 'asrs-crane', number: number, port: number): SiteDevice {
  const name = type === 'conveyor' ? 'conveyor' : 'crane';
  const file = type === 'conveyor' ? 'conveyor-point-v1' : 'crane-block-v1';
  const settings = { host: '127.0.0.1', port, unit: 1, interface: file, deviceNumber: number };
  return { device: device(`${name}-${number}`), type, settings };
}
