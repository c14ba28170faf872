import type { DeviceId } from '../domain/ids.ts';
import type { Claim } from './crane.ts';
import type { Device } from './device.ts';

export interface ConveyorAnswer {
  readonly scanSeq: number;
  /** 1 to 16; 0 = the default exit. */
  readonly exit: number;
  /** Number of the load unit for the PLC's tracking; 0 = none. */
  readonly handle: number;
}

/** What the answers frames to one decision point say from now on. */
export interface PointOutput {
  /** The PLC's era that the numbers below belong to; undefined: it has told nothing yet. In another era they say nothing. */
  readonly era: number | undefined;
  /** The newest unsettled answers, at most 4. */
  readonly answers: readonly ConveyorAnswer[];
  /** Newest confirmation that is stored. */
  readonly confirmAck: number;
  readonly exitsClosed: readonly number[];
}

export interface ConveyorOutput {
  /** Absent: nothing is written at all. */
  readonly claim: Claim | undefined;
  readonly enable: boolean;
  /** By number of the decision point, from 1. */
  readonly points: ReadonlyMap<number, PointOutput>;
}

/** `arrivalOnly`: Craneway's own scanner reads. */
export type ReadResult = 'good' | 'noRead' | 'multiple' | 'expectedMissing' | 'arrivalOnly';
export type ConveyorOutcome =
  | 'asAnswered'
  | 'exitFull'
  | 'late'
  | 'exitDown'
  | 'restarted'
  | 'jammed'
  | 'vanished'
  | 'notEnabled';

export interface ConveyorScan {
  readonly scanSeq: number;
  readonly read: ReadResult;
  readonly answerState: 'waiting' | 'taken' | 'defaulted';
  /** As read; empty when nothing was. */
  readonly code: string;
  /** Undefined: not measured. */
  readonly heightMm: number | undefined;
  readonly massG: number | undefined;
}

export interface ConveyorConfirmation {
  readonly confirmSeq: number;
  /** Scan of that load; 0 = the tracking was lost. */
  readonly scanSeq: number;
  readonly handle: number;
  readonly outcome: ConveyorOutcome;
  /** 1 to 16; 0 = it left by none. */
  readonly exitTaken: number;
}

export type PointState =
  | 'stopped'
  | 'running'
  | 'waitingForAnswer'
  | 'exitFull'
  | 'jam'
  | 'faulted';

export interface ConveyorLinkSnapshot {
  readonly bootId: number;
  readonly claim: Claim;
  readonly counterEra: number;
  readonly mode: string;
  readonly retentiveOk: boolean;
  readonly enabled: boolean;
  readonly pointCount: number;
}

/** What a conveyor PLC reports. `era`: bootId of the start at which its numbers began. */
export type ConveyorFact = {
  readonly device: DeviceId;
} /** A reading that asks to be reconciled, as `crane.snapshot`. */ & (
  | {
      readonly type: 'conveyor.snapshot';
      readonly because: 'connected' | 'restarted' | 'claimed';
      readonly snapshot: ConveyorLinkSnapshot;
    }
  | {
      readonly type: 'conveyor.scanned';
      readonly point: number;
      readonly era: number;
      readonly scan: ConveyorScan;
    }
  | {
      readonly type: 'conveyor.confirmed';
      readonly point: number;
      readonly era: number;
      readonly confirmation: ConveyorConfirmation;
    }
  /** Numbers `from` to `to` were overwritten before they were read. */
  | {
      readonly type: 'conveyor.gap';
      readonly point: number;
      readonly era: number;
      readonly what: 'scans' | 'confirmations';
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly type: 'conveyor.pointChanged';
      readonly point: number;
      readonly state: PointState;
      readonly exitsFull: readonly number[];
      readonly exitsDown: readonly number[];
      readonly faultCode: number;
    }
  | { readonly type: 'conveyor.misconfigured'; readonly reason: string }
  | { readonly type: 'conveyor.offline'; readonly reason: string }
);

export interface Conveyor extends Device {
  /** Replaces what the frames say and writes what has changed at once. */
  drive(output: ConveyorOutput): void;
}
