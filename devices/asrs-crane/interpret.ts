import type { DeviceId } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { lhdsOf, type Topology } from '../../src/domain/topology.ts';
import type { CraneEvent, CraneFact, CraneOutput, CraneSnapshot } from '../../src/ports/crane.ts';
import { locationOf } from '../lib/crane-place.ts';
import { type Codes, openName } from '../lib/interface-file.ts';
import { askFor, isSameClaim, type Judged, retellMs, ringParts } from '../lib/plc.ts';
import type { CraneEventSlot, CraneStatusBlock } from './fields.ts';

/** What never changes while the driver runs: whose registers these are, and how to name what they say. */
export interface CraneWire {
  readonly device: DeviceId;
  readonly topology: Topology;
  readonly aisle: Aisle;
  readonly results: Codes;
  readonly modes: Codes;
  /** Places of the sensors in the words that keep them, by name. */
  readonly sensorBits: ReadonlyMap<string, number>;
}

/** One believed reading, and what the core wanted of the crane at that moment. */
export interface Reading {
  readonly status: CraneStatusBlock;
  /** See `CraneSnapshot.held`; what only the writer of the frames can know. */
  readonly held: boolean;
  /** Undefined: the core has not said anything yet. */
  readonly output: CraneOutput | undefined;
  readonly nowMs: number;
}

/** What one connection has told so far. */
export interface Told extends Judged {
  /** A snapshot has been told that the core has not answered yet. */
  readonly isAwaited: boolean;
  /** Why it was told. */
  readonly because: 'connected' | 'restarted' | 'claimed';
  /** `seqAnswered` of that snapshot, which told its answer too. */
  readonly seqJudged: number;
  readonly seqAnswered: number | undefined;
  readonly seqToldAtMs: number;
  /** Newest event told, or stored before. */
  readonly eventSeq: number;
  /** Newest event stored, by the last reading. */
  readonly eventAck: number;
  readonly eventToldAtMs: number;
  /** That it is held, since the core last wanted it to. */
  readonly held: boolean;
  /** What decided, at the last reading told, whether it can work. */
  readonly condition: string;
}

/**
 * Turns a reading into what the core has not been told yet, in the order in which it happened.
 *
 * Nothing but a snapshot is told until the core has judged it, and until the reading shows the
 * claim that the core asked for: what a PLC says under another claim proves nothing. Events and
 * answers that the core has not stored are told again after a second; its inbox drops doubles.
 *
 * @param told  undefined at the first reading of a connection
 */
export function interpret(
  told: Told | undefined,
  reading: Reading,
  wire: CraneWire,
): { readonly facts: readonly CraneFact[]; readonly told: Told } {
  const { status, output } = reading;
  const claim = { epoch: status.epochAccepted, nonce: status.nonceAccepted };
  const judgeAnew = (because: Told['because']) => ({
    facts: [snapshotFact(because, reading, wire)],
    told: judgedAnew(reading, because),
  });
  if (told === undefined) return judgeAnew('connected');
  const because = askFor(told, { bootId: status.bootId, claim }, output?.claim);
  if (because !== undefined) return judgeAnew(because);
  if (told.isAwaited || output === undefined || !isSameClaim(output.claim, claim)) {
    return { facts: [], told };
  }
  const answers = newAnswer(told, reading, output, wire);
  const events = newEvents(told, reading, output, wire);
  const levels = newLevels(told, reading, output, wire);
  return {
    facts: [...answers.facts, ...events.facts, ...levels.facts],
    told: { ...told, ...answers.told, ...events.told, ...levels.told },
  };
}

interface Part {
  readonly facts: readonly CraneFact[];
  readonly told: Partial<Told>;
}

function judgedAnew(reading: Reading, because: Told['because']): Told {
  const { status, output, nowMs } = reading;
  return {
    bootId: status.bootId,
    claim: { epoch: status.epochAccepted, nonce: status.nonceAccepted },
    isAwaited: true,
    because,
    seqJudged: status.seqAnswered,
    seqAnswered: undefined,
    seqToldAtMs: nowMs,
    eventSeq: 0,
    eventAck: output?.eventAck ?? 0,
    eventToldAtMs: nowMs,
    held: false,
    condition: conditionOf(status),
  };
}

function newAnswer(told: Told, reading: Reading, output: CraneOutput, wire: CraneWire): Part {
  const { status, nowMs } = reading;
  const { seqAnswered: seq, answer } = status;
  const isWanted = seq === output.command?.seq;
  const isNew = seq !== told.seqAnswered && (isWanted || seq !== told.seqJudged);
  const isUnheard = isWanted && nowMs - told.seqToldAtMs >= retellMs;
  if (!isNew && !isUnheard) return { facts: [], told: {} };
  return {
    facts: [{ device: wire.device, type: 'crane.answered', seq, answer }],
    told: { seqAnswered: seq, seqToldAtMs: nowMs },
  };
}

function newEvents(told: Told, reading: Reading, output: CraneOutput, wire: CraneWire): Part {
  const { status, nowMs } = reading;
  const { device } = wire;
  const { eventHead: head } = status;
  const { eventAck } = output;
  const waitsSinceMs = eventAck === told.eventAck ? told.eventToldAtMs : nowMs;
  const isUnheard = told.eventSeq > eventAck && nowMs - waitsSinceMs >= retellMs;
  const from = (isUnheard ? eventAck : Math.max(told.eventSeq, eventAck)) + 1;
  const facts = ringParts(status.events, (slot) => slot.eventSeq, { from, head }).map(
    (part): CraneFact =>
      'entry' in part
        ? { device, type: 'crane.event', event: eventOf(part.entry, wire) }
        : { device, type: 'crane.eventsLost', from: part.from, to: part.to },
  );
  const eventToldAtMs = facts.length > 0 ? nowMs : waitsSinceMs;
  // All up to the head is told now, or stored. A numbering that went back must not hide what comes after it.
  return { facts, told: { eventSeq: head, eventAck, eventToldAtMs } };
}

function newLevels(told: Told, reading: Reading, output: CraneOutput, wire: CraneWire): Part {
  const condition = conditionOf(reading.status);
  const isChanged = condition !== told.condition;
  const facts: CraneFact[] = [];
  if (isChanged) {
    const snapshot = snapshotOf(reading, wire);
    facts.push({ device: wire.device, type: 'crane.changed', snapshot });
  }
  if (!output.enable && reading.held && !told.held) {
    facts.push(snapshotFact('held', reading, wire));
  }
  // What a change tells, it tells of this too: a core that has heard "not held" has to hear when it is.
  const held = !output.enable && (reading.held || (told.held && !isChanged));
  return { facts, told: { held, condition } };
}

/** All that decides whether it can work; where it stands is not part of it. */
function conditionOf(status: CraneStatusBlock): string {
  const { mode, state, ready, enabled, safetyOk, retentiveOk } = status;
  const { faultLatched, faultCode, lhd1Loaded, lhd2Loaded } = status;
  // It takes up its numbers again only from whoever knows of the last event.
  const head = retentiveOk ? 0 : status.eventHead;
  // A fault that is still there after a reset needs a person again.
  const answered = faultLatched ? status.seqAnswered : 0;
  return [
    ...[mode, state, ready, enabled, safetyOk, retentiveOk, head],
    ...[faultLatched, faultCode, answered, lhd1Loaded, lhd2Loaded],
  ].join();
}

function snapshotFact(
  because: 'connected' | 'restarted' | 'claimed' | 'held',
  reading: Reading,
  wire: CraneWire,
): CraneFact {
  const snapshot = snapshotOf(reading, wire);
  return { device: wire.device, type: 'crane.snapshot', because, snapshot };
}

/** The status block in the words of the warehouse. */
function snapshotOf(
  { status, held }: Pick<Reading, 'status' | 'held'>,
  wire: CraneWire,
): CraneSnapshot {
  const { bootId, seqAnswered, answer, mode, state, phase, lastKind } = status;
  const { retentiveOk, ready, enabled, safetyOk, faultLatched, faultCode } = status;
  const { activeMissionId, lastMissionId, eventHead, eventAcked, travelMm, hoistMm } = status;
  const { lastBay: bay, lastLevel: level, lastDepth: depth } = status;
  return {
    ...{ bootId, seqAnswered, answer, mode, state, phase },
    claim: { epoch: status.epochAccepted, nonce: status.nonceAccepted },
    ...{ retentiveOk, ready, enabled, safetyOk, faultLatched, faultCode, held },
    lhds: [
      { loaded: status.lhd1Loaded, handle: status.lhd1Load },
      { loaded: status.lhd2Loaded, handle: status.lhd2Load },
    ].slice(0, lhdsOf(wire.aisle).length),
    ...{ activeMissionId, lastMissionId },
    lastResult: listed(wire.results, status.lastResult),
    lastPlace: locationOf(wire.topology, wire.aisle, { kind: lastKind, bay, level, depth }),
    lastSourceOccupied: sourceOccupied(wire, status.lastSensors),
    ...{ eventHead, eventAcked, travelMm, hoistMm },
    events: status.events
      .map((slot) => eventOf(slot, wire))
      .sort((a, b) => a.eventSeq - b.eventSeq),
  };
}

/** …Occupied counts only with its …Probed. */
function sourceOccupied({ sensorBits }: CraneWire, word: number): boolean | undefined {
  const isSet = (name: string) => ((word >> (sensorBits.get(name) ?? 16)) & 1) === 1;
  return isSet('fromProbed') ? isSet('fromOccupied') : undefined;
}

function eventOf(slot: CraneEventSlot, wire: CraneWire): CraneEvent {
  const { topology, aisle, results, modes } = wire;
  const { eventSeq, eventType: type, eventCode, eventMissionId: missionId } = slot;
  const { eventKind: kind, eventBay: bay, eventLevel: level, eventDepth: depth } = slot;
  const names: Partial<Record<CraneEvent['type'], string>> = {
    ended: listed(results, openName(results, eventCode)),
    modeChanged: openName(modes, eventCode),
  };
  return {
    ...{ eventSeq, type, missionId, result: names[type] ?? '' },
    place: locationOf(topology, aisle, { kind, bay, level, depth }),
    sourceOccupied: sourceOccupied(wire, slot.eventSensors),
    faultCode: slot.eventDetail,
  };
}

/** An abort that the interface file does not list is treated as its row for all others. */
const listed = ({ codes }: Codes, name: string): string => (codes.has(name) ? name : 'otherFault');
