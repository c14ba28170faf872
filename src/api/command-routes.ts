import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { ReplyData } from '../contract/messages.ts';
import type { HostId } from '../domain/ids.ts';
import type { CommandName, Intake } from '../ports/intake.ts';
import { Refusal } from './problems.ts';

/** Everything without credentials of its own is done by people on site. */
const local = 'local' as HostId;

/** The same commands as over MQTT. Bodies are checked by the flow, so that a refusal is remembered too. */
export const commandRoutes =
  ({ intake }: { readonly intake: Intake }): FastifyPluginAsyncTypebox =>
  async (server) => {
    const run = (name: CommandName, request: FastifyRequest, data: unknown) =>
      intake.command({
        host: local,
        id: idempotencyKey(request),
        name,
        data,
        expiresAtMs: undefined,
        retained: false,
      });

    server.post('/announcements', async (request, reply) =>
      answer(reply, await run('loadUnit.announce', request, request.body)),
    );
    server.put('/skus', async (request, reply) =>
      answer(reply, await run('sku.put', request, request.body)),
    );
    server.post('/orders', async (request, reply) =>
      answer(reply, await run('order.create', request, request.body), 202),
    );
    server.post('/stock/adjustments', async (request, reply) =>
      answer(reply, await run('stock.adjust', request, request.body)),
    );
    server.post('/stock/blocks', async (request, reply) =>
      answer(reply, await run('stock.block', request, request.body)),
    );
    server.post('/labels', async (request, reply) =>
      answer(reply, await run('label.print', request, request.body), 202),
    );
    const params = Type.Object({ order: Type.String() });
    server.patch('/orders/:order', { schema: { params } }, async (request, reply) => {
      const data = withOrder(request.body, request.params.order);
      return answer(reply, await run('order.update', request, data));
    });
    const ofWave = Type.Object({ wave: Type.String() });
    server.patch('/waves/:wave', { schema: { params: ofWave } }, async (request, reply) => {
      const data = { ...asObject(request.body), wave: request.params.wave };
      return answer(reply, await run('order.update', request, data));
    });
    server.post('/waves/:wave/cancel', { schema: { params: ofWave } }, async (request, reply) => {
      const data = { ...asObject(request.body), wave: request.params.wave };
      return answer(reply, await run('order.cancel', request, data), 202);
    });
    server.post('/orders/:order/cancel', { schema: { params } }, async (request, reply) => {
      const data = withOrder(request.body ?? {}, request.params.order);
      return answer(reply, await run('order.cancel', request, data), 202);
    });
  };

/** @throws {Refusal} `PRECONDITION_REQUIRED`: without a key, a repetition would be a second order */
export function idempotencyKey({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (key === undefined) {
    throw new Refusal('PRECONDITION_REQUIRED', 'The header Idempotency-Key is missing');
  }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(key)) {
    throw new Refusal('INVALID', 'Idempotency-Key must be 1 to 64 printable characters');
  }
  return key;
}

/** @param accepted  202 where the work is only begun */
function answer(reply: FastifyReply, data: ReplyData, accepted: 200 | 202 = 200) {
  if (data.duplicate) reply.header('idempotent-replayed', 'true');
  const { error } = data;
  if (error !== undefined) {
    if (error.retryAfterS !== undefined) reply.header('retry-after', String(error.retryAfterS));
    return reply.code(error.status).type('application/problem+json').send(error);
  }
  if (data.order !== undefined) {
    reply.header('location', `/api/v1/orders/${encodeURIComponent(data.order)}`);
  }
  if (data.revision !== undefined) reply.header('etag', `"${data.revision}"`);
  return reply.code(accepted).send(data);
}

const asObject = (body: unknown): object =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};

/** The order of the path belongs to the data; a body that names another one means something else. */
function withOrder(body: unknown, order: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  if ('order' in body && body.order !== order) {
    const errors = [{ path: '/order', message: 'must be the order of the path, or left out' }];
    throw new Refusal('INVALID', 'The body names another order than the path', { errors });
  }
  return { ...body, order };
}
