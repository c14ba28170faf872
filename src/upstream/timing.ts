/** Every delay and bound of the way to the hosts; tests shorten some. */
export interface UpstreamTiming {
  /** Delay before the first new attempt to reach the broker; doubles from there. */
  readonly dialFirstMs: number;
  readonly dialMaxMs: number;
  /** A connection that lived this long begins again with `dialFirstMs`. */
  readonly stableMs: number;
  readonly connectLimitMs: number;
  /** Longest wait for a PUBACK; the connection is given up then. */
  readonly publishLimitMs: number;
  /** How long retained acks are waited for after each connect. */
  readonly acksWaitMs: number;
  readonly deviceEveryMs: number;
  readonly statusEveryMs: number;
  /** The status is looked at this often, and sent when it has changed. */
  readonly statusLookMs: number;
  /** A mark that rests this long while its host is online makes its events repeated. */
  readonly markRestMs: number;
  readonly stopLimitMs: number;
}

export const defaultTiming: UpstreamTiming = {
  dialFirstMs: 1000,
  dialMaxMs: 60_000,
  stableMs: 10_000,
  connectLimitMs: 10_000,
  publishLimitMs: 10_000,
  acksWaitMs: 2000,
  deviceEveryMs: 200,
  statusEveryMs: 30_000,
  statusLookMs: 1000,
  markRestMs: 30_000,
  stopLimitMs: 2000,
};
