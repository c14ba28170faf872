import { type AddressInfo, createServer, type Socket } from 'node:net';
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import { onTestFinished } from 'vitest';

/** A broker whose every word the test decides; it shows each packet that it was sent. */
export async function startScriptedBroker(
  script: {
    readonly closesAtOnce?: boolean;
    readonly acknowledges?: (count: number) => boolean;
  } = {},
) {
  const packets: Packet[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let published = 0;
  const answer = (socket: Socket, packet: Packet) => {
    if (packet.cmd === 'publish' && isEvent(packet)) {
      published += 1;
      if (script.acknowledges?.(published) === false) return;
    }
    const reply = replyTo(packet);
    if (reply !== undefined) socket.write(generate(reply));
    if (packet.cmd === 'connect' && script.closesAtOnce) socket.end();
  };
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    const read = parser();
    read.on('packet', (packet) => {
      packets.push(packet);
      answer(socket, packet);
    });
    socket.on('data', (bytes) => read.parse(bytes));
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    packets,
    connections: () => connections,
    cut,
    deliver: (topic: string, payload: Buffer, messageId: number, { dup = false } = {}) => {
      for (const socket of sockets) {
        socket.write(
          generate({
            cmd: 'publish',
            topic,
            payload,
            messageId,
            qos: 1,
            dup,
            retain: false,
          }),
        );
      }
    },
    pubacks: () => packets.filter(({ cmd }) => cmd === 'puback').map(({ messageId }) => messageId),
    /** Sequence numbers of the events published, in the order of their arrival. */
    events: () =>
      packets
        .filter((packet): packet is IPublishPacket => packet.cmd === 'publish' && isEvent(packet))
        .map(({ payload }) => Number(JSON.parse(payload.toString()).sequence)),
  };
}

const isEvent = ({ topic }: { topic: string }): boolean => topic.includes('/event/');

function replyTo(packet: Packet): Packet | undefined {
  const messageId = packet.messageId ?? 0;
  switch (packet.cmd) {
    case 'connect':
      return { cmd: 'connack', returnCode: 0, sessionPresent: false };
    case 'subscribe':
      return { cmd: 'suback', messageId, granted: packet.subscriptions.map(() => 1 as const) };
    case 'unsubscribe':
      return { cmd: 'unsuback', messageId, granted: [] };
    case 'publish':
      return packet.qos > 0 ? { cmd: 'puback', messageId } : undefined;
    case 'pingreq':
      return { cmd: 'pingresp' };
    default:
      return undefined;
  }
}
