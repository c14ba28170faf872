import type { FlowRig } from './flow-rig.ts';
import { pickOrder, stockedWithArticles } from './station-run.ts';
import { retrieves } from './stories.ts';

export type Wish = readonly [order: string, qty: number, more?: object];

export async function ordered(rig: FlowRig, ...wishes: readonly Wish[]): Promise<FlowRig> {
  for (const [name, qty, more] of wishes) {
    await rig.command('order.create', pickOrder(name, qty, more));
  }
  return rig;
}

export const shared = async (...wishes: readonly Wish[]) =>
  ordered(await stockedWithArticles(['T-1', 10], ['T-2', 10]), ...wishes);

/** The same when their load unit has been scanned at the station. */
export async function visited(...wishes: readonly Wish[]): Promise<FlowRig> {
  const rig = await shared(...wishes);
  retrieves(rig, 'T-1');
  return rig;
}

/** Load units that are on their way to orders. */
export const openOf = (rig: FlowRig, ...orders: string[]) =>
  orders.map((name) => rig.flow.warehouse.tables.order.get(name as never)?.open.join());
