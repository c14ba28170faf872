import { invariant } from '../../src/domain/errors.ts';
import { OUTSIDE } from '../../src/domain/ids.ts';
import type { DecisionPoint } from '../../src/domain/site.ts';
import type { Moment } from '../lib/plc-link.ts';
import { draw } from '../world/chance.ts';
import { type Lane, startOf } from '../world/layout.ts';
import { codesOf, type Tote } from '../world/world.ts';
import { foremost, isNext, isOpen, loadsIn, setOut } from './lanes.ts';
import {
  type Conveyor,
  defaultExitOf,
  exitBit,
  type Outcome,
  type PointMemory,
  type TrackedLoad,
} from './model.ts';

const scanSlots = 3;
const confirmationSlots = 5;
/** PLC and scanner notice a load independently; either may be first. */
const noticeMaxMs = 80;

/** Everything a point has to do now: see what came and went, scan, decide. */
export function runPoint(conveyor: Conveyor, lane: Lane, point: DecisionPoint, now: Moment): void {
  const memory = memoryOf(conveyor, point.point);
  const tote = foremost(conveyor.world, lane);
  if (memory.load !== undefined && memory.load.toteId !== tote?.id) {
    tellGone(conveyor, point, memory, memory.load);
  }
  if (memory.load === undefined && tote !== undefined && memory.jam !== 'stuck') {
    notice(conveyor, point, memory, tote, now.simMs);
  }
  const { load } = memory;
  if (load === undefined || tote === undefined) return;
  if (load.scanSeq === 0 && load.scanDueMs <= now.simMs) scan(point, memory, load, tote, now);
  if (load.scanSeq === 0) return;
  if (point.role !== 'arrival') decide(conveyor, point, memory, load, tote, now);
  else if (conveyor.setup.discardsAtExits && load.exit !== undefined) {
    // No crane takes it away.
    conveyor.world.move(tote.id, OUTSIDE, now.simMs);
    confirm(memory, load.scanSeq, 'asAnswered', defaultExitOf(point));
  }
}

export function memoryOf({ state }: Conveyor, number: number): PointMemory {
  const memory = state.points.find((point) => point.number === number);
  invariant(memory !== undefined, `point ${number} has no memory`);
  return memory;
}

/** A load stopped at the point. The scanner there looks at it on its own. */
function notice(
  { state }: Conveyor,
  point: DecisionPoint,
  memory: PointMemory,
  tote: Tote,
  simMs: number,
): void {
  if (memory.countedTote !== tote.id) memory.arrivedCount = (memory.arrivedCount + 1) & 0xffff;
  memory.countedTote = tote.id;
  memory.load = {
    toteId: tote.id,
    scanDueMs: simMs + draw(state.chance, noticeMaxMs),
    scanSeq: 0,
    scannedAtMs: 0,
    exit: undefined,
    handle: 0,
    isConflicted: false,
    defaulted: undefined,
    isBlocked: false,
  };
  if (point.scanner !== undefined) {
    state.reads.push({ point: point.point, dueMs: simMs + draw(state.chance, noticeMaxMs) });
  }
}

/** Fills the slot, then moves the head. Only an induct point measures; only it reads, without a scanner of Craneway. */
function scan(
  { role, scanner }: DecisionPoint,
  memory: PointMemory,
  load: TrackedLoad,
  tote: Tote,
  now: Moment,
): void {
  const scanSeq = memory.scanHead + 1;
  const isInduct = role === 'induct';
  const isReader = isInduct && scanner === undefined;
  const code = isReader ? (codesOf(tote)[0] ?? '').slice(0, 24) : '';
  const readBy = code === '' ? 'noRead' : 'good';
  memory.scans = [
    ...memory.scans.filter((old) => old.scanSeq > scanSeq - scanSlots),
    {
      scanSeq,
      readResult: isReader ? readBy : 'arrivalOnly',
      answerState: 'waiting',
      code,
      lengthMm: 0,
      widthMm: 0,
      heightMm: isInduct ? tote.heightMm : 0,
      massG: isInduct ? Math.round(tote.massKg * 1000) : 0,
    },
  ];
  memory.scanHead = scanSeq;
  load.scanSeq = scanSeq;
  load.scannedAtMs = now.realMs;
}

/** Until when a load without an answer stays; real time. */
export function answerDueMs({ setup }: Conveyor, number: number, load: TrackedLoad): number {
  const limitMs = setup.answerLimitMs.get(number) ?? 0;
  const isOpenEnd = limitMs === 0 || load.scanSeq === 0 || load.exit !== undefined;
  const isSettled = isOpenEnd || load.defaulted !== undefined;
  return isSettled ? Number.POSITIVE_INFINITY : load.scannedAtMs + limitMs;
}

function decide(
  conveyor: Conveyor,
  point: DecisionPoint,
  memory: PointMemory,
  load: TrackedLoad,
  tote: Tote,
  now: Moment,
): void {
  const { state } = conveyor;
  if (memory.jam === 'stuck' || state.transits.some(({ toteId }) => toteId === load.toteId)) return;
  if (answerDueMs(conveyor, point.point, load) <= now.realMs) {
    load.defaulted = state.link.enabled ? 'late' : 'notEnabled';
    if (state.link.enabled) memory.lateCount = (memory.lateCount + 1) & 0xffff;
    settle(memory, load.scanSeq, 'defaulted');
  }
  const way = wayOf(conveyor, point, memory, load);
  if (way === undefined) return;
  const lane = laneBehind(conveyor, point, way.exit);
  if (lane === undefined) {
    load.isBlocked = true;
    return;
  }
  if (load.waits?.lane !== lane.location) {
    load.waits = { lane: lane.location, sinceMs: now.simMs };
  }
  load.isBlocked = isFull(conveyor, point, memory, way.exit);
  if (load.isBlocked || !isOpen(conveyor, lane, 0) || !isNext(conveyor, load)) return;
  load.waits = undefined;
  setOut(conveyor, tote, startOf(lane), now.simMs, { point: point.point, ...way });
}

/** The exit by the rule of the divert; undefined: no answer yet. */
function wayOf(
  conveyor: Conveyor,
  point: DecisionPoint,
  memory: PointMemory,
  load: TrackedLoad,
): { readonly exit: number; readonly outcome: Outcome } | undefined {
  const exit = defaultExitOf(point);
  if (load.defaulted !== undefined) return { exit, outcome: load.defaulted };
  if (load.exit === undefined) return undefined;
  if (load.exit === 0 || load.exit === exit) return { exit, outcome: 'asAnswered' };
  const isShut = ((memory.downByFault | memory.exitsClosed) & exitBit(load.exit)) !== 0;
  if (isShut || laneBehind(conveyor, point, load.exit) === undefined) {
    return { exit, outcome: 'exitDown' };
  }
  if (isFull(conveyor, point, memory, load.exit)) return { exit, outcome: 'exitFull' };
  return { exit: load.exit, outcome: 'asAnswered' };
}

function laneBehind({ setup }: Conveyor, { exits }: DecisionPoint, exit: number): Lane | undefined {
  const to = exits.find((candidate) => candidate.exit === exit)?.to;
  return to === undefined ? undefined : setup.lanes.get(to);
}

/** Not while its first zone is only passed through: then a load waits a moment. */
function isFull(
  conveyor: Conveyor,
  point: DecisionPoint,
  memory: PointMemory,
  exit: number,
): boolean {
  if ((memory.fullByFault & exitBit(exit)) !== 0) return true;
  const lane = laneBehind(conveyor, point, exit);
  return lane !== undefined && loadsIn(conveyor, lane) >= lane.zones;
}

export const exitsFullOf = (
  conveyor: Conveyor,
  point: DecisionPoint,
  memory: PointMemory,
): number =>
  point.exits.reduce(
    (bits, { exit }) => bits | (isFull(conveyor, point, memory, exit) ? exitBit(exit) : 0),
    0,
  );

export function settle(memory: PointMemory, scanSeq: number, answerState: 'taken' | 'defaulted') {
  memory.scans = memory.scans.map((slot) =>
    slot.scanSeq === scanSeq ? { ...slot, answerState } : slot,
  );
}

/** Numbered like events, and told once: where the load went, and what became of the tracking. */
export function confirm(
  memory: PointMemory,
  scanSeq: number,
  outcome: Outcome,
  exit: number,
): void {
  const confirmSeq = memory.confirmHead + 1;
  memory.confirmations = [
    ...memory.confirmations.filter((old) => old.confirmSeq > confirmSeq - confirmationSlots),
    {
      confirmSeq,
      confirmScanSeq: scanSeq,
      confirmHandle: scanSeq === 0 ? 0 : (memory.load?.handle ?? 0),
      outcome,
      exitTaken: exit,
    },
  ];
  memory.confirmHead = confirmSeq;
  if (exit !== 0) memory.departedCount = (memory.departedCount + 1) & 0xffff;
  memory.load = undefined;
}

/** It does not stand there any more and no divert moved it: the crane has it, or somebody. */
function tellGone(
  { world }: Conveyor,
  point: DecisionPoint,
  memory: PointMemory,
  load: TrackedLoad,
): void {
  if (load.scanSeq === 0) {
    // Nobody was told of it.
    memory.load = undefined;
    return;
  }
  const spot = world.tote(load.toteId)?.spot;
  const taken = point.exits.find(({ to }) => to === spot);
  if (point.role === 'arrival' && taken !== undefined) {
    confirm(memory, load.scanSeq, 'asAnswered', taken.exit);
  } else {
    confirm(memory, load.scanSeq, 'vanished', 0);
  }
}
