import { DeviceUnavailableError, invariant } from '../../src/domain/errors.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Traffic } from '../lib/traffic.ts';
import type { HidTransport } from '../transport/hid.ts';
import type { Link, LinkOptions, OpenLink } from '../transport/link.ts';
import type { MqttBroker } from '../transport/mqtt.ts';
import { openSerial } from '../transport/serial.ts';
import { tapLink } from '../transport/tap.ts';
import { connectTcp } from '../transport/tcp.ts';
import { TcpListener } from '../transport/tcp-listener.ts';
import { type Attachment, frameLink } from './frame-link.ts';
import { Framer } from './framer.ts';
import { byHid } from './hid-attachment.ts';
import { attachMqtt } from './mqtt-frames.ts';

const connectLimitMs = 3_000;
const writeLimitMs = 1_000;
/** Somebody who has connected while nobody looked has a code to tell: they wait no longer than this. */
const listenRetryMs = 250;

type Connection = ScannerSettings['connection'];

export interface Tools {
  readonly clock: Clock;
  /** Gets all bytes, and why some of them are thrown away. */
  readonly traffic: Traffic;
  readonly hid: HidTransport;
  /** Why nothing may be sent now. */
  readonly whyNot?: () => string | undefined;
  /** Only of a scanner that is at one. */
  readonly broker?: MqttBroker | undefined;
  /** In place of the network and the serial ports of this machine. */
  readonly openLink?: OpenLink | undefined;
}

/** How a scanner is connected, as its settings say. Another way of connecting is another row. */
export function attach(settings: ScannerSettings, tools: Tools): Attachment {
  const { connection } = settings;
  const { openLink } = tools;
  if (openLink !== undefined) return byStream(settings, tools, openLink);
  switch (connection.kind) {
    case 'tcp':
      return byStream(settings, tools, (limits) => connectTcp({ ...connection, ...limits }));
    case 'serial':
      return byStream(settings, tools, (limits) => openSerial({ ...connection, ...limits }));
    case 'tcpListen':
      return byListener(settings, connection, tools);
    case 'hidPos':
    case 'hidKeyboard':
      return guarded(byHid(connection, settings.framing.lengthMax, tools), tools);
    case 'mqtt': {
      const { broker } = tools;
      invariant(broker !== undefined, 'a scanner with an MQTT connection is given its broker');
      return guarded(attachMqtt(connection, { ...tools, broker }), tools);
    }
  }
}

/** The last line before a wire that is no stream of bytes: what the mode forbids is refused and seen. */
const guarded = (attachment: Attachment, { traffic, whyNot }: Tools): Attachment => ({
  get counters() {
    return attachment.counters;
  },
  ...(attachment.retryMaxMs !== undefined && { retryMaxMs: attachment.retryMaxMs }),
  close: () => attachment.close(),
  async open(signal) {
    const link = await attachment.open(signal);
    return {
      closed: link.closed,
      onFrame: (listener) => link.onFrame(listener),
      close: () => link.close(),
      async command(text, ending) {
        const why = whyNot?.();
        if (why === undefined) return await link.command(text, ending);
        traffic.refused(Buffer.from(text, 'latin1'), why);
        throw new DeviceUnavailableError(`Not sent: ${why}`);
      },
    };
  },
});

function byStream(
  { framing }: ScannerSettings,
  { clock, traffic, whyNot }: Tools,
  connect: (limits: LinkOptions) => Promise<Link>,
): Attachment {
  const framer = new Framer(framing);
  return {
    get counters() {
      return { ...framer.counters };
    },
    async open(signal) {
      const link = await connect({ clock, connectLimitMs, writeLimitMs, signal });
      return frameLink(
        tapLink(link, traffic, () => 'trigger', whyNot),
        framer,
        { clock, traffic },
      );
    },
    close: async () => {},
  };
}

function byListener(
  settings: ScannerSettings,
  { host, port, from }: Connection & { readonly kind: 'tcpListen' },
  tools: Tools,
): Attachment {
  const listener = new TcpListener({ host, port, from, clock: tools.clock, writeLimitMs });
  const stream = byStream(settings, tools, ({ signal }) => listener.next(connectLimitMs, signal));
  return {
    open: stream.open,
    get counters() {
      return { ...stream.counters, ...listener.counters };
    },
    retryMaxMs: listenRetryMs,
    close: () => listener.close(),
  };
}
