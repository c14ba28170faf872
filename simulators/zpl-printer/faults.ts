import { type Faults, level, moment } from '../lib/fault.ts';
import type { PrinterFaults } from './model.ts';
import type { PrinterSimulator } from './server.ts';

const conditions = {
  paperOut: 'The roll is used up.',
  ribbonOut: 'The ribbon is used up.',
  headOpen: 'Someone has opened the print head.',
  paused: 'The pause button was pressed.',
  noAnswer: 'It says nothing when it is asked how it is.',
} as const satisfies Record<keyof PrinterFaults, string>;

/** What can go wrong with a printer. */
export function printerFaults(printer: PrinterSimulator): Faults {
  const names = Object.keys(conditions) as (keyof PrinterFaults)[];
  return {
    ...Object.fromEntries(
      names.map((name) => [
        name,
        level(
          conditions[name],
          () => printer.state().faults[name],
          (isOn) => printer.setFaults({ [name]: isOn }),
        ),
      ]),
    ),
    cutBeforeEnd: moment(
      'The link breaks in the midst of the next label: half of it is there.',
      () => printer.cutInNextJob('beforeEnd'),
    ),
    cutAfterEnd: moment('The link breaks after the next label has come in whole.', () =>
      printer.cutInNextJob('afterEnd'),
    ),
  };
}
