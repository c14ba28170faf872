import type { DeviceId, HostId, LoadUnitId, Sscc, WorkflowId } from './ids.ts';

/**
 * What is known of a label that was printed. `sent`: its bytes left us. `accepted`: the printer says
 * that nothing waits and nothing is wrong. `counted`: its odometer rose by one. `scanned`: its code was
 * read back. Each one proves more than the one before.
 */
export type LabelProof = 'sent' | 'accepted' | 'counted' | 'scanned';
const proofs: readonly LabelProof[] = ['sent', 'accepted', 'counted', 'scanned'];

/** @param needed  undefined: `scanned` */
export const isProof = (has: LabelProof, needed: LabelProof = 'scanned'): boolean =>
  proofs.indexOf(has) >= proofs.indexOf(needed);

/** A label as it was asked for by name, so that the same one is not printed twice. */
export interface LabelWish {
  /** Chosen by its host. */
  readonly label: string;
  readonly host: HostId;
  /** What was asked for, as canonical JSON. */
  readonly content: string;
  /** How often it was printed, or is going to be. */
  readonly copies: number;
}

export interface Label {
  readonly label: string;
  readonly printer: DeviceId;
  readonly template: string;
  /** Who waits for it; absent where a host or a person has asked for it. */
  readonly workflow?: WorkflowId | undefined;
  readonly loadUnit?: LoadUnitId | undefined;
  readonly sscc?: Sscc | undefined;
  /** The asker's own name for it, and who that is. */
  readonly name?: string | undefined;
  readonly host?: HostId | undefined;
  readonly zpl: string;
  /** 1; more for a further copy or a reprint of the same. */
  readonly copy?: number | undefined;
  /** How far it is proved; absent until the printer has had its say. */
  readonly proof?: LabelProof | undefined;
  /** A person has asked for the same label once more. */
  readonly isToReprint?: boolean | undefined;
  /** Nothing more is to be known of it. */
  readonly isSettled?: boolean | undefined;
  /** `sending` once the printer may hear of it, until it has had its say; `verified` once it was read back. */
  readonly status:
    | 'queued'
    | 'sending'
    | 'withdrawn'
    | 'printed'
    | 'verified'
    | 'failed'
    | 'unknown';
}
