import Type, { type Static } from 'typebox';
import { OrderData } from './events.ts';
import { Count, HostCode, Id, Seq, type Shape, StockLine } from './shared.ts';

/** Stable for programs; the text beside it is for people. */
export const ContractErrorCode = Type.Enum([
  'MALFORMED',
  'UNSUPPORTED',
  'RETAINED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'ID_REUSED',
  'CONFLICT',
  'CANCELED',
  'TOO_LATE',
  'LOCATION_REFUSED',
  'STOCK_SHORT',
  'EXPIRED',
  'PRECONDITION_FAILED',
  'PRECONDITION_REQUIRED',
  'TOO_LARGE',
  'INVALID',
  'UNKNOWN_REFERENCE',
  'LIMIT_REACHED',
  'INTERNAL',
  'INTAKE_PAUSED',
  'DEVICE_UNAVAILABLE',
]);
export type ContractErrorCode = Static<typeof ContractErrorCode>;

/** An RFC 9457 problem. `retryable`: the same command may be taken later. */
export const ContractError = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String(),
  code: ContractErrorCode,
  retryable: Type.Boolean(),
  retryAfterS: Type.Optional(Type.Integer({ minimum: 0 })),
  /** `path` is a JSON pointer into `data`. */
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  /** What stands instead, such as the order as it ended. */
  current: Type.Optional(
    Type.Unsafe<object>(
      Type.Object({ station: Type.Optional(HostCode), location: Type.Optional(HostCode) }),
    ),
  ),
});
export type ContractError = Shape<typeof ContractError>;

/** One to every command, to nothing else. */
export const ReplyData = Type.Object({
  /** The name, such as `order.create`. */
  command: Type.String(),
  result: Type.Enum(['accepted', 'refused']),
  duplicate: Type.Boolean(),
  error: Type.Optional(ContractError),
  order: Type.Optional(Id),
  status: Type.Optional(Type.String()),
  revision: Type.Optional(Count),
  /** False: canceled before it was created. */
  known: Type.Optional(Type.Boolean()),
  orders: Type.Optional(Type.Array(OrderData)),
  stock: Type.Optional(Type.Array(StockLine)),
  asOf: Type.Optional(Seq),
  next: Type.Optional(Type.String()),
  from: Type.Optional(Seq),
  to: Type.Optional(Seq),
});
export type ReplyData = Shape<typeof ReplyData>;
