import type { PrinterFact } from '../ports/printer.ts';
import { tellLabel } from './telling.ts';
import type { Work } from './work.ts';

/** Takes in what a printer says. Nothing is printed twice by itself. */
export function onPrinterFact(work: Work, fact: PrinterFact): void {
  const { device } = fact;
  const { equipment } = work.parts;
  switch (fact.type) {
    case 'printer.ready':
    case 'printer.unheard':
      equipment.setPrinter(device, { faults: [], offline: undefined });
      return work.settleWhere((open) => open.code === 'PRINTER_FAULT' && open.device === device);
    case 'printer.offline':
      return equipment.setPrinter(device, { offline: fact.reason });
    case 'printer.faulted':
      equipment.setPrinter(device, { faults: fact.faults, offline: undefined });
      return raiseFault(work, fact);
    case 'printer.printed':
      return onVerdict(work, fact.jobId, 'printed', { type: 'label.printed' });
    case 'printer.notTaken':
      return onVerdict(work, fact.jobId, 'failed', { type: 'label.notTaken', why: fact.reason });
    case 'printer.unknown':
      return onVerdict(work, fact.jobId, 'unknown', { type: 'label.unknown', why: fact.reason });
  }
}

/** The newest fault is what a person has to know: an older question of this printer gives way to it. */
function raiseFault(work: Work, fact: Extract<PrinterFact, { type: 'printer.faulted' }>): void {
  const { device, faults, detail } = fact;
  const why = detail === undefined ? '' : ` (${detail})`;
  const text = `${device} cannot print: ${faults.join(', ')}${why}.`;
  work.settleWhere(
    (open) => open.code === 'PRINTER_FAULT' && open.device === device && open.text !== text,
  );
  work.raise({ code: 'PRINTER_FAULT', device, text });
}

function onVerdict(
  work: Work,
  jobId: string,
  status: 'printed' | 'failed' | 'unknown',
  event: { readonly type: string; readonly why?: string },
): void {
  const label = work.warehouse.tables.label.get(jobId);
  if (label === undefined || (label.status !== 'queued' && label.status !== 'withdrawn')) return;
  work.warehouse.tables.label.put({ ...label, status });
  tellLabel(work, label, status);
  work.touched.add(label.printer);
  const why = event.why === undefined ? {} : { why: `no label: ${event.why}` };
  work.send(label.workflow, { ...event, ...why } as never);
}
