/** Lamps of a stack light, in the meaning that IEC 60073 and IEC 60204-1 give their colors. */
export type LampColor = 'red' | 'amber' | 'green' | 'blue' | 'white';
export type LampMode = 'off' | 'steady' | 'blink';

/** What a light shows: a level, which is the same however often it is said. */
export type Indication = Readonly<Record<LampColor, LampMode>>;

/** What is known of one machine of an area. */
export interface MachineNow {
  /** It was read since the start of the controller, and is connected. */
  readonly isHeard: boolean;
  /** Nobody knows what has become of its mission: it gets nothing to do until a person has looked. */
  readonly isInDoubt?: boolean;
  readonly isFaulted?: boolean;
  /** It cannot work now and says why, such as an open safety circuit or paper that has run out. */
  readonly isHeldUp?: boolean;
  /** Somebody else than the controller operates it. */
  readonly isManual?: boolean;
}

/** Nothing is known, not even whether something is wrong. */
export const dark: Indication = {
  red: 'off',
  amber: 'off',
  green: 'off',
  blue: 'off',
  white: 'off',
};

/**
 * What a light shows of an area.
 *
 * | Lamp  | Steady | Blinks |
 * |-------|--------|--------|
 * | red   | a machine has a fault | a machine is in doubt |
 * | amber | a machine is held up | a machine is not heard: what it does is unknown |
 * | blue  | a question waits for a person | |
 * | white | somebody operates a machine by hand | |
 * | green | all machines are heard, and none is red, held up or operated by hand | |
 *
 * A question does not put green out: the machines go on beside it. An area without machines is green
 * while nothing is asked.
 *
 * @param questions  open discrepancies in the area
 *
 * Source: IEC 60073, table 2 (meaning of colors); IEC 60204-1, section 10.3 (indicator lights).
 */
export function indicationOf(machines: readonly MachineNow[], questions: number): Indication {
  const some = (is: keyof MachineNow) => machines.some((machine) => machine[is] === true);
  const isUnheard = machines.some(({ isHeard }) => !isHeard);
  const isStopped =
    isUnheard || (['isInDoubt', 'isFaulted', 'isHeldUp', 'isManual'] as const).some(some);
  const isAsking = questions > 0;
  return {
    red: some('isInDoubt') ? 'blink' : lit(some('isFaulted')),
    amber: isUnheard ? 'blink' : lit(some('isHeldUp')),
    green: lit(!isStopped && (machines.length > 0 || !isAsking)),
    blue: lit(isAsking),
    white: lit(some('isManual')),
  };
}

const lit = (isOn: boolean): LampMode => (isOn ? 'steady' : 'off');
