import type { Discrepancy } from '../domain/books.ts';
import { makeSscc } from '../domain/gs1.ts';
import type { DeviceId, LoadUnitId, Sscc, WorkflowId } from '../domain/ids.ts';
import type { Label, LabelProof } from '../domain/label.ts';
import type { PrinterFact } from '../ports/printer.ts';
import { whyNotAuto } from './device-modes.ts';
import { labelFates } from './resolutions.ts';
import { tellLabel, tellLoadUnit } from './telling.ts';
import type { Work } from './work.ts';

/** Labels that may wait for one printer. */
const labelsWaitingMax = 100;

interface Wish {
  readonly loadUnit: LoadUnitId;
  readonly device: DeviceId;
  readonly point: number;
}

/**
 * Queues a label for a load unit; `label.queued` or `label.notTaken` follows. Its SSCC is new, and never used
 * for another load unit, unless a person has asked for the same label again.
 */
export function printLabel(work: Work, workflow: WorkflowId, wish: Wish): void {
  const { topology, renderLabel } = work.parts;
  const { loadUnit } = wish;
  const { printer, labelTemplate: template } = topology.point(wish.device, wish.point) ?? {};
  if (printer === undefined || template === undefined) return;
  const why = whyNotNow(work, printer);
  if (why !== undefined) {
    const text = `it has no readable SSCC label, and ${why}`;
    work.send(workflow, { type: 'label.notTaken', why: text } as never);
    return;
  }
  const { label: table } = work.warehouse.tables;
  const again = labelsOf(work, loadUnit).find(({ isToReprint }) => isToReprint);
  if (again !== undefined) table.put({ ...again, status: 'failed', isToReprint: false });
  const sscc = again?.sscc ?? newSscc(work);
  const zpl = renderLabel(template, { sscc, loadUnit });
  const copy = (again?.copy ?? 0) + 1;
  const label = queueLabel(work, { printer, template, workflow, loadUnit, sscc, zpl, copy });
  work.send(workflow, { type: 'label.queued', label, sscc } as never);
}

export const newSscc = ({ parts, warehouse }: Work): Sscc =>
  makeSscc(parts.topology.site.sscc, warehouse.next('sscc'));

/** Puts a label behind those that wait for its printer. @returns its number, which the printer drops doubles by */
export function queueLabel(work: Work, row: Omit<Label, 'label' | 'status'>): string {
  const label = `L-${work.warehouse.next('label')}`;
  work.warehouse.tables.label.put({ ...row, label, status: 'queued' });
  const { loadUnit, sscc, printer, copy = 1, name } = row;
  const what = [name, sscc && `with ${sscc}`, copy > 1 && `copy ${copy}`].filter(Boolean);
  work.explain(`Label ${[label, ...what].join(' ')} waits for ${printer}.`, loadUnit, label, name);
  work.touched.add(printer);
  return label;
}

/** Why no label can be put in line for a printer; undefined when it can. */
export function whyNotNow(work: Work, printer: DeviceId): string | undefined {
  const { faults, offline } = work.parts.equipment.printer(printer);
  const why = whyNotAuto(work, printer) ?? offline ?? (faults.join(', ') || undefined);
  if (why !== undefined) return `${printer} cannot print: ${why}`;
  const waiting = labelsAt(work, printer).filter(({ status }) => status === 'queued');
  return waiting.length < labelsWaitingMax
    ? undefined
    : `${labelsWaitingMax} labels wait for ${printer} already: see why it does not print`;
}

/**
 * Gives each printer whose labels have changed the next one that waits, once the one before has its
 * verdict. The row says so before the printer hears of it: after a restart only this
 * one label is in doubt, and those behind it go on in their order.
 */
export function handOver(work: Work): void {
  for (const device of work.touched) {
    const labels = labelsAt(work, device);
    if (labels.some(({ status }) => status === 'sending' || status === 'withdrawn')) continue;
    if (whyNotAuto(work, device) !== undefined) continue;
    const { faults, offline } = work.parts.equipment.printer(device);
    if (labels.length === 0 || faults.length > 0 || offline !== undefined) continue;
    const [next] = labels
      .filter(({ status }) => status === 'queued')
      .toSorted((a, b) => numberOf(a) - numberOf(b));
    if (next !== undefined) work.warehouse.tables.label.put({ ...next, status: 'sending' });
  }
}

/** As text, L-10 stands before L-9. */
const numberOf = ({ label }: Label): number => Number(label.slice(2));

const labelsAt = ({ warehouse }: Work, device: DeviceId): Label[] =>
  [...warehouse.tables.label.values()].filter(({ printer }) => printer === device);

const labelsOf = ({ warehouse }: Work, unit: LoadUnitId | undefined): Label[] =>
  [...warehouse.tables.label.values()].filter(({ loadUnit }) => loadUnit === unit);

/** Takes back a label. One that the printer has not heard of is simply not printed. */
export function withdrawLabel(work: Work, label: string): void {
  const row = work.warehouse.tables.label.get(label);
  if (row?.status === 'sending') {
    work.warehouse.tables.label.put({ ...row, status: 'withdrawn' });
    work.touched.add(row.printer);
  } else if (row?.status === 'queued') {
    const reason = 'withdrawn before it was sent';
    onVerdict(work, { device: row.printer, type: 'printer.notTaken', jobId: label, reason });
  } else if (row?.status === 'unknown' || row?.status === 'printed') askFor(work, row);
}

/** Whoever was to read it has ended, and may never see it: a person has to. */
function askFor(work: Work, { loadUnit, workflow, sscc }: Label): void {
  work.raise({
    code: 'LABEL_UNKNOWN',
    text: `Find the label ${sscc}: ${loadUnit} has left before it was read on it.`,
    ...{ loadUnit, workflow, resolutions: labelFates },
  });
}

type Verdict = Extract<PrinterFact, { readonly jobId: string }>;
const statuses = {
  'printer.printed': 'printed',
  'printer.notTaken': 'failed',
  'printer.unknown': 'unknown',
} as const;

/** What has become of a label, told once. */
export function onVerdict(work: Work, fact: Verdict): void {
  const row = work.warehouse.tables.label.get(fact.jobId);
  if (row === undefined || !['queued', 'sending', 'withdrawn'].includes(row.status)) return;
  const status = statuses[fact.type];
  const proof = fact.type === 'printer.printed' ? { proof: fact.proof } : {};
  const changed = { ...row, status, ...proof };
  work.warehouse.tables.label.put(changed);
  tellLabel(work, changed, status);
  work.touched.add(row.printer);
  const { label, sscc, loadUnit, workflow, name } = row;
  const remark = fact.type === 'printer.printed' ? fact.remark : fact.reason;
  const outcome = fact.type === 'printer.printed' ? `printed, ${fact.proof}` : status;
  const more = remark === undefined ? '' : ` (${remark})`;
  const what = [name ?? label, sscc && `with ${sscc}`].filter(Boolean).join(' ');
  work.explain(`Label ${what}: ${outcome}${more}.`, loadUnit, label, name, row.printer);
  if (workflow === undefined) endRequested(work, changed);
  else tellVerdict(work, changed, workflow, fact);
}

function tellVerdict(work: Work, row: Label, workflow: WorkflowId, fact: Verdict): void {
  // No label has come out: nobody needs to look for it.
  if (row.status === 'failed') {
    work.settleWhere((open) => open.code === 'LABEL_UNKNOWN' && open.workflow === workflow);
  }
  const isOwnerless = !work.warehouse.tables.workflow.has(workflow);
  if (isOwnerless && row.status !== 'failed' && !row.isToReprint) askFor(work, row);
  if (fact.type === 'printer.printed') {
    return work.send(workflow, { type: 'label.printed', proof: fact.proof } as never);
  }
  const type = fact.type === 'printer.unknown' ? 'label.unknown' : 'label.notTaken';
  work.send(workflow, { type, why: `no label: ${fact.reason}` } as never);
}

/**
 * Nobody waits for it but a host or a person, who has been told. Printed, the load unit has the number that it bears, or
 * nobody would know it again where that is scanned; in doubt, the next label has the same one.
 */
function endRequested(work: Work, row: Label): void {
  const { status, loadUnit, sscc, zpl } = row;
  if (status !== 'printed' && loadUnit !== undefined) return;
  work.warehouse.tables.label.put({ ...row, isSettled: true });
  if (loadUnit === undefined || sscc === undefined || !zpl.includes(sscc)) return;
  if (work.unit(loadUnit).sscc !== undefined) return;
  tellLoadUnit(work, work.edit(loadUnit, { sscc }), 'identified');
}

/** It is proved as far as its point asks for: the load unit has this SSCC. */
export function labelVerified(
  work: Work,
  proved: { label: string; loadUnit: LoadUnitId; sscc: Sscc; proof: LabelProof },
): void {
  const { label, loadUnit, sscc, proof } = proved;
  const row = work.warehouse.tables.label.get(label);
  if (row !== undefined) putProved(work, row, proof);
  work.explain(`Label ${label} with ${sscc} belongs to ${loadUnit}: ${proof}.`, loadUnit, label);
  tellLoadUnit(work, work.edit(loadUnit, { sscc }), 'identified');
}

function putProved(work: Work, row: Label, proof: LabelProof): void {
  const status = proof === 'scanned' ? 'verified' : 'printed';
  const changed = { ...row, status, proof, isSettled: true } as const;
  work.warehouse.tables.label.put(changed);
  if (status === 'verified') tellLabel(work, changed, status);
}

/** The label that a question is about: that of the workflow which has asked, not one that was printed since. */
function labelIn(work: Work, { loadUnit, workflow }: Discrepancy): Label | undefined {
  return labelsOf(work, loadUnit).find((row) => row.workflow === workflow && !row.isSettled);
}

const isWaitedFor = ({ warehouse }: Work, { isSettled, workflow }: Label): boolean =>
  !isSettled && workflow !== undefined && warehouse.tables.workflow.has(workflow);

/** A person has seen it on the load unit. @returns why that cannot be */
export function labelCameOut(work: Work, open: Discrepancy): string | undefined {
  const row = labelIn(work, open);
  if (row === undefined) return `no label of ${open.loadUnit} is in question any more`;
  const { sscc } = work.unit(row.loadUnit as LoadUnitId);
  if (sscc !== undefined) return `${row.loadUnit} has the label ${sscc} already`;
  const next = labelsOf(work, open.loadUnit).find(
    (other) => other !== row && isWaitedFor(work, other),
  );
  if (next !== undefined) return `${row.loadUnit} gets another label just now: ${next.label}`;
  work.warehouse.tables.label.put({ ...row, status: 'verified', isSettled: true });
  tellLabel(work, row, 'verified');
  const named = work.edit(row.loadUnit as LoadUnitId, { sscc: row.sscc });
  tellLoadUnit(work, named, 'identified');
  return undefined;
}

/** No copy of it is anywhere: the load unit gets the same one when it is next labeled. @returns why not */
export function labelToReprint(work: Work, open: Discrepancy): string | undefined {
  const row = labelIn(work, open);
  if (row === undefined) return `no label of ${open.loadUnit} is in question any more`;
  work.warehouse.tables.label.put({ ...row, isToReprint: true });
  return undefined;
}

/** It does not exist, or does no more: the load unit gets another one. */
export function labelGone(work: Work, open: Discrepancy): undefined {
  const row = labelIn(work, open);
  if (row === undefined) return;
  work.warehouse.tables.label.put({ ...row, status: 'failed', isSettled: true });
  tellLabel(work, row, 'failed');
}
