import type { DeviceId, HostId, LocationId } from '../../src/domain/ids.ts';
import type { Aisle, Site } from '../../src/domain/site.ts';

const at = (location: string) => location as LocationId;
const id = (device: string) => device as DeviceId;
const modbus = { host: '127.0.0.1', port: 0, unit: 1, deviceNumber: 1 };

/** One aisle, double deep, with lanes short enough to be full soon. */
export const smallSite: Site = {
  site: 'test',
  controller: 'edge-a',
  hosts: [],
  loadUnitTypes: [{ code: 'TOTE', number: 1, heightMaxMm: 320, massMaxKg: 35 }],
  heightClasses: [],
  aisles: [
    {
      aisle: 'A01',
      crane: id('crane-1'),
      lhd: at('A01-LHD'),
      lhd2: undefined,
      checks: { code: 'none', probeDestination: false },
      bays: 10,
      levels: 5,
      depths: 2,
      bayWidthMm: 500,
      levelHeightMm: 400,
      heightMaxMm: 320,
      massMaxKg: 35,
      kinematics: {
        travel: { speedMmPerS: 4000, accelMmPerS2: 2000 },
        hoist: { speedMmPerS: 2000, accelMmPerS2: 2000 },
        transferMs: 3000,
      },
      stations: [
        {
          location: at('A01-PD-IN'),
          number: 1,
          direction: 'in',
          capacity: 3,
          xMm: -1000,
          yMm: 600,
        },
        {
          location: at('A01-PD-OUT'),
          number: 2,
          direction: 'out',
          capacity: 2,
          xMm: -1000,
          yMm: 1200,
        },
      ],
    },
  ],
  stations: [
    { location: at('IN-01'), kind: 'infeed', capacity: 3, scanner: undefined },
    { location: at('PICK-01'), kind: 'workstation', capacity: 2, scanner: undefined },
    { location: at('REJECT-01'), kind: 'rejectLane', capacity: 4, scanner: undefined },
  ],
  points: [
    {
      device: id('conveyor-1'),
      point: 1,
      at: at('IN-01'),
      role: 'induct',
      scanner: id('scan-1'),
      printer: id('printer-1'),
      labelTemplate: undefined,
      exits: [
        { exit: 1, to: at('A01-PD-IN'), isDefault: false },
        { exit: 2, to: at('REJECT-01'), isDefault: true },
      ],
    },
    {
      device: id('conveyor-1'),
      point: 2,
      at: at('A01-PD-OUT'),
      role: 'divert',
      scanner: undefined,
      printer: undefined,
      labelTemplate: undefined,
      exits: [
        { exit: 1, to: at('PICK-01'), isDefault: false },
        { exit: 2, to: at('REJECT-01'), isDefault: true },
      ],
    },
    {
      device: id('conveyor-1'),
      point: 3,
      at: at('A01-PD-IN'),
      role: 'arrival',
      scanner: undefined,
      printer: undefined,
      labelTemplate: undefined,
      exits: [{ exit: 1, to: at('A01-LHD'), isDefault: false }],
    },
  ],
  sscc: { extension: 3, companyPrefix: '4012345' },
  indicators: [],
  devices: [
    {
      device: id('crane-1'),
      type: 'asrs-crane',
      settings: { ...modbus, interface: 'crane-block-v1' },
    },
    {
      device: id('conveyor-1'),
      type: 'conveyor',
      settings: { ...modbus, interface: 'conveyor-point-v1' },
    },
  ],
  broker: {
    embedded: false,
    host: '127.0.0.1',
    port: 0,
    username: undefined,
    passwordEnv: undefined,
  },
  http: { host: '127.0.0.1', port: 0 },
  limits: {
    openOrdersMax: 1,
    outboxMax: 1,
    missionLimitMs: 1,
    conveyorLimitMs: 1,
    readLimitMs: 1,
    labelLimitMs: 1,
    agingMs: 3_600_000,
  },
};

/** The small site, single deep, with people and hosts; its conveyor is a fake one without a printer. */
export const siteWith = (aisle: Partial<Aisle> = {}, more: Partial<Site> = {}): Site => ({
  ...smallSite,
  hosts: [{ host: 'wms' as HostId, acknowledges: true }],
  aisles: smallSite.aisles.map((own) => ({ ...own, depths: 1, ...aisle })),
  points: smallSite.points.map((point) => ({ ...point, printer: undefined })),
  limits: {
    ...{ openOrdersMax: 100, outboxMax: 10_000, missionLimitMs: 600_000, conveyorLimitMs: 600_000 },
    ...{ readLimitMs: 600_000, labelLimitMs: 600_000, agingMs: 3_600_000 },
  },
  ...more,
});
