import { assign, setup } from 'xstate';
import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import type { AbortNext, RejectNext } from '../domain/reactions.ts';
import { intents } from './intents.ts';

/** Carries one load unit with a crane from one place of its aisle to another. */
export interface CarryInput {
  readonly parent: WorkflowId;
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  readonly to: LocationId;
  /** The crane's own load handling device, where the load unit is in between. */
  readonly lhd: LocationId;
  readonly missionLimitMs: number;
}

interface Context extends CarryInput {
  readonly seq: number;
  readonly retries: number;
  readonly isCanceling: boolean;
}

export type CarryEvent =
  /** It is the crane's turn: this mission is committed. */
  | { readonly type: 'mission.sent'; readonly seq: number }
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
      readonly place: LocationId | undefined;
    }
  | { readonly type: 'mission.rejected'; readonly seq: number; readonly next: RejectNext }
  /** It never began and never will: the crane's controller changed meanwhile. */
  | { readonly type: 'mission.notTaken'; readonly seq: number }
  | { readonly type: 'carry.redirected'; readonly to: LocationId }
  | { readonly type: 'carry.cancel' }
  /** A person has looked and says where the load unit is. */
  | { readonly type: 'operator.placed'; readonly place: LocationId };

const machine = setup({
  types: { input: {} as CarryInput, context: {} as Context, events: {} as CarryEvent },
  actions: intents,
  guards: {
    isOurs: ({ context, event }) => 'seq' in event && event.seq === context.seq,
    isFull: ({ context, event }) => isNext(event, context, 'redirect'),
    isEmpty: ({ context, event }) => isNext(event, context, 'reallocate'),
    isToRepeat: ({ context, event }) =>
      isNext(event, context, 'replan') ||
      (isNext(event, context, 'retry') &&
        event.type === 'mission.aborted' &&
        context.retries < event.retriesMax),
    isToWait: ({ context, event }) =>
      event.type === 'mission.rejected' && event.seq === context.seq && event.next === 'wait',
    isHeld: ({ context, event }) =>
      isNext(event, context, 'hold') || isNext(event, context, 'reenter'),
    isPlaceUnknown: ({ context, event }) =>
      'seq' in event && event.seq === context.seq && placeOf(event) === undefined,
    isFullAndCanceled: ({ context, event }) =>
      context.isCanceling && isNext(event, context, 'redirect'),
    isUnasked: ({ context, event }) =>
      'seq' in event && event.seq === context.seq && !context.isCanceling,
    isAtTarget: ({ context, event }) => 'place' in event && event.place === context.to,
    isOnTheWay: ({ context, event }) =>
      'place' in event && (event.place === context.from || event.place === context.lhd),
  },
  delays: { missionLimit: ({ context }) => context.missionLimitMs, rejectPause: 1_000 },
});

/** Where a mission that begins anew starts from: the crane itself, once the load unit is on it. */
const startingAt = assign<Context, CarryEvent, undefined, CarryEvent, never>({
  from: ({ context, event }) => ('place' in event && event.place ? event.place : context.from),
  retries: ({ context }) => context.retries + 1,
});

/** The same for a mission that did not fail by itself. */
const goingOnFrom = assign<Context, CarryEvent, undefined, CarryEvent, never>({
  from: ({ context, event }) => placeOf(event) ?? context.from,
});

const ask = {
  type: 'raiseTask',
  params: ({ context: { loadUnit, from, to } }: { context: Context }) => ({
    code: 'PLACE_UNKNOWN' as const,
    text: `Where is ${loadUnit}? It was to go from ${from} to ${to}.`,
    loadUnit,
  }),
} as const;

const tell = <E extends { type: string }>(event: (context: Context, event: CarryEvent) => E) =>
  ({
    type: 'tellParent',
    params: (args: { context: Context; event: CarryEvent }) => ({
      parent: args.context.parent,
      event: event(args.context, args.event),
    }),
  }) as const;

const placeOf = (event: CarryEvent) => ('place' in event ? event.place : undefined);

const tellCanceled = tell(({ from }, event) => ({
  type: 'carry.canceled',
  place: placeOf(event) ?? from,
}));
/** What a person has seen decides how it goes on. */
const whereItIs = [
  { guard: 'isAtTarget', target: 'done', actions: tell(() => ({ type: 'carry.done' })) },
  { guard: 'isOnTheWay', target: 'again', actions: goingOnFrom },
  {
    target: 'failed',
    actions: tell((_, event) => ({ type: 'carry.failed', place: placeOf(event) })),
  },
] as const;

export const carryMachine = machine.createMachine({
  id: 'carry',
  context: ({ input }) => ({ ...input, seq: 0, retries: 0, isCanceling: false }),
  initial: 'queued',
  states: {
    queued: {
      entry: {
        type: 'requestCrane',
        params: ({ context: { loadUnit, from, to } }) => ({ loadUnit, from, to }),
      },
      exit: { type: 'dropRequest', params: {} },
      on: {
        'mission.sent': { target: 'underway', actions: assign({ seq: ({ event }) => event.seq }) },
        'carry.cancel': { target: 'canceled', actions: tellCanceled },
        'operator.placed': whereItIs,
      },
    },
    underway: {
      after: {
        // Late is a question to a person and not a failure: the crane may still report.
        missionLimit: {
          actions: {
            type: 'raiseTask',
            params: ({ context: { loadUnit, seq } }) => ({
              code: 'MISSION_LATE' as const,
              text: `Mission ${seq} with ${loadUnit} takes longer than it should.`,
              loadUnit,
            }),
          },
        },
      },
      exit: { type: 'settleTask', params: { code: 'MISSION_LATE' } },
      on: {
        'mission.picked': {
          guard: 'isOurs',
          actions: assign({ from: ({ context }) => context.lhd }),
        },
        'mission.done': [
          { guard: 'isPlaceUnknown', target: 'needsOperator' },
          {
            guard: 'isOurs',
            target: 'done',
            actions: tell((_, event) => ({ type: 'carry.done', place: placeOf(event) })),
          },
        ],
        'mission.canceled': [
          { guard: 'isPlaceUnknown', target: 'needsOperator' },
          // Stopped while its crane was in doubt: it goes on from where it is.
          { guard: 'isUnasked', target: 'again', actions: goingOnFrom },
          { guard: 'isOurs', target: 'canceled', actions: tellCanceled },
        ],
        'mission.aborted': [
          {
            guard: 'isEmpty',
            target: 'failed',
            actions: tell(() => ({ type: 'carry.missing' })),
          },
          { guard: 'isHeld', target: 'held' },
          { guard: 'isPlaceUnknown', target: 'needsOperator' },
          { guard: 'isFullAndCanceled', target: 'canceled', actions: tellCanceled },
          {
            guard: 'isFull',
            target: 'stranded',
            actions: tell(({ to }) => ({ type: 'carry.binFull', tried: to })),
          },
          { guard: 'isToRepeat', target: 'again', actions: startingAt },
          { guard: 'isOurs', target: 'needsOperator' },
        ],
        'mission.rejected': [
          { guard: 'isToWait', target: 'paused' },
          { guard: 'isOurs', target: 'needsOperator' },
        ],
        'mission.notTaken': { guard: 'isOurs', target: 'again' },
        'carry.cancel': {
          actions: [
            assign({ isCanceling: true }),
            { type: 'cancelMission', params: ({ context: { seq } }) => ({ seq }) },
          ],
        },
        'operator.placed': whereItIs,
      },
    },
    // It is to begin anew, unless that is no longer wanted.
    again: {
      always: [
        {
          guard: ({ context }) => context.isCanceling,
          target: 'canceled',
          actions: tellCanceled,
        },
        { target: 'queued' },
      ],
    },
    // Refused for a reason that passes: the same again, as a new mission.
    paused: {
      after: { rejectPause: 'again' },
      on: { 'carry.cancel': { target: 'canceled', actions: tellCanceled } },
    },
    // On the crane, and the destination is taken: the parent names another one.
    stranded: {
      on: {
        'carry.redirected': {
          target: 'queued',
          actions: assign({ to: ({ event }) => event.to, from: ({ context }) => context.lhd }),
        },
        'carry.cancel': {
          target: 'canceled',
          actions: tell(({ lhd }) => ({ type: 'carry.canceled', place: lhd })),
        },
      },
    },
    // The whole crane is stopped; whoever releases it says where the load is.
    held: {
      on: {
        'operator.placed': whereItIs,
        'carry.cancel': { actions: assign({ isCanceling: true }) },
      },
    },
    needsOperator: {
      entry: ask,
      exit: { type: 'settleTask', params: { code: 'PLACE_UNKNOWN' } },
      on: {
        'operator.placed': whereItIs,
        'carry.cancel': { actions: assign({ isCanceling: true }) },
      },
    },
    done: { type: 'final' },
    canceled: { type: 'final' },
    failed: { type: 'final' },
  },
});

function isNext(event: CarryEvent, context: Context, next: AbortNext): boolean {
  return event.type === 'mission.aborted' && event.seq === context.seq && event.next === next;
}
