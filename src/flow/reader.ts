import type {
  LoadUnitData,
  OrderData,
  OrderQueryData,
  StatusData,
  StockLine,
  StockQueryData,
} from '../contract/messages.ts';
import { parseTime, timeText } from '../contract/time.ts';
import type { StockLine as BookedLine, Discrepancy, LoadUnit } from '../domain/books.ts';
import { whyHeld } from '../domain/host-ahead.ts';
import type { HostCodes } from '../domain/host-codes.ts';
import type { DeviceId, HostId, LoadUnitId, OrderId, Sscc } from '../domain/ids.ts';
import { lockText } from '../domain/locks.ts';
import { whyNotFetchable } from '../domain/reachability.ts';
import { promisedIn } from '../domain/shared-visit.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import type { DeviceStatus } from '../ports/device.ts';
import type {
  DeviceView,
  DiscrepancyView,
  LockView,
  Page,
  Reader,
  SignalQuery,
  SignalView,
  SlottingView,
  StationView,
} from '../ports/reader.ts';
import { seqText } from './answers.ts';
import { whyNotAuto } from './device-modes.ts';
import { ledgerReadiness } from './disk-space.ts';
import { whyNotFree } from './dispatch.ts';
import { slowestMark, whyPaused } from './host-orders.ts';
import { locksFor, lockViews } from './locks.ts';
import { surroundings } from './orders.ts';
import { signalView, slottingView } from './signal-views.ts';
import { stationView, stationViews } from './station-view.ts';
import { eventData } from './telling.ts';
import type { WorkParts } from './work.ts';

const reasonsMax = 50;

/** Answers questions from the committed books. */
export class Books implements Reader {
  readonly #warehouse: Warehouse;
  readonly #parts: WorkParts;
  readonly #onlineHosts: ReadonlySet<HostId>;
  readonly #drivers: () => readonly DeviceStatus[];
  readonly #sinceMs: number;
  readonly #nowMs: () => number;

  constructor(
    warehouse: Warehouse,
    parts: WorkParts,
    onlineHosts: ReadonlySet<HostId>,
    more: {
      readonly drivers?: () => readonly DeviceStatus[];
      readonly sinceMs: number;
      readonly nowMs: () => number;
    },
  ) {
    this.#warehouse = warehouse;
    this.#parts = parts;
    this.#onlineHosts = onlineHosts;
    this.#drivers = more.drivers ?? (() => []);
    this.#sinceMs = more.sinceMs;
    this.#nowMs = more.nowMs;
  }

  status(): StatusData {
    const { site } = this.#parts.topology;
    const last = this.#warehouse.counter('event');
    const waiting = last - slowestMark(this.#scope);
    const paused = site.hosts.flatMap(({ host }) => whyPaused(this.#scope, host) ?? []);
    const held = whyHeld(this.#warehouse.tables.host.values());
    const unwell = [...this.devices().flatMap(({ reasons }) => reasons), ...held];
    return {
      state: unwell.length > 0 ? 'degraded' : 'online',
      boot: this.#parts.store.epoch,
      since: timeText(this.#sinceMs),
      contract: '1.0',
      epoch: 1,
      epochBase: seqText(0),
      firstSequence: seqText(1),
      lastSequence: seqText(last),
      intake: paused.length > 0 ? 'paused' : 'open',
      reasons: unwell.length > 0 ? unwell : undefined,
      outbox: { events: waiting, share: waiting / site.limits.outboxMax },
      hosts: site.hosts.map(({ host }) => ({
        host,
        online: this.#onlineHosts.has(host),
        ackThrough: seqText(this.#warehouse.tables.host.get(host)?.ackThrough ?? 0),
      })),
    };
  }

  orders(query: OrderQueryData): Page<OrderData> {
    const { order, status, changedSince, after = '0', limit } = query;
    const sinceMs = changedSince === undefined ? 0 : (parseTime(changedSince) ?? 0);
    const found = [...this.#warehouse.tables.order.values()]
      .filter((row) => order === undefined || row.order === order)
      .filter((row) => status === undefined || status.includes(row.status))
      .filter((row) => row.changedAtMs >= sinceMs && row.no > Number(after))
      .sort((a, b) => a.no - b.no);
    const page = found.slice(0, limit);
    const next = found.length > limit ? { next: String(page.at(-1)?.no) } : {};
    return { items: page.map(eventData.order), ...next };
  }

  order(order: string): OrderData | undefined {
    const row = this.#warehouse.tables.order.get(order as OrderId);
    return row && eventData.order(row);
  }

  stock(query: StockQueryData): Page<StockLine> {
    const location = query.location && this.#codes.meantByPerson(query.location);
    const units = [...this.#warehouse.tables.loadUnit.values()]
      .filter(({ status }) => status !== 'announced' && status !== 'gone')
      .filter((unit) => query.loadUnit === undefined || unit.loadUnit === query.loadUnit)
      .filter((unit) => location === undefined || unit.place === location);
    const lines = units
      .flatMap((unit) => this.#stockLines(unit))
      .filter((line) => fits(line, query));
    const all = query.by === 'sku' ? sumBySku(lines) : lines;
    const from = Number(query.after ?? 0);
    const to = from + query.limit;
    return { items: all.slice(from, to), ...(all.length > to ? { next: String(to) } : {}) };
  }

  signals({ sku, after = '', limit }: SignalQuery): Page<SignalView> {
    const found = [...this.#warehouse.tables.signal.values()]
      .filter((row) => (sku === undefined || row.sku === sku) && row.sku > after)
      .sort((a, b) => (a.sku < b.sku ? -1 : 1));
    const items = found.slice(0, limit).map((row) => signalView(row, this.#codes));
    return { items, ...(found.length > limit && { next: String(items.at(-1)?.sku) }) };
  }

  slotting(limit: number): SlottingView {
    return slottingView(this.#warehouse, limit);
  }

  loadUnit(loadUnit: string): LoadUnitData | undefined {
    const unit =
      this.#warehouse.loadUnit(loadUnit as LoadUnitId) ?? this.#warehouse.bySscc(loadUnit as Sscc);
    if (unit === undefined) return undefined;
    return { ...eventData.loadUnit(unit, 'inducted'), location: unit.place, order: unit.order };
  }

  devices(): readonly DeviceView[] {
    return this.#drivers().map((status) => {
      const state = this.#stateOf(status.device, status.kind);
      const reasons =
        state === 'ready' || state === 'busy'
          ? []
          : [{ code: 'DEVICE', detail: `${status.device}: ${state}` }];
      const set = this.#warehouse.tables.mode.get(status.device);
      const mode = this.#warehouse.modeOf(status.device);
      const by = set && { modeBy: set.by, modeAtMs: set.atMs };
      return { ...status, mode, ...by, state, reasons };
    });
  }

  stations(): readonly StationView[] {
    return stationViews(this.#warehouse, this.#parts.topology);
  }

  locks(): readonly LockView[] {
    return lockViews(this.#scope);
  }

  station(station: string): StationView | undefined {
    const own = this.#codes.meantByPerson(station);
    return stationView(this.#warehouse, this.#parts.topology, own);
  }

  discrepancies(state: 'open' | 'all'): readonly DiscrepancyView[] {
    return [...this.#warehouse.tables.discrepancy.values()]
      .filter((row) => state === 'all' || row.state === 'open')
      .sort((a, b) => a.no - b.no)
      .map((row) => viewOf(row, this.#codes));
  }

  why(subject: string): readonly { readonly at: string; readonly text: string }[] {
    const known = this.#parts.store.reasons(subject, reasonsMax);
    const about = known.length > 0 ? subject : this.#codes.meantByPerson(subject);
    const rows = about === subject ? known : this.#parts.store.reasons(about, reasonsMax);
    const code = this.#codes.otherThan(about);
    const called = code === undefined ? [] : [`Hosts call ${about} ${code}.`];
    const said = rows.map(({ atMs, text }) => ({ at: timeText(atMs), text }));
    // What is locked with its aisle has no sentence of its own.
    const inherited = locksFor(this.#scope, about).map((lock) => ({
      at: timeText(lock.atMs || this.#sinceMs),
      text: `Now: ${lockText(lock.part, lock)}.`,
    }));
    const at = timeText(this.#sinceMs);
    return [...called.map((text) => ({ at, text })), ...inherited, ...said];
  }

  readiness(): Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>> {
    const unfit = this.#drivers().flatMap(({ device, availability, detail }) => {
      const offline = availability === 'offline' ? detail : undefined;
      const why = whyNotAuto(this.#scope, device) ?? offline;
      return why === undefined ? [] : [`${device}: ${why}`];
    });
    const { store, equipment } = this.#parts;
    return {
      ledger: ledgerReadiness(store.epoch, equipment),
      devices: { ok: unfit.length === 0, detail: unfit.join('; ') || 'all online' },
    };
  }

  get #codes(): HostCodes {
    return this.#parts.topology.hostCodes;
  }

  get #scope() {
    return { warehouse: this.#warehouse, parts: this.#parts };
  }

  /** In the words of the flow: `ready`, `busy`, or why it does not work. */
  #stateOf(device: DeviceId, kind: DeviceStatus['kind']): string {
    const { equipment, topology } = this.#parts;
    if (kind === 'crane') {
      const aisle = topology.aisleOfCrane(device);
      const why = aisle && whyNotFree(this.#scope, aisle);
      if (why === undefined) return 'ready';
      return why.startsWith('it is at mission') ? 'busy' : why;
    }
    const mode = whyNotAuto(this.#scope, device);
    if (mode !== undefined) return mode;
    if (kind === 'conveyor') return equipment.conveyor(device).offline ?? 'ready';
    if (kind === 'scanner') return equipment.scannerOffline(device) ?? 'ready';
    if (kind === 'indicator') return equipment.indicatorOffline(device) ?? 'ready';
    const { faults, offline } = equipment.printer(device);
    return offline ?? (faults.length > 0 ? faults.join(', ') : 'ready');
  }

  #stockLines(unit: LoadUnit): StockLine[] {
    const around = surroundings({ ...this.#scope, nowMs: this.#nowMs() });
    const isReachable = whyNotFetchable(this.#warehouse, unit, around.whyStopped) === undefined;
    const promised = promisedIn(this.#warehouse, unit, around);
    return unit.lines.map((line: BookedLine, i) => ({
      sku: line.sku,
      qty: line.qty,
      reserved: promised[i] ?? 0,
      reachable: isReachable ? line.qty : 0,
      stockStatus: line.stockStatus,
      lot: line.lot,
      expiry: line.expiry,
      loadUnit: unit.loadUnit,
      location: unit.place,
    }));
  }
}

const fits = (line: StockLine, { sku, lot }: StockQueryData): boolean =>
  (sku === undefined || line.sku === sku) && (lot === undefined || line.lot === lot);

/** One line for each SKU and stock status. */
function sumBySku(lines: readonly StockLine[]): StockLine[] {
  const sums = new Map<string, StockLine>();
  for (const { sku, stockStatus, qty, reserved, reachable } of lines) {
    const key = JSON.stringify([sku, stockStatus]);
    const sum = sums.get(key) ?? { sku, stockStatus, qty: 0, reserved: 0, reachable: 0 };
    sums.set(key, {
      ...sum,
      qty: sum.qty + qty,
      reserved: sum.reserved + reserved,
      reachable: sum.reachable + reachable,
    });
  }
  return [...sums.values()];
}

function viewOf(row: Discrepancy, codes: HostCodes): DiscrepancyView {
  const { no, code, text, raisedAtMs, state, resolutions } = row;
  const { device, location, loadUnit, order, alarm, resolvedAs, resolvedBy } = row;
  const hostCode = location && codes.otherThan(location);
  return {
    discrepancy: no,
    code,
    text,
    raisedAt: timeText(raisedAtMs),
    state,
    resolutions,
    ...(device && { device }),
    ...(location && { location }),
    ...(hostCode && { hostCode }),
    ...(loadUnit && { loadUnit }),
    ...(order && { order }),
    ...(alarm && { alarm }),
    ...(resolvedAs && { resolvedAs }),
    ...(resolvedBy && { resolvedBy }),
  };
}
