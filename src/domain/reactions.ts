/**
 * What follows when a crane has refused or aborted a mission. The tables come from its interface
 * file; the codes are the PLC's, the words are ours.
 */
export type RejectNext = 'wait' | 'home' | 'replan' | 'doubt' | 'hold' | 'settle';
export type Alarm = 'none' | 'info' | 'warning' | 'critical';
export type AbortNext =
  | 'redirect'
  | 'reallocate'
  | 'digOut'
  | 'clarify'
  | 'retry'
  | 'rejectLane'
  | 'hold'
  | 'reenter'
  | 'replan';

export interface AbortReaction {
  readonly location: 'keep' | 'closeSource' | 'closeDestination' | 'closeBoth';
  readonly loadUnit: 'asReported' | 'missing' | 'disputed';
  readonly next: AbortNext;
  /** How often `retry` is tried, before `otherwise`. */
  readonly retries: number;
  readonly otherwise: AbortNext;
  /** A place that was closed is to be counted. */
  readonly count: boolean;
  /** How urgent the questions about it are. */
  readonly alarm: Alarm;
  readonly doc: string;
}

export interface Reactions {
  /** By name of the reject, such as `stationNotReady`. */
  readonly rejects: ReadonlyMap<string, { readonly next: RejectNext; readonly doc: string }>;
  /** By name of the abort, such as `binFull`. */
  readonly aborts: ReadonlyMap<string, AbortReaction>;
}

/** For a code that nobody has listed: stop the crane, question both places, ask a person. */
const unlisted: AbortReaction = {
  location: 'closeBoth',
  loadUnit: 'disputed',
  next: 'hold',
  retries: 0,
  otherwise: 'hold',
  count: true,
  alarm: 'critical',
  doc: 'The crane ended the mission with a code that its interface file does not list.',
};

export const abortReaction = (reactions: Reactions, result: string): AbortReaction =>
  reactions.aborts.get(result) ?? unlisted;

export const rejectNext = (reactions: Reactions, answer: string): RejectNext =>
  reactions.rejects.get(answer)?.next ?? 'hold';
