import type { Execution } from '../../simulators/world/world.ts';
import { pause } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import type { KillSite } from '../lib/kill-site.ts';
import { type LedgerBooks, readLedger } from '../lib/ledger-copy.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { type HarmedCall, harmedCalls } from '../power/harm.ts';
import type { Observer } from './observer.ts';

/** What must be seen to happen, counted, before a kill falls; what the witness sees needs no word of the controller. */
const moments = {
  /** Between a command that the crane has begun and anything that the controller may have made of it. */
  missionBegun: (site) => sum(site, 'starts'),
  picked: (site) => sum(site, 'picks'),
  deposited: (site) => sum(site, 'deposits'),
  /** An event has reached the host: is it in the ledger, and will it come again? */
  hostTold: ({ host }) => host.received().length,
  labelPrinted: ({ simulated }) =>
    simulated.plant.truth().totes.filter(({ codes }) => codes.length > 1).length,
  /** A tote has come to stand somewhere else: scanned, diverted, put down. */
  toteMoved: ({ simulated }) => {
    const { totes } = simulated.plant.truth();
    return totes.map(({ location }) => location).join();
  },
  anyTime: () => 0,
} as const satisfies Readonly<Record<string, (site: KillSite) => number | string>>;
export type Moment = keyof typeof moments;

const sum = ({ simulated }: KillSite, what: 'starts' | 'picks' | 'deposits') =>
  simulated.plant.executionLog().reduce((n, execution: Execution) => n + execution[what], 0);

export interface Kill {
  readonly moment: Moment;
  /** Between the moment and the kill. */
  readonly delayMs: number;
  /** It dies in the midst of a system call that it makes after that; undefined: wherever it is. */
  readonly inCall: CallsUntil | undefined;
  /** After the start, before the moment counts. */
  readonly aliveMs: number;
  /** The host is back before the moment counts; else it may miss a whole life. */
  readonly isHostAwaited: boolean;
  readonly downMs: number;
  /** A broker outside goes down with it, and forgets everything. */
  readonly isBrokerKilled: boolean;
  /** Killed again in the midst of a call of the next life, while it starts; undefined: it may live. */
  readonly again: CallsUntil | undefined;
}

/** The last one is that in which it dies. */
interface CallsUntil {
  readonly call: HarmedCall;
  readonly number: number;
}

/** A moment that does not come is not waited for longer. */
const momentLimitMs = 3_000;
/** Nor is a call: then it dies wherever it is. */
const callLimitMs = 1_000;
/** A start has made all of its calls by then, or never will. */
const startLimitMs = 30_000;
/** Calls of a start, by kind: so many at the least. What is drawn beyond falls into the first work. */
const callsOfStart = { writing: 55, syncing: 4, naming: 6, sending: 200 } as const;

/** Kills for a run: each moment as often as any other, and every fourth one twice in a row. */
export function drawKills(random: Random, count: number): Kill[] {
  const kinds = Object.keys(moments) as Moment[];
  const upTo = (ms: number) => random.u32() % ms;
  const start = random.u32();
  const callWithin = (range: (call: HarmedCall) => number): CallsUntil => {
    const call = harmedCalls[upTo(harmedCalls.length)] ?? 'writing';
    return { call, number: 1 + upTo(range(call)) };
  };
  return Array.from({ length: count }, (_, i): Kill => {
    const moment = kinds[(start + i) % kinds.length] ?? 'anyTime';
    return {
      moment,
      delayMs: moment === 'anyTime' ? upTo(1_000) : upTo(4) === 0 ? upTo(60) : upTo(6),
      // Two of three: the next few calls are those that follow from what has just happened.
      inCall: i % 3 === 0 ? undefined : callWithin(() => 12),
      aliveMs: 100 + upTo(900),
      isHostAwaited: i % 3 !== 0,
      downMs: upTo(4) === 0 ? upTo(1_000) : 0,
      isBrokerKilled: i % 3 === 2,
      again: i % 4 === 1 ? callWithin((call) => callsOfStart[call]) : undefined,
    };
  });
}

/** What happened, a line each; told when a run fails. */
export type Timeline = string[];

/** Kills a running controller and starts it again; it runs in the end. @returns how often it was killed */
export async function killAndRestart(
  site: KillSite,
  kill: Kill,
  { timeline, observer }: { readonly timeline: Timeline; readonly observer: Observer },
): Promise<number> {
  const { controller } = site;
  if (kill.isHostAwaited) await sees(() => site.host.connected());
  await pause(clock, kill.aliveMs);
  const came = await awaitMoment(site, kill.moment);
  await pause(clock, kill.delayMs);
  const how = await die(site, kill.inCall);
  const note = (text: string) => timeline.push(`${Math.round(clock.monotonicMs())} ms  ${text}`);
  note(`killed ${kill.delayMs} ms after ${came}, ${how} (${doing(site)})`);
  const losses = lossesAfterKill(site, observer);
  if (kill.isBrokerKilled && site.broker !== undefined) {
    await site.broker.restart();
    note('the broker was killed too');
  }
  await pause(clock, kill.downMs);
  let kills = 1;
  if (kill.again === undefined) controller.spawn();
  else {
    note(`killed again while it starts, ${await dieInStart(site, kill.again)} (${doing(site)})`);
    losses.push(...lossesAfterKill(site, observer));
    controller.spawn();
    kills = 2;
  }
  if (losses.length > 0) throw new Error(`Lost by the kill: ${losses.join('; ')}`);
  await controller.runs();
  return kills;
}

/** @returns where it was, in words */
async function die({ controller, harm }: KillSite, inCall: CallsUntil | undefined) {
  if (inCall === undefined) {
    await controller.kill();
    return 'wherever it was';
  }
  if (controller.hasGivenUp()) throw new Error('The controller has ended by itself');
  const { call, number } = inCall;
  harm.killIn(call, harm.count(call) + number);
  const isThere = await controller.dies(callLimitMs);
  harm.spare();
  return isThere ? `in its call ${number} from then on, ${call}` : `waiting for ${number} ${call}`;
}

/** One that has begun its work before is killed there. */
async function dieInStart({ controller, harm }: KillSite, { call, number }: CallsUntil) {
  harm.killIn(call, number);
  controller.spawn();
  const isThere = await controller.dies(startLimitMs);
  harm.spare();
  return isThere ? `in its call ${number}, ${call}` : `after ${harm.count(call)} ${call}`;
}

async function awaitMoment(site: KillSite, moment: Moment): Promise<string> {
  if (moment === 'anyTime') return moment;
  const before = moments[moment](site);
  const came = await sees(() => moments[moment](site) !== before);
  return came ? moment : `waiting for ${moment}`;
}

/** @returns whether it came in time */
async function sees(isSo: () => boolean): Promise<boolean> {
  const startedMs = clock.monotonicMs();
  while (!isSo()) {
    if (clock.monotonicMs() - startedMs > momentLimitMs) return false;
    await pause(clock, 1);
  }
  return true;
}

function doing({ simulated, host }: KillSite): string {
  const last = simulated.plant.executionLog().at(-1);
  const mission = last && `mission ${last.missionId}: ${last.picks} picked, ${last.deposits} put`;
  return `${mission ?? 'no mission yet'}; host has ${host.received().length} events`;
}

/** What a dead controller must have left behind, whatever it was doing. */
export function lossesAfterKill(killed: KillSite, observer: Observer): string[] {
  const { ledgerFile, site, simulated, host, promised } = killed;
  observer.look(killed);
  const books = readLedger(ledgerFile, site);
  const losses: string[] = [];
  for (const command of observer.commandsSent(killed)) {
    if (!books.missions.has(command)) losses.push(`${command} was sent and is not in the ledger`);
  }
  for (const { crane, missionId } of simulated.plant.executionLog()) {
    if (books.missions.has(`${crane}/${missionId}`)) continue;
    losses.push(`${crane} was sent mission ${missionId}, which is not in the ledger`);
  }
  for (const order of promised.orders) {
    if (!books.orders.has(order)) losses.push(`${order} was accepted and is not in the ledger`);
  }
  for (const code of promised.codes) {
    if (!books.codes.has(code)) losses.push(`${code} was announced and is not in the ledger`);
  }
  losses.push(...untrueTo(books, host.received()));
  return losses;
}

/** The host has only been told what is true for ever. */
function untrueTo(
  { events }: LedgerBooks,
  received: readonly { readonly sequence: number; readonly data: object }[],
): string[] {
  return received.flatMap(({ sequence, data }, i) =>
    events[i]?.sequence === sequence && JSON.stringify(events[i]?.data) === JSON.stringify(data)
      ? []
      : [`event ${sequence} that the host has is not in the ledger`],
  );
}
