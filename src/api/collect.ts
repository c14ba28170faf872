import type { Outbox } from '../ports/outbox.ts';
import type { Reader } from '../ports/reader.ts';
import type { MetricsSnapshot } from './metrics.ts';

/** Orders counted at the most; beyond, the figure would cost more than it tells. */
const ordersMax = 10_000;

/** What a scrape shows, read from the books and the drivers at that moment. */
export function collect(
  reader: Reader,
  outbox: Pick<Outbox, 'lastSequence'>,
  loopLagSeconds: number,
): MetricsSnapshot {
  const { outbox: waiting, hosts = [] } = reader.status();
  const devices = reader.devices();
  const orders = reader.orders({ limit: ordersMax }).items;
  const statuses = new Map<string, number>();
  for (const { kind, status } of orders) {
    const key = `${kind} ${status}`;
    statuses.set(key, (statuses.get(key) ?? 0) + 1);
  }
  return {
    ...(waiting === undefined ? {} : { outboxEvents: waiting.events }),
    ackLagEvents: hosts.map(({ host, ackThrough }) => ({
      labels: { host },
      value: outbox.lastSequence() - Number(ackThrough),
    })),
    orders: [...statuses].map(([key, value]) => {
      const [kind = '', status = ''] = key.split(' ');
      return { labels: { kind, status }, value };
    }),
    deviceUp: devices.map(({ device, availability }) => ({
      labels: { device },
      value: availability === 'online' ? 1 : 0,
    })),
    deviceErrorsTotal: devices.map(({ device, link }) => ({
      labels: { device },
      value: link.errors,
    })),
    alarms: [
      { labels: { priority: '2', state: 'active' }, value: reader.discrepancies('open').length },
    ],
    eventLoopLagSeconds: loopLagSeconds,
  };
}
