import type { LoadUnitId } from '../domain/ids.ts';
import type { StepKind } from '../domain/station-step.ts';
import type { Goods } from '../domain/stock-lines.ts';
import { type ClarifyContext, clarifySetup } from './clarify.setup.ts';

type Args = { readonly context: ClarifyContext };

/** Asks for one step as long as the chart stays in the state. */
const asks = (kind: StepKind) =>
  ({
    entry: {
      type: 'askStep',
      params: ({ context: { station, loadUnit, goods, done, why } }: Args) => ({
        ...{ station, kind, loadUnit, goods, done, why },
      }),
    },
    exit: { type: 'clearStep', params: {} },
  }) as const;

const ofUnit = ({ context: { loadUnit } }: Args) => ({ loadUnit: loadUnit as LoadUnitId });
const letGo = { type: 'letGo', params: ofUnit } as const;
const settled = { type: 'settleUnit', params: ofUnit } as const;

/** One question after the other; each answer is booked by itself, and what has been booked stays. */
export const clarifyMachine = clarifySetup.createMachine({
  id: 'clarify',
  context: ({ input }) => ({
    ...input,
    ...{ loadUnit: undefined, sscc: undefined, goods: undefined, done: [], why: undefined },
  }),
  initial: 'scanning',
  states: {
    scanning: {
      ...asks('clarifyScan'),
      on: {
        'scan.seen': { target: 'looking', actions: 'noteUnit' },
        'scan.found': { target: 'scanning', actions: 'noteGoods', reenter: true },
        'answer.noCode': 'naming',
        'answer.stop': 'ended',
      },
    },
    naming: {
      entry: { type: 'nameUnknown', params: ({ context: { station } }) => ({ station }) },
      on: { 'unit.named': { target: 'seen', actions: 'noteUnit' } },
    },
    looking: {
      entry: {
        type: 'lookAt',
        params: ({ context }) => ({ ...ofUnit({ context }), station: context.station }),
      },
      on: { 'unit.isHere': 'seen', 'unit.isElsewhere': 'elsewhere' },
    },
    // Nothing is booked by a scan alone: who holds it says that it is here.
    elsewhere: {
      ...asks('clarifyPlace'),
      on: {
        'answer.here': 'taking',
        'answer.leave': 'scanning',
        'scan.seen': { target: 'looking', actions: 'noteUnit' },
      },
    },
    taking: {
      entry: {
        type: 'takeHere',
        params: ({ context }) => ({
          ...ofUnit({ context }),
          ...{ station: context.station, sscc: context.sscc },
        }),
      },
      on: {
        'unit.isHere': 'seen',
        'unit.refused': { target: 'elsewhere', actions: 'noteWhy' },
      },
    },
    seen: {
      ...asks('clarifyUnit'),
      on: {
        // It had no name that anybody could read, and has one now.
        'scan.seen': {
          target: 'looking',
          actions: [
            {
              type: 'dropUnknown',
              params: ({ context, event }) => ({
                ...ofUnit({ context }),
                isNow: event.loadUnit,
              }),
            },
            'noteUnit',
          ],
        },
        'answer.contents': { target: 'choosing', actions: 'countAnew' },
        'answer.damaged': {
          target: 'seen',
          reenter: true,
          actions: { type: 'blockUnit', params: ofUnit },
        },
        'answer.empty': {
          target: 'seen',
          reenter: true,
          actions: { type: 'emptyUnit', params: ofUnit },
        },
        'answer.discard': {
          target: 'ended',
          actions: [
            {
              type: 'discardUnit',
              params: ({ context, event }) => ({ ...ofUnit({ context }), why: event.reason }),
            },
            letGo,
          ],
        },
        'answer.return': {
          target: 'ended',
          actions: [settled, letGo, { type: 'expectBack', params: ofUnit }],
        },
        'answer.keep': { target: 'ended', actions: [settled, letGo] },
        'unit.taken': { target: 'ended', actions: letGo },
      },
    },
    choosing: {
      entry: {
        type: 'chooseCount',
        params: ({ context }) => ({ ...ofUnit({ context }), done: context.done }),
      },
      on: {
        'count.next': { target: 'count', actions: 'noteGoods' },
        'count.none': 'more',
      },
    },
    count: {
      ...asks('count'),
      on: {
        'answer.counted': {
          target: 'choosing',
          actions: [
            {
              type: 'bookCount',
              params: ({ context, event }) => ({
                ...ofUnit({ context }),
                ...{ goods: context.goods as Goods, counted: event.qty },
              }),
            },
            'noteDone',
          ],
        },
        'unit.taken': { target: 'ended', actions: letGo },
      },
    },
    more: {
      ...asks('countMore'),
      on: {
        'scan.found': { target: 'count', actions: 'noteGoods' },
        'answer.nothing': 'seen',
        'unit.taken': { target: 'ended', actions: letGo },
      },
    },
    ended: { type: 'final' },
  },
});
