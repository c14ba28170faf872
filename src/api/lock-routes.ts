import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { Intake } from '../ports/intake.ts';
import type { Reader } from '../ports/reader.ts';
import { answerAct, who } from './operator-routes.ts';

const closed = { additionalProperties: false } as const;
const Part = Type.String({ minLength: 1, maxLength: 64 });
const Reason = Type.String({ minLength: 1, maxLength: 120 });
const Lock = Type.Object(
  { part: Part, lock: Type.Enum(['in', 'out', 'both']), reason: Reason },
  closed,
);
const Unlock = {
  params: Type.Object({ part: Part }),
  querystring: Type.Object({ reason: Reason }, closed),
};

/** What is locked, and how people lock and unlock it. */
export const lockRoutes =
  ({
    intake,
    reader,
  }: {
    readonly intake: Intake;
    readonly reader: Reader;
  }): FastifyPluginAsyncTypebox =>
  async (server) => {
    server.get('/locks', async () => ({ items: reader.locks() }));

    server.post('/locks', { schema: { body: Lock } }, async (request, reply) => {
      const act = { act: 'lock', ...request.body } as const;
      return answerAct(reply, await intake.operator({ ...who(request), ...act }));
    });

    server.delete('/locks/:part', { schema: Unlock }, async (request, reply) => {
      const { part } = request.params;
      const act = { act: 'lock', part, lock: 'none', ...request.query } as const;
      return answerAct(reply, await intake.operator({ ...who(request), ...act }));
    });
  };
