import {
  type Asked,
  gone,
  goodsText,
  loadUnitScan,
  type Offer,
  type StepBooks,
  type StepOffer,
} from './station-offer.ts';
import type { Choice, StepKind } from './station-step.ts';
import { clarify, clarifyOffers } from './station-texts-clarify.ts';
import { countOffers } from './station-texts-count.ts';
import { inspectionOffers } from './station-texts-inspection.ts';
import { packOffers } from './station-texts-pack.ts';

/** The one thing to do next, and what may be scanned or answered. */
export const offerOf = (step: Asked, books: StepBooks): StepOffer => offers[step.kind](step, books);

const shortReasons = ['notThere', 'damaged'] as const;

const short = ({ pick }: Asked): Choice => ({
  choice: 'short',
  text: 'Fewer are there: say how many you took, and why. The rest is counted or blocked, and the order looks elsewhere.',
  needs: ['qty', 'reason'],
  qtyMin: 0,
  qtyMax: Math.max(0, (pick?.qty ?? 1) - 1),
  reasons: shortReasons,
});
const full = (needs: Choice['needs'], { pick }: Asked): Choice => ({
  choice: 'full',
  text: `The tote takes no more: the next one is asked for.${needs.length > 0 ? ' Say how many went into this one.' : ''}`,
  ...{ needs, qtyMin: 0, qtyMax: Math.max(0, (pick?.qty ?? 1) - 1) },
});
const wrongArticle: Choice = {
  choice: 'wrongArticle',
  text: 'Something else lies in it: the load unit is set aside for clarification, and the order looks elsewhere.',
  needs: [],
};

const offers: Readonly<Record<StepKind, Offer>> = {
  ...packOffers,
  ...countOffers,
  ...clarifyOffers,
  ...inspectionOffers,
  scanTarget: ({ order, target }) => ({
    title: 'Scan TOTE',
    instruction: `Take ${target ?? 'an empty tote'} for ${order} and scan it.`,
    expects: [{ scan: 'target', loadUnit: target }],
    choices: [gone],
  }),
  scanArticle(step) {
    const { pick, loadUnit } = step;
    const what = pick === undefined ? 'the article' : `${pick.qty} x ${goodsText(pick.goods)}`;
    return {
      title: 'Scan ARTICLE',
      instruction: `Take ${what} out of ${loadUnit} and scan one of them.`,
      expects:
        pick === undefined ? [] : [{ scan: 'article', sku: pick.goods.sku, lot: pick.goods.lot }],
      choices: [
        {
          choice: 'noCode',
          text: 'It bears no code that can be read: I have compared it.',
          needs: [],
        },
        short(step),
        full([], step),
        wrongArticle,
        gone,
      ],
    };
  },
  putInto(step) {
    const { pick, target } = step;
    return {
      title: 'Scan TOTE',
      instruction: `Put ${pick?.qty} x ${pick?.goods.sku} into ${target} and scan it.`,
      expects: loadUnitScan(target),
      choices: [
        { choice: 'done', text: 'They are in it.', needs: [] },
        short(step),
        full(['qty'], step),
        wrongArticle,
        gone,
      ],
    };
  },
  countRest: ({ pick, loadUnit }) => ({
    title: 'Count REST',
    instruction: `Count what is left of ${pick === undefined ? 'it' : goodsText(pick.goods)} in ${loadUnit}.`,
    expects: [],
    choices: [
      { choice: 'counted', text: 'So many are left.', needs: ['qty'], qtyMin: 0, qtyMax: 1e12 },
      gone,
    ],
  }),
  sendBack({ loadUnit }, { unit }) {
    const isEmpty = loadUnit !== undefined && unit(loadUnit)?.lines.length === 0;
    return {
      title: 'Send BACK',
      instruction: `Put ${loadUnit} onto the conveyor to the rack and scan it.`,
      expects: loadUnitScan(loadUnit),
      choices: [
        { choice: 'return', text: 'It goes back into the rack.', needs: [] },
        ...(isEmpty
          ? [{ choice: 'ship', text: 'It is empty and leaves the warehouse.', needs: [] } as const]
          : []),
        gone,
      ],
    };
  },
  scanLoadUnit({ loadUnit, order }, { unit }) {
    const come = loadUnit && unit(loadUnit);
    const orders = [order ?? [], come?.alsoFor ?? []].flat().join(', ');
    return {
      title: 'Scan LOAD UNIT',
      instruction: `${loadUnit} has come${orders && ` for ${orders}`}: scan it.`,
      expects: loadUnitScan(loadUnit),
      choices: [gone, clarify],
    };
  },
  finish: ({ loadUnit }) => ({
    title: 'Finish LOAD UNIT',
    instruction: `Say what becomes of ${loadUnit}.`,
    expects: [],
    choices: [
      { choice: 'ship', text: 'It leaves the warehouse.', needs: [] },
      { choice: 'return', text: 'It goes back to storage by the infeed.', needs: [] },
      gone,
      clarify,
    ],
  }),
  wait: () => ({
    title: 'No work',
    instruction: 'Nothing is to be done here now.',
    expects: [],
    choices: [clarify],
  }),
};
