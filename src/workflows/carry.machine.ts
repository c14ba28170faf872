import { assign } from 'xstate';
import {
  type CarryEvent,
  type CarryContext as Context,
  carrySetup,
  placeOf,
} from './carry.setup.ts';

/** Where a mission that begins anew starts from: the crane itself, once the load unit is on it. */
const startingAt = assign<Context, CarryEvent, undefined, CarryEvent, never>({
  from: ({ context, event }) => placeOf(event) ?? context.from,
  retries: ({ context, event }) =>
    context.retries + (event.type === 'mission.aborted' && event.next === 'retry' ? 1 : 0),
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

/** It has begun, or needs to no more. */
const notRefused = { type: 'settleTask', params: { code: 'REFUSED' } } as const;

const tell = <E extends { type: string }>(event: (context: Context, event: CarryEvent) => E) =>
  ({
    type: 'tellParent',
    params: (args: { context: Context; event: CarryEvent }) => ({
      parent: args.context.parent,
      event: event(args.context, args.event),
    }),
  }) as const;

/** Another destination is wanted, for what is where the crane says. */
const tellFull = [
  goingOnFrom,
  tell(({ to }, event) => ({
    type: 'carry.binFull',
    tried: (event.type === 'mission.aborted' ? event.to : undefined) ?? to,
  })),
] as const;

const tellCanceled = tell(({ from }, event) => ({
  type: 'carry.canceled',
  place: placeOf(event) ?? from,
}));
/** What a person has seen decides how it goes on. */
const whereItIs = [
  { guard: 'isNowhere', target: 'failed', actions: tell(() => ({ type: 'carry.missing' })) },
  { guard: 'isAtTarget', target: 'done', actions: tell(() => ({ type: 'carry.done' })) },
  { guard: 'isOnTheWay', target: 'again', actions: goingOnFrom },
  {
    target: 'failed',
    actions: tell((_, event) => ({ type: 'carry.failed', place: placeOf(event) })),
  },
] as const;

export const carryMachine = carrySetup.createMachine({
  id: 'carry',
  context: ({ input }) => ({ ...input, seq: 0, retries: 0, waits: 0, isCanceling: false }),
  initial: 'queued',
  states: {
    queued: {
      entry: {
        type: 'requestCrane',
        params: ({ context: { loadUnit, from, to, canChoose, seq } }) => ({
          ...{ loadUnit, from, to },
          mayChoose: canChoose && seq === 0,
        }),
      },
      exit: { type: 'dropRequest', params: {} },
      on: {
        'mission.sent': {
          target: 'underway',
          actions: assign(({ context, event: { seq, lhd, to = context.to } }) => ({
            seq,
            lhd,
            to,
          })),
        },
        'carry.redirected': {
          target: 'queued',
          reenter: true,
          actions: assign({ to: ({ event }) => event.to }),
        },
        'carry.cancel': { target: 'canceled', actions: tellCanceled },
        'operator.placed': whereItIs,
        'operator.removed': { target: 'failed', actions: tell(() => ({ type: 'carry.missing' })) },
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
          actions: [assign({ from: ({ context }) => context.lhd, waits: 0 }), notRefused],
        },
        'mission.done': [
          { guard: 'isPlaceUnknown', target: 'needsOperator' },
          { guard: 'isOnCrane', target: 'again', actions: goingOnFrom },
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
          {
            guard: 'isHeldAtLast',
            target: 'held',
            actions: [
              goingOnFrom,
              {
                type: 'stopCrane',
                params: ({ context: { loadUnit, to }, event }) => ({
                  loadUnit,
                  to,
                  why: event.type === 'mission.aborted' ? event.result : '',
                }),
              },
            ],
          },
          { guard: 'isHeld', target: 'held', actions: goingOnFrom },
          { guard: 'isPlaceUnknown', target: 'needsOperator' },
          // It was put down where it belongs before the mission ended.
          {
            guard: 'isThereAlready',
            target: 'done',
            actions: tell(() => ({ type: 'carry.done' })),
          },
          { guard: 'isFullAndCanceled', target: 'canceled', actions: tellCanceled },
          { guard: 'isFull', target: 'stranded', actions: tellFull },
          { guard: 'isFrontInTheWay', target: 'stranded', actions: tellFull },
          { guard: 'isToRepeat', target: 'again', actions: startingAt },
          { guard: 'isToDigOut', target: 'paused', actions: goingOnFrom },
          {
            guard: 'isSomethingElse',
            target: 'failed',
            actions: tell(() => ({ type: 'carry.failed', place: undefined })),
          },
          {
            guard: 'isToBringOut',
            target: 'failed',
            actions: tell((_, event) => ({
              type: 'carry.toReject',
              place: placeOf(event),
              why: event.type === 'mission.aborted' ? event.result : '',
            })),
          },
          { guard: 'isOurs', target: 'needsOperator' },
        ],
        'mission.rejected': [
          {
            guard: 'isToWait',
            target: 'paused',
            actions: assign({ waits: ({ context }) => context.waits + 1 }),
          },
          {
            guard: 'isUnfit',
            target: 'stranded',
            actions: tell(({ to, from }) => ({ type: 'carry.unfit', tried: to, place: from })),
          },
          { guard: 'isOurs', target: 'needsOperator' },
        ],
        'mission.notTaken': { guard: 'isOurs', target: 'again' },
        // It has begun, and may be past changing: only the crane's word says where it ends.
        'carry.redirected': {
          actions: [
            assign({ to: ({ event }) => event.to }),
            {
              type: 'redirectMission',
              params: ({ context: { seq }, event: { to } }) => ({ seq, to }),
            },
          ],
        },
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
      always: { guard: 'isRefusedForLong', target: 'refused' },
      after: { rejectPause: 'again' },
      on: {
        'carry.cancel': { target: 'canceled', actions: tellCanceled },
        'carry.redirected': { actions: assign({ to: ({ event }) => event.to }) },
        'operator.placed': whereItIs,
      },
    },
    // It does not pass: the same again, but a person is told.
    refused: {
      entry: {
        type: 'raiseTask',
        params: ({ context: { loadUnit, from, to } }) => ({
          code: 'REFUSED' as const,
          text: `The crane refuses again and again to bring ${loadUnit} from ${from} to ${to}: see why it cannot begin.`,
          loadUnit,
        }),
      },
      after: { rejectPause: 'again' },
      on: {
        'carry.cancel': { target: 'canceled', actions: tellCanceled },
        'carry.redirected': { actions: assign({ to: ({ event }) => event.to }) },
        'operator.placed': whereItIs,
      },
    },
    // The destination cannot take it: the parent names another one.
    stranded: {
      on: {
        'carry.redirected': { target: 'queued', actions: assign({ to: ({ event }) => event.to }) },
        'carry.cancel': { target: 'canceled', actions: tellCanceled },
        'operator.placed': whereItIs,
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
    done: { type: 'final', entry: notRefused },
    canceled: { type: 'final', entry: notRefused },
    failed: { type: 'final', entry: notRefused },
  },
});
