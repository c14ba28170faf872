import { gone, loadUnitScan, type Offer } from './station-offer.ts';
import type { Choice, StepKind } from './station-step.ts';

const keep: Choice = {
  choice: 'keep',
  text: 'It stays as it is: for packing elsewhere, or for the infeed.',
  needs: [],
};
const ship: Choice = { choice: 'ship', text: 'It leaves the warehouse.', needs: [] };

const withoutLabel: Choice = { choice: 'noLabel', text: 'It goes without a label.', needs: [] };

const missing = (loadUnit: string | undefined): Choice => ({
  ...gone,
  text: `${loadUnit} is nowhere to be found: it is looked for, and the rest is packed.`,
});

const lostTarget = (target: string | undefined): Choice => ({
  ...gone,
  text: `${target} is nowhere to be found: it is looked for, and not handed over.`,
});

type PackStep = Extract<
  StepKind,
  | 'scanSource'
  | 'scanPackTarget'
  | 'putAll'
  | 'closeTote'
  | 'waitForLabel'
  | 'noLabel'
  | 'applyLabel'
  | 'handOver'
>;

/** Closing, packing, labeling and handing over. */
export const packOffers: Readonly<Record<PackStep, Offer>> = {
  scanSource: ({ sources = [], order }) => ({
    title: 'Scan LOAD UNIT',
    instruction: `Bring ${sources.join(' or ')} for ${order} and scan it.`,
    expects: sources.flatMap((source) => loadUnitScan(source)),
    choices: [missing(sources[0])],
  }),
  scanPackTarget: ({ sources = [], order, target }) => ({
    title: 'Scan CARTON',
    instruction: `Take ${target ?? 'an empty carton'} for ${order} and scan it.`,
    expects: [{ scan: 'target', loadUnit: target }],
    choices:
      sources.length === 1 && target === undefined
        ? [{ choice: 'same', text: `${sources[0]} goes as it is.`, needs: [] }]
        : [],
  }),
  putAll: ({ loadUnit, target }) => ({
    title: 'Scan CARTON',
    instruction: `Put all that is in ${loadUnit} into ${target} and scan that.`,
    expects: loadUnitScan(target),
    choices: [{ choice: 'done', text: 'All of it is in there.', needs: [] }, gone],
  }),
  closeTote: ({ target, order }, books) => {
    const status = order && books.order(order)?.status;
    const what = status === 'completed' ? 'is complete' : `was ${status ?? 'ended'}`;
    return {
      title: 'Close TOTE',
      instruction: `${order} ${what}: say what becomes of ${target}.`,
      expects: [],
      choices: [
        { choice: 'close', text: 'Close it: it is labeled and leaves.', needs: [] },
        keep,
        lostTarget(target),
      ],
    };
  },
  waitForLabel: ({ target }) => ({
    title: 'Wait for LABEL',
    instruction: `The label of ${target} is being printed.`,
    expects: [],
    choices: [withoutLabel, lostTarget(target)],
  }),
  noLabel: ({ target, why }) => ({
    title: 'No LABEL',
    instruction: `There is no label for ${target}: ${why}.`,
    expects: [],
    choices: [
      { choice: 'again', text: 'It can print again: try once more.', needs: [] },
      withoutLabel,
      lostTarget(target),
    ],
  }),
  applyLabel: ({ target, sscc, why }) => ({
    title: 'Scan LABEL',
    instruction: `Stick the label onto ${target} and scan it${why === undefined ? '' : ` (${why})`}.`,
    expects: sscc === undefined ? [] : [{ scan: 'label', sscc }],
    choices: [
      {
        choice: 'again',
        text: 'It is torn, unreadable or lost: print the same once more.',
        needs: [],
      },
      lostTarget(target),
    ],
  }),
  handOver: ({ target }) => ({
    title: 'Hand OVER',
    instruction: `${target} is closed: hand it over and say so.`,
    expects: [],
    choices: [ship, keep, lostTarget(target)],
  }),
};
