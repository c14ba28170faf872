import { ValueError } from '../../src/domain/errors.ts';

/** A whole number that says how bad a fault is, or where. */
export interface FaultParameter {
  readonly doc: string;
  readonly min: number;
  readonly max: number;
  /** Those that there are, where there are gaps. */
  readonly known?: readonly number[];
  /** Taken when none is given; without a default it may be left out. */
  readonly default?: number;
}

export type FaultValues = Readonly<Record<string, number | undefined>>;

/** One way in which a simulated device can be made to go wrong. */
export interface Fault {
  readonly doc: string;
  /** It happens when it is switched on, and has no off. */
  readonly isMoment?: boolean;
  readonly parameters?: Readonly<Record<string, FaultParameter>>;
  /** As the device is now: what waits for an occasion is off once it has come. */
  isOn(): boolean;
  /** @throws {ValueError} when the device cannot fail like this at that place */
  set(isOn: boolean, values: FaultValues): void;
}

export type Faults = Readonly<Record<string, Fault>>;

/** How often a fault strikes before it is over by itself. */
export const timesParameter = {
  doc: 'how often, then it is over; left out: until it is switched off',
  min: 1,
  max: 1_000,
} as const satisfies FaultParameter;

export const timesOf = ({ times = Number.POSITIVE_INFINITY }: FaultValues): number => times;

/** A fault of something that is `on` or not. */
export function level(doc: string, get: () => boolean, set: (isOn: boolean) => void): Fault {
  return { doc, isOn: get, set };
}

/** A fault that strikes a number of times; `left` holds how often still. */
export function counted(doc: string, left: { times: number }): Fault {
  return {
    doc,
    parameters: { times: timesParameter },
    isOn: () => left.times > 0,
    set(isOn, values) {
      left.times = isOn ? timesOf(values) : 0;
    },
  };
}

/** Something that happens at once. */
export const moment = (doc: string, happen: () => void): Fault => ({
  doc,
  isMoment: true,
  isOn: () => false,
  set(isOn) {
    if (isOn) happen();
  },
});

/** Uses one stroke of a counted fault. @returns whether there was one */
export function strikes(left: { times: number }): boolean {
  if (left.times <= 0) return false;
  left.times--;
  return true;
}

/**
 * The values that a fault is set with.
 *
 * @throws {ValueError} for one that the fault does not have, or outside of its bounds
 */
export function checkedValues(name: string, fault: Fault, given: FaultValues): FaultValues {
  const parameters = fault.parameters ?? {};
  const names = Object.keys(parameters);
  for (const key of Object.keys(given)) {
    if (names.includes(key)) continue;
    const has = names.length === 0 ? 'no parameters' : `the parameters ${names.join(', ')}`;
    throw new ValueError(`${name} has ${has}, and no ${key}`);
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([key, { min, max, known, default: otherwise }]) => {
      const value = given[key] ?? otherwise;
      if (value !== undefined && known?.includes(value) === false) {
        throw new ValueError(`${key} of ${name} is one of ${known.join(', ')}`);
      }
      if (value !== undefined && !(Number.isInteger(value) && value >= min && value <= max)) {
        throw new ValueError(`${key} of ${name} is a whole number from ${min} to ${max}`);
      }
      return [key, value];
    }),
  );
}
