import type { CraneFact, CraneSnapshot } from '../../src/ports/crane.ts';
import { isSameClaim, retellMs } from '../lib/plc.ts';
import { takeBackStart, takeCommand, type Wish } from './command.ts';
import { toDoFirst, withDoubt } from './doubt.ts';
import { isSame, type Memory, nobody, type Reading, type StartBitWire } from './memory.ts';
import { advanceJob } from './mission.ts';

/** What follows from a reading: what to tell, what to write, and what to know before either happens. */
export interface Step extends Wish {
  readonly facts: readonly CraneFact[];
}

/**
 * Does in place of the PLC what the crane block asks of one: counts missions and events, answers commands,
 * and says when its numbers prove nothing. A command is written by one step at most, whatever becomes of it.
 */
export function interpret(memory: Memory, reading: Reading, wire: StartBitWire): Step {
  const stored = advanceJob(withDoubt(withStored(memory, reading), reading, wire), reading, wire);
  const { isAwaited } = stored.told;
  // Before the core has judged this connection, its wish is that of another moment.
  const mayAct = !isAwaited && !reading.isFirst && isClaimTold(stored, reading);
  const wish = mayAct ? takeCommand(stored, reading, wire) : nothing(stored);
  const wanted = wish.write === undefined ? takeBackStart(wish.memory, reading) : wish;
  const { facts, memory: next } = tell(wanted.memory, reading, wire);
  const last = { status: reading.status, nowMs: reading.nowMs };
  return { facts, memory: { ...next, last }, write: mayWrite(reading) ? wanted.write : undefined };
}

const nothing = (memory: Memory): Wish => ({ memory, write: undefined });

/** The one place where the modes `off` and `observe` hold: without a claim nothing is written. */
const mayWrite = ({ output }: Reading): boolean => output?.claim !== undefined;

const isClaimTold = ({ told }: Memory, { output }: Reading): boolean =>
  isSameClaim(output?.claim, told.claim);

/** What the core has stored is forgotten here, and what stands in the registers is known. */
function withStored(memory: Memory, { output, registers }: Reading): Memory {
  const eventAck = output?.eventAck ?? 0;
  const newest = memory.mayHold?.at(-1);
  return {
    ...memory,
    events: memory.events.filter(({ eventSeq }) => eventSeq > eventAck),
    eventHead: Math.max(memory.eventHead, eventAck),
    mayHold: newest !== undefined && isSame(newest, registers) ? [newest] : memory.mayHold,
  };
}

function tell(
  memory: Memory,
  reading: Reading,
  wire: StartBitWire,
): { readonly facts: readonly CraneFact[]; readonly memory: Memory } {
  const because = whyJudged(memory, reading);
  if (because !== undefined) {
    // What has happened before is told before, where the core listens.
    const before = reading.isFirst ? { facts: [], memory } : tellNews(memory, reading, wire);
    const snapshot = snapshotOf(before.memory, reading, wire);
    const told = {
      ...before.memory.told,
      ...{ isAwaited: true, claim: snapshot.claim, doubts: memory.doubts },
      ...{ condition: conditionOf(snapshot), eventSeq: memory.eventHead, eventAtMs: reading.nowMs },
    };
    const fact = { device: wire.device, type: 'crane.snapshot', because, snapshot } as const;
    return { facts: [...before.facts, fact], memory: { ...before.memory, told } };
  }
  return memory.told.isAwaited ? { facts: [], memory } : tellNews(memory, reading, wire);
}

function whyJudged(memory: Memory, { isFirst, output }: Reading) {
  const { told, doubts } = memory;
  if (isFirst) return 'connected' as const;
  if (told.doubts !== doubts) return 'unproven' as const;
  const isClaimed = output?.claim !== undefined && !isSameClaim(output.claim, told.claim);
  return isClaimed ? ('claimed' as const) : undefined;
}

/** Answers, then events, then what has changed; what the core has not stored within a second is told again. */
function tellNews(memory: Memory, reading: Reading, wire: StartBitWire) {
  const { device } = wire;
  const { nowMs, output } = reading;
  const { answered, events, told } = memory;
  const facts: CraneFact[] = [];
  const isUnheard = (atMs: number) => nowMs - atMs >= retellMs;
  const isWanted = output?.command?.seq === answered.seq && isUnheard(told.answeredAtMs);
  let next = told;
  if (answered.seq !== told.answeredSeq || isWanted) {
    facts.push({ device, type: 'crane.answered', ...answered });
    next = { ...next, answeredSeq: answered.seq, answeredAtMs: nowMs };
  }
  const from = isUnheard(told.eventAtMs) ? 0 : told.eventSeq;
  const news = events.filter(({ eventSeq }) => eventSeq > from);
  if (news.length > 0) {
    facts.push(...news.map((event) => ({ device, type: 'crane.event' as const, event })));
    next = { ...next, eventSeq: memory.eventHead, eventAtMs: nowMs };
  }
  const snapshot = snapshotOf(memory, reading, wire);
  const condition = conditionOf(snapshot);
  if (condition !== told.condition) {
    facts.push({ device, type: 'crane.changed', snapshot });
    next = { ...next, condition };
  }
  return { facts, memory: { ...memory, told: next } };
}

/** All that decides whether it can work; where it stands is not part of it. */
const conditionOf = (snapshot: CraneSnapshot): string =>
  [
    ...[snapshot.mode, snapshot.state, snapshot.ready, snapshot.enabled, snapshot.retentiveOk],
    ...[snapshot.faultLatched, snapshot.faultCode, snapshot.held, snapshot.lhds[0]?.loaded],
    ...[snapshot.activeMissionId, snapshot.eventHead, snapshot.unproven?.first],
  ].join();

const loadWithoutHandle = 0xffff_ffff;

/** The crane in the words of the warehouse: registers, and the numbers that this process has kept of it. */
function snapshotOf(memory: Memory, reading: Reading, wire: StartBitWire): CraneSnapshot {
  const { status, registers, output } = reading;
  const { mode, busy, fault, faultCode, loaded, travelMm, hoistMm } = status;
  const { doubt, doubts, job, answered, events, eventHead } = memory;
  const isKnown = doubt === undefined;
  const isClaimed = output?.claim !== undefined;
  const first = toDoFirst(status, wire.isStart(registers));
  return {
    // Nobody else can claim it: the ledger is locked, and registers that others write are a doubt.
    ...{ bootId: 0, claim: output?.claim ?? nobody },
    // Without a claim it must look untouched, or it would be taken for another controller's.
    ...{ seqAnswered: isClaimed ? answered.seq : 0, answer: answered.answer },
    ...{ mode, state: stateOf(status), phase: phaseOf(status), retentiveOk: isKnown },
    unproven: doubt === undefined ? undefined : { why: doubt, first },
    ready: mode === 'autoRemote' && !busy && !fault,
    enabled: output?.enable === true,
    safetyOk: mode !== 'emergencyStop',
    ...{ faultLatched: fault, faultCode },
    held: output?.enable !== true && job === undefined && first === undefined,
    lhds: [{ loaded, handle: loaded ? loadWithoutHandle : 0 }],
    ...{ activeMissionId: job?.seq ?? 0, lastMissionId: 0, lastResult: 'none' },
    ...{ lastPlace: undefined, lastSourceOccupied: undefined },
    // In doubt it names what a release is for: `resync` gives it back.
    ...{ eventHead: isKnown ? eventHead : doubts, eventAcked: output?.eventAck ?? 0 },
    ...{ travelMm, hoistMm, events },
  };
}

function stateOf({ busy, fault }: Reading['status']): string {
  if (busy) return 'executing';
  return fault ? 'faulted' : 'idle';
}

function phaseOf({ busy, loaded }: Reading['status']): string {
  if (!busy) return 'none';
  return loaded ? 'carrying' : 'toSource';
}
