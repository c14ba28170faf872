import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { Refusal } from './problems.ts';
import type { ApiOptions } from './server.ts';

/** For who restarts, balances and watches. Outside the versioned base. */
export const healthRoutes =
  ({ reader, metrics }: ApiOptions): FastifyPluginAsyncTypebox =>
  async (server) => {
    // Answers at all: a restart would not make it better, whatever its parts say.
    server.get('/health/live', async () => ({ live: true }));

    server.get('/health/ready', async (_request, reply) => {
      const parts = reader.readiness();
      const reasons = Object.entries(parts)
        .filter(([, { ok }]) => !ok)
        .map(([part, { detail }]) => `${part}: ${detail}`);
      const ready = reasons.length === 0;
      return reply.code(ready ? 200 : 503).send({ ready, reasons, parts });
    });

    server.get(
      '/health/parts/:part',
      { schema: { params: Type.Object({ part: Type.String() }) } },
      async ({ params }, reply) => {
        const parts = reader.readiness();
        const part = Object.hasOwn(parts, params.part) ? parts[params.part] : undefined;
        if (part === undefined) {
          const known = Object.keys(parts).join(', ');
          throw new Refusal('NOT_FOUND', `There is no such part; there are: ${known}`);
        }
        return reply.code(part.ok ? 200 : 503).send(part);
      },
    );

    server.get('/metrics', async (_request, reply) => {
      if (metrics === undefined) throw new Refusal('NOT_FOUND', 'Metrics are not collected here');
      return reply.type(metrics.contentType).send(await metrics.text());
    });
  };
