import Type, { type Static } from 'typebox';
import type { DeviceBroker, MqttAvailability } from '../domain/mqtt-settings.ts';
import { closed, hostName, taggedBy, variableName } from './schema-parts.ts';

/** Whole, and away from the topics of the contract with hosts and of the broker itself. */
export const deviceTopic = (description: string) =>
  Type.String({
    pattern: '^(?!\\$|craneway/)[^#+\\u0000]{1,200}$',
    patternErrorMessage:
      'must be a whole topic of up to 200 characters, without + and #, that does not begin with $ or craneway/',
    description,
  });

const word = (what: string, byDefault: string) =>
  Type.String({ minLength: 1, maxLength: 200, default: byDefault, description: what });

const DeviceBrokerEntry = closed(
  {
    host: hostName('Its host.'),
    port: Type.Integer({
      minimum: 1,
      maximum: 65_535,
      default: 1883,
      description: 'Its TCP port.',
    }),
    username: Type.Optional(hostName('User name of Craneway there.')),
    passwordEnv: Type.Optional(
      variableName('Environment variable that holds the password; the file never does.'),
    ),
  },
  'Broker that the device is at; leave it out for the broker of the site.',
);

type DeviceBrokerEntry = Static<typeof DeviceBrokerEntry>;

const AvailabilityEntry = closed(
  {
    topic: deviceTopic('Topic, retained, of the device and of its last will.'),
    online: word('What it says while it is there.', 'online'),
    offline: word('What its last will says.', 'offline'),
  },
  'How the device says whether it is there; without it, online means that the broker is.',
);

const path = (what: string) =>
  Type.String({
    minLength: 1,
    maxLength: 200,
    description: `Path of ${what}, such as data.codes.0.text.`,
  });

export const mqttScanner = closed({
  kind: Type.Literal('mqtt'),
  broker: Type.Optional(DeviceBrokerEntry),
  topic: deviceTopic('Topic that it publishes each code on.'),
  payload: taggedBy(
    'format',
    'Where the code is in a message.',
    closed({ format: Type.Literal('text') }),
    closed({
      format: Type.Literal('json'),
      code: path('the code'),
      aim: Type.Optional(path('the AIM symbology identifier')),
      id: Type.Optional(
        path('what tells two messages apart: the same again is marked as a repeat'),
      ),
    }),
  ),
  payloadBytesMax: Type.Integer({
    minimum: 1,
    maximum: 65_536,
    default: 4096,
    description: 'A longer message is discarded and counted.',
  }),
  triggerTopic: Type.Optional(deviceTopic('Topic that `trigger` is published on.')),
  availability: Type.Optional(AvailabilityEntry),
});

const lampWord = (byDefault: string) =>
  Type.Unsafe<string | number | boolean>({
    type: ['string', 'number', 'boolean'],
    maxLength: 64,
    default: byDefault,
    description: `Word for ${byDefault === 'on' ? 'steady' : byDefault}.`,
  });

const lampsBy = (what: string, name: typeof deviceTopic) =>
  closed(
    {
      red: name(`${what} of the red lamp.`),
      amber: name(`${what} of the amber or yellow lamp.`),
      green: Type.Optional(name(`${what} of the green lamp.`)),
      blue: Type.Optional(name(`${what} of the blue lamp; without one, amber speaks for it.`)),
      white: Type.Optional(name(`${what} of the white lamp.`)),
    },
    `${what} of each lamp that the light has.`,
  );

const fieldName = (description: string) =>
  Type.String({ minLength: 1, maxLength: 64, description });

export const indicatorSettings = {
  broker: Type.Optional(DeviceBrokerEntry),
  availability: Type.Optional(AvailabilityEntry),
  words: Type.Object(
    { off: lampWord('off'), steady: lampWord('on'), blink: lampWord('blink') },
    {
      additionalProperties: false,
      default: {},
      description: 'What a lamp is told; numbers and true or false as such in JSON.',
    },
  ),
  repeatEveryMs: Type.Integer({
    minimum: 1000,
    maximum: 3_600_000,
    default: 30_000,
    description: 'How often it is told again what it shows, in milliseconds.',
  }),
};

export const showByTopics = closed({
  kind: Type.Literal('topics'),
  lamps: lampsBy('Topic', deviceTopic),
});
export const showByJson = closed({
  kind: Type.Literal('json'),
  topic: deviceTopic('Topic that gets an object with a field for each lamp.'),
  lamps: lampsBy('Field', fieldName),
});

/** The same with `undefined` where the file says nothing. */
export const resolveIndicator = <
  S extends { broker?: DeviceBrokerEntry; availability?: MqttAvailability },
>(
  settings: S,
) => ({
  ...settings,
  broker: toBroker(settings.broker),
  availability: settings.availability,
});

export const toBroker = (broker: DeviceBrokerEntry | undefined): DeviceBroker | undefined =>
  broker && { ...broker, username: broker.username, passwordEnv: broker.passwordEnv };
