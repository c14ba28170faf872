import type { ActSeen, CommitSeen } from '../evidence.ts';
import { invariantOf } from './invariant.ts';
import { type Body, bodiesOf, doubles, text } from './rows.ts';

export const oneLabel = invariantOf(
  'I14',
  'A label comes out once, unless a reprint is on record',
  ['labels'],
  ({ db, labels, commits = [] }) => {
    const rows = bodiesOf(db, 'label');
    const known = new Map(rows.map((row) => [row['label'], row]));
    const strangers = labels.flatMap(({ jobId }) =>
      known.has(jobId) ? [] : [`label ${jobId} has come out, and is in no book`],
    );
    const twice = doubles(labels, ({ jobId }) => jobId).map(
      ([jobId, copies]) => `label ${jobId} has come out ${copies.length} times`,
    );
    const named = labels.filter(({ sscc }) => sscc !== undefined);
    const copies = doubles(named, ({ sscc }) => sscc ?? '').flatMap(([sscc, seen]) => {
      const recorded = Math.max(
        1,
        ...rows.filter((row) => row['sscc'] === sscc).map((row) => Number(row['copy'] ?? 1)),
      );
      const found = `${sscc} has come out ${seen.length} times, and ${recorded} are on record`;
      return seen.length > recorded ? [found] : [];
    });
    const bearers = doubles(
      rows.filter(({ sscc }) => sscc !== undefined),
      ({ sscc }) => String(sscc),
    ).flatMap(([sscc, both]) => {
      const units = [...new Set(both.map((row) => text(row, 'loadUnit')))];
      return units.length > 1 ? [`${sscc} was printed for ${units.join(' and ')}`] : [];
    });
    return [...strangers, ...twice, ...copies, ...bearers, ...blindly(commits)];
  },
);

/** As long as nobody knows whether a label has come out, and nobody was asked about it, its load unit gets no other. */
function blindly(commits: readonly CommitSeen[]): string[] {
  const known = new Map<string, Body>();
  /** Workflows that have had people asked what has become of their labels. */
  const asked = new Set<unknown>();
  return commits.flatMap(({ outcome, step, commit }) => {
    if (outcome === 'failed') return [];
    for (const [, row] of commit.rows.discrepancy) {
      if (row?.code === 'LABEL_UNKNOWN') asked.add(row.workflow);
    }
    return commit.rows.label.flatMap(([label, row]) => {
      const isNew = !known.has(label);
      if (row === undefined) known.delete(label);
      else known.set(label, row as unknown as Body);
      const { loadUnit } = row ?? {};
      if (!isNew || loadUnit === undefined) return [];
      const found = `${loadUnit} was given label ${label} in step ${step}, and what has become of`;
      return [...known.values()].flatMap((other) => {
        const isOpen = other['status'] === 'unknown' && other['isToReprint'] !== true;
        const isBlind = isOpen && other['loadUnit'] === loadUnit && !asked.has(other['workflow']);
        return isBlind ? [`${found} ${other['label']} is unknown`] : [];
      });
    });
  });
}

/** Who sets a device to the mode that it is in changes nothing. */
function isInMode(act: ActSeen['act'], done: readonly CommitSeen[], at: CommitSeen): boolean {
  if (act.act !== 'mode') return false;
  const rows = done.slice(0, done.indexOf(at)).flatMap(({ commit }) => commit.rows.mode);
  return rows.findLast(([device]) => device === act.device)?.[1]?.mode === act.mode;
}

export const onRecord = invariantOf(
  'I20',
  'What a person changes is on record with who, what, when and why, in the same transaction',
  ['acts', 'commits'],
  ({ db, acts, commits }) => {
    const done = commits.filter(({ outcome }) => outcome !== 'failed');
    const missing = acts.flatMap(({ act, outcome, step }) => {
      if (!outcome.ok) return [];
      const cause = `operator/${act.operator}/${act.key}`;
      const found = done.find(({ commit }) => commit.causes.includes(cause));
      if (found === undefined)
        return [`${cause} (${act.act}) was done in step ${step}, and no commit names it`];
      const { reasons, movements, events, rows } = found.commit;
      const said = [reasons, movements, events, rows.discrepancy, rows.mode, rows.station];
      const isSaid = said.some((part) => part.length > 0) || isInMode(act, done, found);
      return isSaid ? [] : [`${cause} (${act.act}) is committed, and nothing says what it did`];
    });
    const nameless = bodiesOf(db, 'discrepancy', "state <> 'open'").flatMap((row) =>
      row['resolvedBy'] === undefined || row['resolvedAtMs'] === undefined
        ? [`question ${row['no']} (${row['code']}) is settled, and does not say by whom and when`]
        : [],
    );
    const modes = bodiesOf(db, 'device_mode').flatMap((row) =>
      row['by'] === undefined ? [`${row['device']} was set to ${row['mode']} by nobody`] : [],
    );
    return [...missing, ...nameless, ...modes];
  },
);
