import type { LoadUnit } from './books.ts';
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
  /** A code that is not believed before it is read once more of the same load, and since when. */
  readonly doubted?: DoubtedRead | undefined;
  /** Load units that may stand in its lane or not, since a PLC has lost its memory; each until it is seen. */
  readonly strays?: readonly Stray[] | undefined;
  /** Load units of whose way here nobody had told when one that nobody knows was named here: it may have been one of them. */
  readonly namesakes?: readonly LoadUnitId[] | undefined;
}

/** A load unit of which nobody knows whether it is in a lane. */
interface Stray {
  readonly loadUnit: LoadUnitId;
  /** What was booked in the lane up to this movement stands before it; 0: nothing does. */
  readonly beforeNo: number;
}

/** Stands for the workflow of a load that the books do not know. */
export const unknownLoad = 'nobody' as WorkflowId;

/** Whether the PLC has told of it, where it stands now. */
export const isKnownHere = (
  { open }: Pick<PointBook, 'open'>,
  { loadUnit, workflow = unknownLoad }: Pick<LoadUnit, 'loadUnit' | 'workflow'>,
): boolean => open.some((load) => load.loadUnit === loadUnit && load.workflow === workflow);

/** Whether its turn says nothing: one that may be there or not would come before it, or is it. */
export const isBehindStray = (
  { strays = [] }: Pick<PointBook, 'strays'>,
  { movedNo }: Pick<LoadUnit, 'movedNo'>,
): boolean => strays.some(({ beforeNo }) => movedNo > beforeNo);

/** One that nobody knows, and that nobody has said anything about yet. */
export const isUnknown = ({ loadUnit, answer, hasLeft }: PointLoad): boolean =>
  loadUnit === undefined && answer === undefined && hasLeft !== true;

/** One that nobody answers for and that has not been answered: at most its turn says what it is. */
export const isNobodys = ({ workflow, answer, hasLeft }: PointLoad): boolean =>
  workflow === unknownLoad && answer === undefined && hasLeft !== true;

type LastRead = { readonly scanSeq: number; readonly code: string; readonly leftAtMs?: number };

export interface DoubtedRead {
  readonly scanSeq: number;
  readonly code: string;
  readonly atMs: number;
}

export interface PointLoad {
  readonly scanSeq: number;
  readonly workflow: WorkflowId;
  readonly loadUnit?: LoadUnitId | undefined;
  readonly heightMm?: number | undefined;
  readonly massG?: number | undefined;
  readonly answer?: { readonly exit: number; readonly handle: number } | undefined;
  /** Why it is not answered yet, though it is known where it is to go. */
  readonly held?: string | undefined;
  /** Sent to where it stood already: whatever it is, it is none of these. */
  readonly isNot?: readonly LoadUnitId[] | undefined;
  /** The PLC has seen it leave; the books still have it here, until the crane says that it picked it. */
  readonly hasLeft?: boolean | undefined;
}

/** A read that came before its arrival was told. */
export interface EarlyRead {
  readonly code: string | undefined;
  readonly aim: string | undefined;
  readonly atMs: number;
  /** Shortly before it another read came: it may be of the load behind. */
  readonly isDoubtful?: boolean;
}
