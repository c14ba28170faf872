import type { PrinterFact } from '../ports/printer.ts';
import { tellLabel } from './telling.ts';
import type { Work } from './work.ts';

/** Takes in what a printer says. Nothing is printed twice by itself. */
export function onPrinterFact(work: Work, fact: PrinterFact): void {
  const { device } = fact;
  const { equipment } = work.parts;
  switch (fact.type) {
    case 'printer.ready':
      equipment.setPrinter(device, { faults: [], offline: undefined });
      return work.settleWhere((open) => open.code === 'PRINTER_FAULT' && open.device === device);
    case 'printer.offline':
      return equipment.setPrinter(device, { offline: fact.reason });
    case 'printer.faulted':
      equipment.setPrinter(device, { faults: fact.faults, offline: undefined });
      return work.raise({
        code: 'PRINTER_FAULT',
        device,
        text: `${device} cannot print: ${fact.faults.join(', ')}.`,
      });
    case 'printer.printed':
      return onVerdict(work, fact.jobId, 'printed', { type: 'label.printed' });
    case 'printer.notTaken':
      return onVerdict(work, fact.jobId, 'failed', { type: 'label.notTaken', why: fact.reason });
    case 'printer.unknown':
      return onVerdict(work, fact.jobId, 'unknown', { type: 'label.unknown', why: fact.reason });
  }
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
