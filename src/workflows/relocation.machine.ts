import { assign, setup } from 'xstate';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { intents } from './intents.ts';

/** Brings one load unit from its cell into another one of the aisle: it stands before one that is wanted, or would stand better there. */
export interface RelocationInput {
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  /** Work of a crane that has no other: the cell that is kept for it. It is given up for anything else. */
  readonly to?: LocationId | undefined;
}

interface Context extends RelocationInput {
  readonly tried: readonly LocationId[];
}

export type RelocationEvent =
  | { readonly type: 'location.chosen'; readonly location: LocationId }
  | { readonly type: 'location.none' }
  | { readonly type: 'location.lost'; readonly tried: LocationId }
  | { readonly type: 'carry.done' }
  | { readonly type: 'carry.binFull'; readonly tried: LocationId }
  | { readonly type: 'carry.unfit'; readonly tried: LocationId }
  | {
      readonly type: 'carry.toReject';
      readonly place: LocationId | undefined;
      readonly why: string;
    }
  | { readonly type: 'carry.missing' }
  | { readonly type: 'carry.canceled'; readonly place: LocationId }
  /** Its crane has better to do. */
  | { readonly type: 'idle.withdraw' }
  | { readonly type: 'carry.failed' };

/** Locations that are tried for a load unit which the crane does not take: then it is the load unit. */
const triedMax = 3;

const machine = setup({
  types: { input: {} as RelocationInput, context: {} as Context, events: {} as RelocationEvent },
  actions: {
    ...intents,
    noteTried: assign(({ context, event }) =>
      'tried' in event ? { tried: [...context.tried, event.tried] } : {},
    ),
    goOnFrom: assign(({ event }) => ('place' in event && event.place ? { from: event.place } : {})),
  },
  guards: {
    mayTryAgain: ({ context }) => context.tried.length < triedMax,
    isIdle: ({ context }) => context.to !== undefined,
    isWhereItWas: ({ context, event }) =>
      context.to !== undefined && event.type === 'carry.canceled' && event.place === context.from,
  },
  delays: { locationPause: 30_000 },
});

const ofUnit = ({ context: { loadUnit } }: { context: Context }) => ({ loadUnit });
const free = { type: 'freeLocation', params: ofUnit } as const;
const letGo = { type: 'letGo', params: ofUnit } as const;
const choose = {
  type: 'chooseLocation',
  params: ({ context: { loadUnit, tried } }: { context: Context }) => ({
    loadUnit,
    except: tried,
  }),
} as const;
const noLocation = {
  entry: {
    type: 'raiseTask',
    params: ({ context: { loadUnit, from } }: { context: Context }) => ({
      code: 'NO_LOCATION' as const,
      text: `There is no free location for ${loadUnit}, which stands at ${from}.`,
      loadUnit,
    }),
  },
  exit: { type: 'settleTask', params: { code: 'NO_LOCATION' } },
} as const;
const chooseAnother = { target: 'rechoosing', actions: 'noteTried' } as const;

export const relocationMachine = machine.createMachine({
  id: 'relocation',
  context: ({ input }) => ({ ...input, tried: [] }),
  initial: 'beginning',
  on: {
    'carry.done': '.moved',
    'carry.missing': '.lost',
    'carry.canceled': [
      { guard: 'isWhereItWas', target: '.withdrawn' },
      // It was on the crane already: into any cell from there.
      { guard: 'isIdle', target: '.choosing', actions: 'goOnFrom' },
      { target: '.clarification' },
    ],
    'idle.withdraw': { guard: 'isIdle', actions: { type: 'cancelCarry', params: {} } },
    'carry.failed': '.clarification',
    'carry.toReject': {
      target: '.broughtOut',
      actions: [
        free,
        {
          type: 'bringOut',
          params: ({ context: { loadUnit }, event: { place, why } }) => ({
            loadUnit,
            from: place,
            why,
          }),
        },
      ],
    },
  },
  states: {
    beginning: {
      always: [
        {
          guard: 'isIdle',
          target: 'carrying',
          actions: {
            type: 'startCarry',
            params: ({ context: { loadUnit, from, to } }) => ({
              ...{ loadUnit, from },
              to: to as LocationId,
            }),
          },
        },
        { target: 'choosing' },
      ],
    },
    choosing: {
      entry: choose,
      on: {
        'location.chosen': {
          target: 'carrying',
          actions: {
            type: 'startCarry',
            params: ({ context: { loadUnit, from }, event: { location } }) => ({
              loadUnit,
              from,
              to: location,
            }),
          },
        },
        'location.none': 'waiting',
      },
    },
    waiting: { ...noLocation, after: { locationPause: 'choosing' } },
    carrying: {
      on: {
        'carry.binFull': chooseAnother,
        'location.lost': [
          { guard: 'isIdle', actions: { type: 'cancelCarry', params: {} } },
          chooseAnother,
        ],
        'carry.unfit': [
          { guard: 'mayTryAgain', ...chooseAnother },
          { actions: { type: 'cancelCarry', params: {} } },
        ],
      },
    },
    // It is on its way, and needs another location.
    rechoosing: {
      entry: choose,
      on: {
        'location.chosen': {
          target: 'carrying',
          actions: {
            type: 'redirectCarry',
            params: ({ event: { location } }) => ({ to: location }),
          },
        },
        'location.none': 'rewaiting',
      },
    },
    rewaiting: { ...noLocation, after: { locationPause: 'rechoosing' } },
    moved: {
      type: 'final',
      entry: [
        free,
        {
          type: 'reportMovement',
          params: ({ context: { loadUnit } }) =>
            ({ kind: 'relocated', loadUnit, order: undefined }) as const,
        },
        letGo,
      ],
    },
    /** Nothing has happened. */
    withdrawn: { type: 'final', entry: [free, letGo] },
    /** On its way to a reject lane, by a workflow of its own. */
    broughtOut: { type: 'final' },
    /** The desk of the crane has booked it as missing and has asked a person. */
    lost: { type: 'final', entry: [free, letGo] },
    clarification: {
      type: 'final',
      entry: [
        free,
        letGo,
        { type: 'sendToClarification', params: ofUnit },
        {
          type: 'raiseTask',
          params: ({ context: { loadUnit, from } }) => ({
            code: 'CLARIFY' as const,
            text: `${loadUnit} was to be moved away from ${from}: look for it and say where it is.`,
            loadUnit,
          }),
        },
      ],
    },
  },
});
