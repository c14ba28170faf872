import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { contractError } from '../contract/errors.ts';
import { type LocationId, parseDeviceId } from '../domain/ids.ts';
import type { Intake, OperatorOutcome } from '../ports/intake.ts';
import { idempotencyKey } from './command-routes.ts';
import { Refusal } from './problems.ts';

const closed = { additionalProperties: false } as const;
const LoadUnit = Type.String({ pattern: '^[A-Za-z0-9._:/-]{1,20}$' });
const Place = Type.String({ minLength: 1, maxLength: 24 });

const Scan = Type.Object(
  { station: Place, code: Type.String({ minLength: 1, maxLength: 256 }) },
  closed,
);
const Resolve = Type.Object(
  {
    resolution: Type.String({ minLength: 1, maxLength: 40 }),
    place: Type.Optional(Place),
    loadUnit: Type.Optional(LoadUnit),
  },
  closed,
);
const Finish = Type.Object({ loadUnit: LoadUnit, how: Type.Enum(['ship', 'return']) }, closed);

const Mode = Type.Object({ mode: Type.Enum(['off', 'observe', 'manual', 'auto']) }, closed);

/** What a person on site does. Unlike a command it is never queued: it is done now, or refused. */
export const operatorRoutes =
  ({ intake }: { readonly intake: Intake }): FastifyPluginAsyncTypebox =>
  async (server) => {
    server.post('/scans', { schema: { body: Scan } }, async (request, reply) => {
      const { station, code } = request.body;
      const act = { act: 'scan', station: placeNamed(station), code } as const;
      return answerAct(reply, await intake.operator({ ...who(request), ...act }));
    });

    server.post(
      '/discrepancies/:discrepancy/resolve',
      {
        schema: {
          params: Type.Object({ discrepancy: Type.Integer({ minimum: 1 }) }),
          body: Resolve,
        },
      },
      async (request, reply) => {
        const { resolution, place, loadUnit } = request.body;
        const outcome = await intake.operator({
          ...who(request),
          act: 'resolve',
          discrepancy: request.params.discrepancy,
          resolution,
          place: place === undefined ? undefined : placeNamed(place),
          loadUnit,
        });
        return answerAct(reply, outcome);
      },
    );

    server.post(
      '/stations/:station/finish',
      { schema: { params: Type.Object({ station: Place }), body: Finish } },
      async (request, reply) => {
        const station = placeNamed(request.params.station);
        const act = { act: 'finish', station, ...request.body } as const;
        return answerAct(reply, await intake.operator({ ...who(request), ...act }));
      },
    );

    server.post(
      '/cells/:location/check',
      { schema: { params: Type.Object({ location: Place }) } },
      async (request, reply) => {
        const location = placeNamed(request.params.location);
        const act = { act: 'check', location } as const;
        return answerAct(reply, await intake.operator({ ...who(request), ...act }));
      },
    );

    server.post(
      '/devices/:device/release',
      { schema: { params: Type.Object({ device: Type.String() }) } },
      async (request, reply) => {
        const device = parseDeviceId(request.params.device);
        return answerAct(reply, await intake.operator({ ...who(request), act: 'release', device }));
      },
    );

    server.post(
      '/devices/:device/inspect',
      { schema: { params: Type.Object({ device: Type.String() }) } },
      async (request, reply) => {
        const act = { act: 'inspect', device: parseDeviceId(request.params.device) } as const;
        return answerAct(reply, await intake.operator({ ...who(request), ...act }));
      },
    );

    server.post(
      '/devices/:device/mode',
      { schema: { params: Type.Object({ device: Type.String() }), body: Mode } },
      async (request, reply) => {
        const device = parseDeviceId(request.params.device);
        const act = { act: 'mode', device, mode: request.body.mode } as const;
        return answerAct(reply, await intake.operator({ ...who(request), ...act }));
      },
    );
  };

/** By our code or the host's: the flow finds out which, and refuses what is neither. */
export const placeNamed = (text: string): LocationId => text as LocationId;

/** `Craneway-Operator` is a pseudonym that the page or the terminal was given, never a proof. */
export function who(request: FastifyRequest): { operator: string; key: string } {
  const operator = request.headers['craneway-operator'] ?? 'local';
  if (typeof operator !== 'string' || !/^[A-Za-z0-9._:/-]{1,40}$/.test(operator)) {
    throw new Refusal('INVALID', 'Craneway-Operator must be 1 to 40 letters, digits or ._:/-');
  }
  return { operator, key: idempotencyKey(request) };
}

export function answerAct(reply: FastifyReply, outcome: OperatorOutcome) {
  if (outcome.ok) return reply.send({ text: outcome.text });
  const problem = contractError(outcome.code, outcome.reason);
  return reply.code(problem.status).type('application/problem+json').send(problem);
}
