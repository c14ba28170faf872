import Type from 'typebox';
import {
  by,
  Code,
  Count,
  HostCode,
  Id,
  LoadUnit,
  Reason,
  Seq,
  type Shape,
  Text,
  Time,
} from './shared.ts';

/** Retained, on change and every 30 s. The last will has `state`, `boot` and `since` only. */
export const StatusData = Type.Object({
  state: Type.Enum([
    'starting',
    'online',
    'degraded',
    'reconciling',
    'stopping',
    'stopped',
    'offline',
  ]),
  boot: Count,
  since: Time,
  software: Type.Optional(Text),
  contract: Type.Optional(Type.String()),
  limits: Type.Optional(Type.Record(Type.String(), Type.Number())),
  epoch: Type.Optional(Count),
  /** Last number that this epoch shares with the one before. */
  epochBase: Type.Optional(Seq),
  /** Oldest event that can be sent again. */
  firstSequence: Type.Optional(Seq),
  lastSequence: Type.Optional(Seq),
  intake: Type.Optional(Type.Enum(['open', 'paused'])),
  reasons: Type.Optional(Type.Array(Reason)),
  /** `share` of its bound, 0…1. */
  outbox: Type.Optional(
    Type.Object({ events: Count, share: Type.Number(), oldestAt: Type.Optional(Time) }),
  ),
  hosts: Type.Optional(
    Type.Array(Type.Object({ host: Id, online: Type.Boolean(), ackThrough: Seq })),
  ),
});
export type StatusData = Shape<typeof StatusData>;

export const DeviceData = Type.Object({
  device: Code,
  kind: Type.Enum(['crane', 'conveyor', 'scanner', 'printer', 'indicator']),
  simulated: Type.Boolean(),
  since: Time,
  availability: Type.Enum(['online', 'offline', 'disabled', 'misconfigured']),
  mode: Type.Enum(['off', 'observe', 'manual', 'automatic']),
  state: Type.Enum(['idle', 'busy', 'held', 'faulted', 'unknown']),
  fault: Type.Optional(Reason),
  order: Type.Optional(Id),
  loadUnit: Type.Optional(LoadUnit),
  location: Type.Optional(HostCode),
});
export type DeviceData = Shape<typeof DeviceData>;

/** Priority 1: act at once. */
export const AlarmData = Type.Object({
  ...by,
  alarm: Type.String({ minLength: 1 }),
  code: Type.String({ minLength: 1 }),
  priority: Type.Integer({ minimum: 1 }),
  text: Text,
  todo: Type.Optional(Text),
  count: Count,
  state: Type.Enum(['active', 'acknowledged', 'returned', 'shelved', 'suppressed', 'outOfService']),
  raisedAt: Time,
  acknowledgedAt: Type.Optional(Time),
  clearedAt: Type.Optional(Time),
  shelvedUntil: Type.Optional(Time),
  location: Type.Optional(HostCode),
  loadUnit: Type.Optional(LoadUnit),
});
export type AlarmData = Shape<typeof AlarmData>;

/** May be lost, never repeated. */
export const ScanData = Type.Object({
  ...by,
  device: Code,
  at: HostCode,
  verdict: Type.Enum(['ok', 'noRead', 'unknown', 'mismatch', 'duplicate', 'malformed']),
  /** As read, control characters escaped. */
  code: Type.Optional(Type.String({ maxLength: 256 })),
  /** AIM identifier. */
  symbology: Type.Optional(Type.String()),
  /** Typed in by a person. */
  manual: Type.Optional(Type.Boolean()),
  loadUnit: Type.Optional(LoadUnit),
  expected: Type.Optional(LoadUnit),
  exit: Type.Optional(Code),
});
export type ScanData = Shape<typeof ScanData>;
