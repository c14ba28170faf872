import Type, { type Static } from 'typebox';
import { closed } from './schema-parts.ts';

const abortNext = [
  'redirect',
  'reallocate',
  'digOut',
  'clarify',
  'retry',
  'rejectLane',
  'hold',
  'reenter',
  'replan',
] as const;
const nameOf = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' });

const RejectChange = closed({
  next: Type.Enum(['wait', 'home', 'replan', 'doubt', 'hold', 'settle'], {
    description: 'What follows.',
  }),
});

const AbortChange = closed({
  location: Type.Optional(
    Type.Enum(['keep', 'closeSource', 'closeDestination', 'closeBoth'], {
      description: 'Which cells are closed until somebody has looked.',
    }),
  ),
  loadUnit: Type.Optional(
    Type.Enum(['asReported', 'missing', 'disputed'], { description: 'Where its load is booked.' }),
  ),
  next: Type.Optional(Type.Enum([...abortNext], { description: 'What follows.' })),
  retries: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10, description: 'How often next retry is tried.' }),
  ),
  otherwise: Type.Optional(
    Type.Enum([...abortNext], { description: 'What follows when it was tried often enough.' }),
  ),
  count: Type.Optional(
    Type.Boolean({ description: 'Whether a crane may look into what was closed.' }),
  ),
  alarm: Type.Optional(
    Type.Enum(['none', 'info', 'warning', 'critical'], { description: 'How urgent it is.' }),
  ),
});

/** What a site wants otherwise than the interface file of a crane says. */
export const ReactionEntry = closed(
  {
    rejects: Type.Optional(
      Type.Record(nameOf, RejectChange, { description: 'By name of the reject: stationNotReady.' }),
    ),
    aborts: Type.Optional(
      Type.Record(nameOf, AbortChange, { description: 'By name of the abort: binFull.' }),
    ),
  },
  'What follows when a crane refuses or breaks off a mission, where it differs from the interface file.',
);
export type ReactionEntry = Static<typeof ReactionEntry>;
