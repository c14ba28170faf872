import { assign, setup } from 'xstate';
import type { LoadUnitId, OrderId } from '../domain/ids.ts';
import type { Pick } from '../domain/station-step.ts';
import { intents } from './intents.ts';
import type { StationWork } from './station-work.ts';

/** Takes articles out of one load unit that stands at a station, for its order and then for each that follows it. */
export type PickInput = StationWork;

export interface PickContext extends PickInput {
  readonly target: LoadUnitId | undefined;
  readonly pick: Pick | undefined;
  /** The tote takes no more: another one is asked for. */
  readonly isFull: boolean;
}

export type PickEvent =
  | { readonly type: 'order.cancel' }
  /** The books of the load unit are not what they were: what was asked for may not be there. */
  | { readonly type: 'stock.changed' }
  /** It does not stand at the station any more, whoever has taken it. */
  | { readonly type: 'unit.taken' }
  | {
      readonly type: 'pick.next';
      readonly pick: Pick;
      /** The order's tote, if it has one already. */
      readonly target: LoadUnitId | undefined;
      /** The one that its host wants; any other one is refused. */
      readonly wanted: LoadUnitId | undefined;
    }
  /** The order has got all that it gets here; this one is the next. */
  | { readonly type: 'order.next'; readonly order: OrderId }
  | { readonly type: 'pick.none' }
  | { readonly type: 'scan.target'; readonly loadUnit: LoadUnitId }
  | { readonly type: 'scan.article' }
  | { readonly type: 'scan.loadUnit'; readonly loadUnit: LoadUnitId }
  | { readonly type: 'answer.noCode' }
  | { readonly type: 'answer.done' }
  /** @param qty  as many have gone into the tote before it was full */
  | { readonly type: 'answer.full'; readonly qty?: number | undefined }
  | { readonly type: 'answer.short'; readonly qty: number; readonly reason: string }
  | { readonly type: 'answer.counted'; readonly qty: number }
  | { readonly type: 'answer.wrongArticle' }
  | { readonly type: 'answer.return' }
  | { readonly type: 'answer.ship' };

/** Names and guards of the chart. */
export const pickSetup = setup({
  types: {
    input: {} as PickInput,
    context: {} as PickContext,
    events: {} as PickEvent,
  },
  actions: {
    ...intents,
    notePick: assign(({ context: { isFull }, event }) => {
      if (event.type !== 'pick.next') return {};
      const { pick, target, wanted } = event;
      return { pick, target: isFull ? undefined : (target ?? wanted) };
    }),
    noteOrder: assign(({ event }) =>
      event.type === 'order.next'
        ? { order: event.order, target: undefined, pick: undefined, isFull: false }
        : {},
    ),
    noteTarget: assign(({ event }) =>
      event.type === 'scan.target' ? { target: event.loadUnit, isFull: false } : {},
    ),
    noteFull: assign({ target: undefined, isFull: true }),
  },
  guards: {
    hasTarget: ({ context: { isFull }, event }) =>
      event.type === 'pick.next' && event.target !== undefined && !isFull,
    isDamaged: ({ event }) => event.type === 'answer.short' && event.reason === 'damaged',
  },
});
