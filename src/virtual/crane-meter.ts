import type { Crane } from '../../simulators/asrs-crane/model.ts';
import type { Mission } from '../domain/books.ts';
import { craneTravelMs } from '../domain/crane-kinematics.ts';
import { cycleTimesOf } from '../domain/fem-9851.ts';
import type { Topology } from '../domain/topology.ts';

/** What one crane has done, measured at the steel; times in seconds, ways in meters. */
export interface CraneFigures {
  readonly crane: string;
  readonly aisle: string;
  readonly putaways: number;
  readonly retrievals: number;
  /** Missions from cell to cell: what stood before a wanted load unit was moved away. */
  readonly digOuts: number;
  /** Putaways and retrievals that were paired, as a share of all of them: 0 to 1. */
  readonly dualShare: number;
  /** Share of the time with a mission in hand: 0 to 1. */
  readonly utilization: number;
  readonly emptyTravelS: number;
  readonly loadedTravelS: number;
  /** Mean time in hand per cycle: a pair is one, what was alone is another one. */
  readonly cycleS: number;
  /** The same mix of single and dual cycles by FEM 9.851. */
  readonly femCycleS: number;
  readonly femSingleS: number;
  readonly femDualS: number;
}

type Kind = 'in' | 'out' | 'dig' | 'other';

/** So soon after a putaway a retrieval belongs to the same cycle. */
const pairMs = 2_000;

/** Watches one crane: its motion after every step of the plant, its missions in the committed rows. */
export class CraneMeter {
  readonly #crane: Crane;
  readonly #topology: Topology;
  readonly #counts = { in: 0, out: 0, dig: 0, other: 0 };
  #pairs = 0;
  #lastIn: number | undefined;
  #move: unknown;
  #mission: unknown;
  #missionSinceMs = 0;
  #busyMs = 0;
  readonly #travelMs = { empty: 0, loaded: 0 };

  constructor(crane: Crane, topology: Topology) {
    this.#crane = crane;
    this.#topology = topology;
  }

  /** After every step of the plant. */
  look(simMs: number): void {
    const { move, plc } = this.#crane.state;
    if (move !== this.#move) {
      this.#move = move;
      if (move !== undefined) {
        const isLoaded = plc.lhdLoads.some((load) => load !== 0);
        const ms = craneTravelMs(move.from, move.to, this.#crane.setup.aisle.kinematics);
        this.#travelMs[isLoaded ? 'loaded' : 'empty'] += ms;
      }
    }
    if (plc.mission === this.#mission) return;
    if (this.#mission !== undefined) this.#busyMs += simMs - this.#missionSinceMs;
    this.#mission = plc.mission;
    this.#missionSinceMs = simMs;
  }

  /** A mission of this crane as it was just committed. */
  booked(mission: Mission, nowMs: number): void {
    const kind = this.#kindOf(mission);
    if (mission.state === 'committed' && kind === 'out' && this.#lastIn !== undefined) {
      if (nowMs - this.#lastIn <= pairMs) this.#pairs++;
    }
    if (mission.state === 'committed') this.#lastIn = undefined;
    if (mission.state !== 'settled' || mission.verdict !== 'done') return;
    this.#counts[kind]++;
    if (kind === 'in') this.#lastIn = nowMs;
  }

  #kindOf({ command }: Mission): Kind {
    if (!('to' in command) || !('from' in command)) return 'other';
    const [from, to] = [command.from, command.to].map((at) => this.#topology.find(at)?.kind);
    if (from === 'pd' && to === 'cell') return 'in';
    if (from === 'cell' && to === 'pd') return 'out';
    return from === 'cell' && to === 'cell' ? 'dig' : 'other';
  }

  figures(totalMs: number): CraneFigures {
    const { in: putaways, out: retrievals, dig: digOuts } = this.#counts;
    const { aisle } = this.#crane.setup;
    const { singleMs, dualMs } = cycleTimesOf(aisle);
    const cycles = putaways + retrievals - this.#pairs;
    const singles = cycles - this.#pairs;
    const mean = (ms: number) => (cycles === 0 ? 0 : seconds(ms / cycles));
    return {
      crane: aisle.crane,
      aisle: aisle.aisle,
      ...{ putaways, retrievals, digOuts },
      dualShare: share(2 * this.#pairs, putaways + retrievals),
      utilization: share(this.#busyMs, totalMs),
      emptyTravelS: seconds(this.#travelMs.empty),
      loadedTravelS: seconds(this.#travelMs.loaded),
      cycleS: mean(this.#busyMs),
      femCycleS: mean(singles * singleMs + this.#pairs * dualMs),
      femSingleS: seconds(singleMs),
      femDualS: seconds(dualMs),
    };
  }
}

export const seconds = (ms: number): number => Math.round(ms / 100) / 10;
export const share = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 1_000;
