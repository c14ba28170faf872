import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { Intake } from '../ports/intake.ts';
import type { Reader } from '../ports/reader.ts';
import { answerAct, placeNamed, who } from './operator-routes.ts';
import { Refusal } from './problems.ts';

const closed = { additionalProperties: false } as const;
const params = Type.Object({ station: Type.String({ minLength: 1, maxLength: 24 }) });
const Scan = Type.Object({ code: Type.String({ minLength: 1, maxLength: 256 }) }, closed);
const Answer = Type.Object(
  {
    step: Type.Optional(Type.Integer({ minimum: 1 })),
    choice: Type.String({ minLength: 1, maxLength: 40 }),
    qty: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e12 })),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  closed,
);

/** What people at workstations are to do next, and how they say that they have done it. */
export const stationRoutes =
  ({ intake, reader }: { intake: Intake; reader: Reader }): FastifyPluginAsyncTypebox =>
  async (server) => {
    server.get('/stations', async () => ({ items: reader.stations() }));
    server.get('/stations/:station', { schema: { params } }, async (request) => {
      const { station } = request.params;
      const view = reader.station(station);
      if (view === undefined) throw new Refusal('NOT_FOUND', `There is no workstation ${station}`);
      return view;
    });
    server.post(
      '/stations/:station/scan',
      { schema: { params, body: Scan } },
      async (request, reply) => {
        const station = placeNamed(request.params.station);
        const act = { act: 'scan', station, ...request.body } as const;
        return answerAct(reply, await intake.operator({ ...who(request), ...act }));
      },
    );
    server.post(
      '/stations/:station/answer',
      { schema: { params, body: Answer } },
      async (request, reply) => {
        const station = placeNamed(request.params.station);
        const act = { act: 'answer', station, ...request.body } as const;
        return answerAct(reply, await intake.operator({ ...who(request), ...act }));
      },
    );
  };
