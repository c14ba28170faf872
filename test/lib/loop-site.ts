import { readSite } from '../../src/config/read-site.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import type { Site } from '../../src/domain/site.ts';
import { Topology } from '../../src/domain/topology.ts';
import { at, loadUnit, stock } from './demo.ts';

const aisle = (name: string, number: number) => `
  - aisle: ${name}
    crane: crane-${number}
    lhd: ${name}-LHD
    bays: 4
    levels: 3
    depths: 1
    bayWidthMm: 500
    levelHeightMm: 400
    heightMaxMm: 320
    massMaxKg: 35
    kinematics:
      travel: { speedMmPerS: 4000, accelMmPerS2: 2000 }
      hoist: { speedMmPerS: 2000, accelMmPerS2: 2000 }
      transferMs: 3000
    stations:
      - { location: ${name}-PD-IN, number: 1, direction: in, capacity: 2, xMm: -1000, yMm: 600 }
      - { location: ${name}-PD-OUT, number: 2, direction: out, capacity: 2, xMm: -1000, yMm: 1200 }`;

const plc = (name: string, deviceNumber: number) =>
  `{ host: 127.0.0.1, port: 1502${deviceNumber}, unit: 1, interface: ${name}, deviceNumber: ${deviceNumber} }`;

/**
 * Two aisles and two workstations on one loop of four segments, which two PLCs drive: one has LOOP-A and LOOP-D, the
 * other one LOOP-B and LOOP-C. The infeed leads into LOOP-A, the aisles into LOOP-B and LOOP-C.
 */
export const loopText = `
site: loop
controller: edge-a
hosts: [{ host: wms, acknowledges: true }]
broker: { embedded: true, host: 127.0.0.1, port: 0 }
http: { host: 127.0.0.1, port: 0 }
sscc: { extension: 3, companyPrefix: "4012345" }
loadUnitTypes: [{ code: TOTE-600, number: 1, heightMaxMm: 320, massMaxKg: 35 }]
aisles:${aisle('A01', 1)}${aisle('A02', 2)}
stations:
  - { location: IN-01, kind: infeed, capacity: 3 }
  - { location: PICK-01, kind: workstation, capacity: 2, scanner: scan-pick-1 }
  - { location: PICK-02, kind: workstation, capacity: 2, scanner: scan-pick-2 }
  - { location: REJECT-01, kind: rejectLane, capacity: 4 }
  - { location: LOOP-A, kind: segment, capacity: 2 }
  - { location: LOOP-B, kind: segment, capacity: 2 }
  - { location: LOOP-C, kind: segment, capacity: 2 }
  - { location: LOOP-D, kind: segment, capacity: 2 }
points:
  - device: conveyor-1
    point: 1
    at: IN-01
    role: induct
    scanner: scan-in-1
    exits: [{ exit: 1, to: LOOP-A }, { exit: 2, to: REJECT-01, default: true }]
  - device: conveyor-1
    point: 2
    at: LOOP-A
    role: divert
    exits: [{ exit: 1, to: A01-PD-IN }, { exit: 2, to: LOOP-B, default: true }]
  - device: conveyor-2
    point: 1
    at: LOOP-B
    role: divert
    exits: [{ exit: 1, to: A02-PD-IN }, { exit: 2, to: LOOP-C, default: true }]
  - device: conveyor-2
    point: 2
    at: LOOP-C
    role: divert
    exits: [{ exit: 1, to: PICK-01 }, { exit: 2, to: LOOP-D, default: true }]
  - device: conveyor-1
    point: 3
    at: LOOP-D
    role: divert
    exits: [{ exit: 1, to: PICK-02 }, { exit: 2, to: LOOP-A, default: true }, { exit: 3, to: REJECT-01 }]
  - { device: conveyor-1, point: 4, at: A01-PD-OUT, role: divert, exits: [{ exit: 1, to: LOOP-B }] }
  - { device: conveyor-2, point: 3, at: A02-PD-OUT, role: divert, exits: [{ exit: 1, to: LOOP-C }] }
  - { device: conveyor-1, point: 5, at: A01-PD-IN, role: arrival, exits: [{ exit: 1, to: A01-LHD }] }
  - { device: conveyor-2, point: 4, at: A02-PD-IN, role: arrival, exits: [{ exit: 1, to: A02-LHD }] }
devices:
  - { device: crane-1, type: asrs-crane, settings: ${plc('crane-block-v1', 1)} }
  - { device: crane-2, type: asrs-crane, settings: ${plc('crane-block-v1', 2)} }
  - { device: conveyor-1, type: conveyor, settings: ${plc('conveyor-point-v1', 3)} }
  - { device: conveyor-2, type: conveyor, settings: ${plc('conveyor-point-v1', 4)} }
${['in-1', 'pick-1', 'pick-2']
  .map(
    (name, i) =>
      `  - { device: scan-${name}, type: barcode-scanner, settings: { connection: { kind: tcp, host: 127.0.0.1, port: 1510${i} }, preset: sick } }`,
  )
  .join('\n')}
`;

export const loopSite: Site = readSite('loop.yaml', loopText);
export const loopTopology = new Topology(loopSite);

/** Load units of SKU A, by their codes and where they stand. */
export const unitsAt = (stored: Readonly<Record<string, string>>): LoadUnit[] =>
  Object.entries(stored).map(([code, place], i) => ({
    ...loadUnit(code, at(place), { lines: [stock('A', 10)] }),
    ...{ handle: i + 1, movedNo: i + 1, receivedNo: i + 1 },
  }));
