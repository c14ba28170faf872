import type { Indicator } from '../../src/ports/indicator.ts';
import { type IndicatorOptions, StackLight } from './driver.ts';

/** What this driver is, as data. The site file names `type`. */
export const indicator = {
  type: 'indicator',
  role: 'indicator',
  transports: ['mqtt'],
  open: (options: IndicatorOptions): Indicator => new StackLight(options),
} as const;
