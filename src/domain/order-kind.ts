import type { LoadUnitId, LocationId, OrderId } from './ids.ts';

export type OrderKind = 'putaway' | 'retrieval' | 'pick' | 'pack' | 'relocation' | 'count';

/** What orders of some kinds have beside the rest. */
export interface KindFields {
  /** Of a pick: what has taken articles of it; the last one takes them now. */
  readonly targets?: readonly LoadUnitId[] | undefined;
  /** What the host wants to take them; else any empty one. */
  readonly targetWanted?: LoadUnitId | undefined;
  /** Of a pack: the pick orders whose totes are packed, and load units besides. */
  readonly packs?:
    | { readonly orders: readonly OrderId[]; readonly loadUnits: readonly LoadUnitId[] }
    | undefined;
  /** Of a pack: what its label is, where it is not the station's own. */
  readonly label?:
    | { readonly template: string; readonly fields: Readonly<Record<string, string>> }
    | undefined;
  /** Putaway and relocation: the cell that is wanted. Count: what is counted. */
  readonly location?: LocationId | undefined;
  /** Of a count: load units that are still to be counted. */
  readonly toCount?: readonly LoadUnitId[] | undefined;
  /** Of a count: whether people are told what is booked; absent: they are not. */
  readonly blind?: boolean | undefined;
  /** Orders of one wave are held, released and canceled together. */
  readonly wave?: string | undefined;
  /** Type of a target that is new to the books. */
  readonly targetType?: string | undefined;
}
