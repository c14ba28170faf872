import { assign, setup } from 'xstate';
import type { DeviceId, LoadUnitId, LocationId, Sscc } from '../domain/ids.ts';
import type { StepKind } from '../domain/station-step.ts';
import { intents } from './intents.ts';

/** Leads a person through the places that may have changed while people worked in an aisle, and releases its crane. */
export interface InspectionInput {
  readonly crane: DeviceId;
  /** Place of the crane's own under whose name the steps are asked for. */
  readonly desk: LocationId;
  /** To be looked at, in this order. */
  readonly places: readonly LocationId[];
}

export interface InspectionContext extends InspectionInput {
  readonly location: LocationId | undefined;
  /** Load units that have been seen: a scan of one again is no answer at another place. */
  readonly found: readonly LoadUnitId[];
  /** Load units that do not stand where the books had them, and may be seen yet. */
  readonly lost: readonly LoadUnitId[];
  /** Why the crane cannot be released, to be shown. */
  readonly why: string | undefined;
}

export type InspectionEvent =
  | {
      readonly type: 'scan.seen';
      readonly loadUnit: LoadUnitId;
      readonly sscc?: Sscc | undefined;
    }
  | { readonly type: 'scan.place'; readonly location: LocationId }
  | { readonly type: 'answer.noCode' }
  | { readonly type: 'answer.nothing' }
  | { readonly type: 'answer.skip' }
  | { readonly type: 'answer.done' }
  | { readonly type: 'answer.again' }
  /** What was seen is booked, and nothing more has room there. */
  | { readonly type: 'place.full'; readonly loadUnit: LoadUnitId }
  | { readonly type: 'place.hasRoom'; readonly loadUnit: LoadUnitId }
  | { readonly type: 'place.empty'; readonly lost: readonly LoadUnitId[] }
  | { readonly type: 'release.done' }
  | { readonly type: 'release.refused'; readonly why: string };

type Args = { readonly context: InspectionContext };

/** Asks for one step as long as the chart stays in the state. */
const asks = (kind: StepKind) =>
  ({
    entry: {
      type: 'askStep',
      params: ({ context: { desk, location, found, why } }: Args) => ({
        ...{ station: desk, kind, location, sources: found, why },
      }),
    },
    exit: { type: 'clearStep', params: {} },
  }) as const;

const at = ({ context: { location } }: Args) => ({ location: location as LocationId });

const machine = setup({
  types: {
    input: {} as InspectionInput,
    context: {} as InspectionContext,
    events: {} as InspectionEvent,
  },
  actions: {
    ...intents,
    takeNext: assign(({ context: { places } }) => ({
      location: places[0],
      places: places.slice(1),
    })),
    addPlace: assign(({ event }) =>
      event.type === 'scan.place' ? { places: [event.location] } : {},
    ),
    noteFound: assign(({ context: { found, lost }, event }) =>
      'loadUnit' in event
        ? {
            found: [...found, event.loadUnit],
            lost: lost.filter((other) => other !== event.loadUnit),
          }
        : {},
    ),
    noteLost: assign(({ context: { lost }, event }) =>
      event.type === 'place.empty' ? { lost: [...lost, ...event.lost] } : {},
    ),
    noteWhy: assign(({ event }) => (event.type === 'release.refused' ? { why: event.why } : {})),
  },
  guards: { hasPlaces: ({ context }) => context.places.length > 0 },
});

/** One place after the other; what is said about each is booked at once, and nothing is booked that nobody has said. */
export const inspectionMachine = machine.createMachine({
  id: 'inspection',
  context: ({ input }) => ({
    ...input,
    ...{ location: undefined, found: [], lost: [], why: undefined },
  }),
  initial: 'next',
  states: {
    next: {
      always: [{ guard: 'hasPlaces', target: 'looking', actions: 'takeNext' }, { target: 'more' }],
    },
    looking: {
      ...asks('lookAtPlace'),
      on: {
        'scan.seen': {
          target: 'booking',
          actions: {
            type: 'bookSeen',
            params: ({ context, event: { loadUnit, sscc } }) => ({
              ...at({ context }),
              ...{ loadUnit, sscc },
            }),
          },
        },
        'answer.noCode': {
          target: 'booking',
          actions: {
            type: 'bookUncoded',
            params: ({ context }) => ({ ...at({ context }), found: context.found }),
          },
        },
        'answer.nothing': {
          target: 'booking',
          actions: {
            type: 'bookRest',
            params: ({ context }) => ({ ...at({ context }), found: context.found }),
          },
        },
        'answer.skip': { target: 'next', actions: { type: 'leaveUnseen', params: at } },
      },
    },
    booking: {
      on: {
        'place.full': { target: 'next', actions: 'noteFound' },
        'place.hasRoom': { target: 'looking', actions: 'noteFound' },
        'place.empty': { target: 'next', actions: 'noteLost' },
      },
    },
    more: {
      ...asks('lookMore'),
      on: {
        'scan.place': { target: 'next', actions: 'addPlace' },
        'answer.done': 'releasing',
      },
    },
    releasing: {
      entry: {
        type: 'releaseInspected',
        params: ({ context: { crane, lost } }) => ({ crane, lost }),
      },
      on: {
        'release.done': 'released',
        'release.refused': { target: 'refused', actions: 'noteWhy' },
      },
    },
    refused: {
      ...asks('notReleased'),
      on: {
        'answer.again': 'releasing',
        'scan.place': { target: 'next', actions: 'addPlace' },
      },
    },
    released: { type: 'final' },
  },
});
