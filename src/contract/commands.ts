import Type from 'typebox';
import {
  AbcClass,
  Code,
  Count,
  closed,
  Day,
  HostCode,
  Id,
  Line,
  LoadUnit,
  Lot,
  OrderKind,
  OrderStatus,
  Priority,
  Qty,
  Qty0,
  Seq,
  type Shape,
  Sku,
  Split,
  SsccText,
  StockStatus,
  Strategy,
  Text,
  Time,
} from './shared.ts';

// A field with a default is filled in by the check, so whoever reads a checked command always finds it.

/** Advance notice; changeable until received. */
export const AnnounceData = closed({
  asn: Type.Optional(Id),
  loadUnits: Type.Array(
    closed({
      /** At least one of `lpn` and `sscc`. */
      lpn: Type.Optional(LoadUnit),
      sscc: Type.Optional(SsccText),
      loadUnitType: Code,
      weightKg: Type.Optional(Type.Number({ minimum: 0, maximum: 1e6 })),
      heightMm: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e6 })),
      lines: Type.Optional(Type.Array(Line, { maxItems: 200 })),
      expectedAt: Type.Optional(Time),
      station: Type.Optional(HostCode),
      /** No longer expected. */
      withdraw: Type.Boolean({ default: false }),
    }),
    { minItems: 1, maxItems: 100 },
  ),
});
export type AnnounceData = Shape<typeof AnnounceData>;

/** Master data; replaces the record of each SKU. */
export const SkuPutData = closed({
  skus: Type.Array(
    closed({
      sku: Sku,
      unit: Type.String({ minLength: 1, maxLength: 48 }),
      description: Type.Optional(Text),
      gtin: Type.Optional(Type.String({ minLength: 1, maxLength: 48 })),
      strategy: Type.Enum(['fefo', 'fifo', 'lifo', 'nearest'], { default: 'fifo' }),
      split: Type.Optional(Split),
      /** Shelf life left at retrieval. */
      minRemainingDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
      abcClass: Type.Optional(AbcClass),
      safetyStock: Type.Optional(Qty0),
      reorderPoint: Type.Optional(Qty0),
      orderQty: Type.Optional(Qty),
      leadTimeDays: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })),
      serviceLevel: Type.Optional(Type.Number({ minimum: 0.5, maximum: 0.9999 })),
    }),
    { minItems: 1, maxItems: 200 },
  ),
});
export type SkuPutData = Shape<typeof SkuPutData>;

/** Values of the fields of a label template. */
const LabelFields = Type.Record(Type.String({ maxLength: 48 }), Text, { maxProperties: 50 });

export const OrderCreateData = closed({
  order: Id,
  kind: OrderKind,
  /** 9 first; then by due time. */
  priority: Type.Integer({ minimum: 0, maximum: 9, default: 5 }),
  dueAt: Type.Optional(Time),
  notBefore: Type.Optional(Time),
  /** Accepted, but starts when released. */
  hold: Type.Boolean({ default: false }),
  /** Required: retrieval, pick, pack. */
  station: Type.Optional(HostCode),
  /** Required: putaway, relocation. */
  loadUnit: Type.Optional(LoadUnit),
  /** Retrieval: whole load units until `qty` is covered; `expiry` is the earliest allowed. */
  lines: Type.Optional(Type.Array(Line, { minItems: 1, maxItems: 200 })),
  strategy: Type.Optional(Strategy),
  /** Default: the SKU's, or else `inOrder`. */
  split: Type.Optional(Split),
  /** What to do while reachable stock does not cover the lines. */
  ifShort: Type.Enum(['wait', 'partial', 'reject'], { default: 'wait' }),
  /** Where to, or an area to choose in; of a count: what to count. */
  location: Type.Optional(HostCode),
  sku: Type.Optional(Sku),
  /** Count: the booked quantity is hidden from the operator. */
  blind: Type.Boolean({ default: true }),
  orders: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 200 })),
  loadUnits: Type.Optional(Type.Array(LoadUnit, { minItems: 1, maxItems: 200 })),
  target: Type.Optional(
    closed({ loadUnit: Type.Optional(LoadUnit), loadUnitType: Type.Optional(Code) }),
  ),
  label: Type.Optional(closed({ template: Code, fields: Type.Optional(LabelFields) })),
  /** Orders of one wave are held, released, changed and canceled together. */
  wave: Type.Optional(Id),
  /** Shown to operators. */
  reference: Type.Optional(Text),
});
export type OrderCreateData = Shape<typeof OrderCreateData>;

/** Holds, releases, reprioritizes; what is not given stays. */
export const OrderUpdateData = closed({
  /** One of `order` and `wave`: all open orders of it. */
  order: Type.Optional(Id),
  wave: Type.Optional(Id),
  hold: Type.Optional(Type.Boolean()),
  priority: Type.Optional(Priority),
  dueAt: Type.Optional(Time),
  station: Type.Optional(HostCode),
  reason: Type.Optional(Text),
});
export type OrderUpdateData = Shape<typeof OrderUpdateData>;

export const OrderCancelData = closed({
  /** One of `order` and `wave`: all open orders of it. */
  order: Type.Optional(Id),
  wave: Type.Optional(Id),
  reason: Type.Optional(Text),
});
export type OrderCancelData = Shape<typeof OrderCancelData>;

/** Place in a list where the next page begins; opaque to the host. */
const cursor = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const limit = Type.Integer({ minimum: 1, maximum: 500, default: 100 });

export const OrderQueryData = closed({
  order: Type.Optional(Id),
  status: Type.Optional(Type.Array(OrderStatus, { maxItems: 20 })),
  changedSince: Type.Optional(Time),
  after: cursor,
  limit,
});
export type OrderQueryData = Shape<typeof OrderQueryData>;

/** Without a filter: the snapshot for reconciliation. */
export const StockQueryData = closed({
  by: Type.Enum(['loadUnit', 'sku'], { default: 'loadUnit' }),
  sku: Type.Optional(Sku),
  lot: Type.Optional(Lot),
  loadUnit: Type.Optional(LoadUnit),
  location: Type.Optional(HostCode),
  after: cursor,
  limit,
});
export type StockQueryData = Shape<typeof StockQueryData>;

/** The quantity of one line of one load unit, never its place. */
export const StockAdjustData = closed({
  loadUnit: LoadUnit,
  sku: Sku,
  lot: Type.Optional(Lot),
  expiry: Type.Optional(Day),
  stockStatus: Type.Enum(['available', 'quality', 'blocked'], { default: 'available' }),
  /** Refused unless the books show it. */
  expectedQty: Qty0,
  qty: Qty0,
  reason: Text,
});
export type StockAdjustData = Shape<typeof StockAdjustData>;

/** Stock status of a load unit or SKU, or the lock of a location. */
export const StockBlockData = closed({
  loadUnit: Type.Optional(LoadUnit),
  sku: Type.Optional(Sku),
  lot: Type.Optional(Lot),
  stockStatus: Type.Optional(StockStatus),
  location: Type.Optional(HostCode),
  /** Inherited downwards. */
  lock: Type.Optional(Type.Enum(['in', 'out', 'both', 'none'])),
  reason: Text,
});
export type StockBlockData = Shape<typeof StockBlockData>;

/** One label. */
export const LabelPrintData = closed({
  label: Id,
  template: Code,
  fields: Type.Optional(LabelFields),
  /** One of `printer` and `station`. */
  printer: Type.Optional(Code),
  station: Type.Optional(HostCode),
  /** Fills sscc, lpn, lines; an SSCC is allocated if it has none. */
  loadUnit: Type.Optional(LoadUnit),
  copies: Type.Integer({ minimum: 1, maximum: 10, default: 1 }),
  verify: Type.Optional(Type.Boolean()),
  /** Why this label is printed once more. */
  reprint: Type.Optional(Text),
});
export type LabelPrintData = Shape<typeof LabelPrintData>;

export const EventResendData = closed({ from: Seq, to: Type.Optional(Seq) });
export type EventResendData = Shape<typeof EventResendData>;

/** The host's mark: every event up to here is stored there. */
export const AckData = closed({
  epoch: Count,
  ackThrough: Seq,
  /** +1 when the host was restored from a backup. */
  hostEpoch: Count,
});
export type AckData = Shape<typeof AckData>;

export const HostData = closed({ state: Type.Enum(['online', 'offline']), since: Time });
export type HostData = Shape<typeof HostData>;
