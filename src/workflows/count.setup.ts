import { assign, setup } from 'xstate';
import type { LoadUnitId } from '../domain/ids.ts';
import type { Goods } from '../domain/stock-lines.ts';
import { intents } from './intents.ts';
import type { StationWork } from './station-work.ts';

/** Has people count all that lies in one load unit, which stands at a station. */
export interface CountInput extends StationWork {
  /** Difference that is booked without a second count, percent of what is booked. */
  readonly tolerancePercent: number;
}

interface Counted {
  readonly qty: number;
  /** Who has counted it. */
  readonly by: string;
}

export interface CountContext extends CountInput {
  /** What is being counted. */
  readonly goods: Goods | undefined;
  readonly booked: number;
  /** Counts of it so far, the first one first. */
  readonly counts: readonly Counted[];
  /** What has been counted already. */
  readonly done: readonly Goods[];
}

export type CountEvent =
  | { readonly type: 'order.cancel' }
  /** The books of the load unit are not what they were: it is counted against what they are now. */
  | { readonly type: 'stock.changed' }
  /** It does not stand at the station any more, whoever has taken it. */
  | { readonly type: 'unit.taken' }
  | { readonly type: 'count.next'; readonly goods: Goods; readonly booked: number }
  | { readonly type: 'count.none' }
  | { readonly type: 'scan.found'; readonly goods: Goods; readonly booked: number }
  | { readonly type: 'scan.loadUnit'; readonly loadUnit: LoadUnitId }
  | { readonly type: 'answer.counted'; readonly qty: number; readonly by: string }
  | { readonly type: 'answer.nothing' }
  | { readonly type: 'answer.return' }
  | { readonly type: 'answer.ship' };

/** Counts of one thing that nobody agrees on: then it is for a person to find out why. */
const countsMax = 3;

type Args = { readonly context: CountContext; readonly event: CountEvent };

/** Names and guards of the chart. */
export const countSetup = setup({
  types: {
    input: {} as CountInput,
    context: {} as CountContext,
    events: {} as CountEvent,
  },
  actions: {
    ...intents,
    noteGoods: assign(({ event }) =>
      event.type === 'count.next' || event.type === 'scan.found'
        ? { goods: event.goods, booked: event.booked, counts: [] }
        : {},
    ),
    noteCount: assign(({ context, event }) =>
      event.type === 'answer.counted'
        ? { counts: [...context.counts, { qty: event.qty, by: event.by }] }
        : {},
    ),
    noteDone: assign(({ context: { done, goods } }) => ({
      done: goods === undefined ? done : [...done, goods],
    })),
  },
  guards: {
    /** As booked, or near enough; or as somebody else has counted before. */
    isAgreed: ({ context: { booked, counts, tolerancePercent }, event }: Args) => {
      if (event.type !== 'answer.counted') return false;
      const { qty } = event;
      if (qty === booked || counts.some((before) => before.qty === qty)) return true;
      const isFirst = counts.length === 0;
      return isFirst && Math.abs(qty - booked) <= Math.floor((booked * tolerancePercent) / 100);
    },
    isGivenUp: ({ context: { counts } }: Args) => counts.length + 1 >= countsMax,
  },
});
