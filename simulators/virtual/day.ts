import type { ScenarioStep } from '../scenario.ts';

/** A day in the life of a site: what comes in, what is ordered, what goes wrong, and what must hold at the end. */
export interface Day {
  readonly doc: string;
  /** Name under config/sites, or path of a site file. */
  readonly site: string;
  /** How long it lasts, from midnight; the last one of several may be shorter than a day. */
  readonly hours: number;
  readonly stock: {
    /** Share of all cells that are full at the beginning, percent. */
    readonly fillPercent: number;
    readonly skus: number;
    /** Share of the demand that the busiest 20 % of the SKUs make, percent: 20 = all alike, 80 = very uneven. */
    readonly busiest20Percent: number;
    /** Load units at the beginning in which a piece or a few lack or are too many, percent; absent: none. */
    readonly wrongPercent?: number | undefined;
  };
  readonly arrivals: {
    /** Load units in each hour of the day, from midnight. */
    readonly perHour: readonly number[];
    /** No more come while so many of all cells are full or promised, percent. */
    readonly fillMaxPercent: number;
    /** Come with their license plate only, percent. */
    readonly unlabeledPercent: number;
    /** Come unannounced, without a code, too heavy or too high, percent. */
    readonly oddPercent: number;
  };
  readonly orders: {
    readonly perHour: readonly number[];
    readonly linesMax: number;
    /** From the order to when it is due, minutes: at least and at most. */
    readonly dueMin: readonly [number, number];
    readonly urgentPercent: number;
    /** Picks of a few pieces at a station instead of whole load units, percent; absent: none. */
    readonly picksPercent?: number | undefined;
    /** Of those picks, the ones whose tote is packed and labeled by an order of its own, percent; absent: none. */
    readonly packsPercent?: number | undefined;
    /** Counts of one load unit instead of anything else, percent; absent: none. */
    readonly countsPercent?: number | undefined;
    /** The host gives no more while so many are open. */
    readonly openMax: number;
  };
  readonly people: {
    readonly serviceS: number;
    readonly lookS: number;
    readonly returnsPercent: number;
  };
  /** `atS` and `forS` are virtual seconds since the beginning. */
  readonly steps: readonly ScenarioStep[];
  readonly limits: {
    /** The longest that an order may wait, from its coming until all of it stands at its station, minutes. */
    readonly waitMaxMin: number;
    /** How long the site may take to come to rest once nothing new comes, minutes. */
    readonly restMaxMin: number;
  };
}

/** A load unit that stands in a cell when the day begins. */
export interface Stored {
  readonly loadUnit: string;
  readonly sscc: string;
  readonly place: string;
  readonly sku: string;
  /** Pieces, as its papers say. */
  readonly qty: number;
  /** Pieces that lie in it above those; below 0: that lack. */
  readonly surplus: number;
  readonly heightMm: number;
  readonly massKg: number;
}
