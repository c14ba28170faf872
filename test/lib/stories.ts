import { at, cell } from './demo.ts';
import { announced, type FlowRig } from './flow-rig.ts';

/** The tote of a scan leaves the identification point as it was told, and stands before the crane. */
export function toPd(rig: FlowRig, scanSeq: number): number {
  rig.conveyor.leave(1, scanSeq);
  rig.settle();
  const arrival = rig.conveyor.arrive(3);
  rig.settle();
  return arrival;
}

/** A tote comes to the identification point and is read. @returns its number there */
export function inducts(rig: FlowRig, code: string | undefined, scan = {}): number {
  const scanSeq = rig.conveyor.arrive(1, scan);
  rig.settle().read('scan-in-1', code);
  return scanSeq;
}

/** The crane does what it was told. */
export function craneRuns(rig: FlowRig): void {
  const command = rig.crane.command;
  if (command === undefined || !('to' in command)) throw new Error('the crane has no mission');
  rig.crane.answer();
  rig.settle();
  if (command.command === 'transfer') rig.crane.pick();
  rig.settle();
  rig.crane.end('done', command.to);
  rig.settle();
}

/** From the infeed into its cell. */
export function stores(rig: FlowRig, code: string): void {
  const arrival = toPd(rig, inducts(rig, code));
  craneRuns(rig);
  rig.conveyor.confirm(3, { scanSeq: arrival, exitTaken: 1, outcome: 'asAnswered' });
  rig.settle();
}

/** From the P&D station to the workstation, where nobody has scanned it yet. */
export function outfeeds(rig: FlowRig): void {
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle();
  rig.conveyor.leave(2, scanSeq);
  rig.settle();
}

/** From its cell to the hands of a person. */
export function retrieves(rig: FlowRig, code: string): void {
  craneRuns(rig);
  outfeeds(rig);
  rig.read('scan-pick-1', code);
}

/** A site with totes in their cells: the first one next to the station, the others behind it. */
export async function stocked(...totes: [string, number?, string?][]): Promise<FlowRig> {
  const rig = await announced(...totes);
  for (const [lpn] of totes) stores(rig, lpn);
  return rig;
}

/** An order of the host for one load unit, or for a quantity of SKU A. */
export const orderFor = (order: string, what: string | number, more: object = {}) => ({
  ...{ order, kind: 'retrieval', station: 'PICK-01' },
  ...(typeof what === 'string' ? { loadUnit: what } : { lines: [{ sku: 'A', qty: what }] }),
  ...more,
});

/** The three cells next to the station, nearest first. */
export const [first, second, third] = [cell(1), cell(1, 1, 'R'), cell(1, 2)];
export const lhd = at('A01-LHD');
export const pdOut = at('A01-PD-OUT');
