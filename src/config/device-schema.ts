import Type from 'typebox';
import { closed, deviceCode, fileName, hostName, port, taggedBy } from './schema-parts.ts';

const device = deviceCode('Code of the device, named wherever the device is used.');

const serial = closed(
  {
    path: Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Serial port; prefer a path below /dev/serial/by-id, which survives replugging.',
    }),
    baudRate: Type.Integer({
      minimum: 1200,
      maximum: 921_600,
      default: 19_200,
      description: 'Bits per second.',
    }),
    parity: Type.Enum(['none', 'even', 'odd'], {
      default: 'none',
      description: 'As set in the PLC; 8 data bits, 1 stop bit.',
    }),
  },
  'Serial line of the PLC, in place of host and port; several PLCs may share it under different units.',
);

const modbus = {
  protocol: Type.Enum(['tcp', 'rtu'], {
    default: 'tcp',
    description:
      'Modbus TCP, or Modbus RTU on a serial line or through a gateway at host and port.',
  }),
  serial: Type.Optional(serial),
  host: Type.Optional(hostName('Name or address of the PLC, or of its gateway.')),
  port: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    default: 502,
    description: 'TCP port of its Modbus server.',
  }),
  unit: Type.Integer({
    minimum: 0,
    maximum: 255,
    default: 1,
    description: 'Modbus unit id; behind a gateway, the one of the PLC.',
  }),
  interface: fileName('Register map: a file in config/interfaces, without its ending.'),
  deviceNumber: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    description: 'Number that the PLC knows itself by; a frame with another one is ignored.',
  }),
};

const Connection = taggedBy(
  'kind',
  'How the scanner is connected.',
  closed({
    kind: Type.Literal('tcp'),
    host: hostName('Name or address of the scanner.'),
    port: port('TCP port that it sends its codes on.'),
  }),
  closed({
    kind: Type.Literal('serial'),
    path: Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Serial port; prefer a path below /dev/serial/by-id, which survives replugging.',
    }),
    baudRate: Type.Integer({
      minimum: 300,
      maximum: 921_600,
      default: 9600,
      description: 'Bits per second.',
    }),
    dataBits: Type.Enum([7, 8], { default: 8, description: 'Bits of each character.' }),
    parity: Type.Enum(['none', 'even', 'odd'], {
      default: 'none',
      description: 'As set in the scanner. A wrong bit is not noticed on input.',
    }),
    stopBits: Type.Enum([1, 2], { default: 1, description: 'Stop bits after each character.' }),
    flowControl: Type.Enum(['none', 'rtsCts', 'xonXoff'], {
      default: 'none',
      description: 'By wires (rtsCts) or by bytes in the stream (xonXoff). Needed by few scanners.',
    }),
  }),
);

const framing = (what: string, byDefault: string) =>
  Type.String({ maxLength: 16, default: byDefault, description: what });

const Framing = Type.Object(
  {
    prefix: framing('Bytes before each code, such as "\\x02"; empty is none.', ''),
    suffix: Type.String({
      minLength: 1,
      maxLength: 16,
      default: '\r',
      description: 'Bytes after each code.',
    }),
    lengthMax: Type.Integer({
      minimum: 1,
      maximum: 4096,
      default: 256,
      description: 'A longer frame is discarded and counted; in bytes.',
    }),
    gapMs: Type.Integer({
      minimum: 10,
      maximum: 10_000,
      default: 200,
      description: 'Silence after which half a frame is discarded, in milliseconds.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'Where a code begins and ends.' },
);

const ScannerSettings = closed({
  connection: Connection,
  framing: Framing,
  noRead: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
    maxItems: 10,
    default: [],
    description: 'What it sends when it was triggered and read nothing, such as NoRead.',
  }),
  trigger: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Sent to make it read; leave it out where the scanner triggers itself.',
    }),
  ),
  aim: Type.Boolean({
    default: false,
    description: 'Whether each code begins with its AIM symbology identifier, such as ]C1.',
  }),
});

const PrinterSettings = closed({
  host: hostName('Name or address of the printer.'),
  port: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    default: 9100,
    description: 'TCP port for raw ZPL.',
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
});

export const DeviceEntry = taggedBy(
  'type',
  'One device. `type` says which driver speaks to it.',
  closed({ device, type: Type.Literal('asrs-crane'), settings: closed(modbus) }),
  closed({ device, type: Type.Literal('conveyor'), settings: closed(modbus) }),
  closed({ device, type: Type.Literal('barcode-scanner'), settings: ScannerSettings }),
  closed({ device, type: Type.Literal('zpl-printer'), settings: PrinterSettings }),
);
