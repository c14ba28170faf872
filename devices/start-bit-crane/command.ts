import { carriesLoad } from '../../src/domain/crane-command.ts';
import type { CraneCommand } from '../../src/ports/crane.ts';
import { toDoFirst } from './doubt.ts';
import {
  isSame,
  type Memory,
  nobody,
  type Reading,
  type StartBitWire,
  type Words,
} from './memory.ts';

/** What is to be written now, and the memory that has it in it: kept before the first byte goes out. */
export interface Wish {
  readonly memory: Memory;
  readonly write: Words | undefined;
}

/** Answers the core's command in place of the PLC, or starts it: written once, never again. */
export function takeCommand(memory: Memory, reading: Reading, wire: StartBitWire): Wish {
  const command = reading.output?.command;
  if (command === undefined || command.seq <= memory.spent) return { memory, write: undefined };
  // One with a second device, for which alone a pick is meant, is refused by the check of the site file.
  if (!carriesLoad(command) || command.command === 'pick')
    return answered(memory, reading, command, answerTo(memory, reading, command, wire));
  if (memory.doubt !== undefined || reading.output?.enable !== true)
    return { memory, write: undefined };
  const reject = rejectOf(memory, reading, command, wire);
  return reject === undefined
    ? started(memory, reading, command, wire)
    : answered(memory, reading, command, reject);
}

type Starting = Extract<CraneCommand, { command: 'transfer' | 'deposit' }>;

/** What such a crane would say, if it had words. */
function rejectOf(
  { job }: Memory,
  { status, registers }: Reading,
  { command }: Starting,
  { isStart }: StartBitWire,
): string | undefined {
  const { mode, busy, fault, loaded } = status;
  if (mode !== 'autoRemote') return 'notAutoRemote';
  if (busy || job !== undefined || isStart(registers)) return 'busy';
  if (fault) return 'faultLatched';
  if (command === 'transfer') return loaded ? 'lhdOccupied' : undefined;
  return loaded ? undefined : 'lhdEmpty';
}

function started(memory: Memory, reading: Reading, command: Starting, wire: StartBitWire): Wish {
  const frames = { start: wire.encode(command, true), cleared: wire.encode(command, false) };
  const { status, nowMs, registers } = reading;
  return {
    write: frames.start,
    memory: {
      ...memory,
      spent: command.seq,
      // Its answer may be lost: then either may stand there.
      mayHold: [registers, frames.start],
      job: {
        ...{ seq: command.seq, command, frames, startedAtMs: nowMs, isTaken: false },
        ...{ isDoneFresh: !status.done, wasLoaded: status.loaded, restedAs: undefined },
      },
    },
  };
}

function answerTo(
  memory: Memory,
  reading: Reading,
  command: CraneCommand,
  wire: StartBitWire,
): string {
  switch (command.command) {
    case 'cancel':
    case 'changeDestination':
      if (memory.job?.seq === command.missionId) return 'tooLate';
      return command.missionId > memory.spent ? 'missionUnknown' : 'missionEnded';
    case 'resync':
      if (memory.doubt === undefined) return 'alreadySynchronized';
      return command.eventHead === memory.doubts && isStill(reading, wire)
        ? 'accepted'
        : 'handledSince';
    default:
      return 'unknownCommand';
  }
}

const isStill = ({ status, registers }: Reading, { isStart }: StartBitWire): boolean =>
  toDoFirst(status, isStart(registers)) === undefined;

function answered(
  memory: Memory,
  { output, registers }: Reading,
  command: CraneCommand,
  answer: string,
): Wish {
  const next = { ...memory, spent: command.seq, answered: { seq: command.seq, answer } };
  if (command.command !== 'resync' || answer !== 'accepted')
    return { memory: next, write: undefined };
  const eventHead = output?.eventAck ?? 0;
  return {
    write: undefined,
    memory: {
      ...next,
      ...{ doubt: undefined, job: undefined, takeBack: undefined },
      ...{ events: [], eventHead, mayHold: [registers] },
      // Everything is judged once more, as after a claim: what lies on the crane, too.
      told: { ...next.told, claim: nobody, eventSeq: eventHead },
    },
  };
}

/** A start of ours that is not needed any more is taken back: this starts nothing, however often it is written. */
export function takeBackStart(memory: Memory, { registers }: Reading): Wish {
  const { takeBack } = memory;
  if (takeBack === undefined) return { memory, write: undefined };
  if (isSame(takeBack.cleared, registers)) {
    return { memory: { ...memory, takeBack: undefined, mayHold: [registers] }, write: undefined };
  }
  if (!isSame(takeBack.start, registers)) return { memory, write: undefined };
  const { start, cleared } = takeBack;
  return { write: cleared, memory: { ...memory, mayHold: [start, cleared] } };
}
