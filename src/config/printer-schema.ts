import Type from 'typebox';
import { closed, hostName, taggedBy } from './schema-parts.ts';

const PrinterConnection = taggedBy(
  'kind',
  'How the printer is connected.',
  closed({
    kind: Type.Literal('tcp'),
    host: hostName('Name or address of the printer.'),
    port: Type.Integer({
      minimum: 1,
      maximum: 65_535,
      default: 9100,
      description: 'TCP port for raw ZPL.',
    }),
  }),
  closed({
    kind: Type.Literal('serial'),
    path: Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Serial port; prefer a path below /dev/serial/by-id, which survives replugging.',
    }),
    baudRate: Type.Integer({
      minimum: 1200,
      maximum: 921_600,
      default: 9600,
      description: 'Bits per second.',
    }),
    parity: Type.Enum(['none', 'even', 'odd'], {
      default: 'none',
      description: 'As set in the printer; 8 data bits, 1 stop bit.',
    }),
    flowControl: Type.Enum(['none', 'xonXoff', 'rtsCts'], {
      default: 'xonXoff',
      description: 'As set in the printer (its "host handshake"), or labels are cut.',
    }),
  }),
  closed({
    kind: Type.Literal('usb'),
    path: Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'Device node of the printer, such as /dev/usb/lp0, or a link to it that a udev rule keeps.',
    }),
  }),
);

export const PrinterSettings = closed({
  connection: PrinterConnection,
  answers: Type.Boolean({
    default: true,
    description:
      'Whether it answers when it is asked for its status. False: its status is never known, and a label counts as sent.',
  }),
  dotsPerMm: Type.Enum([8, 12], { description: 'Print head: 8 is 203 dpi, 12 is 300 dpi.' }),
  statusEveryMs: Type.Integer({
    minimum: 200,
    maximum: 60_000,
    default: 2000,
    description: 'How often its status is asked for, in milliseconds.',
  }),
  replyLimitMs: Type.Integer({
    minimum: 100,
    maximum: 30_000,
    default: 2000,
    description: 'How long it may take to answer, in milliseconds.',
  }),
  idleCloseMs: Type.Optional(
    Type.Integer({
      minimum: 1000,
      maximum: 3_600_000,
      description:
        'Without a label for so long, the connection is closed so that others can print, in milliseconds. Without it, it stays open.',
    }),
  ),
});
