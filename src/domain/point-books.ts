import type { DeviceId, LoadUnitId, WorkflowId } from './ids.ts';

/** What is known of one decision point of a conveyor. */
export interface PointBook {
  readonly device: DeviceId;
  readonly point: number;
  /** bootId of the start at which the PLC's numbers began; undefined before the first contact. */
  readonly era?: number | undefined;
  readonly scanStored: number;
  readonly confirmStored: number;
  /** Load units between scanner and exit, oldest first, with the answer once there is one. */
  readonly open: readonly PointLoad[];
  readonly early?: EarlyRead | undefined;
  /** Of which load the last code was, and when that load was confirmed to have left. */
  readonly lastRead?: LastRead | undefined;
}

type LastRead = { readonly scanSeq: number; readonly code: string; readonly leftAtMs?: number };

export interface PointLoad {
  readonly scanSeq: number;
  readonly workflow: WorkflowId;
  readonly loadUnit?: LoadUnitId | undefined;
  readonly heightMm?: number | undefined;
  readonly massG?: number | undefined;
  readonly answer?: { readonly exit: number; readonly handle: number } | undefined;
  /** Why it is not answered yet, though it is known where it is to go. */
  readonly held?: string | undefined;
  /** The PLC has seen it leave; the books still have it here, until the crane says that it picked it. */
  readonly hasLeft?: boolean | undefined;
}

/** A read that came before its arrival was told. */
export interface EarlyRead {
  readonly code: string | undefined;
  readonly aim: string | undefined;
  readonly atMs: number;
  /** Shortly before it another code came: it may be of the load behind. */
  readonly isDoubtful?: boolean;
}
