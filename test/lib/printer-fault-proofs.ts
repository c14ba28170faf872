import type { PrinterFaultName } from '../../simulators/zpl-printer/conditions.ts';
import { by, type Proof } from './proof.ts';

const printer = (...tests: string[]) => [by('devices/zpl-printer-faults.test.ts', ...tests)];
const interrupted = printer(
  '%s in the midst of a label: it is told as sent at most, and not printed again by itself',
);
const finished = printer(
  '%s in the midst of a label: it is finished, and counts in full when the printer is good again',
);
const toldByErrorBits = printer('%s is told though ~HS knows nothing of it');
const provesLess = printer('%s proves that a label is accepted, and no more');
const unset = printer('prefixes that someone has changed are set back before a label');
const inDoubt = [
  by(
    'devices/zpl-printer.test.ts',
    'a job that is cut %s is in doubt, and never sent again by itself',
  ),
];

/** By the names of the simulated printer's faults. */
export const printerProofs: Readonly<Record<PrinterFaultName, readonly Proof[]>> = {
  paperOut: [
    ...printer('paper out before a label: it waits, and comes out once there is paper'),
    ...interrupted,
  ],
  ribbonOut: interrupted,
  headOpen: interrupted,
  paused: finished,
  overTemperature: finished,
  cutterJam: toldByErrorBits,
  strangeError: toldByErrorBits,
  bufferFull: [
    by('devices/zpl-printer-status.test.ts', 'every fault is told, and silence is one of them'),
  ],
  noAnswer: printer(
    'where the line goes one way, the status is unknown and a label is sent, no more',
  ),
  silentInFaults: printer(
    'a printer of old firmware says nothing in a fault: that is a fault, and no label goes out',
  ),
  windowClosed: printer(
    'the window closes in the midst of a label: the printer is busy, and nothing is sent again',
  ),
  slow: [
    by(
      'devices/zpl-printer.test.ts',
      'a printer whose answers all come late gets no label: they may tell of the past',
    ),
  ],
  noise: printer('noise between answers changes nothing'),
  garbled: printer('a printer that answers nonsense gets no label, and the nonsense is counted'),
  wrongDpmm: printer(
    'a print head of another resolution is told with what to change, and gets no label',
  ),
  noOdometer: provesLess,
  plain: provesLess,
  prefixChanged: unset,
  prefixLocked: printer(
    'a printer that ignores a label, as its prefix cannot be set back, leaves it in doubt',
  ),
  foreignChannel: printer(
    'another computer holds the printer: it is busy, and our label comes out once, later',
  ),
  cutBeforeEnd: inDoubt,
  cutAfterEnd: inDoubt,
  linkCut: [
    by(
      'devices/zpl-printer-line.test.ts',
      'that is unplugged in the midst of a label leaves it in doubt',
    ),
  ],
  restart: printer(
    'the printer restarts in the midst of a label: it is in doubt, and lost in its memory',
  ),
  cancelAll: printer(
    'labels that a person throws away at the printer are in doubt: its odometer has counted none',
  ),
};
