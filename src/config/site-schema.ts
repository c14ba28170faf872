import Type, { type Static } from 'typebox';
import { defaultWeights, type PutawayTerm } from '../domain/putaway-score.ts';
import { DeviceEntry } from './device-schema.ts';
import {
  AisleEntry,
  Areas,
  FixedLocks,
  HeightClassEntry,
  HostCodeNames,
  IndicatorEntry,
  LoadUnitTypeEntry,
  PointEntry,
  StationEntry,
} from './layout-schema.ts';
import { ReactionEntry } from './reaction-schema.ts';
import { closed, fileName, hostName, topicLevel, variableName } from './schema-parts.ts';
import { Signals } from './signal-schema.ts';

const loopback = '127.0.0.1';

const HostEntry = closed({
  host: topicLevel('Name of the host: the last level of its MQTT topics, and its user name.'),
  acknowledges: Type.Boolean({
    default: false,
    description: 'Whether events are kept until this host has acknowledged them.',
  }),
});

const listenPort = (byDefault: number) =>
  Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: byDefault,
    description: 'TCP port; 0 takes any free one where Craneway listens itself.',
  });

const Broker = Type.Object(
  {
    embedded: Type.Boolean({
      default: false,
      description: 'Run a broker inside Craneway; on the loopback interface only.',
    }),
    host: Type.String({
      minLength: 1,
      maxLength: 253,
      default: loopback,
      description: 'Its host.',
    }),
    port: listenPort(1883),
    username: Type.Optional(hostName('User name of Craneway at the broker.')),
    passwordEnv: Type.Optional(
      variableName('Environment variable that holds the password; the file never does.'),
    ),
  },
  { additionalProperties: false, default: {}, description: 'The MQTT broker.' },
);

const Http = Type.Object(
  {
    host: Type.String({
      minLength: 1,
      maxLength: 253,
      default: loopback,
      description: 'Interface to listen on.',
    }),
    port: listenPort(8080),
  },
  { additionalProperties: false, default: {}, description: 'The HTTP API.' },
);

const Sscc = closed(
  {
    extension: Type.Integer({ minimum: 0, maximum: 9, description: 'First digit of the SSCC.' }),
    companyPrefix: Type.String({
      pattern: '^[0-9]{4,12}$',
      patternErrorMessage: 'must be 4 to 12 digits',
      description: 'GS1 company prefix, 4 to 12 digits, in quotes.',
    }),
  },
  'Range that new SSCCs are taken from.',
);

const limit = (minimum: number, maximum: number, byDefault: number, description: string) =>
  Type.Integer({ minimum, maximum, default: byDefault, description });

const Limits = Type.Object(
  {
    openOrdersMax: limit(1, 100_000, 10_000, 'Open orders that a host may have.'),
    outboxMax: limit(
      1000,
      10_000_000,
      1_000_000,
      'Events kept for hosts that are away; at 80 % of it new orders are refused.',
    ),
    agingMs: limit(
      60_000,
      604_800_000,
      3_600_000,
      'An order that has waited so long counts as one priority more, in milliseconds.',
    ),
    missionLimitMs: limit(
      1000,
      3_600_000,
      180_000,
      'How long a crane may take for one mission before a person is told, in milliseconds.',
    ),
    conveyorLimitMs: limit(
      1000,
      3_600_000,
      600_000,
      'How long a load unit may be under way on a conveyor before a person is told, in milliseconds.',
    ),
    labelLimitMs: limit(
      1000,
      600_000,
      20_000,
      'How long a label may take until it is read back, in milliseconds.',
    ),
    readLimitMs: limit(
      10,
      60_000,
      1500,
      'How long to wait for the scanner after an arrival before it is a no-read, in milliseconds.',
    ),
    countTolerancePercent: limit(
      0,
      100,
      0,
      'Difference of a count that is booked without a second count by somebody else, percent of what is booked.',
    ),
  },
  { additionalProperties: false, default: {}, description: 'Limits, each with a good default.' },
);

const weight = (term: PutawayTerm, description: string) =>
  Type.Number({ minimum: 0, maximum: 100, default: defaultWeights[term], description });

const Slotting = Type.Object(
  {
    classes: limit(
      1,
      32,
      1,
      'Storage classes by how long load units stay, learned from what is retrieved; 1: the nearest cell for all.',
    ),
    weights: Type.Object(
      {
        distance: weight('distance', 'The way to the cell, as a share of the aisle.'),
        lane: weight('lane', 'How likely what stands behind the cell is wanted first.'),
        height: weight('height', 'A cell for larger load units than this one.'),
        empty: weight('empty', 'A near cell for a load unit without stock.'),
        fill: weight('fill', 'How full the aisle is.'),
        work: weight('work', 'What waits for the crane of the aisle; 20 missions count as 1.'),
        redundancy: weight('redundancy', 'The share of its SKU that is in the aisle already.'),
      },
      {
        additionalProperties: false,
        default: {},
        description: 'How much each thing counts that speaks against a location.',
      },
    ),
  },
  { additionalProperties: false, default: {}, description: 'How storage locations are chosen.' },
);

const IdleWork = Type.Object(
  {
    checks: Type.Boolean({
      default: false,
      description:
        'A crane that has nothing to do looks into the cells that it could settle a question about, each once.',
    }),
    relocationsPerHour: limit(
      0,
      240,
      0,
      'Load units that a crane which has nothing to do may move to better places in an hour; 0: none.',
    ),
    relocationGainMs: limit(
      500,
      60_000,
      2_000,
      'What such a move has to save the crane later at least, in milliseconds.',
    ),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'What cranes do by themselves while nothing waits for them.',
  },
);

/** A file under config/sites: one controller with its places, devices and hosts. */
export const SiteFile = closed(
  {
    site: topicLevel('Name of the site: second level of every MQTT topic after the version.'),
    controller: topicLevel('Name of this controller; unique on its site.'),
    hosts: Type.Array(HostEntry, {
      minItems: 1,
      maxItems: 16,
      description: 'Systems that send orders or book events.',
    }),
    broker: Broker,
    http: Http,
    sscc: Sscc,
    loadUnitTypes: Type.Array(LoadUnitTypeEntry, {
      minItems: 1,
      maxItems: 100,
      description: 'Kinds of load units.',
    }),
    heightClasses: Type.Array(HeightClassEntry, {
      default: [],
      maxItems: 100,
      description:
        'Classes of height that the PLCs of cranes know, the lowest first; none: they are told no class.',
    }),
    aisles: Type.Array(AisleEntry, {
      minItems: 1,
      maxItems: 64,
      description: 'Aisles, each with one crane.',
    }),
    areas: Areas,
    hostCodes: HostCodeNames,
    locks: FixedLocks,
    stations: Type.Array(StationEntry, {
      default: [],
      maxItems: 500,
      description: 'Stations and lanes outside the racks.',
    }),
    points: Type.Array(PointEntry, {
      default: [],
      maxItems: 500,
      description: 'Places where a conveyor PLC tells of a load unit.',
    }),
    devices: Type.Array(DeviceEntry, {
      minItems: 1,
      maxItems: 500,
      description: 'Everything with a plug.',
    }),
    labels: Type.Array(fileName('A file in config/labels, without its ending.'), {
      default: [],
      maxItems: 100,
      description:
        'Templates that hosts and people may print by name, besides those of points and stations.',
    }),
    indicators: Type.Array(IndicatorEntry, {
      default: [],
      maxItems: 200,
      description: 'Stack lights, and what each of them shows.',
    }),
    limits: Limits,
    signals: Type.Optional(Signals),
    slotting: Slotting,
    idleWork: IdleWork,
    crossDock: Type.Boolean({
      default: false,
      description:
        'A load unit at the infeed that a waiting order is short of goes to its station, not into a rack.',
    }),
    reactions: Type.Optional(ReactionEntry),
  },
  'A site of Craneway.',
);
export type SiteFile = Static<typeof SiteFile>;
