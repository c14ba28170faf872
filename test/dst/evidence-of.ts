import type { CommitSeen, Evidence, GaugeSeen } from '../../simulators/dst/evidence.ts';
import type { SimulatedSite } from './simulated-site.ts';

/** Of one commit: 64 that waited and 500 timers. */
const causesPerCommitMax = 564;
const labelsWaitingMax = 100;
/** Timers of one small site, and some lines of 10,000 bytes on their way byte by byte; more are a leak. */
const callsWaitingMax = 100_000;

/** All that was seen of a run from outside, for the oracle. */
export function evidenceOf(
  { files, db, witness, plant, host, controller }: SimulatedSite,
  rest: NonNullable<Evidence['rest']>,
  perturbed: readonly CommitSeen[] | undefined,
): Evidence {
  const { frames, commits, replies, acts, labels, starts } = witness;
  const { world } = plant.model;
  const tables = controller?.flow.warehouse.tables;
  return {
    ...{ site: files.site, db, frames, commits, replies, acts, labels, starts, rest },
    isAtRest: rest.tookMs !== undefined,
    hosts: [host.evidence()],
    gauges: gaugesOf(commits, witness.callsMax),
    executions: world.executions(),
    truth: world.truth(),
    ...(tables && {
      memory: new Map(
        Object.entries(tables).map(([table, rows]) => [
          table,
          new Map<string, unknown>(rows.entries()),
        ]),
      ),
    }),
    ...(perturbed && { perturbed }),
  };
}

/** How full everything has been at its fullest. */
function gaugesOf(commits: readonly CommitSeen[], calls: number): GaugeSeen[] {
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
    { name: 'the list of calls to be made', value: calls, max: callsWaitingMax },
  ];
}
