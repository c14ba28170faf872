import type { Mission } from '../domain/books.ts';
import { isCommanded } from '../domain/device-mode.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { Topology } from '../domain/topology.ts';
import { missionKey, type Warehouse } from '../domain/warehouse.ts';
import type { Conveyor, ConveyorOutput, PointOutput } from '../ports/conveyor.ts';
import type { Crane, CraneCommand, CraneOutput } from '../ports/crane.ts';
import type { Device } from '../ports/device.ts';
import type { Indicator } from '../ports/indicator.ts';
import type { Printer, PrinterFact } from '../ports/printer.ts';
import type { Scanner } from '../ports/scanner.ts';
import type { Store } from '../ports/store.ts';
import type { Equipment } from './equipment.ts';
import { indicate } from './indication.ts';

/** Answers of one point that its frame has room for. */
const answersMax = 4;

/** Everything that can be told something, by its code. */
export interface Actors {
  readonly cranes: ReadonlyMap<DeviceId, Crane>;
  readonly conveyors: ReadonlyMap<DeviceId, Conveyor>;
  readonly printers: ReadonlyMap<DeviceId, Printer>;
  readonly scanners: ReadonlyMap<DeviceId, Scanner>;
  readonly indicators: ReadonlyMap<DeviceId, Indicator>;
}

interface Books {
  readonly warehouse: Warehouse;
  readonly topology: Topology;
  readonly store: Pick<Store, 'epoch' | 'nonce'>;
  readonly equipment: Equipment;
}

/**
 * Tells devices what follows from the committed books. Everything here can be said again: frames
 * repeat a level, a print job is known by its id.
 */
export function act(books: Books, actors: Actors, touched: Iterable<DeviceId>): void {
  for (const device of touched) {
    for (const group of Object.values(actors)) {
      (group as ReadonlyMap<DeviceId, Device>).get(device)?.setMode(books.warehouse.modeOf(device));
    }
    actors.cranes.get(device)?.drive(craneOutput(books, device));
    actors.conveyors.get(device)?.drive(conveyorOutput(books, device));
    const printer = actors.printers.get(device);
    if (printer !== undefined) print(books, printer);
  }
  // What a light shows follows from too much to know whom a decision concerns.
  indicate(books, actors.indicators);
}

/** At the start, before any device is connected. */
export function setModes({ warehouse }: Pick<Books, 'warehouse'>, actors: Actors): void {
  for (const group of Object.values(actors)) {
    for (const [id, device] of group as ReadonlyMap<DeviceId, Device>) {
      device.setMode(warehouse.modeOf(id));
    }
  }
}

function craneOutput({ warehouse, store, equipment }: Books, crane: DeviceId): CraneOutput {
  const book = warehouse.craneBook(crane);
  const { isClaiming, isReconciled, snapshot } = equipment.crane(crane);
  const mission = (seq: number | undefined) =>
    seq === undefined ? undefined : warehouse.tables.mission.get(missionKey(crane, seq));
  // Without a claim nothing is written: the one place where `off` and `observe` hold for a crane.
  const mayClaim = isClaiming && isCommanded(warehouse.modeOf(crane));
  const isInDoubt = book.doubt !== undefined;
  const unanswered = [mission(book.side), isInDoubt ? undefined : mission(book.open)].find(
    (row) => row?.state === 'committed',
  );
  return {
    claim: mayClaim ? { epoch: store.epoch, nonce: store.nonce } : undefined,
    enable: mayClaim && isReconciled && !isInDoubt && snapshot?.faultLatched !== true,
    eventAck: book.eventStored,
    seqHighest: book.seqHighest,
    command: isReconciled && unanswered !== undefined ? commandOf(unanswered) : undefined,
  };
}

const commandOf = ({ seq, command }: Mission): CraneCommand => ({ seq, ...command });

function conveyorOutput(
  { warehouse, topology, store, equipment }: Books,
  device: DeviceId,
): ConveyorOutput {
  const { isClaiming, isReconciled } = equipment.conveyor(device);
  const mayClaim = isClaiming && isCommanded(warehouse.modeOf(device));
  const points = new Map<number, PointOutput>();
  for (const { device: owner, point } of topology.site.points) {
    if (owner !== device) continue;
    const book = warehouse.pointBook(device, point);
    const answers = book.open.flatMap(({ scanSeq, answer, hasLeft }) =>
      answer === undefined || hasLeft ? [] : [{ scanSeq, ...answer }],
    );
    points.set(point, {
      era: book.era,
      answers: answers.slice(-answersMax),
      confirmAck: book.confirmStored,
      exitsClosed: [],
    });
  }
  return {
    claim: mayClaim ? { epoch: store.epoch, nonce: store.nonce } : undefined,
    enable: mayClaim && isReconciled,
    points,
  };
}

function print({ warehouse }: Books, printer: Printer): void {
  for (const { label, status, zpl, printer: owner } of warehouse.tables.label.values()) {
    if (owner !== printer.id) continue;
    if (status === 'sending') printer.print({ jobId: label, zpl });
    else if (status === 'withdrawn') printer.withdraw(label);
  }
}

/** What a printer had been given when the process ended may have come out: it is never sent again. Those that waited go on. */
export const cutShort = ({ tables }: Warehouse): PrinterFact[] =>
  [...tables.label.values()]
    .filter(({ status }) => status === 'sending' || status === 'withdrawn')
    .map(({ label: jobId, printer: device }) => {
      const reason = 'the controller was restarted meanwhile';
      return { device, type: 'printer.unknown', jobId, reason };
    });
