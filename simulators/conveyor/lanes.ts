import { endOf, type Lane, startOf, zoneOf } from '../world/layout.ts';
import type { Spot, Tote, World } from '../world/world.ts';
import type { Conveyor, Outcome, TrackedLoad, Transit } from './model.ts';

/** What stands at the end of a lane. */
export const foremost = (world: World, lane: Lane): Tote | undefined =>
  world.zonesOf(lane.location)[lane.zones - 1];

/** Under way into a spot, whichever conveyor moves it. */
const transitsInto = ({ conveyors }: Conveyor, spot: Spot): Transit[] =>
  [...conveyors.values()].flatMap(({ state }) => state.transits.filter(({ to }) => to === spot));

/** Whether a zone of a lane is free, and nothing is on its way into it. */
export function isOpen(conveyor: Conveyor, { location }: Lane, zone: number): boolean {
  const isFree = conveyor.world.zonesOf(location)[zone] === undefined;
  return isFree && transitsInto(conveyor, zoneOf(location, zone)).length === 0;
}

/** Where several points lead into one lane: whether no load elsewhere has waited longer to enter it. */
export function isNext({ conveyors }: Conveyor, { waits }: TrackedLoad): boolean {
  if (waits === undefined) return true;
  const points = [...conveyors.values()].flatMap(({ state }) => state.points);
  return !points.some(
    ({ load, jam }) =>
      jam !== 'stuck' && load?.waits?.lane === waits.lane && load.waits.sinceMs < waits.sinceMs,
  );
}

/** Loads in the lane and on their way into it. */
export function loadsIn(conveyor: Conveyor, lane: Lane): number {
  const loads = conveyor.world.countIn(lane.location);
  const entering = transitsInto(conveyor, startOf(lane));
  return loads + entering.filter(({ divert }) => divert !== undefined).length;
}

const isMoving = ({ state }: Conveyor, toteId: string): boolean =>
  state.transits.some((transit) => transit.toteId === toteId);

/** Every load whose next zone is free sets out for it, the foremost first. */
export function moveUp(conveyor: Conveyor, simMs: number): void {
  const { setup, world } = conveyor;
  for (const lane of setup.lanes.values()) {
    const isEmpty = world.countIn(lane.location) === 0;
    if (!isEmpty && lane.owner === setup.device) moveUpIn(conveyor, lane, simMs);
  }
}

function moveUpIn(conveyor: Conveyor, lane: Lane, simMs: number): void {
  const there = conveyor.world.zonesOf(lane.location);
  for (let index = lane.zones - 2; index >= 0; index--) {
    const tote = there[index];
    if (tote === undefined || !isOpen(conveyor, lane, index + 1)) continue;
    if (isMoving(conveyor, tote.id)) continue;
    setOut(conveyor, tote, zoneOf(lane.location, index + 1), simMs, undefined);
  }
}

export function setOut(
  { state, setup }: Conveyor,
  { id, spot }: Tote,
  to: Transit['to'],
  simMs: number,
  divert: { readonly point: number; readonly exit: number; readonly outcome: Outcome } | undefined,
): void {
  state.transits.push({ toteId: id, from: spot, to, arrivesAtMs: simMs + setup.zoneMs, divert });
}

/**
 * Takes out what has arrived by `simMs`, the earliest first. A tote that a person took off the
 * conveyor meanwhile arrives nowhere.
 */
export function takeArrived({ state, world }: Conveyor, simMs: number): Transit[] {
  const arrived = state.transits
    .filter(({ arrivesAtMs }) => arrivesAtMs <= simMs)
    .sort((a, b) => a.arrivesAtMs - b.arrivesAtMs);
  if (arrived.length === 0) return [];
  state.transits = state.transits.filter((transit) => !arrived.includes(transit));
  return arrived.filter(({ toteId, from }) => world.tote(toteId)?.spot === from);
}

/** Without a neighbor that takes it, what reaches the end of a lane without a point is gone. */
export const isLost = ({ setup }: Conveyor, lane: Lane, to: Transit['to']): boolean =>
  setup.discardsAtExits && lane.point === undefined && to === endOf(lane);
