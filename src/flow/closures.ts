import { type Edge, edgeKey, Routes } from '../domain/conveyor-network.ts';
import { lockText } from '../domain/locks.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import { whyNotAuto } from './device-modes.ts';
import type { Work } from './work.ts';

type Scope = Pick<Work, 'warehouse' | 'parts'>;

/** The ways that are open now, and why the others are not. */
interface Open {
  readonly version: string;
  readonly routes: Routes;
  readonly closed: ReadonlyMap<string, string>;
}

const known = new WeakMap<Warehouse, Open>();

/** Ways over what is open now; worked out anew only when something has opened or closed. */
export const openRoutes = (scope: Scope): Routes => openNow(scope).routes;

/** Why an exit cannot be taken now; undefined: it can. */
export const whyClosed = (scope: Scope, edge: Edge): string | undefined =>
  openNow(scope).closed.get(edgeKey(edge));

function openNow(scope: Scope): Open {
  const { warehouse, parts } = scope;
  const { mode, partLock } = warehouse.tables;
  const version = `${parts.equipment.conveyorVersion}/${mode.version}/${partLock.version}`;
  const before = known.get(warehouse);
  if (before?.version === version) return before;
  const { network } = parts.topology;
  const closed = new Map(
    network.edges.flatMap((edge) => {
      const why = findClosure(scope, edge);
      return why === undefined ? [] : [[edgeKey(edge), why] as const];
    }),
  );
  const isSame = before !== undefined && haveSameKeys(before.closed, closed);
  const routes = isSame ? before.routes : new Routes(network, (edge) => !closed.has(edgeKey(edge)));
  const now = { version, routes, closed };
  known.set(warehouse, now);
  return now;
}

function haveSameKeys(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

function findClosure(scope: Scope, edge: Edge): string | undefined {
  const { device, point, exit, isDefault } = edge;
  const locked = scope.warehouse.locks.onExit(edge);
  if (locked !== undefined) return lockText(locked.part, locked);
  const mode = whyNotAuto(scope, device);
  // Its PLC is told nothing, and lets all go by the default exits.
  if (mode !== undefined) return isDefault ? undefined : `${device}: ${mode}`;
  const { offline, points } = scope.parts.equipment.conveyor(device);
  if (offline !== undefined) return `${device} is offline: ${offline}`;
  const now = points.get(point);
  if (now?.state === 'jam' || now?.state === 'faulted') {
    return `${device}/${point}: ${now.state}, fault ${now.faultCode}`;
  }
  return now?.exitsDown.includes(exit) ? `exit ${exit} of ${device}/${point} is down` : undefined;
}
