import { pause } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import type { KillSite } from '../lib/kill-site.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

/** What happens around a controller between two kills. */
export const disturbanceKinds = ['none', 'stop', 'plcRestart', 'memoryLost', 'wire'] as const;

export interface Disturbance {
  readonly kind: (typeof disturbanceKinds)[number];
  /** The PLC whose wire or program it is; nothing for the others. */
  readonly device: string;
  /** A fault of the wire, see `simulators/lib/wire-faults.ts`. */
  readonly fault: string;
  readonly forMs: number;
}

const devices = ['crane-1', 'conveyor-1'] as const;
/** Each one drops, delays or cuts in another way; all of them end by themselves. */
const wires = ['linkCut', 'linkReset', 'halfOpen', 'requestsLost', 'answersLost', 'slowLink'];
const stopMinMs = 200;
/** Doublings of the shortest stop: up to 30 s. */
const stopDoublings = 7.23;
const wireMaxMs = 4_000;
/** Between it and what comes next, so that they overlap. */
const leadMs = 300;

export function drawDisturbance(random: Random): Disturbance {
  const of = <T>(list: readonly T[]): T => list[random.u32() % list.length] as T;
  const drawn = of(['none', 'stop', 'plcRestart', 'wire'] as const);
  const device = of(devices);
  // A PLC is to keep its memory over its restarts; some batteries are empty.
  const kind = drawn === 'plcRestart' && random.u32() % 2 === 0 ? 'memoryLost' : drawn;
  const share = random.u32() / 2 ** 32;
  // Short ones are frequent, long ones are rare.
  const stopMs = Math.round(stopMinMs * 2 ** (stopDoublings * share ** 2));
  const wireMs = 100 + (random.u32() % wireMaxMs);
  return { kind, device, fault: of(wires), forMs: kind === 'stop' ? stopMs : wireMs };
}

/** Lets it happen; faults of a wire go on for a while afterwards. @returns a line for the timeline */
export async function disturb(site: KillSite, wanted: Disturbance): Promise<string> {
  const { kind, device, fault, forMs } = wanted;
  switch (kind) {
    case 'none':
      return 'nothing';
    case 'stop':
      await site.controller.standStill(forMs);
      return `stood still for ${forMs} ms`;
    case 'plcRestart':
    case 'memoryLost':
      site.simulated.board.set(device, kind, { on: true });
      await pause(clock, leadMs);
      return `${device} restarted${kind === 'memoryLost' ? ', with an empty memory' : ''}`;
    case 'wire': {
      const isMoment = fault === 'linkReset';
      site.simulated.board.set(device, fault, { on: true, ...(isMoment ? {} : { forMs }) });
      await pause(clock, leadMs);
      return `${device} ${fault}${isMoment ? '' : ` for ${forMs} ms`}`;
    }
  }
}
