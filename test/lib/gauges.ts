import type { CommitSeen, GaugeSeen } from '../../simulators/dst/evidence.ts';

/** Of one commit: 64 that waited and 500 timers. */
const causesPerCommitMax = 564;
const labelsWaitingMax = 100;

/**
 * How full everything has been at its fullest.
 *
 * @param calls  of the clock, that were still to be made when there were most of them
 */
export function gaugesOf(
  commits: readonly CommitSeen[],
  calls: Omit<GaugeSeen, 'name'>,
): GaugeSeen[] {
  const waiting = new Set<string>();
  let [labels, causes] = [0, 0];
  for (const { outcome, commit } of commits) {
    if (outcome === 'failed') continue;
    causes = Math.max(causes, commit.causes.length);
    for (const [label, row] of commit.rows.label) {
      if (row?.status === 'queued') waiting.add(label);
      else waiting.delete(label);
    }
    labels = Math.max(labels, waiting.size);
  }
  return [
    { name: 'one commit', value: causes, max: causesPerCommitMax },
    { name: 'the list of labels that wait', value: labels, max: labelsWaitingMax },
    { name: 'the list of calls to be made', ...calls },
  ];
}
