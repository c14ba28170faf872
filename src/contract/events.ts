import Type from 'typebox';
import {
  AbcClass,
  by,
  Code,
  Count,
  EventLine,
  HostCode,
  Id,
  LoadUnit,
  MovementLine,
  OrderKind,
  OrderLine,
  OrderStatus,
  Qty,
  Qty0,
  type Shape,
  Sku,
  SsccText,
  Time,
} from './shared.ts';

// Receivers ignore fields that they do not know, so nothing here is closed.

/** Folding all movements gives the stock; places in between (crane, conveyor zone) are not told. */
export const MovementData = Type.Object({
  kind: Type.Enum([
    'received',
    'putaway',
    'relocated',
    'retrieved',
    'picked',
    'packed',
    'shipped',
    'adjusted',
    'counted',
    'lost',
    'found',
  ]),
  loadUnit: LoadUnit,
  sscc: Type.Optional(SsccText),
  /** Picked, packed: takes the lines. */
  toLoadUnit: Type.Optional(LoadUnit),
  from: HostCode,
  to: HostCode,
  /** What moved; none: an empty load unit. */
  lines: Type.Array(MovementLine),
  /** The fact, such as `crane-1/mission/7/deposited` or `command/wms/c1`. */
  cause: Type.String({ minLength: 1 }),
  ...by,
});
export type MovementData = Shape<typeof MovementData>;

/** A final status comes after all movements of the order. */
export const OrderData = Type.Object({
  ...by,
  order: Id,
  /** `local` if made on site. */
  host: Id,
  kind: OrderKind,
  /** +1 with every change; the higher is the newer, in replies too. */
  revision: Count,
  status: OrderStatus,
  lines: Type.Optional(Type.Array(OrderLine)),
  loadUnits: Type.Optional(Type.Array(LoadUnit)),
  target: Type.Optional(LoadUnit),
  station: Type.Optional(HostCode),
  location: Type.Optional(HostCode),
  wave: Type.Optional(Id),
  expectedAt: Type.Optional(Time),
});
export type OrderData = Shape<typeof OrderData>;

/** The whole picture each time. */
export const LoadUnitData = Type.Object({
  ...by,
  loadUnit: LoadUnit,
  lpn: Type.Optional(LoadUnit),
  sscc: Type.Optional(SsccText),
  formerly: Type.Optional(LoadUnit),
  change: Type.Enum([
    'announced',
    'withdrawn',
    'inducted',
    'rejected',
    'identified',
    'measured',
    'statusChanged',
    'clarification',
    'resolved',
    'missing',
    'left',
  ]),
  status: Type.Enum(['announced', 'present', 'clarification', 'missing', 'gone']),
  location: Type.Optional(HostCode),
  loadUnitType: Type.Optional(Code),
  weightKg: Type.Optional(Type.Number()),
  heightMm: Type.Optional(Type.Integer()),
  lines: Type.Optional(Type.Array(EventLine)),
});
export type LoadUnitData = Shape<typeof LoadUnitData>;

/** `unknown`: a person must look whether a label came out. */
export const LabelData = Type.Object({
  ...by,
  label: Id,
  template: Code,
  status: Type.Enum(['printed', 'verified', 'failed', 'unknown']),
  /** How far it is proved; with `printed` and `verified`. */
  proof: Type.Optional(Type.Enum(['sent', 'accepted', 'counted', 'scanned'])),
  /** 2 and more: a reprint of the same SSCC. */
  copy: Count,
  printer: Code,
  loadUnit: Type.Optional(LoadUnit),
  sscc: Type.Optional(SsccText),
});
export type LabelData = Shape<typeof LabelData>;

/** Told on change; `active: false` means no longer so. */
export const SignalData = Type.Object({
  sku: Sku,
  signal: Type.Enum([
    'abcClass',
    'cover',
    'belowSafetyStock',
    'reorder',
    'justInTimeCall',
    'slotting',
  ]),
  active: Type.Boolean(),
  abcClass: AbcClass,
  onHand: Qty0,
  reserved: Qty0,
  reachable: Qty0,
  safetyStock: Qty0,
  reorderPoint: Qty0,
  demandPerDay: Type.Number(),
  /** (reachable − reserved) / demand; absent without demand. */
  daysOfCover: Type.Optional(Type.Number()),
  qty: Type.Optional(Qty),
  dueAt: Type.Optional(Time),
  station: Type.Optional(HostCode),
  /** With signal `slotting`: what moving its load units to the region of their storage class would save. */
  slotting: Type.Optional(
    Type.Object({
      storageClass: Count,
      takenPerDay: Type.Number(),
      loadUnits: Count,
      moves: Count,
      travelNowS: Type.Number(),
      travelThenS: Type.Number(),
      gainSPerDay: Type.Number(),
      costS: Type.Number(),
      /** Absent: what stands there is gone before. */
      daysToPayBack: Type.Optional(Type.Number()),
    }),
  ),
  basis: Type.Object({
    days: Type.Integer(),
    leadTimeDays: Type.Number(),
    serviceLevel: Type.Number(),
  }),
});
export type SignalData = Shape<typeof SignalData>;
