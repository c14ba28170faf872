import type { Buffer } from 'node:buffer';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { TSchema } from 'typebox';
import Type from 'typebox';
import { eventBytes, seqText } from '../contract/envelope.ts';
import { LoadUnitData, mapHostCodes, OrderData, StockLine } from '../contract/messages.ts';
import type { CommandData } from '../contract/names.ts';
import { validateCommand } from '../contract/validate.ts';
import type { HostCodes } from '../domain/host-codes.ts';
import type { Page } from '../ports/reader.ts';
import { Refusal } from './problems.ts';
import type { ApiOptions } from './server.ts';

const closed = { additionalProperties: false } as const;
const text = Type.Optional(Type.String({ maxLength: 200 }));
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 500 }));

// What the values may be is said once, in the contract; here only which are lists and numbers.
const OrderQuery = Type.Object(
  { status: Type.Optional(Type.Array(Type.String())), changedSince: text, after: text, limit },
  closed,
);
const StockQuery = Type.Object(
  { by: text, sku: text, lot: text, loadUnit: text, location: text, after: text, limit },
  closed,
);
const SignalQuery = Type.Object(
  { sku: text, after: text, limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }) },
  closed,
);
const SlottingQuery = Type.Object(
  { limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }) },
  closed,
);
const EventQuery = Type.Object(
  {
    after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
  },
  closed,
);
const DiscrepancyQuery = Type.Object(
  { state: Type.Enum(['open', 'all'], { default: 'open' }) },
  closed,
);
const params = <Name extends string>(name: Name) => ({
  schema: {
    params: Type.Object({ [name]: Type.String({ maxLength: 60 }) } as Record<Name, typeof string>),
  },
});
const string = Type.String({ maxLength: 60 });

/** Questions. Nothing here changes anything. */
export const readRoutes =
  (options: ApiOptions): FastifyPluginAsyncTypebox =>
  async (server) => {
    const { reader, deadLetters = () => [] } = options;
    const told = toldTo(options.hostCodes);
    const toldPage = <T extends object>(schema: TSchema, { items, ...page }: Page<T>) => ({
      items: items.map((item) => told(schema, item)),
      ...page,
    });
    const query = <Q extends TSchema>(querystring: Q) => ({ schema: { querystring } });

    server.get('/orders', query(OrderQuery), async (request) =>
      toldPage(OrderData, reader.orders(checked('order.query', request.query))),
    );
    server.get('/orders/:order', params('order'), async (request, reply) => {
      const { order: id } = request.params;
      const order = reader.order(id);
      if (order === undefined) throw new Refusal('NOT_FOUND', `There is no order ${id}`);
      reply.header('etag', `"${order.revision}"`);
      return told(OrderData, order);
    });
    server.get('/stock', query(StockQuery), async (request) =>
      toldPage(StockLine, reader.stock(checked('stock.query', request.query))),
    );
    server.get('/slotting', query(SlottingQuery), async (request) =>
      reader.slotting(request.query.limit),
    );
    server.get('/signals', query(SignalQuery), async (request) => reader.signals(request.query));
    server.get('/load-units/:loadUnit', params('loadUnit'), async (request) => {
      const { loadUnit: id } = request.params;
      const loadUnit = reader.loadUnit(id);
      if (loadUnit === undefined) throw new Refusal('NOT_FOUND', `There is no load unit ${id}`);
      return told(LoadUnitData, loadUnit);
    });
    server.get('/status', async () => reader.status());
    server.get('/events', query(EventQuery), async (request) => events(options, request.query));
    server.get('/discrepancies', query(DiscrepancyQuery), async (request) => ({
      items: reader.discrepancies(request.query.state),
    }));
    server.get('/why/:subject', params('subject'), async (request) => {
      const { subject } = request.params;
      return { subject, items: reader.why(subject) };
    });
    server.get('/dead-letters', async () => ({ items: deadLetters() }));
  };

/**
 * As hosts are told it, over MQTT and here; under `places` our codes of what they call otherwise, for people.
 */
const toldTo =
  (codes: HostCodes | undefined) =>
  <T extends object>(schema: TSchema, data: T): T & { readonly places?: object } => {
    if (codes === undefined || codes.isPlain) return data;
    const places: Record<string, string> = {};
    const told = mapHostCodes(schema, data, (own, path) => {
      const code = codes.of(own);
      if (code !== own) places[path.slice(1)] = own;
      return code;
    });
    return Object.keys(places).length === 0 ? told : { ...told, places };
  };

/** The query as the contract has it, with its defaults. */
function checked<Name extends 'order.query' | 'stock.query'>(
  name: Name,
  query: unknown,
): CommandData<Name> {
  const result = validateCommand(name, query);
  if (result.ok) return result.data;
  const { errors } = result.error;
  throw new Refusal('INVALID', result.error.detail, { errors });
}

/** Events as hosts get them over MQTT, after a sequence number. */
function events(
  { outbox, site, controller }: ApiOptions,
  { after, limit: max }: { readonly after: number; readonly limit: number },
) {
  if (outbox === undefined) return { items: [] };
  const first = outbox.firstSequence();
  if (after + 1 < first && outbox.lastSequence() > 0) {
    const detail = `Events before ${seqText(first)} are no longer kept: begin with after=${first - 1}`;
    throw new Refusal('NOT_FOUND', detail);
  }
  const rows = outbox.read(after + 1, max);
  const last = rows.at(-1)?.sequence ?? after;
  const items = rows.map((row) => toJson(eventBytes(site, controller, row)));
  return { items, ...(last < outbox.lastSequence() && { next: String(last) }) };
}

const toJson = (bytes: Buffer): unknown => JSON.parse(bytes.toString('utf8'));
