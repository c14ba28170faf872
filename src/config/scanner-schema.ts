import Type, { type Static } from 'typebox';
import type { ScannerSettings as Resolved } from '../domain/scanner-settings.ts';
import { mqttScanner, toBroker } from './mqtt-schema.ts';
import { noPreset, presetText, type ScannerMaker, scannerPresets } from './scanner-presets.ts';
import { closed, hostName, port, taggedBy } from './schema-parts.ts';

const usbId = (what: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 0xffff,
      description: `${what}, such as 0x0c2e; lsusb shows it.`,
    }),
  );
const hidDevice = {
  vendorId: usbId('USB vendor id'),
  productId: usbId('USB product id'),
  serialNumber: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Where several of the same are there.',
    }),
  ),
  path: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Such as /dev/hidraw0, in place of the ids; changes at every replug.',
    }),
  ),
};

const Connection = taggedBy(
  'kind',
  'How the scanner is connected.',
  mqttScanner,
  closed({
    kind: Type.Literal('tcp'),
    host: hostName('Name or address of the scanner.'),
    port: port('TCP port that it sends its codes on.'),
  }),
  closed({
    kind: Type.Literal('tcpListen'),
    host: Type.String({
      minLength: 1,
      maxLength: 253,
      default: '0.0.0.0',
      description: 'Address of the interface that Craneway listens on; the scanner connects to it.',
    }),
    port: port('TCP port that Craneway listens on, for this scanner alone.'),
    from: Type.Array(Type.String({ minLength: 2, maxLength: 45 }), {
      default: [],
      maxItems: 8,
      description:
        'IP addresses that may connect; empty: any. One connection at a time: the newest one wins.',
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
  closed({ kind: Type.Literal('hidPos'), ...hidDevice }, 'USB, as a bar code scanner (HID POS).'),
  closed(
    { kind: Type.Literal('hidKeyboard'), ...hidDevice },
    'Experimental: USB, as a keyboard with US layout. Set the scanner to HID POS or to USB serial where it can.',
  ),
);

const bytes = (description: string, minLength = 0) =>
  Type.String({ minLength, maxLength: 16, description });

const Framing = Type.Object(
  {
    prefix: Type.Optional(
      bytes('Bytes before each code, such as "\\x02"; empty is none. Default: of the preset.'),
    ),
    suffixes: Type.Optional(
      Type.Array(bytes('Bytes after a code.', 1), {
        minItems: 1,
        maxItems: 4,
        description:
          'Bytes after each code; any of them ends it. Default: of the preset, else "\\r"; none with length or gap: end.',
      }),
    ),
    length: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 4096,
        description: 'Bytes of every code, in place of suffixes. A code may hold any byte then.',
      }),
    ),
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
      description: 'Silence after which `gap` happens to half a frame, in milliseconds.',
    }),
    gap: Type.Enum(['discard', 'end'], {
      default: 'discard',
      description:
        'Half a frame is discarded, or it is a whole one: for scanners without a suffix.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'Where a code begins and ends.' },
);

const makers = Object.keys(scannerPresets) as ScannerMaker[];
const command = (description: string) =>
  Type.Optional(Type.String({ maxLength: 64, description: `${description} Empty: none.` }));
const cut = (where: string) =>
  Type.Integer({ minimum: 0, maximum: 16, default: 0, description: `Characters at its ${where}.` });

export const ScannerSettings = closed({
  connection: Connection,
  preset: Type.Optional(
    Type.Enum(['keyence', 'sick', 'cognex', 'datalogic', 'microscan', 'honeywell', 'zebra'], {
      description: `Maker of the scanner: gives what is not said here. ${makers.map(presetText).join('; ')}.`,
    }),
  ),
  framing: Framing,
  noRead: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      maxItems: 10,
      description:
        'What it sends when it was triggered and read nothing, such as NoRead. Default: of the preset.',
    }),
  ),
  trigger: command('Sent to make it read. Default: of the preset.'),
  triggerOff: command('Sent when it has read, or the load has left. Default: of the preset.'),
  aim: Type.Boolean({
    default: false,
    description: 'Whether each code begins with its AIM symbology identifier, such as ]C1.',
  }),
  gs: Type.Array(Type.String({ minLength: 1, maxLength: 8 }), {
    default: [],
    maxItems: 4,
    description:
      'Texts that it sends in place of the separator of GS1 element strings (0x1D), such as "~" or "{GS}".',
  }),
  strip: Type.Object(
    { first: cut('start'), last: cut('end') },
    {
      additionalProperties: false,
      default: {},
      description: 'Characters of each code, after the AIM identifier, that are not of the code.',
    },
  ),
  expect: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
    default: [],
    maxItems: 20,
    description:
      'Codes of ours: "sscc", or regular expressions for the whole code. Others are discarded and counted. Empty: any code.',
  }),
  repeatMs: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    default: 0,
    description:
      'The same code again within this time is marked as a repeat, in milliseconds; 0: never. For handhelds.',
  }),
});
export type ScannerSettings = Static<typeof ScannerSettings>;

/** What holds for a scanner: what its entry says, else its preset, else what is usual. */
export function resolveScanner(settings: ScannerSettings): Resolved {
  const { preset, framing, noRead, trigger, triggerOff, ...rest } = settings;
  const usual = preset === undefined ? noPreset : scannerPresets[preset];
  const { prefix, suffixes, length, gap, ...limits } = framing;
  const endsOtherwise = length !== undefined || gap === 'end';
  const on = (trigger ?? usual.trigger) || undefined;
  const { connection } = settings;
  return {
    ...rest,
    connection:
      connection.kind === 'mqtt'
        ? { ...connection, broker: toBroker(connection.broker) }
        : connection,
    framing: {
      ...limits,
      prefix: prefix ?? usual.prefix,
      suffixes: suffixes ?? (endsOtherwise ? [] : usual.suffixes),
      length,
      gap,
    },
    noRead: noRead ?? usual.noRead,
    trigger: on,
    // What is never switched on needs no switching off.
    triggerOff: on && ((triggerOff ?? usual.triggerOff) || undefined),
  };
}
