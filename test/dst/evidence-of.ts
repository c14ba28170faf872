import type { CommitSeen, Evidence } from '../../simulators/dst/evidence.ts';
import { gaugesOf } from '../lib/gauges.ts';
import type { SimulatedSite } from './simulated-site.ts';

/** Timers of one small site, and some lines of 10,000 bytes on their way byte by byte; more are a leak. */
const callsWaitingMax = 100_000;

/** All that was seen of a run from outside, for the oracle. */
export function evidenceOf(
  { files, db, witness, plant, host, controller }: SimulatedSite,
  rest: NonNullable<Evidence['rest']>,
  perturbed: readonly CommitSeen[] | undefined,
): Evidence {
  const { frames, taken, commits, overdue, replies, acts, messages, labels, starts } = witness;
  const { world } = plant.model;
  const tables = controller?.flow.warehouse.tables;
  return {
    ...{ site: files.site, db, frames, taken, commits, overdue, rest },
    ...{ replies, acts, messages, labels, starts },
    isAtRest: rest.tookMs !== undefined,
    hosts: [host.evidence()],
    gauges: gaugesOf(commits, { value: witness.callsMax, max: callsWaitingMax }),
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
