import type { CraneRequest } from './crane-command.ts';
import type { Choice } from './slotting.ts';

/**
 * What a request is for the crane: into the rack, out of it, or both ends in it (a relocation, or a
 * look into a cell).
 */
export type WorkKind = 'store' | 'retrieve' | 'within';

/** A request that could start now. */
export interface Candidate {
  readonly request: CraneRequest;
  readonly kind: WorkKind;
  /** Time for the crane from where it is to the source. */
  readonly emptyMs: number;
}

/** The moment of a decision. */
export interface Turn {
  readonly nowMs: number;
  /** The crane stands where load units come into its aisle or leave it, and not in the rack. */
  readonly isAtStation: boolean;
  /** What a mission of this crane takes, about. */
  readonly missionMs: number;
}

/** A request without a due time that has waited longer than this, and than what waits with it takes, is urgent. */
const agingMs = 300_000;
/** Requests that may be exchanged with each other, the most urgent first; more of them make nobody wait longer. */
export const blockMax = 20;

/**
 * Chooses what a crane does next.
 *
 * A crane at its station stores, a crane in the rack brings something out, so that no way is empty
 * while both kinds wait (dual command cycles). Within a kind the urgent comes first, the one that is due
 * first before all; then the highest priority; then what is pressing, the one that is due first before all;
 * then the shortest empty way; then who came first.
 *
 * Pressing is what has a due time that could not be kept any more once all that waits has been done. So as long as
 * there is time for everything ways decide, and under load due times do, in good time: where missions of one kind
 * and priority can all be in time, they are.
 *
 * Nobody starves: a request that is urgent and due before all others is served next, or after one
 * mission on the way to it: a putaway taken along into the rack, or a retrieval taken along out of it.
 * After two missions' time nothing is taken along, whatever the crane says of its position.
 */
export function chooseMission(candidates: readonly Candidate[], turn: Turn): Choice<CraneRequest> {
  const dueOf = dueBy(candidates.length, turn);
  const isUrgent = ({ request }: Candidate) => dueOf(request) <= turn.nowMs;
  const byDue = (a: Candidate, b: Candidate) =>
    dueOf(a.request) - dueOf(b.request) || a.request.no - b.request.no;
  const first = least(candidates.filter(isUrgent), byDue);
  const isLate = first !== undefined && dueOf(first.request) + 2 * turn.missionMs < turn.nowMs;
  const pool = isLate ? [first] : onTheWay(candidates, turn, first);
  const urgent = pool.filter(isUrgent);
  const pressingBy = pressing(candidates, turn, dueOf);
  const chosen = urgent.length > 0 ? least(urgent, byDue) : least(pool, byPriority(pressingBy));
  if (chosen === undefined) return { chosen: undefined, reasons: [] };
  const isPressing = pressingBy(chosen) < Number.POSITIVE_INFINITY;
  const reason = urgent.length > 0 ? overdue : isPressing ? inGoodTime : nearest;
  const others = candidates.filter(({ kind }) => kind !== chosen.kind).length;
  return { chosen: chosen.request, reasons: [reason(chosen, pool.length, others)] };
}

/**
 * The retrievals that a putaway may be paired with, the most urgent first: one that is urgent alone; else those of
 * the highest priority, and of them alone the one that is due first where any is pressing.
 */
export function retrievalBlock(candidates: readonly Candidate[], turn: Turn): readonly Candidate[] {
  const dueOf = dueBy(candidates.length, turn);
  const byUrgency = (a: Candidate, b: Candidate) =>
    b.request.priority - a.request.priority ||
    dueOf(a.request) - dueOf(b.request) ||
    a.request.no - b.request.no;
  const retrievals = candidates.filter(({ kind }) => kind === 'retrieve');
  const urgent = retrievals.filter(({ request }) => dueOf(request) <= turn.nowMs);
  const first = least(urgent, (a, b) => dueOf(a.request) - dueOf(b.request) || byUrgency(a, b));
  if (first !== undefined) return [first];
  const highest = Math.max(...retrievals.map(({ request }) => request.priority));
  const wanted = retrievals.filter(({ request }) => request.priority === highest);
  const pressingBy = pressing(candidates, turn, dueOf);
  const isPressing = wanted.some((one) => pressingBy(one) < Number.POSITIVE_INFINITY);
  return wanted.toSorted(byUrgency).slice(0, isPressing ? 1 : blockMax);
}

/** Those that begin where the crane is; of the others only what is urgent and has nothing on its way. */
function onTheWay(
  candidates: readonly Candidate[],
  { isAtStation }: Turn,
  first: Candidate | undefined,
): readonly Candidate[] {
  const stores = candidates.filter(({ kind }) => kind === 'store');
  const inRack = candidates.filter(({ kind }) => kind !== 'store');
  if (isAtStation) return stores.length > 0 ? stores : inRack;
  if (first?.kind !== 'store') return inRack.length > 0 ? inRack : stores;
  // It ends where the urgent one begins.
  const outward = inRack.filter(({ kind }) => kind === 'retrieve');
  return outward.length > 0 ? outward : stores;
}

const byPriority =
  (pressingBy: (candidate: Candidate) => number) =>
  (a: Candidate, b: Candidate): number =>
    b.request.priority - a.request.priority ||
    compare(pressingBy(a), pressingBy(b)) ||
    a.emptyMs - b.emptyMs ||
    a.request.no - b.request.no;

/** Two times that may both be never. */
const compare = (a: number, b: number): number => (a === b ? 0 : a - b);

/** When a request with a due time has to be begun, if that is before all that waits now could be done; else never. */
function pressing(
  { length }: readonly Candidate[],
  { nowMs, missionMs }: Turn,
  dueOf: (request: CraneRequest) => number,
): (candidate: Candidate) => number {
  const untilMs = nowMs + length * missionMs;
  return ({ request }) => {
    const dueMs = request.dueAtMs === undefined ? Number.POSITIVE_INFINITY : dueOf(request);
    return dueMs <= untilMs ? dueMs : Number.POSITIVE_INFINITY;
  };
}

/**
 * When a request should be begun at the latest: for its due time, and without one when it has waited for
 * the limit. The limit grows with the queue as far as a block goes, or under load all would be urgent and
 * no way saved. However long overdue something is when it comes, it is not due before it came.
 */
function dueBy(waiting: number, { missionMs }: Turn): (request: CraneRequest) => number {
  const limitMs = agingMs + Math.min(waiting, blockMax) * missionMs;
  return ({ dueAtMs, sinceMs }) =>
    Math.max(sinceMs, dueAtMs === undefined ? sinceMs + limitMs : dueAtMs - missionMs);
}

const nameOf = ({ request: { loadUnit, from } }: Candidate): string =>
  loadUnit ?? `the check of ${from}`;

const overdue = (chosen: Candidate, of: number, others: number) => ({
  code: 'OVERDUE',
  detail: `${nameOf(chosen)} is overdue; it comes before ${of - 1} others${besides(chosen, others)}`,
});

const inGoodTime = (chosen: Candidate, of: number, others: number) => ({
  code: 'PRESSING',
  detail: `${nameOf(chosen)} is due first of ${of} that wait, and would be late if all the others came before it${besides(chosen, others)}`,
});

const nearest = (chosen: Candidate, of: number, others: number) => {
  const seconds = (chosen.emptyMs / 1000).toFixed(1);
  const text = `has the shortest empty way (${seconds} s) of ${of} that wait`;
  return { code: 'NEAREST', detail: `${nameOf(chosen)} ${text}${besides(chosen, others)}` };
};

/** What waits at the other end of the crane's way. */
const besides = ({ kind }: Candidate, others: number): string => {
  if (others === 0) return '';
  return kind === 'store'
    ? `; ${others} to bring out follow on the way back`
    : `; ${others} of other kinds wait`;
};

function least<T>(items: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || compare(item, best) < 0 ? item : best),
    undefined,
  );
}
