import { invariant } from '../../src/domain/errors.ts';
import { lhdsOf } from '../../src/domain/topology.ts';
import type { CraneEvent } from '../../src/ports/crane.ts';
import { openName } from '../lib/interface-file.ts';
import { doubted, type Job, type Memory, type Reading, type StartBitWire } from './memory.ts';

/** The memory after a reading of the mission in hand: taken, picked, ended, or nobody knows. */
export function advanceJob(memory: Memory, reading: Reading, wire: StartBitWire): Memory {
  const { job } = memory;
  if (job === undefined) return memory;
  const { busy, done, loaded, seqAnswered } = reading.status;
  const isDoneFresh = job.isDoneFresh || !done;
  const isTaken = job.isTaken || busy || (done && job.isDoneFresh) || seqAnswered === job.seq;
  if (!isTaken) return notTaken({ ...memory, job: { ...job, isDoneFresh } }, reading, wire);
  const wasLoaded = job.wasLoaded || loaded;
  let next: Memory = { ...memory, job: { ...job, isTaken, isDoneFresh, wasLoaded } };
  if (!job.isTaken) {
    const answered = { seq: job.seq, answer: 'accepted' };
    next = { ...next, answered, takeBack: job.frames };
  }
  if (wasLoaded && !job.wasLoaded) next = told(next, job, { type: 'picked', place: lhdOf(wire) });
  if (busy) return { ...next, job: next.job && { ...next.job, restedAs: undefined } };
  const rest = restOf(reading, wire, job);
  if (job.restedAs !== rest) return { ...next, job: next.job && { ...next.job, restedAs: rest } };
  return ended(next, reading, wire);
}

const lhdOf = ({ aisle }: StartBitWire) => lhdsOf(aisle)[0];

function notTaken(memory: Memory, { nowMs }: Reading, wire: StartBitWire): Memory {
  const { job } = memory;
  if (job === undefined || nowMs - job.startedAtMs <= wire.startLimitMs) return memory;
  const limitS = wire.startLimitMs / 1000;
  const why = `mission ${job.seq} was written once, and it has not become busy within ${limitS} s`;
  return doubted(memory, why);
}

/** All that decides how a mission has ended. */
function restOf(reading: Reading, wire: StartBitWire, { command }: Job): string {
  const { done, fault, faultCode, loaded } = reading.status;
  return [done, fault, faultCode, loaded, isAt(reading, wire, command.to)].join();
}

function isAt(
  { status }: Reading,
  { topology, positionMm }: StartBitWire,
  to: Job['command']['to'],
) {
  const { xMm, yMm } = topology.positionOf(to);
  const isNear = (a: number, b: number) => Math.abs(a - b) <= positionMm;
  return isNear(status.travelMm, xMm) && isNear(status.hoistMm, yMm);
}

function ended(memory: Memory, reading: Reading, wire: StartBitWire): Memory {
  const { job } = memory;
  invariant(job !== undefined, 'a mission that ends was in hand');
  const { done, faultCode, loaded } = reading.status;
  if (faultCode !== 0) return failed(memory, job, reading, wire);
  const missing = [
    ...(loaded ? ['its device is loaded'] : []),
    ...(isAt(reading, wire, job.command.to) ? [] : [`it does not stand at ${job.command.to}`]),
    ...(done || job.wasLoaded ? [] : ['it says neither done nor that it had the load']),
  ];
  if (missing.length > 0) {
    const why = `mission ${job.seq} has ended without a fault, but ${missing.join(', and ')}`;
    return doubted(memory, why);
  }
  const isInferred = !job.wasLoaded;
  return over(
    told(memory, job, { type: 'ended', result: 'done', place: job.command.to, isInferred }),
  );
}

/** Sensor and stroke say where the load is: on the LHD, still at its source, or nobody knows. */
function failed(memory: Memory, job: Job, { status }: Reading, wire: StartBitWire): Memory {
  const name = openName(wire.results, status.faultCode);
  const result = wire.results.codes.has(name) ? name : 'otherFault';
  const { command, wasLoaded } = job;
  const source = command.command === 'transfer' && !wasLoaded ? command.from : undefined;
  const place = status.loaded ? lhdOf(wire) : source;
  const isInferred = !status.loaded && source !== undefined;
  const end = { type: 'ended', result, place, isInferred, faultCode: status.faultCode } as const;
  return over(told(memory, job, end));
}

const over = (memory: Memory): Memory => ({ ...memory, job: undefined });

/** One more event of a mission, under the next number. */
function told(
  memory: Memory,
  { seq }: Job,
  event: Partial<CraneEvent> & Pick<CraneEvent, 'type' | 'place'>,
): Memory {
  const eventSeq = memory.eventHead + 1;
  const whole: CraneEvent = {
    ...{ eventSeq, missionId: seq, result: '', sourceOccupied: undefined, faultCode: 0 },
    ...event,
  };
  return { ...memory, eventHead: eventSeq, events: [...memory.events, whole] };
}
