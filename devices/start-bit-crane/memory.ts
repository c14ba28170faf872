import type { LoadMission } from '../../src/domain/crane-command.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import type { Topology } from '../../src/domain/topology.ts';
import type { Claim, CraneCommand, CraneEvent, CraneOutput } from '../../src/ports/crane.ts';
import type { Codes } from '../lib/interface-file.ts';
import type { StartBitStatus } from './fields.ts';

export type Words = readonly number[];

/** A mission with one load handling device: it ends where its load is to go. */
export type SingleMission = Exclude<LoadMission, { readonly command: 'pick' }> & {
  readonly seq: number;
};

/** What never changes while the driver runs. */
export interface StartBitWire {
  readonly device: DeviceId;
  readonly topology: Topology;
  readonly aisle: Aisle;
  /** Names of fault codes. */
  readonly results: Codes;
  readonly startLimitMs: number;
  readonly lifeLostMs: number;
  readonly positionMm: number;
  /** The whole command block. */
  encode(command: SingleMission, start: boolean): Words;
  /** Whether `start` is set in a command block. */
  isStart(words: Words): boolean;
}

/** Both blocks as read one after the other, and what the core wants at that moment. */
export interface Reading {
  readonly status: StartBitStatus;
  /** The command registers as they stand in the PLC. */
  readonly registers: Words;
  /** Undefined: the core has not said anything yet. */
  readonly output: CraneOutput | undefined;
  /** Monotonic. */
  readonly nowMs: number;
  /** The first one of a connection. */
  readonly isFirst: boolean;
}

/** The command block of one mission, as it starts it and as it stands afterwards. */
export interface Frames {
  readonly start: Words;
  readonly cleared: Words;
}

/** The one mission that was written to the PLC and has not ended. */
export interface Job {
  readonly seq: number;
  readonly command: Extract<CraneCommand, LoadMission>;
  readonly frames: Frames;
  readonly startedAtMs: number;
  readonly isTaken: boolean;
  /** Since it was written, `done` was seen at 0: then it is no longer that of the mission before. */
  readonly isDoneFresh: boolean;
  readonly wasLoaded: boolean;
  /** What decides how it ended, at the last reading without busy: one reading alone may be half of an update. */
  readonly restedAs: string | undefined;
}

/**
 * The numbers that the PLC does not keep, for as long as this process runs. A new process begins with
 * nothing, and with a doubt: nobody has watched the crane while it did not run.
 */
export interface Memory {
  /** The last reading of any connection. */
  readonly last: Pick<Reading, 'status' | 'nowMs'> | undefined;
  /** Why nobody knows what the crane has done; undefined: it is known. */
  readonly doubt: string | undefined;
  /** Grows with every reason to doubt: a release is for what had been seen. */
  readonly doubts: number;
  /** Highest number that was written, answered or given up: none up to it is ever written. */
  readonly spent: number;
  readonly answered: { readonly seq: number; readonly answer: string };
  readonly job: Job | undefined;
  /** Not stored by the core yet, oldest first. */
  readonly events: readonly CraneEvent[];
  readonly eventHead: number;
  /** What the command registers may hold; undefined: anything, as nothing was written or seen. */
  readonly mayHold: readonly Words[] | undefined;
  /** A start of ours that has done its work, or is given up: taken back while it stands. */
  readonly takeBack: Frames | undefined;
  readonly told: Told;
}

/** What the core has been told. */
export interface Told {
  /** A snapshot was told that the core has not answered yet. */
  readonly isAwaited: boolean;
  readonly claim: Claim;
  readonly doubts: number;
  readonly condition: string;
  readonly answeredSeq: number;
  readonly answeredAtMs: number;
  readonly eventSeq: number;
  readonly eventAtMs: number;
}

export const nobody: Claim = { epoch: 0, nonce: 0 };

export const nothingKnown: Memory = {
  ...{ last: undefined, doubt: undefined, doubts: 0, spent: 0, job: undefined },
  ...{ answered: { seq: 0, answer: 'none' }, events: [], eventHead: 0 },
  ...{ mayHold: undefined, takeBack: undefined },
  told: {
    ...{ isAwaited: false, claim: nobody, doubts: 0, condition: '' },
    ...{ answeredSeq: 0, answeredAtMs: 0, eventSeq: 0, eventAtMs: 0 },
  },
};

export const isSame = (a: Words, b: Words): boolean => a.every((word, at) => word === b[at]);

/** Nobody knows any more. What the mission in hand has become is for a person to say. */
export const doubted = (memory: Memory, why: string): Memory => ({
  ...memory,
  // The first reason is the one that concerns the mission; later ones follow from it.
  doubt: memory.doubt ?? why,
  doubts: memory.doubts + 1,
  job: undefined,
  takeBack: memory.takeBack ?? memory.job?.frames,
});
