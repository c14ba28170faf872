import Type, { type Static, type TObject, type TProperties } from 'typebox';

/** Text that is a code of some kind. `form` ends the sentence "must be …". */
const code = (pattern: string, form: string) => (description: string) =>
  Type.String({ pattern, patternErrorMessage: `must be ${form}`, description });

/** Domain and topics of MQTT know these in small letters; 24 characters, as the contract says of codes. */
export const deviceCode = code(
  '^[a-z0-9][a-z0-9._-]{0,23}$',
  '1 to 24 small letters, digits or . _ -',
);
export const locationCode = code(
  '^[A-Z0-9][A-Z0-9._-]{0,23}$',
  '1 to 24 capital letters, digits or . _ -',
);
/** Becomes the first part of every cell code, which takes another 11 characters. */
export const aisleCode = code(
  '^[A-Z0-9][A-Z0-9._-]{0,11}$',
  '1 to 12 capital letters, digits or . _ -',
);
/** One level of an MQTT topic. */
export const topicLevel = code(
  '^[a-z0-9][a-z0-9._-]{0,31}$',
  '1 to 32 small letters, digits or . _ -',
);
/** Name of a file below config/ without its ending: never a path. */
export const fileName = code(
  '^[a-z0-9][a-z0-9._-]{0,63}$',
  'the name of a file without folder and ending: small letters, digits or . _ -',
);
export const variableName = code(
  '^[A-Z][A-Z0-9_]{0,63}$',
  'the name of an environment variable: capital letters, digits or _',
);

export const hostName = (description: string) =>
  Type.String({ minLength: 1, maxLength: 253, description });

/** @param min  0 where "any free port" makes sense, which is only where Craneway listens */
export const port = (description: string, min = 1) =>
  Type.Integer({ minimum: min, maximum: 65_535, description });

export const millimeters = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000, description });

/** Anything else in an object is a mistake, and said so. */
export const closed = <P extends TProperties>(properties: P, description?: string): TObject<P> =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(description !== undefined && { description }),
  });

/**
 * One of several objects, told apart by the text in `tag`. Only the branch that the tag names is
 * looked at, so that a misspelled key is one problem and not one per branch.
 */
export const taggedBy = <B extends TObject[]>(tag: string, description: string, ...branches: B) =>
  Type.Unsafe<Static<B[number]>>({
    type: 'object',
    description,
    discriminator: { propertyName: tag },
    oneOf: branches,
  });
