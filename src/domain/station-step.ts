import type { LoadUnit, OrderLine, StockLine } from './books.ts';
import type { LoadUnitId, LocationId, OrderId, Sku, Sscc, WorkflowId } from './ids.ts';
import type { Goods } from './stock-lines.ts';

/** What a person at a workstation is asked to do; each has one meaning and one text. */
export type StepKind =
  | 'scanTarget'
  | 'scanArticle'
  | 'putInto'
  | 'countRest'
  | 'sendBack'
  | 'scanSource'
  | 'scanPackTarget'
  | 'putAll'
  | 'closeTote'
  | 'waitForLabel'
  | 'noLabel'
  | 'applyLabel'
  | 'handOver'
  | 'count'
  | 'recount'
  | 'countMore'
  | 'clarifyScan'
  | 'clarifyPlace'
  | 'clarifyUnit'
  | 'lookAtPlace'
  | 'lookMore'
  | 'notReleased'
  | 'scanLoadUnit'
  | 'finish'
  | 'wait';

/** Base units; the most that one count can come to, and the most that the contract has room for. */
export const countMax = 1e12;

/** What of a scan is an answer to the step. */
export type Expectation =
  /** This load unit, by its LPN or SSCC. */
  | { readonly scan: 'loadUnit'; readonly loadUnit: LoadUnitId }
  /** An empty load unit, or a number that nobody has yet: the order's tote. */
  | { readonly scan: 'target'; readonly loadUnit?: LoadUnitId | undefined }
  /** Any load unit, known or not, but those that have been scanned already. */
  | { readonly scan: 'anyLoadUnit'; readonly except?: readonly LoadUnitId[] | undefined }
  /** A place of the aisle. */
  | { readonly scan: 'place' }
  /** This article, by its GTIN or its SKU; with a lot in the code, that lot. */
  | { readonly scan: 'article'; readonly sku: Sku; readonly lot?: string | undefined }
  /** The label with this number. */
  | { readonly scan: 'label'; readonly sscc: Sscc }
  /** Any article that this site knows. */
  | { readonly scan: 'anyArticle' };

/** What may be answered instead of a scan, by name; `CRANEWAY-` and the name in capitals is its bar code. */
export interface Choice {
  readonly choice: string;
  /** What it says and what follows from it. */
  readonly text: string;
  /** What has to be said with it. */
  readonly needs: readonly ('qty' | 'reason')[];
  /** Bounds of `qty`, both included. */
  readonly qtyMin?: number | undefined;
  readonly qtyMax?: number | undefined;
  /** What `reason` may be. */
  readonly reasons?: readonly string[] | undefined;
}

/** What a step is about; every field is there where it has a meaning. */
export interface StepSubject {
  readonly order?: OrderId | undefined;
  readonly loadUnit?: LoadUnitId | undefined;
  /** The order's tote. */
  readonly target?: LoadUnitId | undefined;
  readonly pick?: Pick | undefined;
  /** Of a pack: what is still to be packed, the next one first. */
  readonly sources?: readonly LoadUnitId[] | undefined;
  /** Number of the label that is to be scanned. */
  readonly sscc?: Sscc | undefined;
  /** What is to be looked at. */
  readonly location?: LocationId | undefined;
  /** Why it has come to this step, where that is not plain. */
  readonly why?: string | undefined;
  /** Of a count: what is counted, and what has been. */
  readonly goods?: Goods | undefined;
  readonly done?: readonly Goods[] | undefined;
  /** Who may not answer: they have counted it before. */
  readonly notBy?: readonly string[] | undefined;
}

/** One step that a workflow waits for at a station. */
export interface StationStep extends StepSubject {
  /** Counts up over all steps: an answer names it, so that a late one never answers the next step. */
  readonly no: number;
  readonly workflow: WorkflowId;
  readonly station: LocationId;
  readonly kind: StepKind;
  readonly sinceMs: number;
}

/** How the last scan or answer at a station was taken, for whoever stands there. */
export interface StationVerdict {
  readonly station: LocationId;
  readonly verdict: 'accepted' | 'wrong';
  readonly text: string;
  readonly atMs: number;
}

/** What to take from a load unit for one line of an order. */
export interface Pick {
  /** Index of the order's line, from 0. */
  readonly index: number;
  readonly goods: Goods;
  /** Base units, ≥ 1. */
  readonly qty: number;
}

/**
 * What an order takes next from a load unit: its first line that is not done yet and that this load unit can serve.
 * Of several stocks that fit, the one that expires first.
 *
 * @param fits  whether a stock answers a line of the order
 */
export function nextPick(
  order: { readonly lines: readonly OrderLine[] },
  unit: LoadUnit,
  fits: (line: OrderLine, stock: StockLine) => boolean,
): Pick | undefined {
  for (const [index, line] of order.lines.entries()) {
    const missing = line.qty - line.qtyDone;
    if (missing <= 0) continue;
    const [stock] = unit.lines.filter((one) => one.qty > 0 && fits(line, one)).toSorted(byExpiry);
    if (stock === undefined) continue;
    const { qty, ...goods } = stock;
    return { index, goods, qty: Math.min(missing, qty) };
  }
  return undefined;
}

const byExpiry = (a: StockLine, b: StockLine): number =>
  (a.expiry ?? never).localeCompare(b.expiry ?? never);
const never = '9999-12-31';
