import Type, { type Static, type TProperties, type TSchema } from 'typebox';

/**
 * The plain type of a schema: readonly all the way down; what is optional may also be there as `undefined`,
 * which JSON leaves out.
 */
export type Shape<S extends TSchema> = Plain<Static<S>>;
type Plain<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Plain<Element>[]
    : T extends object
      ? string extends keyof T
        ? { readonly [K in keyof T]: Plain<T[K]> }
        : { readonly [K in keyof T]: PlainField<T, K> }
      : T;
type PlainField<T, K extends keyof T> =
  Record<never, never> extends Pick<T, K>
    ? Plain<Exclude<T[K], undefined>> | undefined
    : Plain<T[K]>;

/** An object of a command: what is not in the contract is refused, so that a misspelled field is never ignored. */
export const closed = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** No control characters and no half of a surrogate pair: neither survives a label or a log. */
const printable = '^[^\\p{Cc}\\p{Cs}]*$';
const text = (minLength: number, maxLength: number) =>
  Type.String({ minLength, maxLength, pattern: printable });

/** Chosen by its owner, never reused. */
export const Id = Type.String({ pattern: '^[A-Za-z0-9._:/-]{1,40}$' });
/** A name of the site file: a device, type or template; of a place, see `HostCode`. */
export const Code = text(1, 24);
/** What `mapHostCodes` knows them by. */
const hostCodeTitle = 'Host code';
/** As the site file says under `hostCodes`; what it says nothing of has the same code everywhere. */
export const HostCode = Type.String({
  ...{ minLength: 1, maxLength: 24, pattern: printable, title: hostCodeTitle },
  description: "The host's code of a place, and where locks are meant also of an aisle or an area.",
});
/** LPN, or the SSCC's 18 digits where there is no LPN; `UNKNOWN-{n}` until identified. */
export const LoadUnit = Type.String({ pattern: '^[A-Za-z0-9._:/-]{1,20}$' });
/** 18 digits; the check digit is looked at apart from the schema. */
export const SsccText = Type.String({ pattern: '^[0-9]{18}$' });
export const Sku = text(1, 48);
export const Lot = text(1, 20);
export const Text = text(0, 200);
/** Base units of the SKU. */
export const Qty = Type.Integer({ minimum: 1, maximum: 1e12 });
export const Qty0 = Type.Integer({ minimum: 0, maximum: 1e12 });
/** `2026-11-22T12:41:07.113Z` */
export const Time = Type.String({
  format: 'date-time',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$',
});
/** `2026-11-30` */
export const Day = Type.String({ format: 'date' });
/** Sequence number as 16 digits with leading zeros: sorts as text. */
export const Seq = Type.String({ pattern: '^[0-9]{16}$' });
/** Number of a boot, an epoch or a revision. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Priority = Type.Integer({ minimum: 0, maximum: 9 });

export const Strategy = Type.Enum(['fefo', 'fifo', 'lifo', 'nearest']);
export type Strategy = Static<typeof Strategy>;
/** How a quantity is made up of load units: in the order of the strategy, or of as few as possible. */
export const Split = Type.Enum(['inOrder', 'fewest']);
export const AbcClass = Type.Enum(['A', 'B', 'C']);
export type AbcClass = Static<typeof AbcClass>;
export const StockStatus = Type.Enum(['available', 'quality', 'blocked']);
export type StockStatus = Static<typeof StockStatus>;
export const OrderKind = Type.Enum(['putaway', 'retrieval', 'pick', 'pack', 'relocation', 'count']);
export type OrderKind = Static<typeof OrderKind>;
/** The last three are final. */
export const OrderStatus = Type.Enum([
  'queued',
  'active',
  'held',
  'needsOperator',
  'canceling',
  'completed',
  'canceled',
  'failed',
]);
export type OrderStatus = Static<typeof OrderStatus>;

/** One line of a command; `stockStatus` is filled in. */
export const Line = closed({
  line: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  sku: Sku,
  qty: Qty,
  lot: Type.Optional(Lot),
  expiry: Type.Optional(Day),
  stockStatus: Type.Enum(['available', 'quality', 'blocked'], { default: 'available' }),
});
export type Line = Shape<typeof Line>;

/** The same as told to hosts: no `stockStatus` means available. */
const toldLine = {
  line: Type.Optional(Count),
  sku: Sku,
  qty: Qty,
  lot: Type.Optional(Lot),
  expiry: Type.Optional(Day),
  stockStatus: Type.Optional(StockStatus),
};
export const EventLine = Type.Object(toldLine);
export type EventLine = Shape<typeof EventLine>;
/** `fromStatus`: the stock status before, where that is what changed. */
export const MovementLine = Type.Object({ ...toldLine, fromStatus: Type.Optional(StockStatus) });
export type MovementLine = Shape<typeof MovementLine>;
/** Of a count: `qty` is what was booked and may be 0, `qtyDone` what was counted. */
export const OrderLine = Type.Object({
  ...toldLine,
  qty: Qty0,
  qtyDone: Qty0,
  qtyShort: Qty0,
});
export type OrderLine = Shape<typeof OrderLine>;

export const Reason = Type.Object({ code: Type.String(), detail: Text });
export type Reason = Shape<typeof Reason>;

/** Who and why; part of every event. `operator` is a pseudonym. */
export const by = {
  order: Type.Optional(Id),
  host: Type.Optional(Id),
  device: Type.Optional(Code),
  operator: Type.Optional(Id),
  reasons: Type.Optional(Type.Array(Reason)),
};
export const StockLine = Type.Object({
  sku: Sku,
  qty: Qty0,
  reserved: Qty0,
  /** Not behind anything stopped, locked or disputed. */
  reachable: Qty0,
  stockStatus: StockStatus,
  lot: Type.Optional(Lot),
  expiry: Type.Optional(Day),
  loadUnit: Type.Optional(LoadUnit),
  location: Type.Optional(HostCode),
});
export type StockLine = Shape<typeof StockLine>;

/**
 * The same message with every host's code in it changed by `change`. The schema says which fields hold one.
 *
 * @param change  gets the code, and its place as a JSON pointer
 */
export function mapHostCodes<T>(
  schema: TSchema,
  data: T,
  change: (code: string, path: string) => string,
): T {
  return mapped(schema as Schema, data, '', change) as T;
}

interface Schema {
  readonly title?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function mapped(
  { title, properties, items }: Schema,
  data: unknown,
  path: string,
  change: (code: string, path: string) => string,
): unknown {
  if (typeof data === 'string') return title === hostCodeTitle ? change(data, path) : data;
  if (Array.isArray(data) && items !== undefined) {
    return data.map((entry, i) => mapped(items, entry, `${path}/${i}`, change));
  }
  if (typeof data !== 'object' || data === null || properties === undefined) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const property = properties[name];
      return [name, property ? mapped(property, value, `${path}/${name}`, change) : value];
    }),
  );
}
