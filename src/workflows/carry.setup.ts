import { setup } from 'xstate';
import { type LoadUnitId, type LocationId, MISSING, type WorkflowId } from '../domain/ids.ts';
import type { AbortNext, RejectNext } from '../domain/reactions.ts';
import { intents } from './intents.ts';

/** Carries one load unit with a crane from one place of its aisle to another. */
export interface CarryInput {
  readonly parent: WorkflowId;
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  readonly to: LocationId;
  /** The crane's own load handling device, where the load unit is in between; each mission names its own. */
  readonly lhd: LocationId;
  /** The parent names another destination when this one cannot take it. */
  readonly canChoose: boolean;
  readonly missionLimitMs: number;
}

export interface CarryContext extends CarryInput {
  readonly seq: number;
  readonly retries: number;
  readonly isCanceling: boolean;
  /** Refusals in a row for a reason that passes. */
  readonly waits: number;
}

export type CarryEvent =
  /** It is the crane's turn: this mission is committed. @param to  another destination than was asked for */
  | {
      readonly type: 'mission.sent';
      readonly seq: number;
      readonly lhd: LocationId;
      readonly to?: LocationId;
    }
  | { readonly type: 'mission.picked'; readonly seq: number }
  | { readonly type: 'mission.done'; readonly seq: number; readonly place: LocationId | undefined }
  | {
      readonly type: 'mission.canceled';
      readonly seq: number;
      readonly place: LocationId | undefined;
    }
  | {
      readonly type: 'mission.aborted';
      readonly seq: number;
      readonly result: string;
      readonly next: AbortNext;
      readonly retriesMax: number;
      /** What follows when it has been retried often enough. */
      readonly otherwise: AbortNext;
      readonly place: LocationId | undefined;
      /** Where it was to go, which may have been changed on the way. */
      readonly to: LocationId | undefined;
      /** What lies at `place` is not the load unit meant. */
      readonly isDisputed: boolean;
    }
  | { readonly type: 'mission.rejected'; readonly seq: number; readonly next: RejectNext }
  /** It never began and never will: the crane's controller changed meanwhile. */
  | { readonly type: 'mission.notTaken'; readonly seq: number }
  | { readonly type: 'carry.redirected'; readonly to: LocationId }
  | { readonly type: 'carry.cancel' }
  /** A person has looked and says where the load unit is. */
  | { readonly type: 'operator.placed'; readonly place: LocationId }
  /** A person has taken it out before any crane was at it. */
  | { readonly type: 'operator.removed' };

/** Names, guards and delays of the chart, so that the chart itself can be read in one sitting. */
export const carrySetup = setup({
  types: { input: {} as CarryInput, context: {} as CarryContext, events: {} as CarryEvent },
  actions: intents,
  guards: {
    isOurs: ({ context, event }) => 'seq' in event && event.seq === context.seq,
    /** Fetched only: its way to where it is to go is a mission of its own. */
    isOnCrane: ({ context, event }) =>
      'seq' in event && event.seq === context.seq && placeOf(event) === context.lhd,
    isFull: ({ context, event }) => isNext(event, context, 'redirect'),
    isEmpty: ({ context, event }) => isNext(event, context, 'reallocate'),
    isToRepeat: ({ context, event }) =>
      isNext(event, context, 'replan') || isNext(event, context, 'retry'),
    isThereAlready: ({ context, event }) =>
      placeOf(event) === context.to &&
      (isNext(event, context, 'replan') || isNext(event, context, 'retry')),
    isToWait: ({ context, event }) =>
      isRejected(event, context, 'wait') || isRejected(event, context, 'home'),
    isRefusedForLong: ({ context }) => context.waits >= waitsMax,
    isUnfit: ({ context, event }) => context.canChoose && isRejected(event, context, 'replan'),
    /** The front load is in the way of a deposit: another destination is as good. */
    isFrontInTheWay: ({ context, event }) =>
      isNext(event, context, 'digOut') && placeOf(event) === context.lhd && context.canChoose,
    isToDigOut: ({ context, event }) =>
      isNext(event, context, 'digOut') && placeOf(event) !== context.lhd,
    /** Not by the code alone, which has stopped the crane already: tried often enough. */
    isHeldAtLast: ({ context, event }) =>
      event.type === 'mission.aborted' && event.next === 'retry' && isNext(event, context, 'hold'),
    isSomethingElse: ({ context, event }) =>
      event.type === 'mission.aborted' && event.isDisputed && isNext(event, context, 'clarify'),
    isToBringOut: ({ context, event }) =>
      isNext(event, context, 'clarify') || isNext(event, context, 'rejectLane'),
    isHeld: ({ context, event }) =>
      isNext(event, context, 'hold') || isNext(event, context, 'reenter'),
    isPlaceUnknown: ({ context, event }) =>
      'seq' in event && event.seq === context.seq && placeOf(event) === undefined,
    isFullAndCanceled: ({ context, event }) =>
      context.isCanceling && isNext(event, context, 'redirect'),
    isUnasked: ({ context, event }) =>
      'seq' in event && event.seq === context.seq && !context.isCanceling,
    isAtTarget: ({ context, event }) => 'place' in event && event.place === context.to,
    isNowhere: ({ event }) => 'place' in event && event.place === MISSING,
    isOnTheWay: ({ context, event }) =>
      'place' in event && (event.place === context.from || event.place === context.lhd),
  },
  delays: {
    missionLimit: ({ context }) => context.missionLimitMs,
    // What does not pass soon is asked less often: every refusal takes a number.
    rejectPause: ({ context }) => (context.waits < waitsMax ? 1_000 : 10_000),
  },
});

/** Refusals that a reason which passes may take before a person is told. */
const waitsMax = 20;

/** Where the crane, or a person, says that the load unit is. */
export const placeOf = (event: CarryEvent) => ('place' in event ? event.place : undefined);

/** What follows from an abort: what is tried often enough has its second reaction. */
function isNext(event: CarryEvent, context: CarryContext, next: AbortNext): boolean {
  if (event.type !== 'mission.aborted' || event.seq !== context.seq) return false;
  const isOver = event.next === 'retry' && context.retries >= event.retriesMax;
  return (isOver ? event.otherwise : event.next) === next;
}

const isRejected = (event: CarryEvent, context: CarryContext, next: RejectNext): boolean =>
  event.type === 'mission.rejected' && event.seq === context.seq && event.next === next;
