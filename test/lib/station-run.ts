import type { OperatorOutcome } from '../../src/ports/intake.ts';
import { announced, type FlowRig, station } from './flow-rig.ts';
import { retrieves, stores } from './stories.ts';

/** An order of the host to pick a quantity of SKU A. */
export const pickOrder = (order: string, qty: number, more: object = {}) => ({
  ...{ order, kind: 'pick', station: 'PICK-01', lines: [{ line: 1, sku: 'A', qty }] },
  ...more,
});

/** GTIN of SKU A. */
export const gtin = '09506000134352';

/** A site with totes of SKU A in their cells, whose articles bear a GTIN. */
export async function stockedWithArticles(
  ...totes: [string, number?, string?][]
): Promise<FlowRig> {
  const rig = await announced(...totes);
  await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs', strategy: 'fifo', gtin }] });
  for (const [lpn] of totes) stores(rig, lpn);
  return rig;
}

/** The same with an order whose first tote has come to the station and has been scanned there. */
export async function atPick(
  qty: number,
  totes: [string, number?, string?][] = [['T-1', 10]],
  more: object = {},
): Promise<FlowRig> {
  const rig = await stockedWithArticles(...totes);
  await rig.command('order.create', pickOrder('PK-1', qty, more));
  retrieves(rig, totes[0]?.[0] ?? '');
  return rig;
}

export const scan = (rig: FlowRig, code: string, operator = 'op-1'): Promise<OperatorOutcome> =>
  rig.operator({ act: 'scan', station, code, operator } as never);

export const answer = (
  rig: FlowRig,
  choice: string,
  more: { qty?: number; reason?: string; step?: number; operator?: string } = {},
): Promise<OperatorOutcome> => rig.operator({ act: 'answer', station, choice, ...more } as never);

export async function scans(rig: FlowRig, ...codes: string[]): Promise<void> {
  for (const code of codes) {
    const outcome = await scan(rig, code);
    if (!outcome.ok) throw new Error(`${code}: ${outcome.reason}`);
  }
}

/** What the people at the station are to do, in short. */
export const asked = (rig: FlowRig): string => {
  const { kind, loadUnit = '-' } = rig.flow.books.station('PICK-01') ?? { kind: 'none' };
  return `${kind} ${loadUnit}`;
};

/** What lies in a load unit, in short. */
export const linesOf = (rig: FlowRig, name: string): readonly string[] =>
  rig.unit(name).lines.map(({ sku, qty, stockStatus }) => `${qty} ${sku} ${stockStatus}`);

/** What may be answered at the pick station. */
export const choices = (rig: FlowRig) =>
  rig.flow.books.station('PICK-01')?.choices.map(({ choice }) => choice);

/** What happens one after the other, each with how the site is afterwards. */
export type Day = readonly (readonly [name: string, act: (rig: FlowRig) => unknown])[];

/** A day with T-1 in stock, after one of whose acts the controller is restarted; -1: never. */
export async function liveThrough(day: Day, restartAfter: number): Promise<FlowRig> {
  const rig = await stockedWithArticles(['T-1', 10]);
  for (const [i, [, act]] of day.entries()) {
    await act(rig);
    if (i === restartAfter) rig.restart();
  }
  return rig;
}
