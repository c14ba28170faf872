import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { Device } from '../ports/device.ts';
import { Refusal } from './problems.ts';
import type { ApiOptions } from './server.ts';

const closed = { additionalProperties: false } as const;
const params = Type.Object({ device: Type.String({ maxLength: 60 }) });
const TrafficQuery = Type.Object(
  {
    after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
  },
  closed,
);
const Probe = Type.Object({ trigger: Type.Optional(Type.Boolean()) }, closed);

/** One device and its wire, as a technician looks at it. Nothing here changes anything in the warehouse. */
export const deviceRoutes =
  ({ reader, devices }: ApiOptions): FastifyPluginAsyncTypebox =>
  async (server) => {
    const driverOf = (device: string): Pick<Device, 'traffic' | 'probe'> => {
      const driver = devices?.get(device);
      if (driver === undefined) throw unknown(device);
      return driver;
    };

    server.get('/devices', async () => ({ items: reader.devices() }));
    server.get('/devices/:device', { schema: { params } }, async ({ params: { device } }) => {
      const found = reader.devices().find((one) => one.device === device);
      if (found === undefined) throw unknown(device);
      return found;
    });
    server.get(
      '/devices/:device/traffic',
      { schema: { params, querystring: TrafficQuery } },
      async ({ params: { device }, query: { after, limit } }) =>
        driverOf(device).traffic(after, limit),
    );
    server.post(
      '/devices/:device/probe',
      { schema: { params, body: Probe } },
      async ({ params: { device }, body: { trigger = false } }) => {
        const checks = await driverOf(device).probe({ trigger });
        return { device, ok: checks.every(({ verdict }) => verdict === 'ok'), checks };
      },
    );
  };

const unknown = (device: string) => new Refusal('NOT_FOUND', `There is no device ${device}`);
