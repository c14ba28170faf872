/** What allocation has to know besides the books. */
export interface Surroundings {
  /** The day that many days from today, `2026-11-22`: what has expired then is not given out. */
  readonly dayIn: (days: number) => string;
  /** Why the crane of an aisle does not work now; undefined when it does. */
  readonly whyStopped: (aisle: string) => string | undefined;
}
