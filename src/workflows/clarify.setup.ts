import { assign, setup } from 'xstate';
import type { LoadUnitId, LocationId, Sscc } from '../domain/ids.ts';
import type { Goods } from '../domain/stock-lines.ts';
import { intents } from './intents.ts';

/** Finds out with a person what a load unit at a station is, where it belongs and what it holds. */
export interface ClarifyInput {
  readonly station: LocationId;
}

export interface ClarifyContext extends ClarifyInput {
  readonly loadUnit: LoadUnitId | undefined;
  /** Of a load unit that the books do not have yet. */
  readonly sscc: Sscc | undefined;
  /** An article that was scanned in it; while it is counted: what is counted. */
  readonly goods: Goods | undefined;
  /** What has been counted already. */
  readonly done: readonly Goods[];
  /** Why it cannot be done, to be shown. */
  readonly why: string | undefined;
}

export type ClarifyEvent =
  | {
      readonly type: 'scan.seen';
      readonly loadUnit: LoadUnitId;
      readonly sscc?: Sscc | undefined;
    }
  | { readonly type: 'scan.found'; readonly goods: Goods; readonly booked: number }
  | { readonly type: 'unit.named'; readonly loadUnit: LoadUnitId }
  | { readonly type: 'unit.isHere' }
  | { readonly type: 'unit.isElsewhere' }
  | { readonly type: 'unit.refused'; readonly why: string }
  /** It does not stand at the station any more, whoever has taken it. */
  | { readonly type: 'unit.taken' }
  | { readonly type: 'count.next'; readonly goods: Goods; readonly booked: number }
  | { readonly type: 'count.none' }
  | { readonly type: 'answer.noCode' }
  | { readonly type: 'answer.stop' }
  | { readonly type: 'answer.here' }
  | { readonly type: 'answer.leave' }
  | { readonly type: 'answer.contents' }
  | { readonly type: 'answer.counted'; readonly qty: number }
  | { readonly type: 'answer.nothing' }
  | { readonly type: 'answer.damaged' }
  | { readonly type: 'answer.empty' }
  | { readonly type: 'answer.discard'; readonly reason: string }
  | { readonly type: 'answer.return' }
  | { readonly type: 'answer.keep' };

/** Names and guards of the chart. */
export const clarifySetup = setup({
  types: {
    input: {} as ClarifyInput,
    context: {} as ClarifyContext,
    events: {} as ClarifyEvent,
  },
  actions: {
    ...intents,
    noteUnit: assign(({ event }) => {
      if (event.type === 'unit.named') return { loadUnit: event.loadUnit, goods: undefined };
      if (event.type !== 'scan.seen') return {};
      return { loadUnit: event.loadUnit, sscc: event.sscc, goods: undefined, why: undefined };
    }),
    noteGoods: assign(({ event }) => ('goods' in event ? { goods: event.goods } : {})),
    noteDone: assign(({ context: { done, goods } }) => ({
      done: goods === undefined ? done : [...done, goods],
    })),
    countAnew: assign({ done: [] }),
    noteWhy: assign(({ event }) => (event.type === 'unit.refused' ? { why: event.why } : {})),
  },
});
