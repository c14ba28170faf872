import {
  type Discrepancy,
  isFinal,
  type LoadUnit,
  type Movement,
  type Order,
  type Resolution,
} from '../domain/books.ts';
import { invariant } from '../domain/errors.ts';
import {
  CLARIFICATION,
  type DeviceId,
  type LoadUnitId,
  type LocationId,
  type OrderId,
  OUTSIDE,
  type WorkflowId,
} from '../domain/ids.ts';
import type { Reactions } from '../domain/reactions.ts';
import type { Slotting } from '../domain/slotting.ts';
import type { Topology } from '../domain/topology.ts';
import { type Round, roundOver } from '../domain/urgency.ts';
import type { Rows, Warehouse } from '../domain/warehouse.ts';
import { eventEpoch, type OutboxEvent } from '../ports/outbox.ts';
import type { AnsweredCommand, Commit, ReasonRow, Store } from '../ports/store.ts';
import { countDemand } from './demand.ts';
import type { Equipment } from './equipment.ts';
import { eventToHost } from './host-codes.ts';
import { carryOf } from './moves.ts';
import { noted, placed, putBack, removed } from './resolutions.ts';
import { eventData, tellLoadUnit, tellMovement } from './telling.ts';

/** What decisions need besides the books. */
export interface WorkParts {
  readonly topology: Topology;
  readonly store: Store;
  readonly equipment: Equipment;
  readonly slotting: Slotting;
  readonly reactions: ReadonlyMap<DeviceId, Reactions>;
  /** Names of the templates that there are; absent: any. */
  readonly templates?: ReadonlySet<string>;
  /** Renders a label template. @throws {ValueError} when a field does not fit */
  readonly renderLabel: (template: string, fields: Readonly<Record<string, string>>) => string;
}

export interface FollowUp {
  readonly workflow: WorkflowId;
  readonly event: { readonly type: string };
}

export type NewDiscrepancy = Pick<
  Discrepancy,
  'code' | 'text' | 'device' | 'location' | 'loadUnit' | 'order' | 'workflow' | 'alarm'
> & { readonly resolutions?: readonly Resolution[] };

/** One group of causes being decided: the books as they change, and the rows to commit. */
export class Work {
  readonly warehouse: Warehouse;
  readonly parts: WorkParts;
  readonly nowMs: number;
  /** The cause in hand; it stands on every row that it leads to. */
  cause = { id: '', by: '' };
  /** Events for workflows, in order; the workflows' runner takes them. */
  readonly followUps: FollowUp[] = [];
  /** Devices whose output follows from rows that have changed. */
  readonly touched = new Set<DeviceId>();
  /** Scanners that shall read, and those before which nothing stands any more. */
  readonly triggers: DeviceId[] = [];
  readonly releases: DeviceId[] = [];
  /** Places that a load unit has come to. */
  readonly arrivals: LocationId[] = [];
  /** Orders that have come to their end. */
  readonly ended: OrderId[] = [];
  /** Orders may have something to gain from what has changed. */
  isAllocationDue = false;
  /** How far those that wait have been looked through. */
  round: Round = roundOver;
  readonly #causes = new Set<string>();
  readonly #movements: Movement[] = [];
  readonly #events: OutboxEvent[] = [];
  readonly #reasons: ReasonRow[] = [];
  readonly #answered: AnsweredCommand[] = [];
  #lastMovement: number;

  constructor(warehouse: Warehouse, parts: WorkParts, nowMs: number) {
    this.warehouse = warehouse;
    this.parts = parts;
    this.nowMs = nowMs;
    this.#lastMovement = parts.store.lastMovement();
  }

  /** @returns false when this cause has counted already, in this group or before */
  take(id: string): boolean {
    if (this.#causes.has(id) || this.parts.store.hasCause(id)) return false;
    this.#causes.add(id);
    return true;
  }

  /** It was refused and does not count. */
  giveBack(id: string): void {
    this.#causes.delete(id);
  }

  /** The load unit as the books have it. */
  unit(loadUnit: LoadUnitId): LoadUnit {
    const unit = this.warehouse.loadUnit(loadUnit);
    invariant(unit !== undefined, `${loadUnit} is not in the books`);
    return unit;
  }

  edit(loadUnit: LoadUnitId, change: Partial<LoadUnit>): LoadUnit {
    const changed = { ...this.unit(loadUnit), ...change };
    this.warehouse.tables.loadUnit.put(changed);
    return changed;
  }

  /**
   * Books that a load unit is at `to` now. Where the place can hold only one and the books have
   * another one there, that one is in question: a fact is never refused.
   */
  move(loadUnit: LoadUnitId, to: LocationId, confidence: LoadUnit['confidence']): void {
    const unit = this.unit(loadUnit);
    if (unit.confidence === 'disputed' && confidence !== 'disputed') this.#seen(loadUnit);
    if (unit.place === to) {
      if (unit.confidence !== confidence) this.edit(loadUnit, { confidence });
      return;
    }
    this.#displace(unit, to);
    const no = ++this.#lastMovement;
    const { place: from, order } = unit;
    const { id: cause, by } = this.cause;
    this.#movements.push({ no, atMs: this.nowMs, cause, loadUnit, from, to, by, order });
    const receivedNo = from === OUTSIDE ? no : unit.receivedNo;
    // Off the conveyors its errand is over, whoever has moved it.
    const transit = this.parts.topology.network.isSegment(to) ? unit.transit : undefined;
    this.edit(loadUnit, { place: to, movedNo: no, receivedNo, confidence, transit });
    this.arrivals.push(to);
    this.isAllocationDue = true;
  }

  /** Nobody looks for it any more: where it could have been, what waits is known by its turn again. */
  #seen(loadUnit: LoadUnitId): void {
    for (const book of [...this.warehouse.tables.point.values()]) {
      const strays = book.strays?.filter((stray) => stray.loadUnit !== loadUnit);
      if (strays === undefined || strays.length === book.strays?.length) continue;
      this.warehouse.tables.point.put({ ...book, strays });
      const at = this.parts.topology.point(book.device, book.point)?.at;
      if (at !== undefined) this.arrivals.push(at);
      this.isAllocationDue = true;
    }
  }

  #displace(unit: LoadUnit, to: LocationId): void {
    if (this.parts.topology.capacityOf(to) !== 1) return;
    for (const other of this.warehouse.at(to)) {
      if (other.loadUnit === unit.loadUnit) continue;
      this.raise({
        code: 'PLACE_CONFLICT',
        text: `${to} held ${other.loadUnit} in the books, and ${unit.loadUnit} was put there.`,
        loadUnit: other.loadUnit,
        location: to,
        workflow: other.workflow && carryOf(other.workflow),
        resolutions: [placed, putBack, removed],
      });
      this.move(other.loadUnit, CLARIFICATION, 'disputed');
      const displaced = this.edit(other.loadUnit, { status: 'clarification' });
      // Two load units in one place would be as wrong for the hosts as it is for us.
      tellMovement(this, 'relocated', displaced);
      tellLoadUnit(this, this.unit(other.loadUnit), 'clarification');
    }
  }

  send(workflow: WorkflowId, event: { readonly type: string }): void {
    this.followUps.push({ workflow, event });
  }

  /** Keeps why; every screen and the API answer from these. */
  explain(text: string, ...subjects: (string | undefined)[]): void {
    for (const subject of subjects) {
      if (subject !== undefined) this.#reasons.push({ subject, atMs: this.nowMs, text });
    }
  }

  /** Owes the hosts an event. */
  emit(name: OutboxEvent['name'], subject: string, data: object): void {
    const sequence = this.warehouse.next('event');
    const atMs = this.nowMs;
    const told = eventToHost(this.parts.topology.hostCodes, name, data);
    this.#events.push({ sequence, epoch: eventEpoch, name, atMs, subject, data: told });
  }

  answer(command: AnsweredCommand): void {
    this.#answered.push(command);
  }

  /** The answer given in this group, before it is in the store. */
  answeredHere(host: string, id: string): AnsweredCommand | undefined {
    return this.#answered.find((row) => row.host === host && row.id === id);
  }

  /** Asks a person. The same open question about the same thing is asked once. */
  raise({ resolutions = [], ...found }: NewDiscrepancy): void {
    for (const open of this.warehouse.openDiscrepancies()) {
      if (isSame(open, found)) return;
    }
    const no = this.warehouse.next('discrepancy');
    this.warehouse.tables.discrepancy.put({
      ...found,
      no,
      raisedAtMs: this.nowMs,
      state: 'open',
      resolutions: resolutions.length > 0 ? resolutions : [noted],
    });
    this.explain(found.text, found.loadUnit, found.device, found.order, found.location);
  }

  settle(discrepancy: Discrepancy, resolvedAs: string, resolvedBy = this.cause.by): void {
    this.warehouse.tables.discrepancy.put({
      ...discrepancy,
      state: 'resolved',
      resolutions: [],
      resolvedAs,
      resolvedBy,
      resolvedAtMs: this.nowMs,
    });
  }

  /** Settles every open question that `about` describes: it has answered itself. */
  settleWhere(about: (open: Discrepancy) => boolean): void {
    for (const open of [...this.warehouse.openDiscrepancies()]) {
      if (about(open)) this.settle(open, 'itself');
    }
  }

  reportOrder(order: Order): void {
    this.warehouse.tables.order.put(order);
    this.emit('order', `order/${order.order}`, eventData.order(order));
  }

  /** Changes an order, raises its revision and tells its host. */
  editOrder(order: OrderId, change: Partial<Order>): Order {
    const known = this.warehouse.tables.order.get(order);
    invariant(known !== undefined, `${order} is not in the books`);
    if (change.lines !== undefined) countDemand(this, known, change.lines);
    const revision = known.revision + 1;
    const changed = { ...known, ...change, revision, changedAtMs: this.nowMs };
    this.reportOrder(changed);
    const isOver = isFinal(changed.status);
    if (isOver && !isFinal(known.status)) this.ended.push(order);
    // Nobody needs to decide any more what is to become of it.
    if (isOver || changed.status === 'canceling') {
      this.settleWhere((open) => open.code === 'ORDER_STUCK' && open.order === order);
    }
    return changed;
  }

  commit(): Commit {
    return {
      atMs: this.nowMs,
      causes: [...this.#causes],
      movements: this.#movements,
      events: this.#events,
      reasons: this.#reasons,
      answered: this.#answered,
      rows: this.warehouse.takeChanges(),
    };
  }
}

const isSame = (open: Discrepancy, found: NewDiscrepancy): boolean =>
  open.code === found.code &&
  open.loadUnit === found.loadUnit &&
  open.device === found.device &&
  open.order === found.order &&
  open.location === found.location &&
  open.workflow === found.workflow;

/** Whether there is anything to keep. */
export function hasRows({ causes, movements, events, reasons, answered, rows }: Commit): boolean {
  const told = causes.length + movements.length + events.length + reasons.length + answered.length;
  if (told > 0) return true;
  // Asked after every decision: no list of lists is made for it.
  for (const table in rows) if (rows[table as keyof Rows].length > 0) return true;
  return false;
}
