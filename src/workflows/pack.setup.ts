import { assign, setup } from 'xstate';
import type { LoadUnitId, LocationId, OrderId, Sscc } from '../domain/ids.ts';
import type { LabelProof } from '../domain/label.ts';
import { intents } from './intents.ts';

/**
 * Closes what has been picked: puts it into one load unit where that is wanted, labels it and hands it over. Without
 * sources the target is closed as it is.
 */
export interface PackInput {
  readonly order: OrderId;
  readonly station: LocationId;
  /** What is to be packed into the target, in this order. */
  readonly sources: readonly LoadUnitId[];
  /** What takes it, where that is known already. */
  readonly target: LoadUnitId | undefined;
  /** The one that its host wants; any other one is refused. */
  readonly wanted: LoadUnitId | undefined;
  /** A person may leave it as it is: for a tote of a pick, which somebody may pack elsewhere. */
  readonly mayKeep: boolean;
  readonly hasPrinter: boolean;
}

export interface PackContext extends PackInput {
  readonly label: { readonly label: string; readonly sscc: Sscc } | undefined;
  /** Something has been put into the target, or the target is what it was. */
  readonly hasPacked: boolean;
  /** Why there is no label, to be shown. */
  readonly why: string | undefined;
}

export type PackEvent =
  | { readonly type: 'order.cancel' }
  /** The one that is packed next is nowhere to be found. */
  | { readonly type: 'unit.taken' }
  | { readonly type: 'scan.loadUnit'; readonly loadUnit: LoadUnitId }
  | { readonly type: 'scan.target'; readonly loadUnit: LoadUnitId }
  | { readonly type: 'scan.label' }
  | { readonly type: 'answer.same' }
  | { readonly type: 'answer.done' }
  | { readonly type: 'answer.close' }
  | { readonly type: 'answer.keep' }
  | { readonly type: 'answer.ship' }
  | { readonly type: 'answer.again' }
  | { readonly type: 'answer.noLabel' }
  | { readonly type: 'label.queued'; readonly label: string; readonly sscc: Sscc }
  | { readonly type: 'label.printed'; readonly proof?: LabelProof }
  | { readonly type: 'label.notTaken'; readonly why: string }
  | { readonly type: 'label.unknown'; readonly why: string };

/** Names and guards of the chart. */
export const packSetup = setup({
  types: {
    input: {} as PackInput,
    context: {} as PackContext,
    events: {} as PackEvent,
  },
  actions: {
    ...intents,
    noteTarget: assign(({ event }) =>
      event.type === 'scan.target' ? { target: event.loadUnit } : {},
    ),
    /** The one source is the target: nothing is put from one into another. */
    noteSame: assign(({ context }) => ({
      ...{ target: context.sources[0], sources: [], hasPacked: true },
    })),
    noteSource: assign(({ context, event }) => {
      if (event.type !== 'scan.loadUnit') return {};
      const { loadUnit } = event;
      const others = context.sources.filter((other) => other !== loadUnit);
      return { sources: [loadUnit, ...others] };
    }),
    notePacked: assign({ hasPacked: true }),
    dropSource: assign(({ context }) => ({ sources: context.sources.slice(1) })),
    noteLabel: assign(({ event }) =>
      event.type === 'label.queued' ? { label: { label: event.label, sscc: event.sscc } } : {},
    ),
    noteWhy: assign(({ event }) => ('why' in event ? { why: event.why } : {})),
  },
  guards: {
    hasSources: ({ context }) => context.sources.length > 0,
    hasNothing: ({ context: { sources, hasPacked, mayKeep } }) =>
      sources.length === 0 && !hasPacked && !mayKeep,
    hasTarget: ({ context }) => context.target !== undefined,
    hasPrinter: ({ context }) => context.hasPrinter,
    mayKeep: ({ context }) => context.mayKeep,
  },
});
