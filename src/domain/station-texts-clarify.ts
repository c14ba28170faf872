import type { LoadUnit } from './books.ts';
import { gone, goodsText, type Offer } from './station-offer.ts';
import type { Choice, StepKind } from './station-step.ts';

type ClarifyStep = Extract<StepKind, 'clarifyScan' | 'clarifyPlace' | 'clarifyUnit'>;

export const clarify: Choice = {
  choice: 'clarify',
  text: 'Something stands here that nobody expects, or is not as it should be: find out what it is.',
  needs: [],
};

const discardReasons = ['damaged', 'expired', 'notOurs', 'unusable'] as const;

const onUnit: readonly Choice[] = [
  {
    choice: 'contents',
    text: 'Something else lies in it than the books say: count it.',
    needs: [],
  },
  { choice: 'damaged', text: 'What lies in it is damaged: all of it is blocked.', needs: [] },
  { choice: 'empty', text: 'Nothing lies in it.', needs: [] },
  {
    choice: 'discard',
    text: 'It leaves the warehouse with what lies in it: say why.',
    needs: ['reason'],
    reasons: discardReasons,
  },
  { choice: 'return', text: 'It is right now: it goes to the infeed.', needs: [] },
  { choice: 'keep', text: 'It is right now: it stays here.', needs: [] },
  gone,
];

/** What the books know of it, in a sentence. */
function known(unit: LoadUnit | undefined): string {
  if (unit === undefined) return 'The books do not know it';
  const { place, status, lines, order, loadUnit } = unit;
  const what = lines.map(
    ({ qty, ...goods }) => `${qty} x ${goodsText(goods)} (${goods.stockStatus})`,
  );
  const where = status === 'present' ? place : `${place} (${status})`;
  const forWhom = order === undefined ? '' : `, for ${order}`;
  return `The books have ${loadUnit} at ${where} with ${what.join(', ') || 'nothing in it'}${forWhom}`;
}

const isNameless = (loadUnit: string | undefined): boolean =>
  loadUnit?.startsWith('UNKNOWN-') === true;

/** Finding out what something is. */
export const clarifyOffers: Readonly<Record<ClarifyStep, Offer>> = {
  clarifyScan({ goods }, { holding }) {
    const holders = goods === undefined ? [] : holding(goods.sku);
    const hint =
      goods === undefined
        ? ''
        : ` ${goods.sku} lies in ${holders.join(', ') || 'no load unit'} in the books.`;
    return {
      title: 'Scan what you SEE',
      instruction: `Scan the load unit, or an article in it if it bears no code.${hint}`,
      expects: [{ scan: 'anyArticle' }, { scan: 'anyLoadUnit' }],
      choices: [
        {
          choice: 'noCode',
          text: 'It bears no code that can be read: it gets a name of ours. Better: stick a new label onto it and scan that.',
          needs: [],
        },
        { choice: 'stop', text: 'There is nothing to find out.', needs: [] },
      ],
    };
  },
  clarifyPlace({ loadUnit, why }, { unit }) {
    const [seen, refused] = [
      loadUnit && unit(loadUnit),
      why === undefined ? '' : ` Not now: ${why}.`,
    ];
    return {
      title: 'Confirm PLACE',
      instruction: `${known(seen || undefined)}. Is ${loadUnit} here?${refused}`,
      expects: [{ scan: 'anyLoadUnit' }],
      choices: [
        { choice: 'here', text: 'It is here: the books follow.', needs: [] },
        { choice: 'leave', text: 'The books stay as they are.', needs: [] },
      ],
    };
  },
  clarifyUnit({ loadUnit }, { unit }) {
    const seen = (loadUnit && unit(loadUnit)) || undefined;
    const mayBeNamed = isNameless(loadUnit) && seen?.lines.length === 0;
    const named = mayBeNamed ? ' Does it bear a code after all, or a new label: scan it.' : '';
    return {
      title: 'Decide on LOAD UNIT',
      instruction: `${known(seen)}. Say what is not so, or that it is right.${named}`,
      expects: mayBeNamed ? [{ scan: 'anyLoadUnit' }] : [],
      choices: onUnit,
    };
  },
};
