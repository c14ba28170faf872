import { type AddressInfo, createServer } from 'node:net';
import { Aedes, type Client } from 'aedes';
import { onTestFinished } from 'vitest';

export interface TestBroker {
  readonly port: number;
  /** Client ids, in the order in which they came. */
  readonly came: readonly string[];
  /** Publishes from within, as any client would. */
  publish(topic: string, payload: string | Buffer, options?: { retain?: boolean }): Promise<void>;
  /** Drops every connection and listens on. */
  cut(): void;
  stop(): Promise<void>;
}

/** A real broker on the loopback interface. `refuses`: topics that nobody is granted. */
export async function startBroker({
  port = 0,
  refuses = [],
  password,
}: {
  readonly port?: number;
  readonly refuses?: readonly string[];
  readonly password?: string;
} = {}): Promise<TestBroker> {
  const broker = await Aedes.createBroker({
    authenticate: (_client, _user, given, done) =>
      done(null, password === undefined || given?.toString() === password),
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, refuses.includes(subscription.topic) ? null : subscription),
    authorizePublish: (_client, { topic }, done) =>
      done(refuses.includes(topic) ? new Error('not granted') : null),
  });
  const came: string[] = [];
  const clients = new Set<Client>();
  broker.on('client', (client) => {
    came.push(client.id);
    clients.add(client);
  });
  broker.on('clientError', () => {});
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    server.close();
    await new Promise<void>((resolve) => broker.close(resolve));
  };
  onTestFinished(stop);
  return {
    port: (server.address() as AddressInfo).port,
    came,
    publish: (topic, payload, { retain = false } = {}) =>
      new Promise((resolve, reject) =>
        broker.publish(
          { cmd: 'publish', qos: 1, dup: false, topic, payload, retain },
          (error?: Error) => (error ? reject(error) : resolve()),
        ),
      ),
    cut: () => {
      for (const client of clients) client.conn.destroy();
      clients.clear();
    },
    stop,
  };
}
