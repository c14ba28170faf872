import type { Offer } from './station-offer.ts';
import type { StepKind } from './station-step.ts';

type InspectionStep = Extract<StepKind, 'lookAtPlace' | 'lookMore' | 'notReleased'>;

/** Looking at places after work by hand in an aisle. */
export const inspectionOffers: Readonly<Record<InspectionStep, Offer>> = {
  lookAtPlace({ location, sources = [] }, { at }) {
    const here = location === undefined ? [] : at(location);
    const [seen, open] = [true, false].map((is) =>
      here.filter((unit) => sources.includes(unit) === is),
    );
    const booked = open?.join(', ') || (seen?.length ? 'nothing else' : 'nothing');
    return {
      title: 'Look at PLACE',
      instruction: `Look at ${location}, where the books have ${booked}: scan what stands there.`,
      expects: [{ scan: 'anyLoadUnit', except: sources }],
      choices: [
        {
          choice: 'nothing',
          text: `Nothing ${seen?.length ? 'else ' : ''}stands there.`,
          needs: [],
        },
        { choice: 'noCode', text: 'Something stands there whose code cannot be read.', needs: [] },
        {
          choice: 'skip',
          text: 'I cannot see it: a cell stays closed until somebody can.',
          needs: [],
        },
      ],
    };
  },
  lookMore: () => ({
    title: 'Scan PLACE',
    instruction:
      'Scan a cell in which something was changed by hand as well, or say that it is all.',
    expects: [{ scan: 'place' }],
    choices: [
      {
        choice: 'done',
        text: 'That is all, and nobody is in the aisle: the crane is released.',
        needs: [],
      },
    ],
  }),
  notReleased: ({ why }) => ({
    title: 'Not RELEASED',
    instruction: `The crane is not released: ${why}.`,
    expects: [{ scan: 'place' }],
    choices: [{ choice: 'again', text: 'That is mended: release it.', needs: [] }],
  }),
};
