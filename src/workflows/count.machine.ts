import type { StepKind } from '../domain/station-step.ts';
import type { Goods } from '../domain/stock-lines.ts';
import { type CountContext, type CountEvent, countSetup } from './count.setup.ts';
import { endings, onSentBack, setAside } from './station-work.ts';

type Args = { readonly context: CountContext; readonly event: CountEvent };

/** Asks for one step as long as the chart stays in the state. */
const asks = (kind: StepKind) =>
  ({
    entry: {
      type: 'askStep',
      params: ({ context: { station, order, loadUnit, goods, counts, done } }: Args) => ({
        ...{ station, kind, order, loadUnit, goods, done },
        // Only counting anew is for somebody else.
        notBy: kind === 'recount' ? counts.map(({ by }) => by) : [],
      }),
    },
    exit: { type: 'clearStep', params: {} },
  }) as const;

const counted = [
  {
    guard: 'isAgreed',
    target: 'next',
    actions: [
      {
        type: 'bookCount',
        params: ({ context: { order, loadUnit, goods }, event }: Args) => ({
          ...{ order, loadUnit },
          goods: goods as Goods,
          counted: event.type === 'answer.counted' ? event.qty : 0,
        }),
      },
      'noteDone',
    ],
  },
  { guard: 'isGivenUp', target: 'disputed', actions: 'noteCount' },
  // Entered anew: it is another person's turn.
  { target: 'recount', actions: 'noteCount', reenter: true },
] as const;

export const countMachine = countSetup.createMachine({
  id: 'count',
  context: ({ input }) => ({ ...input, goods: undefined, booked: 0, counts: [], done: [] }),
  initial: 'next',
  on: { 'unit.taken': '.taken' },
  states: {
    next: {
      entry: {
        type: 'chooseCount',
        params: ({ context: { order, loadUnit, done } }) => ({ order, loadUnit, done }),
      },
      on: {
        'count.next': { target: 'count', actions: 'noteGoods' },
        'count.none': 'more',
        'order.cancel': 'sendBack',
      },
    },
    count: {
      ...asks('count'),
      on: { 'answer.counted': counted, 'order.cancel': 'sendBack', 'stock.changed': 'next' },
    },
    // It differs by more than is booked without a question: somebody else counts, and is told nothing.
    recount: {
      ...asks('recount'),
      on: { 'answer.counted': counted, 'order.cancel': 'sendBack', 'stock.changed': 'next' },
    },
    // What the books know is counted: there may be something that they do not know.
    more: {
      ...asks('countMore'),
      on: {
        'scan.found': { target: 'count', actions: 'noteGoods' },
        'answer.nothing': 'sendBack',
        'order.cancel': 'sendBack',
      },
    },
    sendBack: { ...asks('sendBack'), on: onSentBack },
    /** Taken before all has been counted: a person says whether the order tries again. */
    ...endings('endCount'),
    /** Nobody agrees with anybody: the books stay as they are, and a person finds out why. */
    disputed: {
      type: 'final',
      entry: [
        ...setAside,
        {
          type: 'raiseTask',
          params: ({ context: { loadUnit, goods, booked, counts } }) => ({
            code: 'COUNT_DISPUTED' as const,
            text: `${loadUnit}: ${booked} x ${goods?.sku} are booked, and ${counts.map(({ qty }) => qty).join(', ')} were counted: find out why.`,
            loadUnit,
          }),
        },
      ],
    },
  },
});
