import { Buffer } from 'node:buffer';
import type { MqttAvailability } from '../../src/domain/mqtt-settings.ts';

/**
 * What a device, or the last will that it has left with its broker, says of itself.
 *
 * @returns undefined for any other text: nothing is known by it
 */
export function availabilityOf(
  payload: Buffer,
  { online, offline }: MqttAvailability,
): 'online' | 'offline' | undefined {
  if (payload.equals(Buffer.from(online))) return 'online';
  return payload.equals(Buffer.from(offline)) ? 'offline' : undefined;
}
