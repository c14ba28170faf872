/** Conditions of a printer that stay until they are switched off. */
const conditions = {
  paperOut: 'The roll is used up or torn; a label in the midst of it is spoiled.',
  ribbonOut: 'The ribbon is used up; a label in the midst of it is spoiled.',
  headOpen: 'Someone has opened the print head; a label in the midst of it is spoiled.',
  paused: 'The pause button was pressed; what is being printed is finished first.',
  overTemperature: 'The head is too hot and cools down between two labels.',
  cutterJam: 'The cutter is stuck. Only ~HQES tells it.',
  strangeError: 'An error bit of ~HQES that no manual names.',
  bufferFull: 'It says that its receive buffer is full.',
  noAnswer: 'It answers nothing at all.',
  silentInFaults: 'Old firmware: it answers nothing while it cannot print.',
  windowClosed: 'It takes no more bytes; on a serial line it sends XOFF.',
  slow: 'Every answer comes seconds late.',
  noise: 'Control characters and text that nobody asked for stand before every answer.',
  garbled: 'Answers are framed well and hold nonsense.',
  wrongDpmm: 'A print head of the other resolution than the site file says.',
  noOdometer: 'Firmware that does not know the odometer and answers "?".',
  plain: 'An emulation that answers ~HS and nothing else.',
  prefixChanged: 'Someone has changed the format prefix with ^CC.',
  prefixLocked: 'It ignores ^CC, ^CT and ^CD.',
  foreignChannel: 'Another computer holds the printer; what we send waits until it lets go.',
  cutBeforeEnd: 'The link breaks in the midst of the next label, so that half of it is there.',
  cutAfterEnd: 'The link breaks after the next label has come in whole.',
} as const;

/** What happens once, when it is switched on. */
const events = {
  linkCut: 'Every connection breaks now.',
  restart: 'Power off and on: labels and half labels in its memory are lost.',
  cancelAll: 'The cancel button: all labels that wait are thrown away.',
} as const;

export type PrinterCondition = keyof typeof conditions;
export type PrinterEvent = keyof typeof events;
export type PrinterFaultName = PrinterCondition | PrinterEvent;

/** Every switch of the simulated printer. `once`: switching it off does nothing. */
export const printerFaultKinds: Readonly<
  Record<PrinterFaultName, { readonly once: boolean; readonly doc: string }>
> = { ...rows(conditions, false), ...rows(events, true) };

/** Which conditions there are now. */
export type PrinterFaults = Readonly<Record<PrinterCondition, boolean>>;

export const noFaults = Object.fromEntries(
  Object.keys(conditions).map((name) => [name, false]),
) as PrinterFaults;

export const isEvent = (name: PrinterFaultName): name is PrinterEvent => name in events;

function rows<N extends string>(docs: Readonly<Record<N, string>>, once: boolean) {
  return Object.fromEntries(
    Object.entries<string>(docs).map(([name, doc]) => [name, { once, doc }]),
  ) as Record<N, { once: boolean; doc: string }>;
}
