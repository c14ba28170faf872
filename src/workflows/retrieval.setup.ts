import { assign, setup } from 'xstate';
import type { DeviceId, LoadUnitId, LocationId, OrderId } from '../domain/ids.ts';
import { intents } from './intents.ts';

/** A load that stands at a decision point and asks for its way. */
interface AtPoint {
  readonly device: DeviceId;
  readonly point: number;
  readonly scanSeq: number;
}

/**
 * Brings one load unit from its storage location to the station of the order that wants it; or from an
 * identification point, before it has ever been stored: then no crane takes part.
 */
export interface RetrievalInput {
  readonly order: OrderId;
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  /** The crane's load-handling device; where it stands, when it begins at a point. */
  readonly lhd: LocationId;
  /** P&D station through which it leaves the aisle; where it stands, when it begins at a point. */
  readonly pd: LocationId;
  readonly station: LocationId;
  /** The point where it begins; absent: in the rack. */
  readonly at?: AtPoint | undefined;
  readonly conveyorLimitMs: number;
}

export interface RetrievalContext extends RetrievalInput {
  /** Where it is on the crane, once it is to go back. */
  readonly onCrane: LocationId;
  /** Where it stands and asks for its way. */
  readonly at: AtPoint | undefined;
  readonly tried: readonly LocationId[];
}

export type RetrievalEvent =
  | { readonly type: 'order.cancel' }
  /** It is for another order from now on, which takes from it as well. */
  | { readonly type: 'order.passedOn'; readonly order: OrderId }
  | { readonly type: 'carry.done' }
  | { readonly type: 'carry.canceled'; readonly place: LocationId | undefined }
  | { readonly type: 'carry.missing' }
  | { readonly type: 'carry.failed' }
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
  /** It does not stand at the station any more, or is not on its way there, whoever has taken it. */
  | { readonly type: 'unit.taken' }
  | { readonly type: 'unit.lostTrack' };

/** Names, guards and delays of the chart, so that the chart itself can be read in one sitting. */
export const retrievalSetup = setup({
  types: {
    input: {} as RetrievalInput,
    context: {} as RetrievalContext,
    events: {} as RetrievalEvent,
  },
  actions: {
    ...intents,
    noteOrder: assign(({ event }) =>
      event.type === 'order.passedOn' ? { order: event.order } : {},
    ),
    noteArrival: assign(({ event }) => {
      if (event.type !== 'point.arrived') return {};
      const { device, point, scanSeq } = event;
      return { at: { device, point, scanSeq } };
    }),
    noteTried: assign(({ context, event }) =>
      'tried' in event ? { tried: [...context.tried, event.tried] } : {},
    ),
  },
  guards: {
    isAtPoint: ({ context }) => context.at !== undefined,
    mayTryAgain: ({ context }) => context.tried.length < triedMax,
    isStillInRack: ({ context, event }) => 'place' in event && event.place === context.from,
    isAtStation: ({ context, event }) =>
      event.type === 'point.confirmed' && event.to === context.station,
    isPlaced: ({ event }) => event.type === 'point.confirmed' && event.to !== undefined,
    isToShip: ({ event }) => event.type === 'station.finished' && event.how === 'ship',
  },
  delays: { conveyorLimit: ({ context }) => context.conveyorLimitMs, locationPause: 30_000 },
});

/** Locations that are tried for one load unit which the crane does not take: then it is the load unit. */
const triedMax = 3;

/** Its order gets another one, or waits. */
export const giveUp = (because: 'missing' | 'diverted' | 'canceled' | 'clarification') =>
  ({
    type: 'giveUp',
    params: ({ context: { order, loadUnit } }: { context: RetrievalContext }) => ({
      order,
      loadUnit,
      because,
    }),
  }) as const;

export const ask = (
  code: 'CLARIFY' | 'CONVEYOR_LATE' | 'DIVERTED' | 'NO_LOCATION' | 'TRACKING_LOST',
  text: (context: RetrievalContext) => string,
) =>
  ({
    type: 'raiseTask',
    params: ({ context }: { context: RetrievalContext }) => ({
      code,
      text: text(context),
      loadUnit: context.loadUnit,
    }),
  }) as const;
