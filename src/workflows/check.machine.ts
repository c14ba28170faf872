import { assign, setup } from 'xstate';
import type { LocationId } from '../domain/ids.ts';
import type { AbortNext, RejectNext } from '../domain/reactions.ts';
import { intents } from './intents.ts';

/** Has a crane look into one cell; the books are compared with what it finds. */
export interface CheckInput {
  readonly location: LocationId;
}

interface Context extends CheckInput {
  /** Of its mission; 0 before the first. Absent in snapshots of older versions. */
  readonly seq?: number;
  readonly isWithdrawn?: boolean;
  /** Refusals for a reason that passes. Absent as `seq`. */
  readonly waits?: number;
}

/** It does not pass: a person sees why. Each refusal takes a number of the crane. */
const waitsMax = 20;

export type CheckEvent =
  | { readonly type: 'mission.sent'; readonly seq: number }
  | {
      readonly type: 'mission.done';
      /** Undefined: it did not measure. */
      readonly sourceOccupied: boolean | undefined;
    }
  | { readonly type: 'mission.canceled' }
  /** What stands before it is moved by nobody but a person. */
  | { readonly type: 'check.blocked'; readonly why: string }
  /** Its crane has better to do. */
  | { readonly type: 'idle.withdraw' }
  | { readonly type: 'mission.notTaken' }
  | { readonly type: 'mission.aborted'; readonly next: AbortNext; readonly result: string }
  | { readonly type: 'mission.rejected'; readonly next: RejectNext };

const machine = setup({
  types: { input: {} as CheckInput, context: {} as Context, events: {} as CheckEvent },
  actions: { ...intents },
  guards: {
    isWithdrawn: ({ context }) => context.isWithdrawn === true,
    isMeasured: ({ event }) => event.type === 'mission.done' && event.sourceOccupied !== undefined,
    isToWait: ({ context: { waits = 0 }, event }) =>
      event.type === 'mission.rejected' &&
      (event.next === 'wait' || event.next === 'home') &&
      waits < waitsMax,
    isToRepeat: ({ event }) => event.type === 'mission.aborted' && event.next === 'replan',
  },
  delays: { rejectPause: 1_000 },
});

const leaveClosed = (why: string) =>
  ({
    type: 'leaveClosed',
    params: ({ context: { location } }: { context: Context }) => ({ location, why }),
  }) as const;

export const checkMachine = machine.createMachine({
  id: 'check',
  context: ({ input }) => input,
  initial: 'queued',
  states: {
    queued: {
      entry: { type: 'requestCheck', params: ({ context: { location } }) => ({ location }) },
      exit: { type: 'dropRequest', params: {} },
      on: {
        'mission.sent': { target: 'underway', actions: assign({ seq: ({ event }) => event.seq }) },
        'idle.withdraw': 'done',
        'check.blocked': {
          target: 'done',
          actions: {
            type: 'leaveClosed',
            params: ({ context: { location }, event: { why } }) => ({ location, why }),
          },
        },
      },
    },
    underway: {
      on: {
        'mission.done': [
          {
            guard: 'isMeasured',
            target: 'done',
            actions: {
              type: 'compareCell',
              params: ({ context: { location }, event }) => ({
                location,
                isOccupied: event.sourceOccupied === true,
              }),
            },
          },
          { target: 'done', actions: leaveClosed('the crane did not measure') },
        ],
        'mission.canceled': [{ guard: 'isWithdrawn', target: 'done' }, { target: 'queued' }],
        'mission.notTaken': [{ guard: 'isWithdrawn', target: 'done' }, { target: 'queued' }],
        'idle.withdraw': {
          actions: [
            assign({ isWithdrawn: true }),
            { type: 'cancelMission', params: ({ context: { seq = 0 } }) => ({ seq }) },
          ],
        },
        'mission.aborted': [
          { guard: 'isToRepeat', target: 'queued' },
          { target: 'done', actions: leaveClosed('the crane could not look into it') },
        ],
        'mission.rejected': [
          {
            guard: 'isToWait',
            target: 'paused',
            actions: assign({ waits: ({ context: { waits = 0 } }) => waits + 1 }),
          },
          { target: 'done', actions: leaveClosed('the crane refused to look into it') },
        ],
      },
    },
    // Refused for a reason that passes: the same again, as a new mission.
    paused: { after: { rejectPause: 'queued' }, on: { 'idle.withdraw': 'done' } },
    done: { type: 'final' },
  },
});
