import type { LoadUnitId } from '../domain/ids.ts';
import type { Pick, StepKind } from '../domain/station-step.ts';
import { type PickContext, type PickEvent, pickSetup } from './pick.setup.ts';
import { endings, onSentBack, served, setAside } from './station-work.ts';

type Args = { readonly context: PickContext; readonly event: PickEvent };

/** Asks for one step as long as the chart stays in the state. */
const asks = (kind: StepKind) =>
  ({
    entry: {
      type: 'askStep',
      params: ({ context: { station, order, loadUnit, target, pick } }: Args) => ({
        ...{ station, kind, order, loadUnit, target, pick },
      }),
    },
    exit: { type: 'clearStep', params: {} },
  }) as const;

/** They are in the tote: all of them, or as many as the person says. */
const book = {
  type: 'bookPick',
  params: ({ context: { order, loadUnit, target, pick }, event }: Args) => ({
    ...{ order, loadUnit },
    target: target as LoadUnitId,
    pick: pick as Pick,
    qty: saidIn(event) ?? (pick as Pick).qty,
  }),
} as const;

/** A person says how many where it is not all. */
const saidIn = (event: PickEvent): number | undefined =>
  event.type === 'answer.short' || event.type === 'answer.full' ? event.qty : undefined;
const goodsOf = ({ pick }: PickContext) => (pick as Pick).goods;
const short = [
  {
    guard: 'isDamaged',
    target: 'next',
    actions: [
      book,
      {
        type: 'blockGoods',
        params: ({ context }: Args) => ({
          loadUnit: context.loadUnit,
          goods: goodsOf(context),
          why: `found damaged while picking for ${context.order}`,
        }),
      },
    ],
  },
  { target: 'countRest', actions: book },
] as const;
export const pickMachine = pickSetup.createMachine({
  id: 'pick',
  context: ({ input }) => ({ ...input, target: undefined, pick: undefined, isFull: false }),
  initial: 'next',
  on: { 'unit.taken': '.taken' },
  states: {
    next: {
      entry: {
        type: 'choosePick',
        params: ({ context: { order, loadUnit } }) => ({ order, loadUnit }),
      },
      on: {
        'pick.next': [
          { guard: 'hasTarget', target: 'scanArticle', actions: 'notePick' },
          { target: 'scanTarget', actions: 'notePick' },
        ],
        'order.next': { target: 'next', reenter: true, actions: [served('endPick'), 'noteOrder'] },
        'pick.none': 'sendBack',
      },
    },
    scanTarget: {
      ...asks('scanTarget'),
      on: {
        'scan.target': {
          target: 'scanArticle',
          actions: [
            'noteTarget',
            {
              type: 'takeTarget',
              params: ({ context: { order }, event }) => ({ order, target: event.loadUnit }),
            },
          ],
        },
        'order.cancel': 'next',
        'stock.changed': 'next',
      },
    },
    scanArticle: {
      ...asks('scanArticle'),
      on: {
        'scan.article': 'putInto',
        'answer.noCode': 'putInto',
        'answer.full': { target: 'scanTarget', actions: 'noteFull' },
        'answer.short': short,
        'answer.wrongArticle': 'setAside',
        'order.cancel': 'next',
        'stock.changed': 'next',
      },
    },
    putInto: {
      ...asks('putInto'),
      on: {
        'scan.loadUnit': { target: 'next', actions: book },
        'answer.done': { target: 'next', actions: book },
        'answer.full': { target: 'next', actions: [book, 'noteFull'] },
        'answer.short': short,
        'answer.wrongArticle': 'setAside',
        'order.cancel': 'next',
        'stock.changed': 'next',
      },
    },
    // The books say that there are more than a person has found: what is left is counted at once, whatever a host
    // changes meanwhile.
    countRest: {
      ...asks('countRest'),
      on: {
        'answer.counted': {
          target: 'next',
          actions: {
            type: 'bookCount',
            params: ({ context, event }) => ({
              ...{ order: context.order, loadUnit: context.loadUnit },
              goods: goodsOf(context),
              counted: event.qty,
            }),
          },
        },
      },
    },
    sendBack: { ...asks('sendBack'), on: onSentBack },
    ...endings('endPick'),
    /** What lies in it is not what the books say: nobody takes anything more out of it. */
    setAside: {
      type: 'final',
      entry: [
        ...setAside,
        {
          type: 'raiseTask',
          params: ({ context: { loadUnit, station, pick } }) => ({
            code: 'WRONG_ARTICLE' as const,
            text: `${loadUnit} at ${station} does not hold ${pick?.goods.sku ?? 'what the books say'}: see what it holds.`,
            loadUnit,
          }),
        },
      ],
    },
  },
});
