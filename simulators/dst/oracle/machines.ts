import type { CommitSeen, Evidence } from '../evidence.ts';
import { invariantOf } from './invariant.ts';
import { registersOf } from './places.ts';
import {
  autoRemote,
  type CraneFrame,
  type CraneStatus,
  craneFrames,
  craneStatuses,
  emergencyStop,
  epochIn,
  motions,
  ownRegisters,
  typeOf,
} from './registers.ts';
import { type Body, bodiesOf, doubles, text } from './rows.ts';

const carriers = new Set(['transfer', 'pick', 'deposit']);
const commandOf = (mission: Body): Body => mission['command'] as Body;

export const onceOnly = invariantOf(
  'I4',
  'No command is carried out twice, and what is told to be done was done once',
  ['executions'],
  ({ db, executions }) => {
    const ran = new Map(executions.map((run) => [`${run.crane}/${run.missionId}`, run]));
    const twice = executions
      .filter(({ starts, picks, deposits }) => Math.max(starts, picks, deposits) > 1)
      .map(
        ({ crane, missionId, starts, picks, deposits }) =>
          `${crane} mission ${missionId}: ${starts} starts, ${picks} picks, ${deposits} deposits`,
      );
    const told = bodiesOf(db, 'mission', 'verdict IS NOT NULL').flatMap((mission) => {
      const key = `${mission['crane']}/${mission['seq']}`;
      const { command, result = mission['verdict'] } = {
        ...commandOf(mission),
        ...mission,
      } as Body;
      const name = String(commandOf(mission)['command'] ?? command);
      const starts = ran.get(key)?.starts ?? 0;
      const said = `${key} (${name}) is ${mission['verdict']}, ${result} in the books`;
      if (mission['verdict'] === 'notTaken' && starts > 0) return [`${said}, and ran`];
      if (mission['verdict'] !== 'done' || !carriers.has(name)) return [];
      const deposits = ran.get(key)?.deposits ?? 0;
      const isWhole = result !== 'done' || name === 'pick' || deposits === 1;
      return starts === 1 && isWhole
        ? []
        : [`${said}; it ran ${starts} times, with ${deposits} deposits`];
    });
    return [...twice, ...told];
  },
);

/** What a committed command looks like in registers, as far as it says what moves where. */
function sameCommand(evidence: Evidence, crane: string, said: CraneFrame, mission: Body): boolean {
  const command = commandOf(mission);
  const place = (field: string) => {
    const name = text(command, field);
    return name === undefined ? undefined : registersOf(evidence.site, crane, name).join(' ');
  };
  const [from, to] = [place('from'), place('to')];
  const meant = command['missionId'] ?? command['eventHead'] ?? said.missionId;
  return (
    command['command'] === said.command &&
    (from === undefined || from === said.from.join(' ')) &&
    (to === undefined || said.command === 'pick' || to === said.to.join(' ')) &&
    (command['loadHandle'] ?? 0) === said.loadHandle &&
    meant === said.missionId
  );
}

export const intentFirst = invariantOf(
  'I5',
  'Nothing reaches a machine before the decision for it is on disk, word for word',
  ['frames', 'commits'],
  (evidence) => {
    const { site, frames, commits } = evidence;
    const intents = commits.flatMap(({ step, outcome, commit }) =>
      outcome === 'failed'
        ? []
        : commit.rows.mission.map(([key, row]) => ({ step, key, row: row as unknown as Body })),
    );
    return craneFrames(site, frames).flatMap(({ device, step, said }) => {
      if (said.command === 'none') return [];
      const key = `${device}/${said.seq}`;
      const earlier = intents.filter((intent) => intent.key === key && intent.step < step);
      if (earlier.length === 0)
        return [`${key} (${said.command}) left in step ${step}, and no commit has it`];
      const isSame = earlier.some(({ row }) => row && sameCommand(evidence, device, said, row));
      return isSame ? [] : [`${key} left as ${said.content}, and that is in no commit`];
    });
  },
);

export const noDoubleBooking = invariantOf(
  'I9',
  'A machine has one command at a time, and no load unit or place is given to two',
  [],
  ({ db }) => {
    const open = bodiesOf(db, 'mission', "body ->> 'state' <> 'settled'").filter((mission) =>
      motions.has(String(commandOf(mission)['command'])),
    );
    const name = (mission: Body) => `${mission['crane']}/${mission['seq']}`;
    const clash = (what: string, rows: readonly Body[], keyOf: (row: Body) => string | undefined) =>
      doubles(
        rows.filter((row) => keyOf(row) !== undefined),
        (row) => keyOf(row) ?? '',
      ).map(([key, both]) => `${what} ${key} has ${both.map(name).join(' and ')}`);
    const promised = doubles(
      bodiesOf(db, 'crane_request'),
      (row) => `${row['loadUnit']} ${row['from']}`,
    )
      .filter(([key]) => !key.startsWith('undefined'))
      .map(
        ([key, both]) =>
          `${key} is asked for by ${both.map((row) => row['workflow']).join(' and ')}`,
      );
    return [
      ...clash('crane', open, (row) => text(row, 'crane')),
      ...clash('load unit', open, (row) => text(row, 'loadUnit')),
      ...clash('source', open, (row) => text(commandOf(row), 'from')),
      ...clash(
        'destination',
        open.filter((row) => !/-PD-/.test(String(commandOf(row)['to']))),
        (row) => text(commandOf(row), 'to'),
      ),
      ...promised,
    ];
  },
);

export const risingNumbers = invariantOf(
  'I11',
  'Epochs and sequence numbers only rise, and no number is used for two commands',
  ['frames'],
  ({ site, frames, starts = [], taken = [] }) => [
    ...reusedNumbers({ site, frames }),
    ...pairs(starts).flatMap(([before, after]) =>
      after.epoch > before.epoch || after.generation === before.generation
        ? []
        : [`start ${after.generation} has epoch ${after.epoch} after ${before.epoch}`],
    ),
    ...fallingInPlc({ site, frames }),
    ...takenFromOlder(site, taken),
  ],
);

type Framed = Required<Pick<Evidence, 'site' | 'frames'>>;

function reusedNumbers({ site, frames }: Framed): string[] {
  const contents = new Map<string, string>();
  const highest = new Map<string, number>();
  return craneFrames(site, frames).flatMap(({ device, step, said }) => {
    const { seq, command, content, epoch } = said;
    if (epoch === 0) return [`${device} was written to without an epoch in step ${step}`];
    if (command === 'none') return [];
    const key = `${device}/${seq}`;
    const known = contents.get(key);
    const top = highest.get(device) ?? 0;
    contents.set(key, content);
    highest.set(device, Math.max(top, seq));
    if (known !== undefined) return known === content ? [] : [`${key} is ${known}, and ${content}`];
    return seq > top ? [] : [`${key} is new in step ${step}, and ${device} had ${top} already`];
  });
}

const pairs = <T>(list: readonly T[]): [T, T][] =>
  list.slice(1).map((after, i) => [list[i] as T, after]);

/**
 * What a PLC has accepted never falls while it keeps its memory. An answer on its way over an older connection may
 * arrive behind a newer one's, and says what was so before: it is compared with what came over its own.
 */
function fallingInPlc({ site, frames }: Framed): string[] {
  const own = new Map<string, CraneStatus>();
  const newest = new Map<string, { readonly connection: number; readonly said: CraneStatus }>();
  return craneStatuses(site, frames).flatMap(({ device, connection, step, said }) => {
    const last = newest.get(device);
    const isNewest = last === undefined || last.connection <= connection;
    const before = own.get(`${device}/${connection}`) ?? (isNewest ? last?.said : undefined);
    own.set(`${device}/${connection}`, said);
    if (isNewest) newest.set(device, { connection, said });
    if (before === undefined || !said.isRetentive) return [];
    return (['epochAccepted', 'seqAnswered'] as const)
      .filter((name) => said[name] < before[name])
      .map((name) => `${device} says ${name} ${said[name]} in step ${step}, after ${before[name]}`);
  });
}

/** A PLC acts on nothing that a controller says whose epoch is below the one that it has accepted. */
const takenFromOlder = (site: Evidence['site'], taken: NonNullable<Evidence['taken']>): string[] =>
  taken.flatMap((seen) => {
    const epoch = epochIn(site, seen);
    const { device, step, accepted } = seen;
    if (epoch >= accepted) return [];
    return [
      `${device} has taken a frame of epoch ${epoch} in step ${step}, after one of ${accepted}`,
    ];
  });

/** A frame older than this was decided for a floor that is not so any more. */
const staleMaxMs = 2_000;

export const nothingStale = invariantOf(
  'I12',
  'What is sent was decided just now, for the start of the PLC that was read on this very connection',
  ['frames'],
  ({ site, frames }) => {
    const read = new Map<string, number>();
    const statuses = new Map(craneStatuses(site, frames).map((seen) => [seen.step, seen]));
    const writes = new Map(craneFrames(site, frames).map((seen) => [seen.step, seen]));
    return frames.flatMap(({ step, device, connection, wallMs }) => {
      const status = statuses.get(step);
      const line = `${device} connection ${connection}`;
      if (status !== undefined) read.set(line, status.said.bootId);
      const said = writes.get(step)?.said;
      if (said === undefined) return [];
      const boot = read.get(line);
      if (boot === undefined) return [`${line} was written to in step ${step} before it was read`];
      const found: string[] = [];
      if (boot !== said.bootIdEcho) {
        found.push(
          `${line} got a frame for start ${said.bootIdEcho} in step ${step}, and shows ${boot}`,
        );
      }
      const ageMs = Math.abs(wallMs - said.utcS * 1000);
      if (ageMs > staleMaxMs) found.push(`${line} got a frame of ${ageMs} ms ago in step ${step}`);
      return found;
    });
  },
);

export const inBounds = invariantOf(
  'I18',
  "Nothing is written outside of the controller's registers, and nothing moves against a machine's mode",
  ['frames'],
  (evidence) => {
    const { site, frames } = evidence;
    const strayed = frames.flatMap(({ kind, device, address, words, step }) => {
      if (kind === 'read') return [];
      const own = ownRegisters[typeOf(site, device) ?? ''] ?? [];
      const last = address + words.length - 1;
      const isOwn = own.some(([from, to]) => address >= from && last <= to);
      return isOwn ? [] : [`${device} was written at ${address} to ${last} in step ${step}`];
    });
    return [...strayed, ...againstMode(evidence, frames)];
  },
);

/** A person's answer is on disk, and the process died before it said so. */
const hasAnswerUnheard = ({ outcome, commit }: CommitSeen): boolean =>
  outcome === 'unknown' &&
  commit.rows.discrepancy.some(([, row]) => row?.resolvedBy?.startsWith('operator/') === true);

/** New motion commands after the crane has shown that it may not move, or before a person has let it go on. */
function againstMode(
  { site, acts = [], commits = [] }: Evidence,
  frames: Evidence['frames'] = [],
): string[] {
  const statuses = craneStatuses(site, frames);
  const seen = new Set<string>();
  return craneFrames(site, frames).flatMap(({ device, step, said }) => {
    if (!motions.has(said.command) || seen.has(`${device}/${said.seq}`)) return [];
    seen.add(`${device}/${said.seq}`);
    const before = statuses.filter((status) => status.device === device && status.step < step);
    const mode = before.at(-1)?.said.mode;
    const what = `${device}/${said.seq} (${said.command}) left in step ${step}`;
    if (mode !== autoRemote) return [`${what}, and the crane had shown mode ${mode}`];
    const stop = before.findLast((status) => status.said.mode === emergencyStop);
    const isBetween = (at: number) => at > (stop?.step ?? 0) && at < step;
    const isReleased =
      acts.some((act) => act.outcome.ok && isBetween(act.step)) ||
      commits.some((seen) => isBetween(seen.step) && hasAnswerUnheard(seen));
    if (stop === undefined || isReleased) return [];
    return [`${what} after the emergency stop of step ${stop.step}, and nobody has released it`];
  });
}
