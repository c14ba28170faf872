import type { DeviceId } from './ids.ts';

/**
 * How far Craneway may use a device, as a person has set it.
 *
 * `off`: no connection. `observe`: connected and read; nothing is written that could change anything.
 * `manual`: connected and claimed, what is under way goes on, and Craneway begins nothing by itself.
 * `auto`: it works.
 */
export type DeviceMode = 'off' | 'observe' | 'manual' | 'auto';

/** Whether frames may go out that change something: what is under way may go on. */
export const isCommanded = (mode: DeviceMode): boolean => mode === 'manual' || mode === 'auto';

/** Who has set the mode of a device, and when. Without a row it is `auto`. */
export interface ModeRow {
  readonly device: DeviceId;
  readonly mode: DeviceMode;
  /** A person's pseudonym. */
  readonly by: string;
  readonly atMs: number;
}
