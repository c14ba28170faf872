import type { Buffer } from 'node:buffer';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { MqttAvailability } from '../../src/domain/mqtt-settings.ts';
import type { IndicatorFact } from '../../src/ports/indicator.ts';
import { availabilityOf } from '../lib/mqtt-availability.ts';

/** What a message on the availability topic tells; undefined where it is neither of the two words. */
export function interpret(
  device: DeviceId,
  payload: Buffer,
  availability: MqttAvailability,
): IndicatorFact | undefined {
  const said = availabilityOf(payload, availability);
  if (said === undefined) return undefined;
  if (said === 'online') return { device, type: 'indicator.online' };
  const reason = `${availability.topic} says ${availability.offline}`;
  return { device, type: 'indicator.offline', reason };
}
