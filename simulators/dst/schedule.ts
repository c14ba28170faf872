import type { Random } from '../../src/ports/random.ts';
import type { DeviceFaults } from '../fault-board.ts';

/** One thing that goes wrong, as data: the same list of them gives the same run. */
export interface FaultEvent {
  /** Virtual milliseconds since the beginning. */
  readonly atMs: number;
  readonly kind: string;
  readonly target: string;
  readonly args: Readonly<Record<string, number>>;
}

/** How much happens in a second of a run, as data: what is not drawn again when a run is repeated. */
export interface Pace {
  /** Machines move so much faster than real. Communication, deadlines and people do not. */
  readonly machineSpeed: number;
  /** Times of drivers and PLCs, milliseconds, instead of those of their interface files. */
  readonly timing: Readonly<Record<'conveyor' | 'crane', Readonly<Record<string, number>>>>;
  /** Bytes take so long on a wire, one way, milliseconds: at least, and so much more at most. */
  readonly wayMs: readonly [least: number, more: number];
  /** Between two things that are wanted: up to so long, milliseconds. */
  readonly wishMs: number;
  /** Printers are asked how they are, and hosts look for what they miss, so often; absent: once a second. */
  readonly lookMs?: number;
  /** Hosts acknowledge what they have booked so long after the first of it; absent: after 200 ms. */
  readonly ackDelayMs?: number;
  /** People give any answer that is true; absent: always the same one. */
  readonly answers?: 'any';
}

export interface Schedule {
  readonly seed: number;
  /** Absent: one that was kept before runs differed in it. */
  readonly pace?: Pace;
  /** How long things go wrong; then all of it is taken away. */
  readonly faultsMs: number;
  readonly manner: Manner;
  /** Which kinds there are in this run, each with how often it comes in an hour. */
  readonly swarm: Readonly<Record<string, number>>;
  /** So many events were drawn; absent: those that there are. */
  readonly drawn?: number;
  readonly events: readonly FaultEvent[];
}

type Manner = 'swarm' | 'calmPlusOne' | 'swizzle' | 'storm' | 'calm';

/** Kinds that are not a simulator's own fault, with the targets and how their numbers are drawn: min, max. */
const ownKinds: Readonly<
  Record<string, Readonly<Record<string, readonly [min: number, max: number]>>>
> = {
  'controller.crash': { downMs: [50, 8_000], lingerMs: [0, 3_000] },
  /** Dies at a call at its edge: so many calls from now, before (0) or after (1) it. */
  'controller.crashAtCall': {
    calls: [1, 120],
    isAfter: [0, 1],
    downMs: [50, 4_000],
    lingerMs: [0, 3_000],
  },
  'controller.second': {},
  'controller.stall': { forMs: [100, 60_000] },
  'clock.jump': { byMs: [-3_600_000, 3_600_000] },
  'store.fails': { isAfter: [0, 1] },
  'store.busy': { forMs: [50, 4_000] },
  'store.full': { forMs: [1_000, 60_000], pages: [0, 1] },
  'wire.cut': { forMs: [50, 20_000] },
  'wire.halfOpen': { forMs: [50, 20_000] },
  'wire.reset': {},
  'wire.lostAnswers': { times: [1, 6] },
  'wire.spoiltAnswers': { times: [1, 4] },
  'wire.late': { ms: [5, 3_000], forMs: [100, 10_000] },
  'host.away': { forMs: [500, 60_000] },
  'host.doubles': { forMs: [500, 60_000] },
  'host.mute': { forMs: [500, 60_000] },
  'host.rubbish': { kind: [0, 20], isRetained: [0, 1] },
  'broker.down': { forMs: [200, 60_000], keepsAll: [0, 1] },
  /** The controller's connection ends so many times. */
  'broker.storm': { times: [1, 12], betweenMs: [100, 5_000] },
  /** Somebody else comes under the controller's name. */
  'broker.takenOver': { isClean: [0, 1] },
  'broker.lostPubacks': { times: [1, 5] },
  'broker.redelivers': { times: [1, 5] },
  'broker.shuffles': { forMs: [500, 20_000] },
  'broker.late': { ms: [50, 4_000], forMs: [500, 20_000] },
  'line.cut': { forMs: [100, 20_000] },
  'line.halfOpen': { forMs: [50, 20_000] },
  'line.reset': {},
  'line.late': { ms: [5, 3_000], forMs: [100, 10_000] },
  'line.dribbles': { times: [1, 6] },
  /** A code of another load unit, which stands elsewhere, comes without a word. */
  'scanner.stray': { pick: [0, 1_000] },
  'people.take': { pick: [0, 1_000] },
  'people.mode': { mode: [0, 3], forMs: [500, 20_000] },
};

const hourMs = 3_600_000;
const [rateMin, rateMax] = [20, 1_500];
/** Of more, every so many-th is kept, from the beginning to the end. */
const eventsMax = 400;
/** Of one kind and target, so that a schedule of weeks can be drawn at all. */
const eventsOfKindMax = 10_000;

export interface Targets {
  readonly plcs: readonly string[];
  readonly devices: readonly string[];
  /** What the simulators offer, by device. */
  readonly board: readonly DeviceFaults[];
}

interface Kind {
  readonly kind: string;
  readonly target: string;
  readonly draws: Readonly<Record<string, readonly [number, number]>>;
}

/** Every way of going wrong that a site has. */
function kindsOf({ plcs, devices, board }: Targets): Kind[] {
  const own = Object.entries(ownKinds).flatMap(([kind, draws]): Kind[] => {
    const of = kind.startsWith('wire.')
      ? plcs
      : kind.startsWith('line.')
        ? devices.filter((device) => !plcs.includes(device))
        : kind.startsWith('scanner.')
          ? devices.filter((device) => device.startsWith('scan-'))
          : kind === 'people.mode'
            ? devices
            : ['site'];
    return of.map((target) => ({ kind, target, draws }));
  });
  const simulated = board.flatMap(({ device, faults }) =>
    faults.map(({ fault, isMoment, parameters }): Kind => {
      const draws = Object.entries(parameters).map(([name, { min, max, known }]) => {
        const range = name === 'times' ? [1, 3] : [known?.[0] ?? min, known?.at(-1) ?? max];
        return [name, range] as [string, [number, number]];
      });
      const lasting: [string, [number, number]][] = isMoment ? [] : [['forMs', [200, 20_000]]];
      return { kind: fault, target: device, draws: Object.fromEntries([...draws, ...lasting]) };
    }),
  );
  return [...own, ...simulated];
}

/** From sites in which more is wanted than they can do, to those that wait for work most of the time. */
const [wishMsMin, wishMsMax] = [8_000, 240_000];
/** Fast machines do more in the same time; as fast as real ones they are longer in the middle of something. */
const machineSpeeds = [1, 3, 10];
/** Of hosts that book each event by itself, and of those that book what has come together. */
const ackDelaysMs = [200, 1_000, 5_000];

/** One run in so many asks its devices as often as their files say. */
const oneInEager = 64;

/**
 * Most readings of a PLC show nothing new and cost as much as any other. So most runs have PLCs that take their time
 * and bear a longer silence, and drivers that ask rarely while nothing moves: twice in the time after which either
 * side takes the other for lost. One in sixty-four goes by the interface file, and gets its answers sooner; only these
 * meet what happens between two readings that follow one another at once, or within a second of a lost link.
 */
export function drawPace(random: Random): Pace {
  const isEager = random.u32() % oneInEager === 0;
  const wishMs = Math.round(logUniform(random, wishMsMin, wishMsMax));
  const machineSpeed = machineSpeeds[random.u32() % machineSpeeds.length] as number;
  const ackDelayMs = ackDelaysMs[random.u32() % ackDelaysMs.length] as number;
  const common = { machineSpeed, wishMs, ackDelayMs, answers: 'any' as const };
  if (isEager) return { ...common, wayMs: [5, 20], timing: { conveyor: {}, crane: {} } };
  const patience = { framePeriodMs: 2_800, lifeLostMs: 6_000, plcLifeMs: 1_000 };
  const crane = { ...patience, pollActiveMs: 500, pollIdleMs: 2_800 };
  const conveyor = { ...patience, eagerMs: 0, pollLinkMs: 2_800, pollPointMs: 12_000 };
  return { ...common, wayMs: [20, 30], timing: { conveyor, crane }, lookMs: 8_000 };
}

/** The pace of schedules that do not say one. */
export function paceBefore(random: Random): Pace {
  const conveyor = { eagerMs: 0, pollLinkMs: 400, pollPointMs: 400 };
  const isEager = random.u32() % 4 === 0;
  return {
    ...{ machineSpeed: 10, wayMs: [1, 4], wishMs: 8_000 },
    timing: { conveyor: isEager ? {} : conveyor, crane: {} },
  };
}

/** Draws what goes wrong in a run. */
export function drawSchedule(
  seed: number,
  faultsMs: number,
  drawn: { readonly targets: Targets; readonly random: Random; readonly pace: Pace },
): Schedule {
  const { targets, random, pace } = drawn;
  const kinds = kindsOf(targets);
  const manner = mannerOf(random.u32() % 100);
  const chosen = kinds.filter(() => random.u32() % 2 === 0);
  const [one = kinds[0] as Kind] = [kinds[random.u32() % kinds.length]];
  const present = manner === 'calm' ? [] : manner === 'calmPlusOne' ? [one] : chosen;
  const swarm: Record<string, number> = {};
  const events: FaultEvent[] = [];
  for (const kind of present) {
    const perHour = logUniform(random, rateMin, rateMax);
    const drawnOften = manner === 'storm' ? 4 * perHour : perHour / Math.max(1, present.length / 8);
    const often = Math.min(drawnOften, (eventsOfKindMax * hourMs) / faultsMs);
    swarm[`${kind.kind} ${kind.target}`] = Math.round(often);
    for (const atMs of timesOf(often, faultsMs, random)) events.push(eventOf(kind, atMs, random));
  }
  if (manner === 'swizzle') events.push(...swizzle(targets, faultsMs, random));
  events.sort((a, b) => a.atMs - b.atMs);
  return { seed, pace, faultsMs, manner, swarm, ...thinned(events) };
}

/** Each doubling as often as any other. */
const logUniform = (random: Random, min: number, max: number): number =>
  min * (max / min) ** (random.u32() / 2 ** 32);

/** As many as a run may have, over all of its time. */
function thinned(events: readonly FaultEvent[]): Pick<Schedule, 'events' | 'drawn'> {
  if (events.length <= eventsMax) return { events };
  const before = (i: number) => Math.floor((i * eventsMax) / events.length);
  const kept = events.filter((_, i) => before(i + 1) > before(i));
  return { events: kept, drawn: events.length };
}

const mannerOf = (of100: number): Manner =>
  of100 < 10 ? 'calmPlusOne' : of100 < 20 ? 'swizzle' : of100 < 25 ? 'storm' : 'swarm';

/** Times of a Poisson process. */
function* timesOf(perHour: number, untilMs: number, random: Random): Generator<number> {
  for (let atMs = 0; ; ) {
    atMs += Math.round((-Math.log(1 - random.u32() / 2 ** 32) * hourMs) / perHour) + 1;
    if (atMs >= untilMs) return;
    yield atMs;
  }
}

function eventOf({ kind, target, draws }: Kind, atMs: number, random: Random): FaultEvent {
  const args = Object.entries(draws).map(([name, [min, max]]): [string, number] => [
    name,
    min + (random.u32() % (max - min + 1)),
  ]);
  return { atMs, kind, target, args: Object.fromEntries(args) };
}

/** A part of the lines goes down one by one, and comes up in another order. */
function swizzle({ plcs, devices }: Targets, faultsMs: number, random: Random): FaultEvent[] {
  const atMs = random.u32() % Math.max(1, faultsMs >> 1);
  return devices
    .filter(() => random.u32() % 2 === 0)
    .map((target, i) => {
      const kind = plcs.includes(target) ? 'wire.cut' : 'line.cut';
      return {
        kind,
        target,
        atMs: atMs + i * 1_500,
        args: { forMs: 5_000 + (random.u32() % 20_000) },
      };
    });
}
