import type { LampColor, LampMode } from '../../src/domain/indication.ts';

/**
 * The lamps a light may have, from top to bottom, with what each color asks of a person.
 *
 * Source: IEC 60073, table 2; IEC 60204-1, section 10.3 (red, amber, green, blue and white from the top).
 */
export const lamps: readonly { readonly color: LampColor; readonly asks: string }[] = [
  { color: 'red', asks: 'act at once: a machine has a fault, or nobody knows what it did' },
  { color: 'amber', asks: 'look: something is held up, or not heard' },
  { color: 'green', asks: 'nothing: the machines work' },
  { color: 'blue', asks: 'answer: a question waits for a person' },
  { color: 'white', asks: 'nothing: a machine is operated by hand' },
];

/** The more urgent of two wishes for one lamp comes last. */
export const urgency: readonly LampMode[] = ['off', 'steady', 'blink'];

/** The lamp that speaks for one that a light does not have; the others just are not there. */
export const standIns: { readonly [C in LampColor]?: LampColor } = { blue: 'amber' };
