import { type Faults, level, moment } from '../lib/fault.ts';
import { isEvent, type PrinterFaultName, printerFaultKinds } from './conditions.ts';
import type { PrinterSimulator } from './server.ts';

/** What can go wrong with a printer. */
export function printerFaults(printer: Pick<PrinterSimulator, 'fault' | 'state'>): Faults {
  const names = Object.keys(printerFaultKinds) as PrinterFaultName[];
  return Object.fromEntries(
    names.map((name) => {
      const { doc } = printerFaultKinds[name];
      const fault = isEvent(name)
        ? moment(doc, () => printer.fault(name, true))
        : level(
            doc,
            () => printer.state().faults[name],
            (isOn) => printer.fault(name, isOn),
          );
      return [name, fault];
    }),
  );
}
