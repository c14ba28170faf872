import { type ApiOptions, type ApiServer, buildServer } from '../../src/api/server.ts';
import type { ReplyData } from '../../src/contract/messages.ts';
import type { HostCommand, OperatorAct, OperatorOutcome } from '../../src/ports/intake.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Reader } from '../../src/ports/reader.ts';

const order = {
  order: 'SO-77',
  host: 'wms',
  kind: 'retrieval',
  revision: 3,
  status: 'active',
} as const;

export const noAdvice: Reader['slotting'] = () => ({
  ...{ items: [], leftOff: 0, isCut: false, unknown: 0 },
  total: { skus: 0, moves: 0, gainSPerDay: 0, costS: 0 },
});

/** A reader of a small site; each answer can be replaced. */
export const fakeReader = (more: Partial<Reader> = {}): Reader => ({
  status: () => ({ state: 'online', boot: 4, since: '2026-11-22T12:00:00.000Z' }),
  orders: () => ({ items: [order], next: 'c2' }),
  order: (id) => (id === order.order || id === 'a/b' ? { ...order, order: id } : undefined),
  stock: () => ({ items: [] }),
  signals: () => ({ items: [] }),
  slotting: noAdvice,
  loadUnit: () => undefined,
  devices: () => [],
  stations: () => [],
  station: () => undefined,
  locks: () => [],
  discrepancies: () => [],
  why: (subject) => [{ at: '2026-11-22T12:00:00.000Z', text: `${subject} waits` }],
  readiness: () => ({ ledger: { ok: true, detail: 'open' } }),
  ...more,
});

/** A server before a flow that decides as it is told and remembers what it was asked. */
export async function fakeSite(
  options: {
    readonly reply?: Partial<ReplyData>;
    readonly outcome?: OperatorOutcome;
    readonly fail?: unknown;
  } & Partial<ApiOptions> = {},
) {
  const commands: HostCommand[] = [];
  const acts: OperatorAct[] = [];
  const logged: object[] = [];
  const { reply, outcome = { ok: true, text: 'Done' }, fail, ...more } = options;
  const server: ApiServer = await buildServer({
    intake: {
      async command(command) {
        if (fail !== undefined) throw fail;
        commands.push(command);
        return { command: command.name, result: 'accepted', duplicate: false, ...reply };
      },
      async acknowledge() {},
      hostChanged() {},
      async operator(act) {
        acts.push(act);
        return outcome;
      },
    },
    reader: fakeReader(),
    log: silent(logged),
    site: 'dc1',
    controller: 'edge-a',
    ...more,
  });
  return { server, commands, acts, logged };
}

const silent = (logged: object[]): Log => ({
  debug() {},
  info() {},
  warn() {},
  error: (fields) => void logged.push(fields),
});
