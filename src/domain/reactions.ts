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

/** Rows of an interface file, whose words `interfaceProblems` has compared with those that it explains. */
export interface ReactionRows {
  readonly rejects?: readonly {
    readonly name: string;
    readonly next: string;
    readonly doc: string;
  }[];
  readonly aborts?: readonly AbortRow[];
}
interface AbortRow {
  readonly name: string;
  readonly location: string;
  readonly loadUnit: string;
  readonly next: string;
  readonly retries?: number;
  readonly otherwise?: string;
  readonly count: boolean;
  readonly alarm: string;
  readonly doc: string;
}

/** The tables of one interface file, by name. */
export const readReactions = ({ rejects = [], aborts = [] }: ReactionRows): Reactions => ({
  rejects: new Map(rejects.map(({ name, next, doc }) => [name, { next: next as RejectNext, doc }])),
  aborts: new Map(aborts.map((row): [string, AbortReaction] => [row.name, abortOf(row)])),
});

const abortOf = ({ name: _, retries = 0, otherwise = 'hold', ...row }: AbortRow): AbortReaction =>
  ({ ...row, retries, otherwise }) as AbortReaction;

/** What a site wants otherwise than the interface file says: only what differs. */
export interface ReactionChanges {
  readonly rejects?: Readonly<Record<string, { readonly next: RejectNext }>> | undefined;
  readonly aborts?: Readonly<Record<string, AbortChange>> | undefined;
}
export type AbortChange = {
  readonly [K in Exclude<keyof AbortReaction, 'doc'>]?: AbortReaction[K] | undefined;
};

const changed = (doc: string): string => `${doc} (Answered as the site file says.)`;

/** The same tables with the changes of a site, and then those of one crane. Names must be known. */
export function changeReactions(
  { rejects, aborts }: Reactions,
  changes: ReactionChanges | undefined,
): Reactions {
  const newRejects = Object.entries(changes?.rejects ?? {}).flatMap(([name, { next }]) => {
    const row = rejects.get(name);
    return row === undefined ? [] : [[name, { next, doc: changed(row.doc) }] as const];
  });
  const newAborts = Object.entries(changes?.aborts ?? {}).flatMap(([name, change]) => {
    const row = aborts.get(name);
    return row === undefined ? [] : [[name, changeAbort(row, change)] as const];
  });
  return {
    rejects: new Map([...rejects, ...newRejects]),
    aborts: new Map([...aborts, ...newAborts]),
  };
}

const changeAbort = (row: AbortReaction, change: AbortChange): AbortReaction => {
  const said = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...row, ...Object.fromEntries(said), doc: changed(row.doc) };
};

/** What can follow only where the place of the load is known. */
const carriesOn: readonly AbortNext[] = ['redirect', 'digOut', 'retry', 'rejectLane', 'replan'];

/** Why a reaction to an abort cannot be carried out, as a sentence about the word that is wrong. */
export function impossibleAbort(row: AbortReaction): string | undefined {
  const { loadUnit, next, retries, otherwise, location, count } = row;
  if ((loadUnit === 'missing') !== (next === 'reallocate')) {
    return 'next reallocate and loadUnit missing belong together: only what is missing is replaced by another one';
  }
  if (loadUnit === 'disputed' && carriesOn.includes(next)) {
    return `next ${next} needs to know where the load is, and loadUnit is disputed: use hold or clarify`;
  }
  if (next === 'retry' && retries < 1) return 'next retry needs retries, 1 or more';
  if (next === 'retry' && otherwise === 'retry')
    return 'otherwise must not be retry: it would never end';
  if (next !== 'retry' && retries > 0) return `retries means nothing with next ${next}`;
  return count && location === 'keep'
    ? 'count means nothing with location keep: nothing is closed'
    : undefined;
}

/**
 * Why a reaction to a reject cannot be carried out.
 *
 * @param before  what the interface file says: it knows which commands are refused like this
 */
export function impossibleReject(before: RejectNext, next: RejectNext): string | undefined {
  if (before === 'settle' && !['settle', 'doubt', 'hold'].includes(next)) {
    return `next ${next} is for missions: this answers a command about one, use settle, doubt or hold`;
  }
  return before !== 'settle' && next === 'settle'
    ? 'next settle would leave a mission that never began: use wait, home, replan, doubt or hold'
    : undefined;
}
