import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ValueError } from '../../src/domain/errors.ts';
import type { Log } from '../../src/ports/log.ts';
import type { FaultBoard, Switch } from '../fault-board.ts';
import type { Truth } from '../world/world.ts';

export interface ControlOptions {
  readonly board: FaultBoard;
  /** Where every load really is. */
  readonly truth: () => Truth;
  readonly log: Log;
}

const host = '127.0.0.1';
const bodyBytesMax = 10_000;

/** A refusal, in the form that the verbs of the command line tell. */
class Refusal extends Error {
  readonly status: number;
  readonly code: 'NOT_FOUND' | 'INVALID' | 'MALFORMED' | 'FORBIDDEN' | 'UNSUPPORTED';

  constructor(status: number, code: Refusal['code'], detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** Lets people switch faults of simulated devices, and look at the floor. On loopback only. */
export class ControlServer {
  readonly #options: ControlOptions;
  readonly #server: Server;

  constructor(options: ControlOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @param port  0 for any free one  @returns where it listens  @throws when the port is taken */
  listen(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        const { port: bound } = this.#server.address() as AddressInfo;
        resolve(`http://${host}:${bound}`);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const text = await bodyOf(request);
      send(response, 200, this.#answer(request, text));
    } catch (error) {
      if (error instanceof Refusal) {
        send(response, error.status, { code: error.code, detail: error.message });
        return;
      }
      this.#options.log.error({ err: error }, 'The control server failed');
      send(response, 500, { code: 'INTERNAL', detail: 'see the log of the simulators' });
    }
  }

  #answer(request: IncomingMessage, body: string): unknown {
    refuseForeign(request);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [what, device, fault, ...more] = pathname.slice(1).split('/').map(decoded);
    const { method = '' } = request;
    if (more.length === 0 && what === 'world' && device === undefined && method === 'GET') {
      return this.#options.truth();
    }
    if (more.length === 0 && what === 'faults')
      return this.#faults(method, { device, fault, body });
    throw new Refusal(
      404,
      'NOT_FOUND',
      'There are GET /faults, PUT and DELETE below it, GET /world',
    );
  }

  #faults(
    method: string,
    {
      device,
      fault,
      body,
    }: { device?: string | undefined; fault?: string | undefined; body: string },
  ): unknown {
    const { board } = this.#options;
    if (method === 'GET' && fault === undefined) {
      return found(() => ({ devices: board.list(device) }));
    }
    if (method === 'DELETE') return found(() => ({ cleared: board.clear(device, fault) }));
    if (method === 'PUT' && device !== undefined && fault !== undefined) {
      const wanted = switchOf(body);
      const problem = board.problemOf(device, fault, wanted);
      if (problem !== undefined) {
        const isMissing = problem.key === 'device' || problem.key === 'fault';
        const [status, code] = isMissing
          ? ([404, 'NOT_FOUND'] as const)
          : ([422, 'INVALID'] as const);
        throw new Refusal(status, code, problem.message);
      }
      return board.set(device, fault, wanted);
    }
    throw new Refusal(405, 'UNSUPPORTED', `${method} does nothing here`);
  }
}

function found<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof ValueError) throw new Refusal(404, 'NOT_FOUND', error.message);
    throw error;
  }
}

/** A page of another site must not reach this, under whatever name it calls this computer. */
function refuseForeign({ headers }: IncomingMessage): void {
  const name = headers.host?.replace(/:\d+$/, '');
  const isLocal = name === host || name === 'localhost';
  if (isLocal && headers.origin === undefined) return;
  throw new Refusal(403, 'FORBIDDEN', 'Simulators are switched from this computer only');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, 'MALFORMED', 'The path is not encoded as a URL is');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > bodyBytesMax) {
      throw new Refusal(413, 'INVALID', `The body is longer than ${bodyBytesMax} bytes`);
    }
  }
  return text;
}

/** `{ "on": true, "forMs": 10000, "point": 2 }`: besides `on` and `forMs`, the fault's parameters. */
function switchOf(body: string): Switch {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    throw new Refusal(400, 'MALFORMED', 'The body is not JSON');
  }
  const { on, forMs, ...values } = (given ?? {}) as Record<string, unknown>;
  if (typeof on !== 'boolean') throw new Refusal(422, 'INVALID', '"on" must be true or false');
  for (const [name, value] of Object.entries({
    ...values,
    ...(forMs !== undefined && { forMs }),
  })) {
    if (typeof value !== 'number') throw new Refusal(422, 'INVALID', `"${name}" must be a number`);
  }
  return { on, forMs: forMs as number | undefined, values: values as Record<string, number> };
}

function send(response: ServerResponse, status: number, data: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(data));
}
