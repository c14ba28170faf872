import type { DeviceId } from '../../src/domain/ids.ts';
import type { ConveyorFact, PointOutput, PointState } from '../../src/ports/conveyor.ts';
import { countsFrom, retellMs } from '../lib/plc.ts';
import type { ZoneInputs, ZoneOutputs } from './fields.ts';

/** The module counts no further before it begins anew at 0. */
const counts = 0x1_0000;
/** More departures than a zone has while nobody looks for a moment: they cannot be told one by one. */
const stepsMax = 32;
const releaseMax = 0xffff;

/** What has been told of one zone. */
export interface ZoneTold {
  /** Newest load told, and newest departure: both by the number of the load. */
  readonly scanSeq: number;
  readonly confirmSeq: number;
  readonly confirmAck: number;
  readonly confirmToldAtMs: number;
  readonly condition: string;
}

export interface ZoneReading {
  readonly device: DeviceId;
  /** Number of the zone as a decision point, from 1. */
  readonly point: number;
  readonly era: number;
  readonly zone: ZoneInputs;
  readonly output: PointOutput;
  readonly nowMs: number;
}

/** Numbers of the loads of a zone: as the module counts them, but never wrapping. */
export interface ZoneNumbers {
  /** Newest departure. */
  readonly departed: number;
  /** Newest load: one more while it stands there. */
  readonly arrived: number;
  /** arrived - departed as counted, where that cannot be: a zone holds one load. */
  readonly mismatch: number | undefined;
}

/**
 * The module counts to 65 535 and then from 0, and from 0 after it has lost its memory. A load's number
 * is the smallest one from `from` on that ends in the same 16 bits: what is stored goes on, and a lost
 * memory shows as a jump forward, never as a load that was told before.
 */
export function numbersOf(
  { arrivedCount, departedCount }: Pick<ZoneInputs, 'arrivedCount' | 'departedCount'>,
  from: number,
): ZoneNumbers {
  const departed = from + countsFrom(from % counts, departedCount);
  const loads = countsFrom(departedCount, arrivedCount);
  const mismatch = loads > 1 ? loads : undefined;
  return { departed, arrived: departed + (mismatch === undefined ? loads : 0), mismatch };
}

/** The release number of a load, 1 to 65 535: the same whenever it is written, another one than its neighbors'. */
export const releaseOf = (scanSeq: number): number => ((scanSeq - 1) % releaseMax) + 1;

/** Turns a reading of a zone into what the core has not been told yet, in the order in which it happened. */
export function interpretZone(
  told: ZoneTold | undefined,
  reading: ZoneReading,
): { readonly facts: readonly ConveyorFact[]; readonly told: ZoneTold } {
  const { device, point, zone, output, nowMs } = reading;
  const base = confirmedBefore(told, reading);
  const numbers = numbersOf(zone, base);
  const first = told?.scanSeq ?? 0;
  const facts = departures(told, reading, { base, departed: numbers.departed });
  const isStanding = numbers.arrived > numbers.departed;
  const isReleased = isStanding && zone.releaseEcho === releaseOf(numbers.arrived);
  if (isStanding && numbers.arrived > first) {
    facts.push(arrival(reading, numbers.arrived, isReleased ? 'taken' : 'waiting'));
  }
  const state = stateOf(zone, numbers, isStanding && !isReleased);
  const condition = `${state.state} ${state.faultCode}`;
  if (condition !== told?.condition) {
    const exits = { exitsFull: state.state === 'exitFull' ? [1] : [], exitsDown: [] };
    facts.push({ device, type: 'conveyor.pointChanged', point, ...state, ...exits });
  }
  const isTold = numbers.departed > base;
  return {
    facts,
    told: {
      scanSeq: Math.max(first, numbers.arrived),
      confirmSeq: numbers.departed,
      confirmAck: output.confirmAck,
      confirmToldAtMs: isTold || told === undefined ? nowMs : told.confirmToldAtMs,
      condition,
    },
  };
}

/** Loads that have left, each as it came and went where nobody has looked meanwhile. */
function departures(
  told: ZoneTold | undefined,
  reading: ZoneReading,
  { base, departed }: { readonly base: number; readonly departed: number },
): ConveyorFact[] {
  const { device, point, era } = reading;
  if (departed - base > stepsMax) {
    const gap = { what: 'confirmations' as const, from: base + 1, to: departed };
    return [{ device, type: 'conveyor.gap', point, era, ...gap }];
  }
  const facts: ConveyorFact[] = [];
  for (let seq = base + 1; seq <= departed; seq++) {
    if (told !== undefined && seq > told.scanSeq) facts.push(arrival(reading, seq, 'defaulted'));
    facts.push({ device, type: 'conveyor.confirmed', point, era, confirmation: leaving(seq) });
  }
  return facts;
}

function arrival(
  { device, point, era }: ZoneReading,
  scanSeq: number,
  answerState: 'waiting' | 'taken' | 'defaulted',
): ConveyorFact {
  const measures = { heightMm: undefined, massG: undefined };
  const scan = { scanSeq, read: 'arrivalOnly' as const, answerState, code: '', ...measures };
  return { device, type: 'conveyor.scanned', point, era, scan };
}

const leaving = (seq: number) => ({
  ...{ confirmSeq: seq, scanSeq: seq, handle: 0, outcome: 'asAnswered' as const, exitTaken: 1 },
});

/**
 * The departure up to which all is told: from the next one on there is something to tell. Nothing is
 * stored of a zone that is new to the core: then what it answered last, or what is there now, begins.
 */
function confirmedBefore(told: ZoneTold | undefined, { zone, output, nowMs }: ZoneReading): number {
  const { confirmAck, answers } = output;
  if (told === undefined) {
    if (confirmAck > 0) return confirmAck;
    const answered = answers.map(({ scanSeq }) => scanSeq - 1);
    return answered.length > 0 ? Math.min(...answered) : zone.departedCount;
  }
  const isUnheard =
    confirmAck > 0 &&
    told.confirmSeq > confirmAck &&
    told.confirmAck === confirmAck &&
    nowMs - told.confirmToldAtMs >= retellMs;
  return isUnheard ? confirmAck : told.confirmSeq;
}

function stateOf(
  { status }: ZoneInputs,
  { mismatch }: ZoneNumbers,
  isWaiting: boolean,
): { readonly state: PointState; readonly faultCode: number } {
  if (mismatch !== undefined) return { state: 'jam', faultCode: mismatch };
  const unlisted = /^code-(\d+)$/.exec(status)?.[1];
  if (unlisted !== undefined) return { state: 'faulted', faultCode: Number(unlisted) };
  const faultCode = 0;
  if (isWaiting) return { state: 'waitingForAnswer', faultCode };
  return { state: status === 'blocked' ? 'exitFull' : 'running', faultCode };
}

/**
 * What is to stand in the outputs of a zone. A zone that is a decision point stops its loads; the load
 * that stands there goes when its answer is committed, whichever exit the answer names: there is one.
 *
 * @param written  what stands there now
 * @returns `isReleasing`: until the module has taken the release, it is written again
 */
export function wantedOf(
  zone: ZoneInputs,
  written: ZoneOutputs,
  { output, arrived }: { readonly output: PointOutput; readonly arrived: number },
): { readonly outputs: ZoneOutputs; readonly isReleasing: boolean } {
  const outputs = { ...written, accumulate: true };
  const answer = output.answers.find(({ scanSeq }) => scanSeq === arrived);
  const release = releaseOf(arrived);
  const isReleasing =
    answer !== undefined && !output.exitsClosed.includes(1) && release !== zone.releaseEcho;
  if (!isReleasing) return { outputs, isReleasing };
  return { outputs: { ...outputs, setHandle: answer.handle, release }, isReleasing };
}
