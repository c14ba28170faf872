import type { DeviceId, LocationId, WorkflowId } from '../domain/ids.ts';
import { type PointBook, type PointLoad, unknownLoad } from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { pointKey } from '../domain/warehouse.ts';
import type { ConveyorConfirmation, ConveyorFact, ConveyorScan } from '../ports/conveyor.ts';
import { awaitLoad, greet, isKnownElsewhere, nameAnew, nextAt } from './conveyor-arrivals.ts';
import { claimConveyor } from './conveyor-claim.ts';
import {
  dispute,
  forget,
  losePassed,
  loseTrack,
  missBeforeCrane,
  missUnseen,
  tellGap,
} from './conveyor-loss.ts';
import { whyNotAuto } from './device-modes.ts';
import { isDoubted } from './doubted-reads.ts';
import { earlyRead } from './early-reads.ts';
import type { Runner } from './runner.ts';
import { takeStep } from './steer.ts';
import type { Work } from './work.ts';

/** Loads between scanner and exit; the PLC itself remembers fewer. */
const openLoadsMax = 64;

/** Takes in what a conveyor PLC says. A divert is booked by its confirmation, never by the answer. */
export function onConveyorFact(work: Work, runner: Runner, fact: ConveyorFact): void {
  const { device } = fact;
  switch (fact.type) {
    case 'conveyor.offline':
      return work.parts.equipment.setConveyor(device, {
        offline: fact.reason,
        isReconciled: false,
        isClaiming: false,
      });
    case 'conveyor.misconfigured':
      work.parts.equipment.setConveyor(device, {
        offline: fact.reason,
        isReconciled: false,
        isClaiming: false,
      });
      return work.raise({
        code: 'DEVICE_MISCONFIGURED',
        device,
        text: `${device} is not what the site file says: ${fact.reason}. Nothing is sent to it.`,
      });
    case 'conveyor.snapshot':
      forget(work, device, fact.snapshot.counterEra);
      return claimConveyor(work, device, fact.snapshot);
    case 'conveyor.scanned':
      return onScanned(work, runner, device, fact.point, fact.era, fact.scan);
    case 'conveyor.confirmed':
      return onConfirmed(work, device, fact.point, fact.era, fact.confirmation);
    case 'conveyor.gap':
      return onGap(work, fact);
    case 'conveyor.pointChanged':
      return onPointChanged(work, fact);
  }
}

/** The books of a point, begun anew when the PLC has begun to count anew: what was open then is in question. */
function bookOf(work: Work, device: DeviceId, number: number, era: number): PointBook {
  if (work.warehouse.pointBook(device, number).era !== era) forget(work, device, era);
  const book = work.warehouse.pointBook(device, number);
  if (book.era === era) return book;
  return { ...book, era, scanStored: 0, confirmStored: 0, open: [] };
}

function onScanned(
  work: Work,
  runner: Runner,
  device: DeviceId,
  number: number,
  era: number,
  scan: ConveyorScan,
): void {
  const point = work.parts.topology.point(device, number);
  if (point === undefined) {
    return work.explain(
      `${device} tells of point ${number}, which the site file does not know.`,
      device,
    );
  }
  const { scanSeq, heightMm, massG } = scan;
  missUnseen(work, point, { era, next: scanSeq });
  const book = bookOf(work, device, number, era);
  const workflow = workflowAt(work, point, book, scanSeq);
  const loadUnit = point.role === 'induct' ? undefined : nextAt(work, point, book);
  const load: PointLoad = { scanSeq, workflow: workflow ?? unknownLoad, loadUnit, heightMm, massG };
  const open = [...stillThere(work, point, book.open), load].slice(-openLoadsMax);
  const scanStored = Math.max(book.scanStored, scanSeq);
  work.warehouse.tables.point.put({ ...book, open, scanStored, early: undefined });
  work.touched.add(device);

  if (scan.answerState !== 'waiting') return; // it is past: the confirmation says where
  const mode = point.role === 'arrival' ? undefined : whyNotAuto(work, device);
  // No answer is one too: it goes by the default exit, and the confirmation says so.
  if (mode !== undefined) {
    return work.explain(
      `A load at ${pointKey(device, number)} gets no answer: ${mode}.`,
      device,
      loadUnit,
    );
  }
  if (point.role === 'induct') return startInduct(work, runner, point, book, scan);
  if (loadUnit === undefined || !greet(work, point, scanSeq, loadUnit)) {
    awaitLoad(work, point, scanSeq);
  }
}

/** The workflow that identifies a load. */
export const inductOf = (
  { device, point }: DecisionPoint,
  era: number | undefined,
  scanSeq: number,
) => `induct/${device}/${point}/${era}/${scanSeq}` as WorkflowId;

function workflowAt(
  work: Work,
  point: DecisionPoint,
  book: PointBook,
  scanSeq: number,
): WorkflowId | undefined {
  if (point.role === 'induct') return inductOf(point, book.era, scanSeq);
  const loadUnit = nextAt(work, point, book);
  return loadUnit && work.unit(loadUnit).workflow;
}

/** Those that the books have at the point, or that the PLC still has there. */
function stillThere(work: Work, { at }: DecisionPoint, open: readonly PointLoad[]): PointLoad[] {
  return open.filter(({ hasLeft, loadUnit, workflow }) => {
    const unit = loadUnit && work.warehouse.loadUnit(loadUnit);
    return !hasLeft || (unit?.place === at && unit.workflow === workflow);
  });
}

export function startInduct(
  work: Work,
  runner: Runner,
  point: DecisionPoint,
  book: PointBook,
  { scanSeq, read, code }: ConveyorScan,
): void {
  const { limits } = work.parts.topology.site;
  const workflow = inductOf(point, book.era, scanSeq);
  const isReadByUs = read === 'arrivalOnly' && point.scanner !== undefined;
  runner.start(work, 'induct@1', workflow, {
    device: point.device,
    point: point.point,
    scanSeq,
    rejectLane: rejectLaneOf(work, point),
    isReadByUs,
    canLabel: point.printer !== undefined,
    labelProof: point.labelProof,
    code: read === 'good' ? code : undefined,
    readLimitMs: limits.readLimitMs,
    labelLimitMs: limits.labelLimitMs,
    conveyorLimitMs: limits.conveyorLimitMs,
  });
  const early = isReadByUs ? earlyRead(work, book) : undefined;
  if (early?.isDoubtful === true) {
    const text = 'Two reads came before it: it is read again, as nothing tells which is its own.';
    return work.explain(text, workflow, point.scanner);
  }
  if (early !== undefined) {
    const { code, aim } = early;
    const load = { scanSeq, workflow, loadUnit: undefined };
    if (code !== undefined && isDoubted(work, point, load, { code, aim })) return;
    if (code !== undefined) {
      const now = work.warehouse.pointBook(point.device, point.point);
      work.warehouse.tables.point.put({ ...now, lastRead: { scanSeq, code } });
    }
    work.send(workflow, { type: 'unit.read', code, aim } as never);
  }
}

/** Where an identification point sends what is not stored. */
function rejectLaneOf({ parts: { topology } }: Work, { exits, at }: DecisionPoint): LocationId {
  const byDefault = (exits.find(({ isDefault }) => isDefault) ?? exits[0])?.to;
  const isLane = byDefault !== undefined && !topology.network.isSegment(byDefault);
  const lane = isLane ? byDefault : topology.rejectLaneFrom(at);
  return lane ?? byDefault ?? at;
}

function onConfirmed(
  work: Work,
  device: DeviceId,
  number: number,
  era: number,
  confirmation: ConveyorConfirmation,
): void {
  const { confirmSeq, scanSeq, outcome } = confirmation;
  const point = work.parts.topology.point(device, number);
  if (point !== undefined) missUnseen(work, point, { era, next: scanSeq + 1 });
  const book = bookOf(work, device, number, era);
  const load = book.open.find((candidate) => candidate.scanSeq === scanSeq);
  const isTakenByCrane = point?.role === 'arrival';
  const open = book.open.flatMap((candidate) => {
    if (candidate !== load) return [candidate];
    return isTakenByCrane ? [{ ...candidate, hasLeft: true }] : [];
  });
  const confirmStored = Math.max(book.confirmStored, confirmSeq);
  work.touched.add(device);
  if (scanSeq === 0) {
    // The tracking is void: every load under way is in question.
    work.warehouse.tables.point.put({ ...book, open: [], confirmStored });
    return loseTrack(work, book.open, { outcome, isOneGone: confirmation.exitTaken !== 0 });
  }
  work.warehouse.tables.point.put({
    ...book,
    open,
    confirmStored,
    ...leftBefore(work, book, scanSeq),
  });
  if (load === undefined || point === undefined) return;
  if (point.role === 'arrival') {
    if (outcome === 'vanished' && load.loadUnit) missBeforeCrane(work, point, load.loadUnit);
    return;
  }
  if (point.scanner !== undefined && open.every(({ answer }) => answer !== undefined)) {
    work.releases.push(point.scanner);
  }
  bookLeft(work, point, load, confirmation);
}

/** Books that a load has left its point, and tells its workflow. */
function bookLeft(
  work: Work,
  point: DecisionPoint,
  { loadUnit, workflow }: PointLoad,
  { outcome, exitTaken }: ConveyorConfirmation,
): void {
  const to = point.exits.find(({ exit }) => exit === exitTaken)?.to;
  if (loadUnit !== undefined && isKnownElsewhere(work, loadUnit, point)) {
    if (to !== undefined) nameAnew(work, point, loadUnit, to);
  } else if (loadUnit !== undefined) {
    if (to === undefined) dispute(work, loadUnit, outcome);
    else if (takeStep(work, loadUnit, to)) return;
  }
  if (workflow !== unknownLoad) {
    work.send(workflow, { type: 'point.confirmed', to, outcome } as never);
  }
}

/** The load that was read last has left; its scanner may still be speaking of it. */
function leftBefore(work: Work, { lastRead }: PointBook, scanSeq: number) {
  return lastRead?.scanSeq === scanSeq ? { lastRead: { ...lastRead, leftAtMs: work.nowMs } } : {};
}

function onGap(work: Work, fact: Extract<ConveyorFact, { type: 'conveyor.gap' }>): void {
  const { device, point, era, what, from, to } = fact;
  const book = bookOf(work, device, point, era);
  // Told again; what came after it is stored already, and its loads are in order.
  if (to <= (what === 'scans' ? book.scanStored : book.confirmStored)) return;
  const stored = what === 'scans' ? { scanStored: to } : { confirmStored: to };
  work.warehouse.tables.point.put({ ...book, ...stored, open: [] });
  work.touched.add(device);
  tellGap(work, { device, point, what, from, to });
  const at = work.parts.topology.point(device, point);
  if (at?.role === 'divert' && what === 'scans') losePassed(work, at, book);
  else loseTrack(work, book.open, { outcome: 'gap' });
}

function onPointChanged(
  work: Work,
  fact: Extract<ConveyorFact, { type: 'conveyor.pointChanged' }>,
): void {
  const { device, point, state, faultCode, exitsDown } = fact;
  const { points } = work.parts.equipment.conveyor(device);
  const now = new Map([...points, [point, { state, faultCode, exitsDown }]]);
  work.parts.equipment.setConveyor(device, { points: now });
  const location = work.parts.topology.point(device, point)?.at;
  if (state === 'jam' || state === 'faulted') {
    return work.raise({
      code: 'CONVEYOR_JAM',
      device,
      location,
      text: `${pointKey(device, point)} at ${location}: ${state}, fault ${faultCode}. Clear it at the machine.`,
    });
  }
  work.settleWhere(
    (open) => open.code === 'CONVEYOR_JAM' && open.device === device && open.location === location,
  );
}
