import type { Resolution } from '../domain/books.ts';

/** What a person may answer, in words that more than one question uses. */
export const noted: Resolution = {
  resolution: 'noted',
  text: 'Seen; nothing more to do.',
  needs: [],
};
export const placed: Resolution = {
  resolution: 'placed',
  text: 'It is at this place.',
  needs: ['place'],
};
export const putBack: Resolution = {
  resolution: 'putBack',
  text: 'It goes onto the infeed again and is identified there.',
  needs: [],
};
export const removed: Resolution = {
  resolution: 'removed',
  text: 'It was taken out of the warehouse.',
  needs: [],
};

export const found: Resolution = {
  resolution: 'found',
  text: 'It was found at this place.',
  needs: ['place'],
};
export const lost: Resolution = {
  resolution: 'lost',
  text: 'It is not in the building.',
  needs: [],
};

export const stillComing: Resolution = {
  resolution: 'noted',
  text: 'It is still on its way; asked again if it does not come.',
  needs: [],
};
export const notThere: Resolution = {
  resolution: 'notThere',
  text: 'It is not on its way any more: it has to be looked for.',
  needs: [],
};
export const here: Resolution = {
  resolution: 'here',
  text: 'It is here, as scanned: the books follow.',
  needs: [],
};

/** About a cell that was closed. */
export const looked = {
  opened: { resolution: 'opened', text: 'Looked: the location may be used.', needs: [] },
  keptClosed: { resolution: 'keptClosed', text: 'Looked: it stays closed.', needs: [] },
  byCrane: {
    resolution: 'check',
    text: 'The crane looks into it; it opens again when crane and books agree.',
    needs: [],
  },
} as const satisfies Record<string, Resolution>;

/** What may have become of a label. */
export const labelFates: readonly Resolution[] = [
  {
    resolution: 'cameOut',
    text: 'The label came out, and sticks on this load unit.',
    needs: [],
  },
  {
    resolution: 'printAgain',
    text: 'No copy of it is anywhere: the same label is printed again, as a reprint, when the load unit is back at the infeed.',
    needs: [],
  },
  { resolution: 'destroyed', text: 'The label was found and destroyed.', needs: [] },
  { resolution: 'neverPrinted', text: 'No label came out.', needs: [] },
];
