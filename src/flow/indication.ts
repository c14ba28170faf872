import type { Discrepancy } from '../domain/books.ts';
import type { DeviceId, LocationId } from '../domain/ids.ts';
import { type Indication, indicationOf, type MachineNow } from '../domain/indication.ts';
import type { DecisionPoint, SiteIndicator } from '../domain/site.ts';
import type { Topology } from '../domain/topology.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import type { Indicator } from '../ports/indicator.ts';
import type { CraneNow, Equipment } from './equipment.ts';

interface Books {
  readonly warehouse: Warehouse;
  readonly topology: Topology;
  readonly equipment: Equipment;
}

/** Tells every light what follows from the committed books and what the machines show. */
export function indicate(books: Books, indicators: ReadonlyMap<DeviceId, Indicator>): void {
  if (indicators.size === 0) return;
  for (const row of books.topology.site.indicators) {
    indicators.get(row.device)?.drive(shownBy(books, row));
  }
}

/** What a light shows, by the area that it stands for. */
function shownBy(books: Books, { shows, of }: SiteIndicator): Indication {
  const { warehouse, topology } = books;
  const { site } = topology;
  const isHere = (location: LocationId) => {
    if (shows === 'site') return true;
    if (shows === 'station') return location === of;
    const place = topology.find(location);
    return place !== undefined && 'aisle' in place && place.aisle.aisle === of;
  };
  const cranes = site.aisles
    .filter(({ aisle }) => shows === 'site' || (shows === 'aisle' && aisle === of))
    .map(({ crane }) => crane);
  const points = site.points.filter(({ at }) => isHere(at));
  const handhelds = site.stations.flatMap(({ location, scanner }) =>
    scanner !== undefined && isHere(location) ? [scanner] : [],
  );
  const devices = new Set<DeviceId>([...cranes, ...handhelds, ...points.flatMap(devicesOf)]);
  const asked = [...warehouse.openDiscrepancies()].filter(
    (open) =>
      shows === 'site' ||
      (open.device !== undefined && devices.has(open.device)) ||
      placesOf(warehouse, open).some(isHere),
  );
  return indicationOf(
    [
      ...cranes.map((crane) => craneMachine(books, crane)),
      ...points.flatMap((point) => pointMachines(books, point)),
      ...handhelds.map((scanner) => scannerMachine(books, scanner)),
    ],
    asked.length,
  );
}

const devicesOf = ({ device, scanner, printer }: DecisionPoint): DeviceId[] =>
  [device, scanner, printer].filter((code) => code !== undefined);

/** Where a question is to be answered: at its place, or where its load unit is booked. */
function placesOf(warehouse: Warehouse, { location, loadUnit }: Discrepancy): LocationId[] {
  if (location !== undefined) return [location];
  const unit = loadUnit && warehouse.loadUnit(loadUnit);
  return unit === undefined ? [] : [unit.place];
}

function craneMachine({ warehouse, equipment }: Books, crane: DeviceId): MachineNow {
  const isInDoubt = warehouse.craneBook(crane).doubt !== undefined;
  const { offline, snapshot }: CraneNow = equipment.crane(crane);
  if (offline !== undefined || snapshot === undefined) return { isHeard: false, isInDoubt };
  return {
    isHeard: true,
    isInDoubt,
    isFaulted: snapshot.faultLatched || !snapshot.retentiveOk,
    isHeldUp: !snapshot.safetyOk,
    isManual: snapshot.mode !== 'autoRemote',
  };
}

/** The point itself, the scanner there and the printer. */
function pointMachines(books: Books, point: DecisionPoint): MachineNow[] {
  const { equipment } = books;
  const { offline, points } = equipment.conveyor(point.device);
  const state = points.get(point.point)?.state;
  const { scanner, printer } = point;
  const conveyor = {
    isHeard: offline === undefined,
    isFaulted: state === 'faulted' || state === 'jam',
    isHeldUp: state === 'stopped',
  };
  return [
    conveyor,
    ...(scanner === undefined ? [] : [scannerMachine(books, scanner)]),
    ...(printer === undefined ? [] : [printerMachine(books, printer)]),
  ];
}

const scannerMachine = ({ equipment }: Books, scanner: DeviceId): MachineNow => ({
  isHeard: equipment.scannerOffline(scanner) === undefined,
});

function printerMachine({ equipment }: Books, printer: DeviceId): MachineNow {
  const { offline, faults } = equipment.printer(printer);
  return { isHeard: offline === undefined, isHeldUp: faults.length > 0 };
}
