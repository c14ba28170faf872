import { OUTSIDE } from '../../src/domain/ids.ts';
import type { DecisionPoint } from '../../src/domain/site.ts';
import { ignore, linkDueMs, type Moment, watchLink } from '../lib/plc-link.ts';
import { draw } from '../world/chance.ts';
import type { Lane } from '../world/layout.ts';
import { codesOf, locationOf, type Tote } from '../world/world.ts';
import { foremost, isLost, moveUp, takeArrived } from './lanes.ts';
import type { Conveyor, PointMemory, ScannerRead, Transit } from './model.ts';
import { answerDueMs, confirm, memoryOf, runPoint } from './point.ts';

/** The applicator swings, presses and swings back; then the scanner looks again. */
const applyMs = 1_000;
const lookAgainMs = 60;

/** Simulated time at which the conveyor next does anything by itself. */
export function conveyorDueMs({ state }: Conveyor): number {
  let dueMs = Number.POSITIVE_INFINITY;
  for (const { arrivesAtMs } of state.transits) dueMs = Math.min(dueMs, arrivesAtMs);
  for (const read of state.reads) dueMs = Math.min(dueMs, read.dueMs);
  for (const label of state.labels) dueMs = Math.min(dueMs, label.dueMs);
  for (const { load } of state.points) {
    if (load?.scanSeq === 0) dueMs = Math.min(dueMs, load.scanDueMs);
  }
  return dueMs;
}

/** Real time at which communication asks for something. */
export function conveyorLinkDueMs(conveyor: Conveyor): number {
  const { state, setup } = conveyor;
  let dueMs = linkDueMs(state.link, setup.rules);
  for (const { number, load, incompleteSinceMs } of state.points) {
    if (load !== undefined) dueMs = Math.min(dueMs, answerDueMs(conveyor, number, load));
    if (incompleteSinceMs !== undefined) {
      dueMs = Math.min(dueMs, incompleteSinceMs + setup.rules.crcPatienceMs);
    }
  }
  return dueMs;
}

/** The control task: life, patience, watchdog. */
export function watchConveyor({ state, setup }: Conveyor, now: Moment): void {
  watchLink(state.link, setup.rules, now);
  for (const point of state.points) {
    const sinceMs = point.incompleteSinceMs;
    if (sinceMs !== undefined && now.realMs - sinceMs >= setup.rules.crcPatienceMs) {
      ignore(point, 'crc');
      point.incompleteSinceMs = undefined;
    }
  }
}

/**
 * Everything that is due at `now`: arrivals, labels, scans, decisions, and who sets out next. To be
 * called at each due time, and whenever a tote was put on or taken off.
 *
 * @returns what the scanners read
 */
export function runConveyor(conveyor: Conveyor, now: Moment): ScannerRead[] {
  for (const transit of takeArrived(conveyor, now.simMs)) arrive(conveyor, transit);
  const { lanes } = conveyor.setup;
  for (const lane of lanes.values()) {
    if (isOwnPoint(conveyor, lane))
      spoil(conveyor, lane.point.point, foremost(conveyor.world, lane));
  }
  apply(conveyor, now.simMs);
  for (const lane of lanes.values()) {
    if (isOwnPoint(conveyor, lane)) runPoint(conveyor, lane, lane.point, now);
  }
  moveUp(conveyor, now.simMs);
  return look(conveyor, now.simMs);
}

const isOwnPoint = (
  { setup }: Conveyor,
  lane: Lane,
): lane is Lane & { readonly point: DecisionPoint } => lane.point?.device === setup.device;

function arrive(conveyor: Conveyor, { toteId, to, arrivesAtMs, divert }: Transit): void {
  const { world, setup } = conveyor;
  if (divert !== undefined) {
    const memory = memoryOf(conveyor, divert.point);
    if (memory.jam === 'armed') {
      memory.jam = 'stuck';
      confirm(memory, memory.load?.scanSeq ?? 0, 'jammed', 0);
      return;
    }
    confirm(memory, memory.load?.scanSeq ?? 0, divert.outcome, divert.exit);
  }
  const lane = setup.lanes.get(locationOf(to));
  const isGone = lane !== undefined && isLost(conveyor, lane, to);
  world.move(toteId, isGone ? OUTSIDE : to, arrivesAtMs);
}

/** What is wrong with the next tote at this point becomes true of it. */
function spoil(conveyor: Conveyor, number: number, tote: Tote | undefined): void {
  const memory = memoryOf(conveyor, number);
  if (tote === undefined || memory.load?.toteId === tote.id || memory.armed.length === 0) return;
  // A label that is wrong comes out of the printer later; the rest is so from the start.
  for (const fault of memory.armed) {
    const torn = [...(tote.torn ?? []), ...codesOf(tote)];
    if (fault === 'noRead') Object.assign(tote, { lpn: undefined, label: undefined, torn });
    if (fault === 'unknownCode') {
      const lpn = `X-${draw(conveyor.state.chance, 1_000_000)}`;
      Object.assign(tote, { lpn, label: undefined, torn });
    }
    if (fault === 'overweight') tote.massKg = 100;
    if (fault === 'tooHigh') tote.heightMm = 1_000;
  }
  memory.armed = memory.armed.filter((fault) => fault === 'wrongCode');
  conveyor.world.changed(tote);
}

/** A label came out of the printer of a point. Without a tote there it is wasted. */
export function stickLabel(conveyor: Conveyor, number: number, code: string, simMs: number): void {
  const { state } = conveyor;
  state.labels.push({ point: number, code, dueMs: simMs + applyMs });
}

/** The controller wants the scanner of a point to look once more. */
export function triggerScanner({ state }: Conveyor, number: number, simMs: number): void {
  state.reads.push({ point: number, dueMs: simMs + lookAgainMs });
}

function apply(conveyor: Conveyor, simMs: number): void {
  const { state } = conveyor;
  const due = state.labels.filter(({ dueMs }) => dueMs <= simMs);
  if (due.length === 0) return;
  state.labels = state.labels.filter(({ dueMs }) => dueMs > simMs);
  for (const { point, code } of due) {
    const tote = toteAt(conveyor, point);
    if (tote === undefined) {
      state.labelsWasted += 1;
      continue;
    }
    tote.label = labelOf(memoryOf(conveyor, point), code);
    conveyor.world.changed(tote);
    triggerScanner(conveyor, point, simMs);
  }
}

/** Another number than the one printed, as from a roll that was mixed up. */
function labelOf(memory: PointMemory, code: string): string {
  if (!memory.armed.includes('wrongCode')) return code;
  memory.armed = memory.armed.filter((fault) => fault !== 'wrongCode');
  const last = code.at(-1) ?? '0';
  return `${code.slice(0, -1)}${(Number(last) + 1) % 10}`;
}

function look(conveyor: Conveyor, simMs: number): ScannerRead[] {
  const { state, setup } = conveyor;
  const due = state.reads.filter(({ dueMs }) => dueMs <= simMs);
  if (due.length === 0) return [];
  state.reads = state.reads.filter(({ dueMs }) => dueMs > simMs);
  return due.flatMap(({ point }) => {
    const scanner = setup.points.get(point)?.scanner;
    const tote = toteAt(conveyor, point);
    const code = tote === undefined ? undefined : codesOf(tote)[0];
    return scanner === undefined ? [] : [{ scanner, code }];
  });
}

function toteAt({ setup, world }: Conveyor, number: number): Tote | undefined {
  const at = setup.points.get(number)?.at;
  const lane = at === undefined ? undefined : setup.lanes.get(at);
  return lane === undefined ? undefined : foremost(world, lane);
}
