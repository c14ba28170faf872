import type { CraneRequest } from './crane-command.ts';
import type { Choice } from './slotting.ts';

/** A crane that is late by this much serves the latest order first, whatever the way. */
const agingLimitMs = 300_000;

/**
 * Chooses what a crane does next: what is overdue or has waited longest past the limit comes
 * first; otherwise the highest priority, and within it the shortest empty way to the source, so that
 * a deposit in the rack is followed by the nearest retrieval and the way back is never empty
 * (dual command cycles by nearest neighbor).
 *
 * @param requests   those that could start now
 * @param emptyMs    time for the crane from where it is to a source
 */
export function chooseMission(
  requests: readonly CraneRequest[],
  nowMs: number,
  emptyMs: (request: CraneRequest) => number,
): Choice<CraneRequest> {
  const urgent = requests.filter((request) => isUrgent(request, nowMs));
  const chosen =
    urgent.length > 0
      ? least(urgent, (a, b) => dueOf(a) - dueOf(b) || a.no - b.no)
      : least(
          requests,
          (a, b) => b.priority - a.priority || emptyMs(a) - emptyMs(b) || a.no - b.no,
        );
  if (chosen === undefined) return { chosen, reasons: [] };
  const seconds = (emptyMs(chosen) / 1000).toFixed(1);
  const detail =
    urgent.length > 0
      ? `${nameOf(chosen)} is overdue; it comes before ${requests.length - 1} others`
      : `${nameOf(chosen)} has the shortest empty way (${seconds} s) of ${requests.length} that wait`;
  return { chosen, reasons: [{ code: urgent.length > 0 ? 'OVERDUE' : 'NEAREST', detail }] };
}

const nameOf = ({ loadUnit, from }: CraneRequest): string => loadUnit ?? `the check of ${from}`;

/**
 * When it should be served at the latest. Nobody waits longer than the limit for ones that came
 * later, however long overdue those are: no request is due before it came.
 */
const dueOf = ({ dueAtMs = Number.POSITIVE_INFINITY, sinceMs }: CraneRequest): number =>
  Math.max(sinceMs, Math.min(dueAtMs, sinceMs + agingLimitMs));

const isUrgent = (request: CraneRequest, nowMs: number): boolean => dueOf(request) <= nowMs;

function least<T>(items: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || compare(item, best) < 0 ? item : best),
    undefined,
  );
}
