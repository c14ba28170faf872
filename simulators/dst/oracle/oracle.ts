import type { Evidence } from '../evidence.ts';
import { appendOnly, sameFromDisk } from './history.ts';
import { honest, noOrderLost, oneEffect, toldOnce } from './hosts.ts';
import type { Finding, Invariant } from './invariant.ts';
import {
  inBounds,
  intentFirst,
  noDoubleBooking,
  nothingStale,
  onceOnly,
  risingNumbers,
} from './machines.ts';
import { oneLabel, onRecord } from './people.ts';
import { asInSteel, conservation, noCollision, onePlace, roomFor } from './stock.ts';
import { wallClockIsALabel } from './time.ts';
import { bounded, comesToRest, noOrphans } from './waiting.ts';

/** All that must hold, by number. They read evidence and SQL only, and call no rule of the code they judge. */
export const invariants: readonly Invariant[] = [
  ...[conservation, onePlace, roomFor, onceOnly, intentFirst, asInSteel, toldOnce, noOrderLost],
  ...[noDoubleBooking, noCollision, risingNumbers, nothingStale, oneEffect, oneLabel, noOrphans],
  ...[
    appendOnly,
    bounded,
    inBounds,
    comesToRest,
    onRecord,
    wallClockIsALabel,
    sameFromDisk,
    honest,
  ],
];

/** What is not judged at all, and why. */
export const notApplicable: Readonly<Record<string, string>> = {
  I21: 'Authorization: Craneway has no accounts yet; whoever reaches its page or broker may act.',
};

export interface Judgment {
  readonly findings: readonly Finding[];
  /** Invariants about which nobody has noted anything, each with what is missing. */
  readonly notJudged: Readonly<Record<string, string>>;
}

/** Judges a run by everything that was noted of it. */
export function judge(evidence: Evidence, which: readonly Invariant[] = invariants): Judgment {
  const notJudged: Record<string, string> = { ...notApplicable };
  const findings = which.flatMap((invariant): Finding[] => {
    const missing = invariant.needs.filter((part) => evidence[part] === undefined);
    if (missing.length > 0) {
      notJudged[invariant.id] = `nobody has noted ${missing.join(' and ')}`;
      return [];
    }
    return invariant.judge(evidence).map((text) => ({ invariant: invariant.id, text }));
  });
  return { findings, notJudged };
}
