import { createServer } from 'node:net';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { pause } from '../../src/ports/clock.ts';
import { readConveyorInterface, readCraneInterface } from '../lib/interfaces.ts';
import { BenchConveyor, type Tally } from './bench-conveyor.ts';
import { BenchCrane } from './bench-crane.ts';
import { sharedMs } from './bench-plc.ts';

/** What the process with the PLCs can be asked; it answers one message with one message. */
export interface Asks {
  /** Listens as conveyor PLCs with so many points each. */
  conveyors: {
    ask: {
      readonly points: readonly number[];
      readonly answerDelayMs: number;
      readonly confirmAfterMs: number;
    };
    answer: readonly number[];
  };
  cranes: { ask: { readonly count: number; readonly legMs: number }; answer: readonly number[] };
  /** Lets loads come, evenly, over all points in turn; `code` is the number of the first one. */
  scan: {
    ask: { readonly perS: number; readonly forMs: number; readonly code: number };
    answer: Tally & { readonly scans: number };
  };
  /** Lets the cranes work. @returns what their next commands took */
  work: { ask: { readonly forMs: number }; answer: readonly number[] };
  /** Listens as a server that sends back what it gets. */
  echo: { ask: Record<never, never>; answer: number };
}
export type AskName = keyof Asks;

/** Load units of the bench have these names; the PLC reads them as their codes. */
export const loadUnitName = (number: number): string => `T-${String(number).padStart(7, '0')}`;

const tickMs = 1;
const quietLimitMs = 3_000;

/** The PLCs of a bench run, in a process of their own, so that they take nothing from the controller's. */
export function runPlcProcess(): void {
  const conveyors: BenchConveyor[] = [];
  const cranes: BenchCrane[] = [];
  const tick = () => {
    const nowMs = sharedMs();
    for (const plc of [...conveyors, ...cranes]) plc.tick(nowMs);
    clock.after(tickMs, tick);
  };
  tick();
  const answers: { readonly [N in AskName]: (ask: Asks[N]['ask']) => Promise<Asks[N]['answer']> } =
    {
      async conveyors({ points, answerDelayMs, confirmAfterMs }) {
        const file = readConveyorInterface();
        conveyors.push(...points.map((n, i) => new BenchConveyor(file, i + 1, n, confirmAfterMs)));
        return await Promise.all(conveyors.map((plc) => plc.listen(answerDelayMs)));
      },
      async cranes({ count, legMs }) {
        const file = readCraneInterface();
        for (let i = 1; i <= count; i++) cranes.push(new BenchCrane(file, i, legMs));
        return await Promise.all(cranes.map((plc) => plc.listen()));
      },
      scan: (ask) => scan(conveyors, ask),
      async work({ forMs }) {
        for (const crane of cranes) crane.nextMs = [];
        await pause(clock, forMs);
        return cranes.flatMap(({ nextMs }) => nextMs);
      },
      echo: async () => await listenForEcho(),
    };
  process.on('message', async ({ name, ask }: { name: AskName; ask: never }) => {
    process.send?.(await answers[name](ask));
  });
  process.on('disconnect', () => process.exit());
}

async function scan(
  conveyors: readonly BenchConveyor[],
  { perS, forMs, code }: Asks['scan']['ask'],
): Promise<Asks['scan']['answer']> {
  for (const plc of conveyors) plc.tally = { answeredMs: [], missed: 0, confirmed: 0 };
  const turns = conveyors.flatMap((plc) =>
    Array.from({ length: plc.pointCount }, (_, index) => ({ plc, index })),
  );
  const startMs = sharedMs();
  let scans = 0;
  for (let nowMs = startMs; nowMs < startMs + forMs; nowMs = sharedMs()) {
    const due = Math.floor(((nowMs - startMs) / 1000) * perS);
    for (; scans < due; scans++) {
      const turn = turns[scans % turns.length];
      turn?.plc.scan(turn.index, loadUnitName(code + scans));
    }
    await pause(clock, tickMs);
  }
  const lastMs = sharedMs() + quietLimitMs;
  while (sharedMs() < lastMs && !conveyors.every(({ isQuiet }) => isQuiet)) await pause(clock, 10);
  const tallies = conveyors.map(({ tally }) => tally);
  const sum = (of: 'missed' | 'confirmed') => tallies.reduce((all, tally) => all + tally[of], 0);
  return {
    answeredMs: tallies.flatMap(({ answeredMs }) => answeredMs),
    ...{ missed: sum('missed'), confirmed: sum('confirmed'), scans },
  };
}

function listenForEcho(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
    });
  });
}
