import type { PrinterFact } from '../ports/printer.ts';
import { onVerdict } from './labels.ts';
import type { Work } from './work.ts';

/** Takes in what a printer says. Nothing is printed twice by itself. */
export function onPrinterFact(work: Work, fact: PrinterFact): void {
  const { device } = fact;
  const { equipment } = work.parts;
  switch (fact.type) {
    case 'printer.ready':
    case 'printer.unheard':
      equipment.setPrinter(device, { faults: [], offline: undefined });
      // A label may wait for it.
      work.touched.add(device);
      return work.settleWhere((open) => open.code === 'PRINTER_FAULT' && open.device === device);
    case 'printer.offline':
      return equipment.setPrinter(device, { offline: fact.reason });
    case 'printer.faulted':
      equipment.setPrinter(device, { faults: fact.faults, offline: undefined });
      return raiseFault(work, fact);
    case 'printer.printed':
    case 'printer.notTaken':
    case 'printer.unknown':
      return onVerdict(work, fact);
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
