import { assign, setup } from 'xstate';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { intents } from './intents.ts';

/** Brings one load unit from the conveyor's P&D station into a storage location. */
export interface PutawayInput {
  readonly loadUnit: LoadUnitId;
  readonly pd: LocationId;
  /** Reserved already: it keeps the room in the aisle. Which cell it gets is chosen at `pd`. */
  readonly location: LocationId;
  readonly conveyorLimitMs: number;
}

interface Context extends PutawayInput {
  readonly tried: readonly LocationId[];
}

export type PutawayEvent =
  /** It stands where the crane can take it. */
  | { readonly type: 'unit.atPd' }
  | { readonly type: 'location.chosen'; readonly location: LocationId }
  | { readonly type: 'location.none' }
  | { readonly type: 'carry.done' }
  | { readonly type: 'carry.binFull'; readonly tried: LocationId }
  /** The crane does not take it there, by type, height or mass. */
  | { readonly type: 'carry.unfit'; readonly tried: LocationId }
  /** It has to leave the aisle for a person to see to it. */
  | {
      readonly type: 'carry.toReject';
      readonly place: LocationId | undefined;
      readonly why: string;
    }
  /** Its location cannot take it any more: the books know it before the crane is there. */
  | { readonly type: 'location.lost'; readonly tried: LocationId }
  | { readonly type: 'carry.missing' }
  | { readonly type: 'carry.canceled' }
  | { readonly type: 'carry.failed' }
  /** The conveyor lost it on the way. */
  | { readonly type: 'unit.lostTrack' };

const machine = setup({
  types: { input: {} as PutawayInput, context: {} as Context, events: {} as PutawayEvent },
  actions: {
    ...intents,
    noteTried: assign(({ context, event }) =>
      'tried' in event ? { tried: [...context.tried, event.tried] } : {},
    ),
    noteLocation: assign(({ event }) =>
      event.type === 'location.chosen' ? { location: event.location } : {},
    ),
  },
  guards: { mayTryAgain: ({ context }) => context.tried.length < triedMax },
  delays: { conveyorLimit: ({ context }) => context.conveyorLimitMs, locationPause: 30_000 },
});

/** Locations that are tried for one load unit which the crane does not take: then it is the load unit. */
const triedMax = 3;
const chooseAnother = { target: '.choosing', actions: 'noteTried' } as const;

const ofUnit = ({ context: { loadUnit } }: { context: Context }) => ({ loadUnit });
const free = { type: 'freeLocation', params: ofUnit } as const;
const letGo = { type: 'letGo', params: ofUnit } as const;

const choose = {
  type: 'chooseLocation',
  params: ({ context: { loadUnit, tried } }: { context: Context }) => ({ loadUnit, except: tried }),
} as const;
const noLocation = (where: string) =>
  ({
    entry: {
      type: 'raiseTask',
      params: ({ context: { loadUnit } }: { context: Context }) => ({
        code: 'NO_LOCATION' as const,
        text: `There is no free location for ${loadUnit}, which stands ${where}.`,
        loadUnit,
      }),
    },
    exit: { type: 'settleTask', params: { code: 'NO_LOCATION' } },
  }) as const;

const bringOut = [
  free,
  {
    type: 'bringOut',
    params: ({ context: { loadUnit }, event }: { context: Context; event: PutawayEvent }) => ({
      loadUnit,
      from: 'place' in event ? event.place : undefined,
      why: 'why' in event ? event.why : '',
    }),
  },
] as const;

export const putawayMachine = machine.createMachine({
  id: 'putaway',
  context: ({ input }) => ({ ...input, tried: [] }),
  initial: 'toPd',
  states: {
    toPd: {
      after: {
        conveyorLimit: {
          actions: {
            type: 'raiseTask',
            params: ({ context: { loadUnit, pd } }) => ({
              code: 'CONVEYOR_LATE' as const,
              text: `${loadUnit} has not reached ${pd}: look for a jam on the way.`,
              loadUnit,
              location: pd,
            }),
          },
        },
      },
      exit: { type: 'settleTask', params: { code: 'CONVEYOR_LATE' } },
      on: { 'unit.atPd': 'atPd', 'unit.lostTrack': 'clarification' },
    },
    // The crane comes now, so now is the time to say which cell is best.
    atPd: {
      entry: choose,
      on: {
        'location.chosen': { target: 'carrying', actions: 'noteLocation' },
        'location.none': 'waitingAtPd',
      },
    },
    waitingAtPd: { ...noLocation('at the P&D station'), after: { locationPause: 'atPd' } },
    carrying: {
      initial: 'toLocation',
      on: {
        'carry.done': 'stored',
        'carry.missing': 'lost',
        'carry.canceled': 'clarification',
        'carry.failed': 'clarification',
        'carry.toReject': { target: 'broughtOut', actions: bringOut },
        'carry.binFull': chooseAnother,
        'carry.unfit': [
          { guard: 'mayTryAgain', ...chooseAnother },
          { actions: { type: 'cancelCarry', params: {} } },
        ],
        'location.lost': chooseAnother,
        // The crane goes to another cell than was asked for: it lies better for what comes next.
        'location.chosen': { actions: 'noteLocation' },
      },
      states: {
        toLocation: {
          entry: {
            type: 'startCarry',
            params: ({ context: { loadUnit, pd, location } }) => ({
              loadUnit,
              from: pd,
              to: location,
            }),
          },
        },
        // Its location turned out to be taken, or not to be for it.
        choosing: {
          entry: choose,
          on: {
            'location.chosen': { target: 'redirected', actions: 'noteLocation' },
            'location.none': 'waiting',
          },
        },
        waiting: { ...noLocation('on the crane'), after: { locationPause: 'choosing' } },
        redirected: {
          entry: {
            type: 'redirectCarry',
            params: ({ context: { location } }) => ({ to: location }),
          },
        },
      },
    },
    stored: {
      type: 'final',
      entry: [
        free,
        {
          type: 'reportMovement',
          params: ({ context: { loadUnit } }) =>
            ({ kind: 'putaway', loadUnit, order: undefined }) as const,
        },
        letGo,
      ],
    },
    /** The desk of the crane has booked it as missing and has asked a person. */
    lost: { type: 'final', entry: [free, letGo] },
    /** On its way to a reject lane, by a workflow of its own. */
    broughtOut: { type: 'final' },
    clarification: {
      type: 'final',
      entry: [
        free,
        letGo,
        { type: 'sendToClarification', params: ofUnit },
        {
          type: 'raiseTask',
          params: ({ context: { loadUnit, location } }) => ({
            code: 'CLARIFY' as const,
            text: `${loadUnit} did not come to ${location}: look for it and say where it is.`,
            loadUnit,
          }),
        },
      ],
    },
  },
});
