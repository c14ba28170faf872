import type { DeviceId } from './ids.ts';
import type { Site, SiteDevice } from './site.ts';

/** What goes between one device and its driver over the broker of the site. */
export interface DeviceTopics {
  readonly device: DeviceId;
  readonly toDevice: readonly string[];
  readonly fromDevice: readonly string[];
}

/** Topics of every device at the broker of the site; nothing else of devices may pass there. */
export const deviceTopicsOf = ({ devices }: Pick<Site, 'devices'>): DeviceTopics[] =>
  devices.flatMap((entry) => topicsOf(entry) ?? []);

function topicsOf(entry: SiteDevice): DeviceTopics | undefined {
  if (entry.type === 'barcode-scanner') {
    const { connection } = entry.settings;
    if (connection.kind !== 'mqtt' || connection.broker !== undefined) return undefined;
    const { topic, triggerTopic, availability } = connection;
    return {
      device: entry.device,
      toDevice: triggerTopic === undefined ? [] : [triggerTopic],
      fromDevice: availability === undefined ? [topic] : [topic, availability.topic],
    };
  }
  if (entry.type !== 'indicator' || entry.settings.broker !== undefined) return undefined;
  const { show, availability } = entry.settings;
  const lamps = Object.values(show.lamps).filter((name) => name !== undefined);
  return {
    device: entry.device,
    toDevice: show.kind === 'json' ? [show.topic] : lamps,
    fromDevice: availability === undefined ? [] : [availability.topic],
  };
}
