import type { Mission } from './books.ts';

/** What of a crane's status block decides what its missions have become. */
export interface CraneReading {
  readonly epoch: number;
  readonly nonce: number;
  readonly retentiveOk: boolean;
  readonly seqAnswered: number;
  readonly answer: string;
  readonly activeMissionId: number;
  readonly lastMissionId: number;
  readonly eventHead: number;
}

/** Our own numbers: what the ledger has issued and stored. */
export interface CraneLedger {
  readonly epoch: number;
  readonly nonce: number;
  /** Every claim that this ledger ever drew: nonce by epoch. */
  readonly claims: ReadonlyMap<number, number>;
  readonly seqHighest: number;
  readonly eventStored: number;
}

export type ClaimVerdict =
  /** Shown back as ours. */
  | 'mine'
  /** An older one of ours, or none: it may be claimed. */
  | 'claim'
  /** A newer start of this very ledger has it: this process is the old one. */
  | 'replaced'
  /** A controller that this ledger has never heard of. Only a person may decide. */
  | 'foreign';

/** Whose claim a PLC shows. Nothing is planned or concluded before it is `mine`. */
export function judgeClaim(ledger: CraneLedger, reading: CraneReading): ClaimVerdict {
  const { epoch, nonce } = reading;
  if (epoch === ledger.epoch && nonce === ledger.nonce) return 'mine';
  if (epoch === 0 && isUntouched(reading)) return 'claim';
  if (ledger.claims.get(epoch) !== nonce) return 'foreign';
  return epoch < ledger.epoch ? 'claim' : 'replaced';
}

/** Fresh from commissioning, or with its memory lost: nobody has ever commanded it. */
const isUntouched = (reading: CraneReading): boolean =>
  !reading.retentiveOk || (reading.seqAnswered === 0 && reading.lastMissionId === 0);

/**
 * Whether the PLC's numbers are ahead of, or behind, our own: another controller, an old backup or a copied
 * machine is at work, and open missions prove nothing.
 */
export function areNumbersForeign(ledger: CraneLedger, reading: CraneReading): boolean {
  return whatIsForeign(ledger, reading) !== undefined;
}

/** In which way the numbers differ, for a person; undefined: they fit. */
export function whatIsForeign(
  { seqHighest, eventStored }: CraneLedger,
  reading: CraneReading,
): string | undefined {
  const highest = highestOf(reading);
  if (highest > seqHighest) {
    return `it was sent mission ${highest}, and these books end at ${seqHighest}`;
  }
  if (!reading.retentiveOk || reading.eventHead >= eventStored) return undefined;
  return `it knows ${reading.eventHead} events, and these books ${eventStored}: it was set back`;
}

/** The highest number of a mission or command that it shows. */
export const highestOf = ({
  seqAnswered,
  activeMissionId,
  lastMissionId,
}: Pick<CraneReading, 'seqAnswered' | 'activeMissionId' | 'lastMissionId'>): number =>
  Math.max(seqAnswered, activeMissionId, lastMissionId);

/** Whether it is at a mission that the books have closed: what it does next would be booked nowhere. */
export const isStrangerActive = (open: number | undefined, reading: CraneReading): boolean =>
  reading.activeMissionId !== 0 && reading.activeMissionId !== open;

export type MissionVerdict =
  /** Under way, as we thought. */
  | 'goOn'
  /** It has ended and we have not booked it. */
  | 'bookResult'
  /** It was never taken and cannot be taken any more by itself: the same frame again. */
  | 'sendAgain'
  /** Refused: it never began. */
  | 'rejected'
  /** Overtaken by its cancel: it never began and never will. */
  | 'notTaken'
  /** Nobody knows. The crane stops and a person says where the load is. */
  | 'doubt';

/**
 * What has become of an open mission, from one reading under our own claim. The events of that
 * reading have been booked before.
 */
export function judgeMission(mission: Mission, reading: CraneReading): MissionVerdict {
  const { seq, state } = mission;
  if (state === 'doubt') return 'doubt';
  if (reading.activeMissionId === seq) return 'goOn';
  if (reading.lastMissionId === seq) return 'bookResult';
  if (state === 'accepted') return 'doubt';
  if (reading.seqAnswered < seq) return 'sendAgain';
  if (reading.seqAnswered > seq) return 'notTaken';
  return reading.answer === 'accepted' || reading.answer === 'none' ? 'doubt' : 'rejected';
}
