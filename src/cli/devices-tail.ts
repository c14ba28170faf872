import { machineClock } from '../machine/clock.ts';
import { pause } from '../ports/clock.ts';
import type { TrafficEntry, TrafficPage } from '../ports/device.ts';
import { get, level } from './client.ts';
import { type Common, plain, print, say } from './output.ts';

const lookEveryMs = 500;
const pageMax = 500;

export interface TailOptions {
  readonly once?: boolean;
  readonly hex?: boolean;
}

/** Prints the wire traffic of a device: all that is in memory, then what comes, until it is interrupted. */
export async function tail(site: Common, id: string, options: TailOptions): Promise<void> {
  for (let after = 0; ; ) {
    const query = { after, limit: pageMax };
    const page = await get<TrafficPage>(site, `/devices/${level(id)}/traffic`, query);
    if (page.last < after) {
      say(site, 'The site has been restarted; it counts from 1 again.');
      after = 0;
      continue;
    }
    // At the beginning nobody has missed anything yet.
    if (page.lost > 0 && after > 0) say(site, `${page.lost} entries were too fast for this.`);
    for (const entry of page.items) print(lineOf(entry, site, options));
    after = page.items.at(-1)?.no ?? Math.max(after, page.last);
    if (after < page.last) continue;
    if (options.once) return;
    await pause(machineClock, lookEveryMs);
  }
}

function lineOf(entry: TrafficEntry, { json = false }: Common, { hex = false }: TailOptions) {
  if (json) return JSON.stringify(entry);
  const { atMs, direction, decoded, verdict } = entry;
  const time = timeOfDay(atMs);
  const bytes = hex ? spaced(entry.hex) : entry.ascii;
  const columns = [time, arrows[direction], padded(decoded, 40), padded(verdict, 12), bytes];
  return columns.join('  ').trimEnd();
}

const arrows = { in: '←', out: '→', link: '·' } as const;

/** `11:35:20.042`, local time, as on the watch of who looks. */
function timeOfDay(atMs: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: it shows a time that it was given.
  const at = new Date(atMs);
  const two = (n: number) => String(n).padStart(2, '0');
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

const padded = (text: string | undefined, width: number): string => plain(text).padEnd(width);

const spaced = (hex: string): string => hex.replace(/(..)(?=.)/g, '$1 ');
