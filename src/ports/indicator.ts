import type { DeviceId } from '../domain/ids.ts';
import type { Indication } from '../domain/indication.ts';
import type { Device } from './device.ts';

/** What a stack light reports: whether it shows what it is told, as far as that can be known. */
export type IndicatorFact = { readonly device: DeviceId } & (
  | { readonly type: 'indicator.online' }
  | { readonly type: 'indicator.offline'; readonly reason: string }
);

export interface Indicator extends Device {
  /** Shows this from now on. Saying it again changes nothing. */
  drive(indication: Indication): void;
}
