import { gone, goodsText, type Offer } from './station-offer.ts';
import { type Choice, countMax, type StepKind } from './station-step.ts';
import { qtyOf } from './stock-lines.ts';

const counted: Choice = {
  choice: 'counted',
  text: 'So many there are.',
  needs: ['qty'],
  qtyMin: 0,
  qtyMax: countMax,
};

type CountStep = Extract<StepKind, 'count' | 'recount' | 'countMore'>;

/** Counting. What is booked is said only where the order allows it: who knows it counts it. */
export const countOffers: Readonly<Record<CountStep, Offer>> = {
  count({ loadUnit, goods, order }, books) {
    const isOpen = order !== undefined && books.order(order)?.blind === false;
    const unit = loadUnit && books.unit(loadUnit);
    const booked = isOpen && unit && goods ? ` (${qtyOf(unit.lines, goods)} are booked)` : '';
    return {
      title: 'Count ARTICLE',
      instruction: `Count ${goods === undefined ? 'it' : goodsText(goods)} in ${loadUnit}${booked}.`,
      expects: [],
      choices: [counted, gone],
    };
  },
  recount: ({ loadUnit, goods }) => ({
    title: 'Count AGAIN',
    instruction: `Somebody else counts ${goods === undefined ? 'it' : goodsText(goods)} in ${loadUnit}.`,
    expects: [],
    choices: [counted, gone],
  }),
  countMore: ({ loadUnit }) => ({
    title: 'Look for MORE',
    instruction: `Is anything else in ${loadUnit}? Scan one of it.`,
    expects: [{ scan: 'anyArticle' }],
    choices: [{ choice: 'nothing', text: 'There is nothing else.', needs: [] }, gone],
  }),
};
