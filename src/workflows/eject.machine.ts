import { assign, setup } from 'xstate';
import type { DeviceId, LoadUnitId, LocationId } from '../domain/ids.ts';
import { intents } from './intents.ts';

/** Brings one load unit out of its aisle to where a person sees to it, mostly a reject lane. */
export interface EjectInput {
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  /** P&D station through which it leaves the aisle. */
  readonly pd: LocationId;
  readonly lane: LocationId;
  /** Why it may not stay, as the crane says. */
  readonly why: string;
  readonly conveyorLimitMs: number;
}

export type EjectEvent =
  | { readonly type: 'carry.done' }
  | { readonly type: 'carry.binFull' }
  | { readonly type: 'carry.missing' }
  | { readonly type: 'carry.canceled' }
  | { readonly type: 'carry.failed' }
  | { readonly type: 'carry.toReject' }
  | {
      readonly type: 'point.arrived';
      readonly device: DeviceId;
      readonly point: number;
      readonly scanSeq: number;
    }
  | { readonly type: 'point.confirmed' }
  /** A person has taken it out of the warehouse. */
  | { readonly type: 'unit.taken' }
  | { readonly type: 'unit.lostTrack' };

interface Context extends EjectInput {
  /** Where it stands and asks for its way. */
  readonly at:
    | { readonly device: DeviceId; readonly point: number; readonly scanSeq: number }
    | undefined;
}

const machine = setup({
  types: { input: {} as EjectInput, context: {} as Context, events: {} as EjectEvent },
  actions: {
    ...intents,
    noteArrival: assign(({ event }) => {
      if (event.type !== 'point.arrived') return {};
      const { device, point, scanSeq } = event;
      return { at: { device, point, scanSeq } };
    }),
  },
  guards: { isAtPoint: ({ context }) => context.at !== undefined },
  delays: { conveyorLimit: ({ context }) => context.conveyorLimitMs, stationPause: 30_000 },
});

const ofUnit = ({ context: { loadUnit } }: { context: Context }) => ({ loadUnit });

export const ejectMachine = machine.createMachine({
  id: 'eject',
  context: ({ input }) => ({ ...input, at: undefined }),
  initial: 'carrying',
  states: {
    carrying: {
      initial: 'toPd',
      on: {
        'carry.done': 'onConveyor',
        'carry.missing': 'lost',
        'carry.canceled': 'settled',
        'carry.failed': 'settled',
        // Even to bring it out the crane refuses: people have to fetch it.
        'carry.toReject': 'settled',
        'carry.binFull': '.blocked',
        // It stands there before anybody has said how its mission ended.
        'point.arrived': { actions: 'noteArrival' },
      },
      states: {
        toPd: {
          entry: {
            type: 'startCarry',
            params: ({ context: { loadUnit, from, pd } }) => ({ loadUnit, from, to: pd }),
          },
        },
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
          after: { stationPause: 'again' },
        },
        again: {
          entry: { type: 'redirectCarry', params: ({ context: { pd } }) => ({ to: pd }) },
        },
      },
    },
    onConveyor: {
      after: {
        conveyorLimit: {
          actions: {
            type: 'raiseTask',
            params: ({ context: { loadUnit, lane } }) => ({
              code: 'CONVEYOR_LATE' as const,
              text: `${loadUnit} has not reached ${lane}: look for a jam on the way.`,
              loadUnit,
            }),
          },
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
            params: ({ context: { at, lane } }) => ({
              ...(at as NonNullable<Context['at']>),
              to: lane,
            }),
          },
        },
      },
      on: {
        'point.confirmed': 'settled',
        'unit.lostTrack': 'settled',
        'unit.taken': 'lost',
      },
    },
    /** It is booked as missing already, and asked about; or it is out. */
    lost: { type: 'final', entry: { type: 'letGo', params: ofUnit } },
    settled: {
      type: 'final',
      entry: [
        { type: 'letGo', params: ofUnit },
        { type: 'sendToClarification', params: ofUnit },
        {
          type: 'raiseTask',
          params: ({ context: { loadUnit, lane, why } }) => ({
            code: 'CLARIFY' as const,
            text: `${loadUnit} was taken out of its aisle to ${lane} (${why}): see to it.`,
            loadUnit,
          }),
        },
      ],
    },
  },
});
