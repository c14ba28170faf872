import type { LoadUnit } from '../domain/books.ts';
import type { LocationId, WorkflowId } from '../domain/ids.ts';
import type { StepBooks } from '../domain/station-offer.ts';
import type { StationStep, StepKind, StepSubject } from '../domain/station-step.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import type { Work } from './work.ts';

/** What is done with a load unit at a station, by a workflow of its own beside the one that moves it. */
export const stationWorkOf = (parent: WorkflowId): WorkflowId => `station/${parent}` as WorkflowId;

/** An inspection is asked for at the place of the crane's own that loads lie on. */
export const inspectionOf = (lhd: LocationId): WorkflowId => `inspection/${lhd}` as WorkflowId;

/** Steps wait for each other in the order in which they were asked for. */
export function askStep(
  work: Work,
  workflow: WorkflowId,
  step: { readonly station: LocationId; readonly kind: StepKind } & StepSubject,
): void {
  const no = work.warehouse.next('step');
  work.warehouse.tables.step.put({ ...step, no, workflow, sinceMs: work.nowMs });
}

export function clearStep(work: Work, workflow: WorkflowId): void {
  work.warehouse.tables.step.remove(workflow);
}

/** What the texts of steps need of the books. */
export const stepBooks = (warehouse: Warehouse): StepBooks => ({
  unit: (loadUnit) => warehouse.tables.loadUnit.get(loadUnit),
  order: (order) => warehouse.tables.order.get(order),
  at: (location) => warehouse.at(location).map(({ loadUnit }) => loadUnit),
  holding: (sku) =>
    warehouse
      .withSku(sku)
      .map(({ loadUnit }) => loadUnit)
      .sort()
      .slice(0, 10),
});

/**
 * Finding out what something is has begun at once; what else is asked for meanwhile waits for its end. Then what stands
 * there to be picked from or counted: nobody closes a tote in the middle of that.
 */
const turnOf = ({ workflow }: StationStep): number => {
  const turn = ['clarify/', 'station/'].findIndex((kind) => workflow.startsWith(kind));
  return turn < 0 ? 2 : turn;
};

type Step = Omit<StationStep, 'workflow' | 'no'> & {
  /** Absent where no workflow asks: it follows from what stands there. */
  readonly workflow?: WorkflowId | undefined;
  readonly no?: number | undefined;
};

/**
 * The one thing that is to be done at a station now: what a workflow has asked for first, else what follows
 * from the load units that stand there, else nothing.
 */
export function stepAt(warehouse: Warehouse, station: LocationId): Step {
  const [asked] = [...warehouse.tables.step.values()]
    .filter((step) => step.station === station)
    .sort((a, b) => turnOf(a) - turnOf(b) || a.no - b.no);
  if (asked !== undefined) return asked;
  const mine = warehouse.at(station).filter(({ workflow }) => workflow?.startsWith('retrieval/'));
  const confirmed = mine.find(({ confidence }) => confidence === 'scanned');
  if (confirmed !== undefined) return { ...about(confirmed, station), kind: 'finish' };
  const [unit] = mine;
  if (unit !== undefined) return { ...about(unit, station), kind: 'scanLoadUnit' };
  return { station, kind: 'wait', sinceMs: 0 };
}

const about = ({ loadUnit, order }: LoadUnit, station: LocationId) => ({
  ...{ loadUnit, order, station, sinceMs: 0 },
});
