import type { LoadUnit, Order } from './books.ts';
import type { LoadUnitId, LocationId, OrderId, Sku } from './ids.ts';
import type { Choice, Expectation, StationStep, StepSubject } from './station-step.ts';
import type { Goods } from './stock-lines.ts';

/** A step in words, and all that answers it. */
export interface StepOffer {
  /** One verb and one noun. */
  readonly title: string;
  readonly instruction: string;
  readonly expects: readonly Expectation[];
  readonly choices: readonly Choice[];
}

export type Asked = Pick<StationStep, 'kind'> & StepSubject;

/** What the texts need of the books. */
export interface StepBooks {
  readonly unit: (loadUnit: LoadUnitId) => LoadUnit | undefined;
  readonly order: (order: OrderId) => Order | undefined;
  readonly at: (location: LocationId) => readonly LoadUnitId[];
  /** The first load units, up to ten, that hold some of it in the books. */
  readonly holding: (sku: Sku) => readonly LoadUnitId[];
}

/** Words and answers of one kind of step. */
export type Offer = (step: Asked, books: StepBooks) => StepOffer;

/** Whoever took it: it cannot be worked with. */
export const gone: Choice = {
  choice: 'gone',
  text: 'The load unit is not here any more: it is looked for, and what was wanted of it is taken elsewhere.',
  needs: [],
};

export const loadUnitScan = (loadUnit: LoadUnitId | undefined): Expectation[] =>
  loadUnit === undefined ? [] : [{ scan: 'loadUnit', loadUnit }];

export const goodsText = ({ sku, lot, expiry }: Goods): string =>
  [sku, lot && `lot ${lot}`, expiry && `best before ${expiry}`].filter(Boolean).join(', ');
