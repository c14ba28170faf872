import { assign, setup } from 'xstate';
import type { LoadUnitId, LocationId, OrderId } from '../domain/ids.ts';
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
  /** Its order, once that is canceled; absent in what older versions have kept. */
  readonly canceled?: OrderId | undefined;
  /** It was on the crane by then: whichever cell it gets now, that is not for its order. */
  readonly isCalledBack?: boolean | undefined;
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
  /** Nobody wants it there any more. */
  | { readonly type: 'order.cancel'; readonly order: OrderId }
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
    noteCancel: assign(({ event }) =>
      event.type === 'order.cancel' ? { canceled: event.order } : {},
    ),
    goOnFrom: assign(({ context: { canceled }, event }) => ({
      ...('place' in event && event.place ? { from: event.place } : {}),
      isCalledBack: canceled !== undefined,
    })),
  },
  guards: {
    mayTryAgain: ({ context }) => context.tried.length < triedMax,
    isIdle: ({ context }) => context.to !== undefined,
    isCalledBack: ({ context }) => context.isCalledBack === true,
    isUnwanted: ({ context }) => context.to !== undefined || context.canceled !== undefined,
    isWhereItWas: ({ context, event }) =>
      context.to !== undefined && event.type === 'carry.canceled' && event.place === context.from,
    hasNotBegun: ({ context, event }) =>
      context.canceled !== undefined &&
      event.type === 'carry.canceled' &&
      event.place === context.from,
  },
  delays: { locationPause: 30_000 },
});

const ofUnit = ({ context: { loadUnit } }: { context: Context }) => ({ loadUnit });
const free = { type: 'freeLocation', params: ofUnit } as const;
const letGo = { type: 'letGo', params: ofUnit } as const;
const report = {
  type: 'reportMovement',
  params: ({ context: { loadUnit } }: { context: Context }) =>
    ({ kind: 'relocated', loadUnit, order: undefined }) as const,
} as const;
const giveUp = {
  type: 'giveUp',
  params: ({ context: { loadUnit, canceled } }: { context: Context }) =>
    ({ order: canceled as OrderId, loadUnit, because: 'canceled' }) as const,
} as const;
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
    'carry.done': [{ guard: 'isCalledBack', target: '.restored' }, { target: '.moved' }],
    'carry.missing': '.lost',
    'carry.canceled': [
      { guard: 'isWhereItWas', target: '.withdrawn' },
      { guard: 'hasNotBegun', target: '.canceled' },
      // It was on the crane already: into any cell from there.
      { guard: 'isUnwanted', target: '.choosing', actions: 'goOnFrom' },
      { target: '.clarification' },
    ],
    'order.cancel': { actions: ['noteCancel', { type: 'cancelCarry', params: {} }] },
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
    waiting: {
      ...noLocation,
      after: { locationPause: 'choosing' },
      on: { 'order.cancel': { target: 'canceled', actions: 'noteCancel' } },
    },
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
    moved: { type: 'final', entry: [free, report, letGo] },
    /** Canceled with the load unit on the crane: it stands in a cell again. */
    restored: { type: 'final', entry: [free, report, letGo, giveUp] },
    /** Nothing has happened. */
    withdrawn: { type: 'final', entry: [free, letGo] },
    /** Nothing has happened, and nothing is to. */
    canceled: { type: 'final', entry: [free, letGo, giveUp] },
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
