import { DatabaseSync } from 'node:sqlite';
import type { SimHost } from '../../simulators/host/host.ts';
import type { NewTote } from '../../simulators/world/people.ts';
import type { Tote } from '../../simulators/world/world.ts';
import type { Movement } from '../../src/domain/books.ts';
import { makeSscc } from '../../src/domain/gs1.ts';
import type { LoadUnitId, LocationId, OrderId } from '../../src/domain/ids.ts';
import type { Warehouse } from '../../src/domain/warehouse.ts';
import type { Intake, OperatorAct } from '../../src/ports/intake.ts';
import type { Without } from './plc-fakes.ts';

/** A running demo site, on sockets or on virtual time, as one person sees it who does everything alone. */
export interface LoneSite {
  readonly warehouse: () => Warehouse;
  readonly intake: () => Intake;
  readonly host: {
    readonly skus: (skus: readonly string[]) => Promise<unknown>;
    readonly announce: (lpn: string, sku: string, sscc: string | undefined) => Promise<unknown>;
    readonly order: (order: string, loadUnit: string) => Promise<unknown>;
  };
  feed(tote: NewTote): boolean;
  contentsOf(location: LocationId): readonly Tote[];
  takeAway(location: LocationId, toteId: string): boolean;
  putBack(toteId: string): boolean;
  /** Lets time pass until it holds. @throws when that takes too long */
  until(what: string, holds: () => boolean): Promise<void>;
}

const station = 'PICK-01' as LocationId;
const totes = 8;

/**
 * One thing at a time, so that the order of all decisions follows from the story alone: load units come in, every other one
 * without a label, then some leave, and one comes back.
 *
 * @param round  from 0: each has load units of its own
 */
export async function liveOneByOne(site: LoneSite, round: number): Promise<void> {
  const first = round * 100;
  await site.host.skus(['A', 'B']);
  for (let number = 1; number <= totes; number++) await store(site, first + number);
  for (const number of [3, 6, 1]) {
    await retrieve(site, first + number, 'ship');
  }
  await retrieve(site, first + 2, 'return');
  await atRest(site, `T-${first + 2} is stored again`);
  await store(site, first + totes + 1);
}

async function store(site: LoneSite, number: number): Promise<void> {
  const lpn = `T-${number}`;
  const isLabeled = number % 2 === 1;
  const sscc = isLabeled ? makeSscc({ extension: 0, companyPrefix: '4099999' }, number) : undefined;
  await site.host.announce(lpn, number % 3 === 0 ? 'A' : 'B', sscc);
  const tote = { lpn, label: sscc && `00${sscc}`, massKg: 10, heightMm: 250 };
  await site.until(`${lpn} can be put on`, () => site.feed(tote));
  await atRest(site, `${lpn} is stored`);
  expectCell(site, lpn);
}

async function retrieve(site: LoneSite, number: number, how: 'ship' | 'return'): Promise<void> {
  const lpn = `T-${number}`;
  await site.host.order(`SO-${number}`, lpn);
  await site.until(`${lpn} stands at the station`, () => site.contentsOf(station).length === 1);
  await site.until(`${lpn} is booked there`, () => unitOf(site, lpn)?.place === station);
  const [tote] = site.contentsOf(station);
  if (tote === undefined) throw new Error(`${lpn} is not at the station`);
  await act(site, { act: 'scan', station, code: tote.label ?? lpn });
  await act(site, { act: 'finish', station, loadUnit: lpn, how });
  await site.until(`the order of ${lpn} is over`, () => {
    return site.warehouse().tables.order.get(`SO-${number}` as OrderId)?.status === 'completed';
  });
  const done = how === 'ship' ? site.takeAway(station, tote.id) : site.putBack(tote.id);
  if (!done) throw new Error(`${lpn} cannot be taken from the station`);
}

let keys = 0;

async function act(site: LoneSite, what: Without<OperatorAct, 'operator' | 'key'>): Promise<void> {
  const key = `one-by-one-${++keys}`;
  const outcome = await site.intake().operator({ operator: 'op-1', key, ...what } as OperatorAct);
  if (!outcome.ok) throw new Error(outcome.reason);
}

const unitOf = (site: LoneSite, loadUnit: string) =>
  site.warehouse().loadUnit(loadUnit as LoadUnitId);

/** Nothing is under way, and nothing stands on a conveyor. */
const atRest = (site: LoneSite, what: string) =>
  site.until(what, () => {
    const { tables } = site.warehouse();
    const isMoving = [...tables.loadUnit.values()].some(
      ({ status, place }) => status === 'present' && !/-[LR]-\d{3}-\d\d-\d$/.test(place),
    );
    const isOnSteel = site.contentsOf('IN-01' as LocationId).length > 0;
    return tables.workflow.size === 0 && !isMoving && !isOnSteel;
  });

function expectCell(site: LoneSite, lpn: string): void {
  const unit = unitOf(site, lpn);
  if (unit?.status !== 'present') throw new Error(`${lpn} is ${unit?.status} at ${unit?.place}`);
}

export const lineOf = ({ loadUnit, from, to, order }: Movement): string =>
  `${loadUnit} ${from} > ${to}${order === undefined ? '' : ` for ${order}`}`;

/** The history of a ledger file that nobody has open any more. */
export function movementsOf(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare('SELECT * FROM movement ORDER BY no').all();
  db.close();
  return rows.map((row) =>
    lineOf({
      loadUnit: row['load_unit'],
      from: row['from_id'],
      to: row['to_id'],
      ...(row['order_id'] !== null && { order: row['order_id'] }),
    } as Movement),
  );
}

/** A host on the wire, as the story wants it. */
export const wiredHost = (host: SimHost): LoneSite['host'] => ({
  skus: (skus) => host.putSkus(skus.map((sku) => ({ sku, unit: 'PCE', strategy: 'fifo' }))),
  announce: (lpn, sku, sscc) =>
    host.announce([
      { lpn, loadUnitType: 'TOTE-600', lines: [{ sku, qty: 5 }], ...(sscc && { sscc }) },
    ]),
  order: (order, loadUnit) => host.createOrder({ order, station, loadUnit }),
});
