import Type from 'typebox';
import { indicatorSettings, showByJson, showByTopics } from './mqtt-schema.ts';
import { PrinterSettings } from './printer-schema.ts';
import { ReactionEntry } from './reaction-schema.ts';
import { ScannerSettings } from './scanner-schema.ts';
import { closed, deviceCode, fileName, hostName, taggedBy } from './schema-parts.ts';

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

const IndicatorSettings = closed({
  ...indicatorSettings,
  show: taggedBy('kind', 'How each lamp is told.', showByTopics, showByJson),
});

export const DeviceEntry = taggedBy(
  'type',
  'One device. `type` says which driver speaks to it.',
  closed({
    ...{ device, type: Type.Literal('asrs-crane'), settings: closed(modbus) },
    reactions: Type.Optional(ReactionEntry),
  }),
  closed({ device, type: Type.Literal('conveyor'), settings: closed(modbus) }),
  closed({ device, type: Type.Literal('barcode-scanner'), settings: ScannerSettings }),
  closed({ device, type: Type.Literal('zpl-printer'), settings: PrinterSettings }),
  closed({ device, type: Type.Literal('indicator'), settings: IndicatorSettings }),
);
