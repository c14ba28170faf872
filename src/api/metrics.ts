import { Counter, Gauge, Histogram, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;
/** A number for each combination of labels. */
export type Series<Label extends string> = readonly {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}[];

/** What is counted and measured elsewhere, asked for once per scrape. What is unknown is left out. */
export interface MetricsSnapshot {
  readonly commandsTotal?: Series<'host' | 'type' | 'result'>;
  readonly outboxEvents?: number;
  readonly outboxOldestAgeSeconds?: number;
  readonly ackLagEvents?: Series<'host'>;
  readonly orders?: Series<'kind' | 'status'>;
  readonly movementsTotal?: Series<'kind'>;
  readonly scansTotal?: Series<'device' | 'verdict'>;
  readonly deviceUp?: Series<'device'>;
  readonly deviceErrorsTotal?: Series<'device'>;
  readonly alarms?: Series<'priority' | 'state'>;
  readonly eventLoopLagSeconds?: number;
}

interface Row {
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
}

/** No label is a load unit, SKU or order: their number has no bound. */
const collected = {
  commandsTotal: counter('commands_total', 'Commands decided', 'host', 'type', 'result'),
  outboxEvents: gauge('outbox_events', 'Events not yet acknowledged by every host'),
  outboxOldestAgeSeconds: gauge('outbox_oldest_age_seconds', 'Age of the oldest of them'),
  ackLagEvents: gauge('ack_lag_events', 'Events that a host has not acknowledged', 'host'),
  orders: gauge('orders', 'Orders', 'kind', 'status'),
  movementsTotal: counter('movements_total', 'Stock movements', 'kind'),
  scansTotal: counter('scans_total', 'Codes read, or not', 'device', 'verdict'),
  deviceUp: gauge('device_up', '1 while the device is online', 'device'),
  deviceErrorsTotal: counter('device_errors_total', 'Errors on the wire', 'device'),
  alarms: gauge('alarms', 'Alarms', 'priority', 'state'),
  eventLoopLagSeconds: gauge('event_loop_lag_seconds', 'Delay of the event loop'),
} satisfies Record<keyof MetricsSnapshot, Row & { readonly name: string }>;

/** The figures of `/metrics`, each named `craneway_…`. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #collect: () => MetricsSnapshot;
  readonly #metrics: ReadonlyMap<keyof MetricsSnapshot, Counter | Gauge>;
  readonly #command: Histogram;
  readonly #divert: Histogram;
  readonly #commit: Histogram;

  /** @param collect  called once per scrape; totals are since start */
  constructor(collect: () => MetricsSnapshot) {
    this.#collect = collect;
    const registers = [this.#registry];
    this.#metrics = new Map(
      Object.entries(collected).map(([key, { kind, name, help, labels }]) => {
        const Kind = kind === 'counter' ? Counter : Gauge;
        const metric = new Kind({ name: `craneway_${name}`, help, labelNames: labels, registers });
        return [key as keyof MetricsSnapshot, metric];
      }),
    );
    const seconds = (name: string, help: string) =>
      new Histogram({ name: `craneway_${name}_seconds`, help, buckets: bucketsS, registers });
    this.#command = seconds('command_duration', 'From a command to its committed reply');
    this.#divert = seconds('divert_duration', 'From a scan to the answer on the wire');
    this.#commit = seconds('commit_duration', 'One transaction, the disk included');
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The figures in the text format of Prometheus. */
  text(): Promise<string> {
    const snapshot = this.#collect();
    for (const [key, metric] of this.#metrics) {
      metric.reset();
      // A reset leaves a zero where there are no labels; nobody has said that it is zero.
      if (collected[key].labels.length === 0) metric.remove();
      fill(metric, snapshot[key]);
    }
    return this.#registry.metrics();
  }

  commandTook(seconds: number): void {
    this.#command.observe(seconds);
  }

  divertTook(seconds: number): void {
    this.#divert.observe(seconds);
  }

  commitTook(seconds: number): void {
    this.#commit.observe(seconds);
  }
}

const bucketsS = [0.0002, 0.0005, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

function fill(metric: Counter | Gauge, value: number | Series<string> | undefined): void {
  const series = typeof value === 'number' ? [{ labels: {}, value }] : (value ?? []);
  for (const { labels, value: n } of series) metric.inc(labels as Labels, n);
}

function counter(name: string, help: string, ...labels: string[]) {
  return { kind: 'counter' as const, name, help, labels };
}

function gauge(name: string, help: string, ...labels: string[]) {
  return { kind: 'gauge' as const, name, help, labels };
}
