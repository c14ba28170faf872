import Type from 'typebox';

/** Settings of every device whose PLC is reached over Modbus, TCP or RTU. */
export const modbusSettings = Type.Object(
  {
    protocol: Type.Enum(['tcp', 'rtu'], { default: 'tcp' }),
    serial: Type.Optional(
      Type.Object(
        {
          path: Type.String({ minLength: 1, maxLength: 255 }),
          baudRate: Type.Integer({ minimum: 1200, maximum: 921_600, default: 19_200 }),
          parity: Type.Enum(['none', 'even', 'odd'], { default: 'none' }),
        },
        { additionalProperties: false, description: 'In place of host and port; with rtu only.' },
      ),
    ),
    host: Type.String({ maxLength: 253, description: 'Name or address of the PLC or gateway.' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535, default: 502 }),
    unit: Type.Integer({
      minimum: 0,
      maximum: 255,
      default: 1,
      description: 'Unit id; a gateway chooses the device behind it by this.',
    }),
    interface: Type.String({
      pattern: '^[a-z0-9][a-z0-9.-]*$',
      description: 'Name of a file under config/interfaces, without its ending.',
    }),
    deviceNumber: Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description: 'Number that this PLC shows in its status; another one is not written to.',
    }),
  },
  { additionalProperties: false },
);
