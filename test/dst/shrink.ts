import type { FaultEvent, Schedule } from '../../simulators/dst/schedule.ts';

/**
 * The same failure with fewer faults: halves are left out, then smaller parts, then single ones.
 *
 * @param fails  whether a schedule still fails
 * @param runsMax  more runs are not made; what has been reached by then is the result
 */
export async function shrink(
  schedule: Schedule,
  fails: (schedule: Schedule) => Promise<boolean>,
  runsMax: number,
): Promise<{ readonly schedule: Schedule; readonly runs: number }> {
  let events: readonly FaultEvent[] = schedule.events;
  let runs = 0;
  for (let size = Math.ceil(events.length / 2); size >= 1 && runs < runsMax; size = size >> 1) {
    for (let from = 0; from < events.length && runs < runsMax; ) {
      const fewer = events.toSpliced(from, size);
      runs++;
      if (await fails({ ...schedule, events: fewer })) events = fewer;
      else from += size;
    }
  }
  return { schedule: { ...schedule, events }, runs };
}
