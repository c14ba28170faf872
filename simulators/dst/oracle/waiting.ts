import { invariantOf } from './invariant.ts';
import { all, bodiesOf, questionsOf, text } from './rows.ts';

export const noOrphans = invariantOf(
  'I15',
  'Whatever waits has somebody who wakes it: time, a machine, a host or a person',
  [],
  ({ db, site }) => {
    const owners = (table: string, where?: string) =>
      bodiesOf(db, table, where).flatMap((row) => text(row, 'workflow') ?? []);
    const stations = site.stations
      .filter(({ kind }) => kind === 'workstation')
      .map(({ location }) => `'${location}'`);
    const wakers = new Set([
      ...owners('timer'),
      ...owners('crane_request'),
      ...owners('station_step'),
      ...owners('discrepancy', "state = 'open'"),
      // A mission in doubt wakes nobody by itself: its question does.
      ...owners('mission', "moving IS NOT NULL AND body ->> 'state' <> 'doubt'"),
      // People scan what stands before them.
      ...owners('load_unit', `place IN (${stations.join(', ') || "''"})`),
    ]);
    const isAwake = (workflow: string) =>
      [workflow, `carry/${workflow}`, workflow.replace(/^carry\//, '')].some((name) =>
        wakers.has(name),
      );
    return bodiesOf(db, 'workflow')
      .filter((row) => !isAwake(String(row['workflow'])))
      .map(
        (row) =>
          `${row['workflow']} is open, and nobody wakes it: ${JSON.stringify(row['snapshot'])}`,
      );
  },
);

export const bounded = invariantOf(
  'I17',
  'Everything that can fill up stays below its limit',
  ['gauges'],
  ({ gauges }) =>
    gauges.flatMap(({ name, value, max }) =>
      value <= max ? [] : [`${name} holds ${value}, and its limit is ${max}`],
    ),
);

export const comesToRest = invariantOf(
  'I19',
  'When the faults are over everything ends in time, or a person is asked',
  ['rest'],
  ({ db, rest, isAtRest }) => {
    const { tookMs, limitMs, commits, commitsMax } = rest;
    const found: string[] = [];
    if (tookMs === undefined || tookMs > limitMs) {
      found.push(`it took ${tookMs ?? 'more'} ms to come to rest, and ${limitMs} are allowed`);
    }
    if (commits > commitsMax) found.push(`${commits} commits until rest: it works without an end`);
    if (!isAtRest) return found;
    const asked = new Set(
      questionsOf(db).flatMap((row) => ['order', 'loadUnit'].map((field) => text(row, field))),
    );
    const final = "status NOT IN ('completed', 'canceled', 'failed')";
    const open = bodiesOf(db, 'transport_order', final).flatMap((row) => {
      const concerned = [text(row, 'order'), ...((row['loadUnits'] ?? []) as string[])];
      const isAsked = concerned.some((name) => name !== undefined && asked.has(name));
      // What waits for stock or for a machine says so.
      const isExplained = row['status'] === 'queued' && (row['reasons'] as unknown[]).length > 0;
      if (isAsked || isExplained) return [];
      return [`${row['order']} is ${row['status']} at rest, and nobody is asked`];
    });
    const labels = all(
      db,
      "SELECT label FROM label WHERE status IN ('queued', 'sending', 'withdrawn')",
    );
    return [
      ...found,
      ...open,
      ...labels.map(({ label }) => `label ${label} is still under way at rest`),
    ];
  },
);
