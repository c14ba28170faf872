import { assign, setup } from 'xstate';
import type { DeviceId, LoadUnitId, LocationId, OrderId } from '../domain/ids.ts';
import { intents } from './intents.ts';

/** Brings one load unit from its storage location to the station of the order that wants it. */
export interface RetrievalInput {
  readonly order: OrderId;
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  readonly lhd: LocationId;
  /** P&D station through which it leaves the aisle. */
  readonly pd: LocationId;
  readonly station: LocationId;
  readonly conveyorLimitMs: number;
}

interface Context extends RetrievalInput {
  /** Where it stands and asks for its way. */
  readonly at:
    | { readonly device: DeviceId; readonly point: number; readonly scanSeq: number }
    | undefined;
  readonly tried: readonly LocationId[];
}

export type RetrievalEvent =
  | { readonly type: 'order.cancel' }
  | { readonly type: 'carry.done' }
  | { readonly type: 'carry.canceled'; readonly place: LocationId | undefined }
  | { readonly type: 'carry.missing' }
  | { readonly type: 'carry.failed' }
  | { readonly type: 'carry.binFull'; readonly tried: LocationId }
  | { readonly type: 'location.chosen'; readonly location: LocationId }
  | { readonly type: 'location.none' }
  /** It stands at a decision point, which asks where to. */
  | {
      readonly type: 'point.arrived';
      readonly device: DeviceId;
      readonly point: number;
      readonly scanSeq: number;
    }
  | {
      readonly type: 'point.confirmed';
      readonly to: LocationId | undefined;
      readonly outcome: string;
    }
  /** A person has scanned it at the station. */
  | { readonly type: 'station.confirmed' }
  | { readonly type: 'station.finished'; readonly how: 'ship' | 'return' }
  | { readonly type: 'unit.lostTrack' };

const machine = setup({
  types: { input: {} as RetrievalInput, context: {} as Context, events: {} as RetrievalEvent },
  actions: {
    ...intents,
    noteTried: assign(({ context, event }) =>
      event.type === 'carry.binFull' ? { tried: [...context.tried, event.tried] } : {},
    ),
  },
  guards: {
    isStillInRack: ({ context, event }) => 'place' in event && event.place === context.from,
    isAtStation: ({ context, event }) =>
      event.type === 'point.confirmed' && event.to === context.station,
    isToShip: ({ event }) => event.type === 'station.finished' && event.how === 'ship',
  },
  delays: { conveyorLimit: ({ context }) => context.conveyorLimitMs, locationPause: 30_000 },
});

const ofUnit = ({ context: { loadUnit } }: { context: Context }) => ({ loadUnit });
const letGo = { type: 'letGo', params: ofUnit } as const;
const free = { type: 'freeLocation', params: ofUnit } as const;
const clarify = { type: 'sendToClarification', params: ofUnit } as const;
const giveUp = (because: 'missing' | 'diverted' | 'canceled' | 'clarification') =>
  ({
    type: 'giveUp',
    params: ({ context: { order, loadUnit } }: { context: Context }) => ({
      order,
      loadUnit,
      because,
    }),
  }) as const;
const choose = {
  type: 'chooseLocation',
  params: ({ context: { loadUnit, tried } }: { context: Context }) => ({
    loadUnit,
    except: tried,
  }),
} as const;

export const retrievalMachine = machine.createMachine({
  id: 'retrieval',
  context: ({ input }) => ({ ...input, at: undefined, tried: [] }),
  initial: 'carrying',
  states: {
    carrying: {
      entry: {
        type: 'startCarry',
        params: ({ context: { loadUnit, from, pd } }) => ({ loadUnit, from, to: pd }),
      },
      on: {
        'carry.done': 'onConveyor',
        'carry.missing': 'missing',
        'carry.failed': 'clarification',
        'carry.canceled': [{ guard: 'isStillInRack', target: 'canceled' }, { target: 'restoring' }],
        'order.cancel': { actions: { type: 'cancelCarry', params: {} } },
      },
    },
    // Canceled with the load unit on the crane: it goes back into a cell.
    restoring: {
      initial: 'choosing',
      on: {
        'carry.done': 'restored',
        'carry.missing': 'missing',
        'carry.failed': 'clarification',
        'carry.canceled': 'clarification',
      },
      states: {
        choosing: {
          entry: choose,
          on: {
            'location.chosen': {
              target: 'carrying',
              actions: {
                type: 'startCarry',
                params: ({ context: { loadUnit, lhd }, event }) => ({
                  loadUnit,
                  from: lhd,
                  to: event.location,
                }),
              },
            },
            'location.none': 'waiting',
          },
        },
        waiting: { after: { locationPause: 'choosing' } },
        carrying: { on: { 'carry.binFull': { target: 'rechoosing', actions: 'noteTried' } } },
        rechoosing: {
          entry: choose,
          on: {
            'location.chosen': {
              target: 'carrying',
              actions: {
                type: 'redirectCarry',
                params: ({ event }) => ({ to: event.location }),
              },
            },
            'location.none': 'rewaiting',
          },
        },
        rewaiting: { after: { locationPause: 'rechoosing' } },
      },
    },
    // Past the crane a cancel comes too late: the load unit goes to its station.
    onConveyor: {
      after: {
        conveyorLimit: {
          actions: {
            type: 'raiseTask',
            params: ({ context: { loadUnit, station } }) => ({
              code: 'CONVEYOR_LATE' as const,
              text: `${loadUnit} has not reached ${station}: look for a jam on the way.`,
              loadUnit,
            }),
          },
        },
      },
      exit: { type: 'settleTask', params: { code: 'CONVEYOR_LATE' } },
      initial: 'moving',
      states: {
        moving: {
          on: {
            'point.arrived': {
              target: 'answered',
              actions: assign({
                at: ({ event: { device, point, scanSeq } }) => ({ device, point, scanSeq }),
              }),
            },
          },
        },
        answered: {
          entry: {
            type: 'answerPoint',
            params: ({ context: { at, station } }) => ({
              ...(at as NonNullable<Context['at']>),
              to: station,
            }),
          },
        },
      },
      on: {
        'point.confirmed': [{ guard: 'isAtStation', target: 'atStation' }, { target: 'diverted' }],
        'unit.lostTrack': 'diverted',
      },
    },
    atStation: {
      on: { 'station.confirmed': 'delivered' },
    },
    delivered: {
      entry: [
        {
          type: 'reportMovement',
          params: ({ context: { loadUnit, order } }) =>
            ({ kind: 'retrieved', loadUnit, order }) as const,
        },
        {
          type: 'deliver',
          params: ({ context: { order, loadUnit } }) => ({ order, loadUnit }),
        },
      ],
      on: {
        'station.finished': [{ guard: 'isToShip', target: 'shipped' }, { target: 'returned' }],
      },
    },
    shipped: {
      type: 'final',
      entry: [
        {
          type: 'postMove',
          params: ({ context: { loadUnit } }) => ({ loadUnit, to: 'OUTSIDE' as LocationId }),
        },
        {
          type: 'reportMovement',
          params: ({ context: { loadUnit, order } }) =>
            ({ kind: 'shipped', loadUnit, order }) as const,
        },
        letGo,
      ],
    },
    /** A person puts it back onto the infeed; there it is identified and stored again. */
    returned: { type: 'final', entry: letGo },
    canceled: { type: 'final', entry: [letGo, giveUp('canceled')] },
    restored: {
      type: 'final',
      entry: [
        free,
        {
          type: 'reportMovement',
          params: ({ context: { loadUnit, order } }) =>
            ({ kind: 'relocated', loadUnit, order }) as const,
        },
        letGo,
        giveUp('canceled'),
      ],
    },
    missing: { type: 'final', entry: [free, letGo, giveUp('missing')] },
    diverted: {
      type: 'final',
      entry: [
        letGo,
        clarify,
        giveUp('diverted'),
        {
          type: 'raiseTask',
          params: ({ context: { loadUnit, station } }) => ({
            code: 'DIVERTED' as const,
            text: `${loadUnit} was to go to ${station} and left by another exit.`,
            loadUnit,
          }),
        },
      ],
    },
    clarification: {
      type: 'final',
      entry: [free, letGo, clarify, giveUp('clarification')],
    },
  },
});
