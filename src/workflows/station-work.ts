import type { LoadUnitId, LocationId, OrderId, WorkflowId } from '../domain/ids.ts';

/** Something is done for an order with one load unit that stands at a station. */
export interface StationWork {
  /** The retrieval that has brought the load unit, and takes it away again. */
  readonly parent: WorkflowId;
  readonly order: OrderId;
  readonly loadUnit: LoadUnitId;
  readonly station: LocationId;
}

type Args = { readonly context: StationWork };

const finishParent = (how: 'ship' | 'return') =>
  ({
    type: 'tellParent',
    params: ({ context: { parent } }: Args) => ({
      parent,
      event: { type: 'station.finished', how },
    }),
  }) as const;
/** Whoever has taken it: nothing is done with it here any more. */
const parentLoses = {
  type: 'tellParent',
  params: ({ context: { parent } }: Args) => ({ parent, event: { type: 'unit.taken' } }),
} as const;
const gaveUp = <Because extends 'missing' | 'clarification'>(because: Because) =>
  ({
    type: 'giveUp',
    params: ({ context: { order, loadUnit } }: Args) => ({ order, loadUnit, because }),
  }) as const;

/** What may be said once all is done with it. */
export const onSentBack = {
  'scan.loadUnit': 'returned',
  'answer.return': 'returned',
  'answer.ship': 'emptied',
  'unit.taken': 'takenLast',
} as const;

/** Nobody works with it any more before a person has found out what lies in it. */
export const setAside = [
  gaveUp('clarification'),
  finishParent('return'),
  {
    type: 'sendToClarification',
    params: ({ context: { loadUnit } }: Args) => ({ loadUnit }),
  },
] as const;

/** Tells the order that all has been done with the load unit. */
export const served = <End extends 'endPick' | 'endCount'>(end: End) =>
  ({
    type: end,
    params: ({ context: { order, loadUnit } }: Args) => ({ order, loadUnit }),
  }) as const;

/**
 * How such work ends, whatever it is.
 *
 * @param end  what tells the order that all has been done with the load unit
 */
export const endings = <End extends 'endPick' | 'endCount'>(end: End) => {
  const done = served(end);
  return {
    returned: { type: 'final', entry: [finishParent('return'), done] },
    emptied: { type: 'final', entry: [finishParent('ship'), done] },
    /** Before all was done with it: what the order still needs, it gets elsewhere or not at all. */
    taken: { type: 'final', entry: [gaveUp('missing'), parentLoses] },
    /** It had given all that the order wants of it. */
    takenLast: { type: 'final', entry: [parentLoses, done] },
  } as const;
};
