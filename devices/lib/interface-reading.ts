import Type from 'typebox';

const closed = { additionalProperties: false } as const;

/** How registers of a device may be read together. */
export const Reading = Type.Object(
  {
    gapMax: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 124,
        description: 'Registers without a meaning that one request may read along; default 8.',
      }),
    ),
    wordsMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 125,
        description: 'Registers of one request, where the device has a limit of its own.',
      }),
    ),
  },
  closed,
);

export const Forbidden = Type.Array(
  Type.Object(
    {
      base: Type.Integer({ minimum: 0, maximum: 65_535 }),
      length: Type.Integer({ minimum: 1, maximum: 65_536 }),
      doc: Type.String({ minLength: 1, description: 'What it means on the floor, one sentence.' }),
    },
    closed,
  ),
  { maxItems: 64, description: 'Registers that are never read, not even along with others.' },
);
