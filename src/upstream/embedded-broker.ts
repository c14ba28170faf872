import type { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { payloadBytesMax } from '../contract/envelope.ts';
import type { DeviceTopics } from '../domain/device-topics.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { AccessList, type Party } from './acl.ts';

export interface EmbeddedBrokerOptions {
  readonly site: string;
  readonly controller: string;
  /** Loopback only. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly hosts: readonly string[];
  /** The controller's own connection proves itself with it. */
  readonly controllerPassword: string;
  /** Names and client id that only the controller may use. */
  readonly controllerUser: string;
  readonly controllerClientId: string;
  /** Our drivers of devices come as the controller too, by a connection of their own. */
  readonly driversClientId: string;
  /** What devices may say and hear. Each comes under its code as user name. */
  readonly devices: readonly DeviceTopics[];
  /** Whether clients without a user name may act for any host. Only with simulated devices. */
  readonly anonymous: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

export interface EmbeddedBroker {
  readonly port: number;
  /** Cuts every client. */
  stop(): Promise<void>;
}

const connectionsMax = 64;
/** A client that does not read holds all others up until it is cut. */
const drainTimeoutMs = 5000;
/** Messages kept for a client that is away. */
const keptForAwayMax = 1000;
const notAuthorized = 5;
/** At most one line of this kind in a while: a frozen client makes hundreds of errors. */
const logEveryMs = 10_000;

/**
 * The broker inside the process, for sites without one of their own. It keeps everything in memory: the
 * controller publishes its states anew at each start, and events wait in the ledger.
 *
 * @throws {ConfigError} when the port cannot be had
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { host, port } = options;
  if (!isLoopback(host)) {
    throw new ConfigError('broker', [
      `The embedded broker listens on loopback only, not on ${host}`,
    ]);
  }
  const broker = await Aedes.createBroker({
    drainTimeout: drainTimeoutMs,
    maxClientsIdLength: 128,
    connectTimeout: 10_000,
    ...guards(options),
  });
  reportErrors(broker, options);
  boundQueues(broker);
  const server = createServer(broker.handle);
  server.maxConnections = connectionsMax;
  try {
    await listen(server, host, port);
  } catch (error) {
    await new Promise<void>((resolve) => broker.close(resolve));
    throw new ConfigError('broker', [portProblem(error, host, port)]);
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    stop: () =>
      new Promise((resolve) => {
        server.close();
        broker.close(() => resolve());
      }),
  };
}

function guards(options: EmbeddedBrokerOptions) {
  const { site, controller, devices } = options;
  const access = new AccessList(site, controller, devices);
  const parties = new WeakMap<Client, Party>();
  const partyOf = (client: Client) => parties.get(client);
  return {
    authenticate(
      client: Client,
      user: string | undefined,
      password: Buffer | undefined,
      done: (error: AuthenticateError | null, success: boolean | null) => void,
    ) {
      const party = authenticated(options, { clientId: client.id, user, password });
      if (party === undefined) {
        const error = Object.assign(new Error('Not authorized'), { returnCode: notAuthorized });
        done(error as AuthenticateError, false);
        return;
      }
      parties.set(client, party);
      done(null, true);
    },
    authorizePublish(
      client: Client | null,
      { topic, payload }: { topic: string; payload: Buffer | string },
      done: (error?: Error | null) => void,
    ) {
      const party = client === null ? undefined : partyOf(client);
      if (party === undefined || !access.mayPublish(party, topic)) {
        done(new Error(`Not granted: publish to ${topic.slice(0, 200)}`));
      } else if (payload.length > 2 * payloadBytesMax) {
        // Up to there the controller itself answers TOO_LARGE.
        done(new Error(`Too large: ${payload.length} bytes`));
      } else {
        done(null);
      }
    },
    authorizeSubscribe<S extends { topic: string }>(
      client: Client,
      subscription: S,
      done: (error: Error | null, granted?: S | null) => void,
    ) {
      const party = partyOf(client);
      const granted = party !== undefined && access.maySubscribe(party, subscription.topic);
      done(null, granted ? subscription : null);
    },
    authorizeForward<P extends { topic: string }>(client: Client, packet: P): P | null {
      const party = partyOf(client);
      return party !== undefined && access.mayReceive(party, packet.topic) ? packet : null;
    },
  };
}

function authenticated(
  options: EmbeddedBrokerOptions,
  by: { clientId: string; user: string | undefined; password: Buffer | undefined },
): Party | undefined {
  const { controllerUser, driversClientId, controllerPassword, hosts, devices, anonymous } =
    options;
  const { user } = by;
  if (user === controllerUser) {
    if (!same(by.password, controllerPassword)) return undefined;
    return { kind: by.clientId === driversClientId ? 'drivers' : 'controller' };
  }
  // Whoever has the client id has the session: nobody may take ours over.
  const ours = [options.controllerClientId, driversClientId];
  if (ours.includes(by.clientId)) return undefined;
  if (user === undefined) return anonymous ? { kind: 'anonymous' } : undefined;
  if (hosts.includes(user)) return { kind: 'host', host: user };
  return devices.some(({ device }) => device === user)
    ? { kind: 'device', device: user }
    : undefined;
}

/** Compared as digests, so that the time taken tells nothing. */
function same(given: Buffer | undefined, expected: string): boolean {
  const digest = (text: Buffer | string) => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(expected));
}

interface QueueingBroker {
  readonly clients: Readonly<Record<string, unknown>>;
  readonly persistence: {
    outgoingEnqueueCombi(subs: readonly { clientId: string }[], packet: object): Promise<void>;
  };
}

/**
 * Limits what is kept for a client that is away. The broker itself would keep all of it, device states too,
 * until the process has no memory left. What is left out here the host asks for by `event.resend`.
 */
function boundQueues(broker: Aedes): void {
  const { clients, persistence } = broker as unknown as QueueingBroker;
  const kept = new Map<string, number>();
  broker.on('clientReady', ({ id }) => kept.delete(id));
  const enqueue = persistence.outgoingEnqueueCombi.bind(persistence);
  persistence.outgoingEnqueueCombi = (subs, packet) =>
    enqueue(
      subs.filter(({ clientId }) => {
        if (clients[clientId] !== undefined) return true;
        const count = (kept.get(clientId) ?? 0) + 1;
        kept.set(clientId, count);
        return count <= keptForAwayMax;
      }),
      packet,
    );
}

function reportErrors(broker: Aedes, { clock, log }: EmbeddedBrokerOptions): void {
  let quietUntilMs = 0;
  let unsaid = 0;
  broker.on('clientError', (client, error) => {
    const nowMs = clock.monotonicMs();
    if (nowMs < quietUntilMs) {
      unsaid += 1;
      return;
    }
    quietUntilMs = nowMs + logEveryMs;
    const fields = { client: client.id, error: error.message, unsaid };
    log.warn(fields, 'The broker ended a connection');
    unsaid = 0;
  });
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function portProblem(error: unknown, host: string, port: number): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EADDRINUSE'
    ? `Port ${port} on ${host} is taken, perhaps by another broker: stop it, give broker.port another value, or set broker.embedded to false to use it`
    : `Cannot listen on ${host}:${port}: ${String(error)}`;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
