import Type from 'typebox';
import {
  aisleCode,
  closed,
  deviceCode,
  fileName,
  locationCode,
  millimeters,
} from './schema-parts.ts';

const count = (maximum: number, description: string) =>
  Type.Integer({ minimum: 1, maximum, description });

const capacity = Type.Integer({
  minimum: 1,
  maximum: 1000,
  default: 1,
  description: 'Load units that may stand there, the conveyor that belongs to it included.',
});
const heightMaxMm = millimeters('Tallest load unit that fits, in millimeters.');
const massMaxKg = Type.Number({
  exclusiveMinimum: 0,
  maximum: 100_000,
  description: 'Heaviest load unit that is allowed, in kilograms.',
});
const coordinate = (description: string) =>
  Type.Integer({ minimum: -1_000_000, maximum: 1_000_000, description });

export const LoadUnitTypeEntry = closed({
  code: locationCode('Code of the type, as the host says it, such as TOTE-600.'),
  number: count(65_535, 'Its row in the load type tables of the PLCs.'),
  heightMaxMm,
  massMaxKg,
});

export const HeightClassEntry = closed({
  number: count(65_535, 'Its number in the PLCs.'),
  heightMaxMm: millimeters('Tallest load unit of this class, in millimeters.'),
});

const axis = (description: string) =>
  closed(
    {
      speedMmPerS: count(20_000, 'Top speed, in mm/s.'),
      accelMmPerS2: count(20_000, 'Acceleration and braking, in mm/s².'),
    },
    description,
  );

const PdStationEntry = closed({
  location: locationCode('Code of the place.'),
  number: count(65_535, "Its number in the crane's PLC."),
  direction: Type.Enum(['in', 'out'], { description: 'in: into the rack; out: out of it.' }),
  capacity,
  xMm: coordinate('Where the crane meets it: along the aisle from the first bay, in millimeters.'),
  yMm: coordinate('Where the crane meets it: height above the lowest level, in millimeters.'),
});

const level = Type.Integer({ minimum: 1, maximum: 99 });
const CellClassEntry = closed({
  levels: Type.Tuple([level, level], { description: 'First and last level, such as [1, 4].' }),
  heightMaxMm,
  massMaxKg,
});

/** Cells are counted, not listed: both sides of an aisle have the same bays, levels and depths. */
export const AisleEntry = closed({
  aisle: aisleCode('Code of the aisle; its cells are {aisle}-L-001-01-1 and so on.'),
  crane: deviceCode('The crane that serves it: a device of type asrs-crane.'),
  lhd: locationCode("Code of the crane's load handling device, which is a place too."),
  lhd2: Type.Optional(locationCode('Code of its second load handling device, where it has two.')),
  checks: Type.Object(
    {
      code: Type.Enum(['none', 'lpn', 'sscc'], {
        default: 'none',
        description:
          "What the crane's own reader compares with the books; sscc: 00 and its 18 digits; none: it has no reader.",
      }),
      probeDestination: Type.Boolean({
        default: false,
        description: 'Probe the destination before every deposit.',
      }),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'What the crane is to look at in every mission.',
    },
  ),
  bays: count(999, 'Columns, counted from the P&D end.'),
  levels: count(99, 'Rows, counted from below.'),
  depths: Type.Integer({
    minimum: 1,
    maximum: 2,
    default: 1,
    description: '1: single deep; 2: double deep.',
  }),
  bayWidthMm: millimeters('Distance between two bays, in millimeters.'),
  levelHeightMm: millimeters('Distance between two levels, in millimeters.'),
  heightMaxMm,
  massMaxKg,
  cellClasses: Type.Array(CellClassEntry, {
    default: [],
    maxItems: 20,
    description: 'Levels whose cells take less; all others have the limits of the aisle.',
  }),
  kinematics: closed(
    {
      travel: axis('Along the aisle.'),
      hoist: axis('Up and down.'),
      transferMs: count(600_000, 'One pick or one deposit at standstill, in milliseconds.'),
    },
    'What the crane can do; used to estimate times, never to control it.',
  ),
  stations: Type.Array(PdStationEntry, {
    minItems: 1,
    maxItems: 32,
    description: 'Pickup-and-deposit places between crane and conveyor.',
  }),
});

export const StationEntry = closed({
  location: locationCode('Code of the place.'),
  kind: Type.Enum(['infeed', 'workstation', 'rejectLane', 'segment'], {
    description:
      'infeed: load units come in; workstation: people work; rejectLane: people sort out; segment: conveyor between two points.',
  }),
  capacity,
  scanner: Type.Optional(deviceCode('Handheld scanner of the people there.')),
  printer: Type.Optional(deviceCode('Label printer of the people there: for what they pack.')),
  labelTemplate: Type.Optional(
    fileName('Template of the label of what is packed there: a file in config/labels.'),
  ),
});

const AreaEntry = closed({
  area: aisleCode('Code of the area.'),
  aisles: Type.Array(aisleCode('Code of an aisle; an aisle belongs to one area at most.'), {
    default: [],
    maxItems: 64,
    description: 'Aisles that belong to it, with all of their cells.',
  }),
  places: Type.Array(locationCode('Code of a place; a place belongs to one area at most.'), {
    default: [],
    maxItems: 500,
    description: 'Stations, P&D stations and segments that belong to it.',
  }),
});

const LockEntry = closed({
  part: Type.String({
    minLength: 1,
    maxLength: 64,
    description:
      'An area, an aisle (A01), cells (A01-L, A01-LR-003..005, A01-LR-003-01..02), one cell, a place, or an exit (conveyor-1/3/2).',
  }),
  lock: Type.Enum(['in', 'out', 'both'], { description: 'What is kept from happening there.' }),
  reason: Type.String({
    minLength: 1,
    maxLength: 120,
    description: 'Why; told to whoever asks.',
  }),
});

export const Areas = Type.Array(AreaEntry, {
  default: [],
  maxItems: 64,
  description: 'Parts of the site with one purpose, which can be locked as a whole.',
});

export const FixedLocks = Type.Array(LockEntry, {
  default: [],
  maxItems: 100,
  description: 'What is locked as long as this file says so; people lock the rest at run time.',
});

const ExitEntry = closed({
  exit: count(16, 'Number of the exit in the PLC.'),
  to: locationCode('Place that the exit leads to.'),
  default: Type.Boolean({
    default: false,
    description: 'Taken where no answer came in time; exactly one of several exits.',
  }),
  costMs: Type.Optional(
    count(
      3_600_000,
      'What the way costs, in milliseconds: the cheapest one is taken. Without it, 1500 for each place where it leads.',
    ),
  ),
});

export const IndicatorEntry = closed({
  device: deviceCode('The stack light: a device of type indicator.'),
  shows: Type.Enum(['aisle', 'station', 'site'], { description: 'Whose state it shows.' }),
  of: Type.Optional(locationCode('Code of the aisle or station; not where the site is shown.')),
});

export const PointEntry = closed({
  device: deviceCode('The conveyor PLC that tells of it: a device of type conveyor.'),
  point: count(32, 'Number of the point in that PLC.'),
  at: locationCode('Where a load unit is, in the books, while it stands here.'),
  role: Type.Enum(['induct', 'divert', 'arrival'], {
    description:
      'induct: identifies and checks what comes in; divert: sends it on its way; arrival: it stands ready for the crane.',
  }),
  exits: Type.Array(ExitEntry, { minItems: 1, maxItems: 16, description: 'Ways out of it.' }),
  scanner: Type.Optional(deviceCode('Fixed scanner at the point; without one the PLC reads.')),
  printer: Type.Optional(
    deviceCode('Printer with applicator, for load units without a label; only at induct.'),
  ),
  labelTemplate: Type.Optional(
    fileName('What it prints: a file in config/labels, without its ending.'),
  ),
  labelProof: Type.Optional(
    Type.Enum(['sent', 'accepted', 'counted', 'scanned'], {
      description:
        'How far a label has to be proved before its load unit goes on: bytes sent, taken by the printer, counted by it, or read back. Without it, scanned.',
    }),
  ),
});

const hostCode = (description: string) =>
  Type.String({
    pattern: '^(?!\\s)[^\\p{Cc}\\p{Cs}]{1,24}(?<!\\s)$',
    patternErrorMessage: 'must be 1 to 24 characters without blanks at its ends',
    description,
  });

export const HostCodeNames = Type.Optional(
  closed(
    {
      names: Type.Record(Type.String(), hostCode("The host's code of it."), {
        default: {},
        maxProperties: 1000,
        description:
          'By the code of a place, an aisle or an area in this file: what hosts call it, such as PICK-01: WS1.',
      }),
      cells: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 120,
          description:
            'How hosts call cells, such as {aisle}-{side:12}-{bay:3}-{level:2}-{depth}. {aisle} is what hosts call the aisle; {side} is L or R, {side:12} is 1 or 2; {bay:3} has three digits, {bay} as many as it takes.',
        }),
      ),
    },
    'What hosts call otherwise than this file does; all else has the same code for them.',
  ),
);
