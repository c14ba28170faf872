import { assign } from 'xstate';
import type { LocationId } from '../domain/ids.ts';
import {
  ask,
  giveUp,
  type RetrievalContext,
  type RetrievalEvent,
  retrievalSetup,
} from './retrieval.setup.ts';

const ofUnit = ({ context: { loadUnit } }: { context: RetrievalContext }) => ({ loadUnit });
const letGo = { type: 'letGo', params: ofUnit } as const;
const free = { type: 'freeLocation', params: ofUnit } as const;
const clarify = { type: 'sendToClarification', params: ofUnit } as const;
const choose = {
  type: 'chooseLocation',
  params: ({ context: { loadUnit, tried } }: { context: RetrievalContext }) => ({
    loadUnit,
    except: tried,
  }),
} as const;

const chooseAnother = { target: '.rechoosing', actions: 'noteTried' } as const;
const bringOut = [
  free,
  {
    type: 'bringOut',
    params: ({
      context: { loadUnit },
      event,
    }: {
      context: RetrievalContext;
      event: RetrievalEvent;
    }) => ({
      loadUnit,
      from: 'place' in event ? event.place : undefined,
      why: 'why' in event ? event.why : '',
    }),
  },
  giveUp('clarification'),
] as const;

const noLocation = {
  entry: ask(
    'NO_LOCATION',
    ({ loadUnit }) => `There is no free location for ${loadUnit}, which stands on the crane.`,
  ),
  exit: { type: 'settleTask', params: { code: 'NO_LOCATION' } },
} as const;

export const retrievalMachine = retrievalSetup.createMachine({
  id: 'retrieval',
  context: ({ input }) => ({ ...input, onCrane: input.lhd, at: input.at, tried: [] }),
  initial: 'beginning',
  on: { 'order.passedOn': { actions: 'noteOrder' } },
  states: {
    beginning: { always: [{ guard: 'isAtPoint', target: 'onConveyor' }, { target: 'carrying' }] },
    carrying: {
      initial: 'toPd',
      states: {
        toPd: {
          entry: {
            type: 'startCarry',
            params: ({ context: { loadUnit, from, pd } }) => ({ loadUnit, from, to: pd }),
          },
          on: { 'carry.binFull': 'blocked' },
        },
        // On the crane, and something stands at the P&D station that the books do not know.
        blocked: {
          entry: {
            type: 'raiseTask',
            params: ({ context: { loadUnit, pd } }) => ({
              code: 'STATION_FULL' as const,
              text: `${pd} cannot take ${loadUnit}, which stands on the crane: clear it.`,
              loadUnit,
              location: pd,
            }),
          },
          exit: { type: 'settleTask', params: { code: 'STATION_FULL' } },
          after: { locationPause: 'toPdAgain' },
        },
        toPdAgain: {
          entry: { type: 'redirectCarry', params: ({ context: { pd } }) => ({ to: pd }) },
          on: { 'carry.binFull': 'blocked' },
        },
      },
      on: {
        'carry.done': 'onConveyor',
        'carry.missing': 'missing',
        'carry.failed': 'clarification',
        'carry.canceled': [
          { guard: 'isStillInRack', target: 'canceled' },
          {
            target: 'restoring',
            actions: assign({
              onCrane: ({ context, event: { place } }) => place ?? context.onCrane,
            }),
          },
        ],
        'carry.toReject': { target: 'broughtOut', actions: bringOut },
        'order.cancel': { actions: { type: 'cancelCarry', params: {} } },
        // It stands there before anybody has said how its mission ended.
        'point.arrived': { actions: 'noteArrival' },
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
        'carry.toReject': { target: 'broughtOut', actions: bringOut },
        'carry.binFull': chooseAnother,
        'carry.unfit': [
          { guard: 'mayTryAgain', ...chooseAnother },
          { actions: { type: 'cancelCarry', params: {} } },
        ],
        'location.lost': chooseAnother,
      },
      states: {
        choosing: {
          entry: choose,
          on: {
            'location.chosen': {
              target: 'carrying',
              actions: {
                type: 'startCarry',
                params: ({ context: { loadUnit, onCrane }, event }) => ({
                  loadUnit,
                  from: onCrane,
                  to: event.location,
                }),
              },
            },
            'location.none': 'waiting',
          },
        },
        waiting: {
          ...noLocation,
          after: { locationPause: 'choosing' },
          on: { 'unit.taken': '#retrieval.taken' },
        },
        carrying: {},
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
        rewaiting: { ...noLocation, after: { locationPause: 'rechoosing' } },
      },
    },
    // Past the crane a cancel comes too late: the load unit goes to its station.
    onConveyor: {
      after: {
        conveyorLimit: {
          actions: ask(
            'CONVEYOR_LATE',
            ({ loadUnit, station }) =>
              `${loadUnit} has not reached ${station}: look for a jam on the way.`,
          ),
        },
      },
      exit: { type: 'settleTask', params: { code: 'CONVEYOR_LATE' } },
      initial: 'moving',
      states: {
        moving: {
          always: { guard: 'isAtPoint', target: 'answered' },
          on: { 'point.arrived': { target: 'answered', actions: 'noteArrival' } },
        },
        answered: {
          entry: {
            type: 'answerPoint',
            params: ({ context: { at, station } }) => ({
              ...(at as NonNullable<RetrievalContext['at']>),
              to: station,
            }),
          },
        },
      },
      on: {
        'point.confirmed': [
          { guard: 'isAtStation', target: 'atStation' },
          { guard: 'isPlaced', target: 'diverted' },
          { target: 'lost' },
        ],
        'unit.lostTrack': 'lost',
        'unit.taken': 'taken',
      },
    },
    atStation: {
      on: { 'station.confirmed': 'delivered', 'unit.taken': 'taken' },
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
        'unit.taken': 'takenLast',
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
    returned: { type: 'final', entry: [letGo, { type: 'expectBack', params: ofUnit }] },
    /** It has left its way or its station, and nobody has said so before: who finds it books where it is. */
    taken: { type: 'final', entry: [letGo, giveUp('missing')] },
    takenLast: { type: 'final', entry: letGo },
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
    /** On its way to a reject lane, by a workflow of its own. */
    broughtOut: { type: 'final' },
    missing: { type: 'final', entry: [free, letGo, giveUp('missing')] },
    diverted: {
      type: 'final',
      entry: [
        letGo,
        clarify,
        giveUp('diverted'),
        ask(
          'DIVERTED',
          ({ loadUnit, station }) =>
            `${loadUnit} was to go to ${station} and left by another exit.`,
        ),
      ],
    },
    /** By which way, and whether at all, it has left the conveyor is not known: it may be anywhere. */
    lost: {
      type: 'final',
      entry: [
        letGo,
        clarify,
        giveUp('clarification'),
        ask(
          'TRACKING_LOST',
          ({ loadUnit, station }) =>
            `${loadUnit} was to go to ${station} and is not on its way any more: look for it and say where it is.`,
        ),
      ],
    },
    clarification: {
      type: 'final',
      entry: [
        free,
        letGo,
        clarify,
        giveUp('clarification'),
        ask(
          'CLARIFY',
          ({ loadUnit, pd }) =>
            `${loadUnit} did not come to ${pd}: look for it and say where it is.`,
        ),
      ],
    },
  },
});
