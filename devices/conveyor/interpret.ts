import type { DeviceId } from '../../src/domain/ids.ts';
import type {
  ConveyorConfirmation,
  ConveyorFact,
  ConveyorOutput,
  ConveyorScan,
  PointOutput,
} from '../../src/ports/conveyor.ts';
import { askFor, isSameClaim, type Judged, retellMs, ringParts } from '../lib/plc.ts';
import type { ConfirmationSlot, LinkStatusBlock, PointBlock, ScanSlot } from './fields.ts';
import { exitsOf } from './frame.ts';

/** What one connection has told of the link. */
export interface LinkTold extends Judged {
  /** A snapshot has been told that the core has not answered yet. */
  readonly isAwaited: boolean;
  /** Why it was told. */
  readonly because: 'connected' | 'restarted' | 'claimed';
}

/**
 * Whether the core has to look at this reading before anything goes on.
 *
 * @param told  undefined at the first reading of a connection
 */
export function interpretLink(
  device: DeviceId,
  told: LinkTold | undefined,
  status: LinkStatusBlock,
  output: ConveyorOutput | undefined,
): { readonly fact: ConveyorFact | undefined; readonly told: LinkTold } {
  const { bootId, counterEra, mode, retentiveOk, enabled, pointCount } = status;
  const claim = { epoch: status.epochAccepted, nonce: status.nonceAccepted };
  const judgeAnew = (because: LinkTold['because']) => ({
    fact: {
      ...{ device, type: 'conveyor.snapshot' as const, because },
      snapshot: { bootId, claim, counterEra, mode, retentiveOk, enabled, pointCount },
    },
    told: { bootId, claim, isAwaited: true, because },
  });
  if (told === undefined) return judgeAnew('connected');
  const because = askFor(told, { bootId, claim }, output?.claim);
  return because === undefined ? { fact: undefined, told } : judgeAnew(because);
}

/** Whether the core has judged this PLC and its claim is in force: before, no point says anything. */
export const isOpen = (told: LinkTold | undefined, output: ConveyorOutput | undefined): boolean =>
  told !== undefined && !told.isAwaited && isSameClaim(output?.claim, told.claim);

/** What has been told of one decision point. */
export interface PointTold {
  readonly era: number;
  /** Newest scan told. */
  readonly scanSeq: number;
  readonly confirmSeq: number;
  /** Newest confirmation stored, by the last reading. */
  readonly confirmAck: number;
  readonly confirmToldAtMs: number;
  readonly condition: string;
}

export interface PointReading {
  readonly device: DeviceId;
  readonly block: PointBlock;
  /** `counterEra` of the link that it belongs to. */
  readonly era: number;
  /** Undefined: the core has no wishes for this point. */
  readonly output: PointOutput | undefined;
  /** First one since connecting or since a start of the PLC. */
  readonly isFirst: boolean;
  readonly nowMs: number;
}

/**
 * Turns a reading of a decision point into what the core has not been told yet: scans, then
 * confirmations, each in the order of its numbers (`inOrder` says where not), then the state of the point.
 *
 * @param told  undefined when this process has never read the point
 */
export function interpretPoint(
  told: PointTold | undefined,
  reading: PointReading,
): { readonly facts: readonly ConveyorFact[]; readonly told: PointTold } {
  const confirmations = newConfirmations(told, reading);
  const scans = newScans(told, reading, confirmations.facts.some(isGap));
  const state = newState(told, reading);
  return {
    facts: [...inOrder(scans, confirmations.facts, reading.block.scanHead), ...state.facts],
    told: {
      era: reading.era,
      scanSeq: reading.block.scanHead,
      ...confirmations.told,
      condition: state.condition,
    },
  };
}

const isGap = ({ type }: ConveyorFact) => type === 'conveyor.gap';

/**
 * Scans before confirmations, but for the load that stands there now when the tracking was void in
 * between: it was scanned anew after that, and must not be taken for one of those that were lost.
 * What was overwritten comes first: it is older than all that the point still shows.
 */
function inOrder(
  scans: readonly ConveyorFact[],
  confirmations: readonly ConveyorFact[],
  scanHead: number,
): ConveyorFact[] {
  const isVoid = (fact: ConveyorFact) =>
    fact.type === 'conveyor.confirmed' && fact.confirmation.scanSeq === 0;
  const lastVoid = confirmations.findLastIndex(isVoid);
  const isThere = (fact: ConveyorFact) =>
    fact.type === 'conveyor.scanned' &&
    fact.scan.scanSeq === scanHead &&
    fact.scan.answerState === 'waiting';
  const isEntry = (fact: ConveyorFact) => !isGap(fact);
  return [
    ...[...scans, ...confirmations].filter(isGap),
    ...scans.filter((fact) => isEntry(fact) && (lastVoid < 0 || !isThere(fact))),
    ...confirmations.slice(0, lastVoid + 1).filter(isEntry),
    ...scans.filter((fact) => lastVoid >= 0 && isThere(fact)),
    ...confirmations.slice(lastVoid + 1).filter(isEntry),
  ];
}

/**
 * A scan has no acknowledgement of its own. What waits for its answer is told at every connect; a
 * process that reads the point for the first time tells too what went by the default exit meanwhile.
 * A scan whose answer was taken was known to whoever answered it.
 *
 * @param isInDoubt  confirmations were overwritten: of what was told before, only what still waits is there for sure
 */
function newScans(
  told: PointTold | undefined,
  reading: PointReading,
  isInDoubt: boolean,
): ConveyorFact[] {
  const { device, block, era, isFirst } = reading;
  const { pointNumber: point, scanHead: head } = block;
  const from = firstUntold(told, reading);
  const scanned = (slot: ScanSlot): ConveyorFact => {
    return { device, type: 'conveyor.scanned', point, era, scan: scanOf(slot) };
  };
  const known = block.scans
    .filter(({ scanSeq }) => scanSeq < from && scanSeq <= head)
    .filter(({ answerState }) => {
      return answerState === 'waiting' || (told === undefined && answerState === 'defaulted');
    })
    .sort((a, b) => a.scanSeq - b.scanSeq);
  const parts = ringParts(block.scans, (slot) => slot.scanSeq, { from, head });
  return [
    ...(isFirst || isInDoubt ? known.map(scanned) : []),
    ...parts.map((part): ConveyorFact => {
      if ('entry' in part) return scanned(part.entry);
      const { from, to } = part;
      return { device, type: 'conveyor.gap', point, era, what: 'scans', from, to };
    }),
  ];
}

function firstUntold(told: PointTold | undefined, { block, era }: PointReading): number {
  if (told === undefined) return block.scanHead + 1;
  // The numbers of another era began at 1, and none of them has been told.
  return told.era === era ? told.scanSeq + 1 : 1;
}

function newConfirmations(told: PointTold | undefined, reading: PointReading) {
  const { device, block, era, isFirst, nowMs, output } = reading;
  const { pointNumber: point, confirmHead: head } = block;
  const confirmAck = output?.confirmAck ?? 0;
  const last = isFirst || told?.era !== era ? undefined : told;
  const isStored = last?.confirmAck !== confirmAck;
  const waitsSinceMs = last === undefined || isStored ? nowMs : last.confirmToldAtMs;
  const isUnheard =
    output !== undefined &&
    (last?.confirmSeq ?? 0) > confirmAck &&
    nowMs - waitsSinceMs >= retellMs;
  const from = (isUnheard ? confirmAck : Math.max(last?.confirmSeq ?? 0, confirmAck)) + 1;
  const parts = ringParts(block.confirmations, (slot) => slot.confirmSeq, { from, head });
  const facts = parts.map((part): ConveyorFact => {
    if ('entry' in part) {
      const confirmation = confirmationOf(part.entry);
      return { device, type: 'conveyor.confirmed', point, era, confirmation };
    }
    const { from, to } = part;
    return { device, type: 'conveyor.gap', point, era, what: 'confirmations', from, to };
  });
  const isTold = facts.length > 0;
  return {
    facts,
    told: {
      confirmSeq: isTold ? head : Math.min(last?.confirmSeq ?? 0, head),
      confirmAck,
      confirmToldAtMs: isTold ? nowMs : waitsSinceMs,
    },
  };
}

function newState(told: PointTold | undefined, { device, block, isFirst }: PointReading) {
  const { pointNumber: point, state, exitsFull, exitsDown, faultCode } = block;
  const condition = [state, exitsFull, exitsDown, faultCode].join();
  const fact: ConveyorFact = {
    ...{ device, type: 'conveyor.pointChanged', point, state, faultCode },
    ...{ exitsFull: exitsOf(exitsFull), exitsDown: exitsOf(exitsDown) },
  };
  return { condition, facts: isFirst || condition !== told?.condition ? [fact] : [] };
}

function scanOf({ scanSeq, readResult, answerState, code, heightMm, massG }: ScanSlot) {
  const measured = (value: number) => (value === 0 ? undefined : value);
  return {
    ...{ scanSeq, read: readResult, answerState, code },
    ...{ heightMm: measured(heightMm), massG: measured(massG) },
  } satisfies ConveyorScan;
}

const confirmationOf = (slot: ConfirmationSlot): ConveyorConfirmation => ({
  ...{ confirmSeq: slot.confirmSeq, scanSeq: slot.confirmScanSeq, handle: slot.confirmHandle },
  ...{ outcome: slot.outcome, exitTaken: slot.exitTaken },
});
