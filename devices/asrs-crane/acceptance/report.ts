/** Names of what can be wrong with a PLC, stable, so that a report can be searched and compared. */
export type Defect =
  | 'ANSWER_SLOW'
  | 'BOOT_ID_IGNORED'
  | 'BOOT_ID_REPEATED'
  | 'CHECK_BLIND'
  | 'CLAIM_NOT_TAKEN'
  | 'CODE_UNKNOWN'
  | 'CRC_UNCHECKED'
  | 'CRC_WRONG'
  | 'DESTINATION_IGNORED'
  | 'DEVICE_NUMBER'
  | 'DEVICE_NUMBER_IGNORED'
  | 'DUPLICATE_REEXECUTED'
  | 'ENABLE_BEFORE_ACK'
  | 'EPOCH_IGNORED'
  | 'EVENT_LOST'
  | 'EVENT_MISSING'
  | 'FRAME_IGNORED'
  | 'HALF_FRAME_TAKEN'
  | 'HOLD_MISSING'
  | 'IGNORED_NOT_COUNTED'
  | 'IGNORED_REASON_WRONG'
  | 'LATE_FRAME_TAKEN'
  | 'LHD_WRONG'
  | 'LIFE_FROZEN'
  | 'LIFE_SLOW'
  | 'MAP_VERSION'
  | 'MAP_VERSION_IGNORED'
  | 'MEMORY_LOSS_HIDDEN'
  | 'MISSION_ENDED_OTHERWISE'
  | 'NONCE_IGNORED'
  | 'POSITION_UNSTEADY'
  | 'REJECT_MISSING'
  | 'REJECT_WRONG'
  | 'RESULT_AFTER_PHASE'
  | 'RESYNC_WRONG'
  | 'RETENTIVE_LOST'
  | 'SELF_TEST_MISSING'
  | 'SEQUENCE_IGNORED'
  | 'SNAPSHOT_TORN'
  | 'START_STANDING'
  | 'STATE_CONTRADICTS'
  | 'WIRE'
  | 'WORD_ORDER'
  | 'WORD_ORDER_IGNORED';

export interface Finding {
  readonly defect: Defect;
  /** What was seen, what was expected, and what to look at. */
  readonly message: string;
}

/** One thing that was looked at. */
export interface CheckResult {
  /** Of the list of the acceptance, 1 to 13. */
  readonly point: number;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'notRun';
  readonly findings: readonly Finding[];
  /** What was seen; why it was not run. */
  readonly notes: readonly string[];
  readonly elapsedMs: number;
}

/** Times of one kind, in milliseconds. */
export interface TimingResult {
  readonly name: string;
  readonly count: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Ten classes of the same width from `minMs` to `maxMs`. */
  readonly histogram: readonly number[];
}

/** The acceptance protocol of one PLC. */
export interface AcceptanceReport {
  readonly interface: string;
  readonly target: string;
  readonly deviceNumber: number | undefined;
  /** UTC, milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly results: readonly CheckResult[];
  readonly timings: readonly TimingResult[];
  /** What has to be done before the PLC goes into production. */
  readonly remarks: readonly string[];
}

/** Whether all that was run is as it has to be, and anything was run at all. */
export const isAccepted = ({ results }: AcceptanceReport): boolean =>
  results.some(({ outcome }) => outcome === 'passed') &&
  results.every(({ outcome }) => outcome !== 'failed');

const classes = 10;

/** @param times  at least one, milliseconds */
export function timingOf(name: string, times: readonly number[]): TimingResult {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const [minMs, maxMs] = [at(0), at(1)];
  const width = (maxMs - minMs) / classes || 1;
  const histogram = new Array<number>(classes).fill(0);
  for (const time of sorted) {
    const index = Math.min(classes - 1, Math.floor((time - minMs) / width));
    histogram[index] = (histogram[index] ?? 0) + 1;
  }
  const rounded = (value: number) => Math.round(value * 10) / 10;
  return {
    ...{ name, count: sorted.length, minMs: rounded(minMs), medianMs: rounded(at(0.5)) },
    ...{ p99Ms: rounded(at(0.99)), maxMs: rounded(maxMs), histogram },
  };
}
