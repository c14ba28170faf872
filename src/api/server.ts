import { isIP } from 'node:net';
import type {
  FastifyPluginAsyncTypebox,
  TypeBoxTypeProvider,
} from '@fastify/type-provider-typebox';
import { Ajv } from 'ajv';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { contractError } from '../contract/errors.ts';
import type { ContractError } from '../contract/messages.ts';
import type { HostCodes } from '../domain/host-codes.ts';
import type { Device } from '../ports/device.ts';
import type { Intake } from '../ports/intake.ts';
import type { Log } from '../ports/log.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Reader } from '../ports/reader.ts';
import { commandRoutes } from './command-routes.ts';
import { deviceRoutes } from './device-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { lockRoutes } from './lock-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { Refusal, toProblem } from './problems.ts';
import { readRoutes } from './read-routes.ts';
import { stationRoutes } from './station-routes.ts';

export interface ApiOptions {
  readonly intake: Intake;
  readonly reader: Reader;
  readonly log: Log;
  /** Levels of the topic tree, for the events' `source`. */
  readonly site: string;
  readonly controller: string;
  /** Absent: hosts have the same codes for all places. */
  readonly hostCodes?: HostCodes;
  /** By its code. Absent: no traffic can be seen, and nothing probed. */
  readonly devices?: ReadonlyMap<string, Pick<Device, 'traffic' | 'probe'>>;
  /** Absent: `GET /events` knows none. */
  readonly outbox?: Pick<Outbox, 'firstSequence' | 'lastSequence' | 'read'>;
  /** Messages that could not be read, newest first. */
  readonly deadLetters?: () => readonly object[];
  /** `/metrics`, such as `Metrics` makes it. */
  readonly metrics?: { readonly contentType: string; text(): Promise<string> };
  /** Names under which people reach the server, besides `localhost` and addresses. */
  readonly hostNames?: readonly string[];
}

export type ApiServer = FastifyInstance;

/** The server, not yet listening: tests use `inject`, `main` listens. */
export async function buildServer(options: ApiOptions): Promise<ApiServer> {
  const server = Fastify({
    bodyLimit: 256 * 1024,
    requestTimeout: 10_000,
    handlerTimeout: 30_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  server.server.maxConnections = 200;
  // What is not JSON is refused; it also keeps out the forms that a foreign web page may send unasked.
  server.removeContentTypeParser('text/plain');
  validateWithoutRepairs(server);

  server.setErrorHandler<FastifyError | Error>(async (error, request, reply) => {
    const problem = toProblem(error);
    if (problem.code === 'INTERNAL') {
      const { method, url } = request;
      options.log.error({ method, url, err: error }, 'A request failed by our fault');
    }
    return reply.code(problem.status).type(problemType).send(problem);
  });
  server.setNotFoundHandler(async ({ method }, reply) => {
    const problem: ContractError = contractError(
      'NOT_FOUND',
      `There is no such route for ${method}`,
    );
    return reply.code(problem.status).type(problemType).send(problem);
  });
  await server.register(versioned(options), { prefix: '/api/v1' });
  await server.register(healthRoutes(options));
  return server;
}

const versioned =
  (options: ApiOptions): FastifyPluginAsyncTypebox =>
  async (api) => {
    const names = new Set(['localhost', ...(options.hostNames ?? [])]);
    api.addHook('onRequest', async (request) => refuseForeign(request, names));
    await api.register(commandRoutes(options));
    await api.register(lockRoutes(options));
    await api.register(operatorRoutes(options));
    await api.register(stationRoutes(options));
    await api.register(deviceRoutes(options));
    await api.register(readRoutes(options));
  };

const problemType = 'application/problem+json';

/**
 * By default Fastify turns null into '' and drops unknown keys. Nothing is repaired here; only query
 * strings, which are always text, are read as what they should be.
 */
function validateWithoutRepairs(server: FastifyInstance): void {
  const strict = new Ajv({ allErrors: true });
  const reading = new Ajv({ allErrors: true, coerceTypes: 'array', useDefaults: true });
  server.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'querystring' || httpPart === 'params' ? reading : strict).compile(schema),
  );
}

/**
 * A name that resolves to this machine but is not ours: a web page uses it to speak as if it were from
 * here (DNS rebinding), and would move steel with the rights of whoever looks at it.
 */
async function refuseForeign({ hostname }: FastifyRequest, names: ReadonlySet<string>) {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 0 && !names.has(bare)) {
    throw new Refusal('FORBIDDEN', 'This server does not go by that name: add it to hostNames');
  }
}
