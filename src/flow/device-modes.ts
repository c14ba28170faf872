import { type DeviceMode, isCommanded } from '../domain/device-mode.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { OperatorOutcome } from '../ports/intake.ts';
import type { Work } from './work.ts';

type Scope = Pick<Work, 'warehouse'>;

/** Why a device begins nothing new; undefined in `auto`. */
export function whyNotAuto({ warehouse }: Scope, device: DeviceId): string | undefined {
  const row = warehouse.tables.mode.get(device);
  if (row === undefined || row.mode === 'auto') return undefined;
  return `it is set to ${row.mode} by ${row.by}`;
}

/** Why nothing at all is sent to a device; undefined in `manual` and `auto`. */
export const whyNotCommanded = (scope: Scope, device: DeviceId): string | undefined =>
  isCommanded(scope.warehouse.modeOf(device)) ? undefined : whyNotAuto(scope, device);

/**
 * A person says how far a device may be used. Nothing that is under way is canceled by it: a crane ends its
 * mission in `manual`; in `observe` and `off` its PLC holds it, as when the link is cut, and it is judged
 * when the crane is commanded again.
 */
export function setMode(
  work: Work,
  operator: string,
  { device, mode }: { readonly device: DeviceId; readonly mode: DeviceMode },
): OperatorOutcome {
  const { warehouse } = work;
  if (!work.parts.topology.site.devices.some((known) => known.device === device)) {
    return { ok: false, code: 'NOT_FOUND', reason: `There is no device ${device}` };
  }
  const before = warehouse.modeOf(device);
  if (before === mode) return { ok: true, text: `${device} is in ${mode} already.` };
  warehouse.tables.mode.put({ device, mode, by: operator, atMs: work.nowMs });
  work.touched.add(device);
  const waiting = [...warehouse.tables.request.values()].filter(({ crane }) => crane === device);
  const concerned = waiting.flatMap(({ loadUnit, workflow }) => [loadUnit, workflow]);
  work.explain(`${operator} set ${device} from ${before} to ${mode}.`, device, ...concerned);
  return { ok: true, text: `${device} is in ${mode} now: ${meanings[mode]}.` };
}

const meanings: Readonly<Record<DeviceMode, string>> = {
  off: 'not connected, until it is set to something else',
  observe: 'connected and read, and nothing is written to it',
  manual: 'what is under way goes on, and nothing new is begun',
  auto: 'it works',
};
