import type { LoadUnitId, LocationId, Sscc } from '../domain/ids.ts';
import { type InductContext, inductSetup, lostText } from './induct.setup.ts';

const unitOf = ({ context }: { context: InductContext }) => ({
  loadUnit: context.loadUnit as LoadUnitId,
});
const triggerScanner = {
  type: 'triggerScanner',
  params: ({ context: { device, point } }: { context: InductContext }) => ({ device, point }),
} as const;
const answer = {
  type: 'answerPoint',
  params: ({ context: { device, point, scanSeq, target } }: { context: InductContext }) => ({
    device,
    point,
    scanSeq,
    to: target,
  }),
} as const;
const free = { type: 'freeLocation', params: unitOf } as const;
const letGo = { type: 'letGo', params: unitOf } as const;
const clarify = { type: 'sendToClarification', params: unitOf } as const;
/** A label that has not come out yet would land on the next load unit. */
const withdraw = {
  type: 'withdrawLabel',
  params: ({ context }: { context: InductContext }) => ({ label: context.label?.label ?? '' }),
} as const;
/** What the printer has shown is enough, or the code has to be read back. */
const proved = { guard: 'isProved', target: '#induct.labelVerified' } as const;
const printed = [proved, { target: 'verifying' }] as const;
/** It has its answer and does not leave. */
const leavingLate = {
  after: {
    conveyorLimit: {
      actions: {
        type: 'raiseTask',
        params: ({ context }: { context: InductContext }) => ({
          code: 'CONVEYOR_LATE' as const,
          text: `${context.loadUnit} has not reached ${context.target}: look for a jam on the way.`,
          ...unitOf({ context }),
        }),
      },
    },
  },
  exit: { type: 'settleTask', params: { code: 'CONVEYOR_LATE' } },
} as const;
const isRead = { target: 'identifying', actions: 'noteCode' } as const;
const refuse = { target: 'rejecting', actions: ['noteUnit', 'noteRefusal'] } as const;

export const inductMachine = inductSetup.createMachine({
  id: 'induct',
  context: ({ input }) => ({
    ...input,
    loadUnit: undefined,
    label: undefined,
    pd: undefined,
    location: undefined,
    hasWaited: false,
    target: input.rejectLane,
    refusal: undefined,
  }),
  initial: 'arrived',
  // It left before it was answered: the conveyor waits no longer than it must.
  on: {
    'point.confirmed': [
      { guard: 'isUnseen', target: '.unseen' },
      { guard: 'isPlaced', target: '.diverted', actions: withdraw },
      { target: '.lost', actions: withdraw },
    ],
  },
  states: {
    arrived: {
      always: [
        { guard: ({ context }) => context.isReadByUs, target: 'reading' },
        { target: 'identifying' },
      ],
    },
    // The photo-eye triggers the scanner; what does not come is asked for once.
    reading: {
      after: { readLimit: { target: 'readingAgain' } },
      on: { 'unit.read': isRead },
    },
    readingAgain: {
      entry: triggerScanner,
      after: { readLimit: { target: 'identifying' } },
      on: { 'unit.read': isRead },
    },
    identifying: {
      entry: {
        type: 'identify',
        params: ({ context, event }) => ({
          code: context.code,
          aim: event.type === 'unit.read' ? event.aim : undefined,
        }),
      },
      on: {
        'unit.identified': [
          { guard: 'needsLabel', target: 'labeling', actions: 'noteUnit' },
          { target: 'placing', actions: 'noteUnit' },
        ],
        'unit.refused': refuse,
      },
    },
    labeling: {
      initial: 'printing',
      // Another code than it came in under: one of the two was read of another load unit.
      on: { 'label.notTaken': refuse, 'unit.read': { actions: 'noteOtherCode' } },
      states: {
        printing: {
          entry: {
            type: 'printLabel',
            params: ({ context }) => ({
              ...unitOf({ context }),
              device: context.device,
              point: context.point,
            }),
          },
          on: {
            'label.queued': { actions: 'noteLabel' },
            'label.printed': printed,
            // Only its code can tell whether a label came out: read what is there.
            'label.unknown': { target: 'verifyingAgain' },
            // The applicator was faster than the printer's status.
            'unit.read': {
              guard: 'isLabelRead',
              target: '#induct.labelVerified',
            },
          },
          after: { labelLimit: { target: 'withdrawing' } },
        },
        withdrawing: {
          entry: withdraw,
          on: { 'label.printed': printed, 'label.unknown': 'verifyingAgain' },
          // It had left us already, and the printer is silent: only the scanner can tell.
          after: { labelLimit: { target: 'verifyingAgain' } },
        },
        verifying: {
          after: { labelLimit: { target: 'verifyingAgain' } },
          on: {
            'unit.read': [
              { guard: 'isLabelRead', target: '#induct.labelVerified' },
              { target: 'verifyingAgain', actions: 'noteOtherCode' },
            ],
          },
        },
        verifyingAgain: {
          entry: triggerScanner,
          after: { readLimit: { target: 'unverified', actions: 'refuseMismatch' } },
          on: {
            'unit.read': [
              { guard: 'isLabelRead', target: '#induct.labelVerified' },
              { guard: 'isOldCode' },
              { target: 'unverified', actions: 'refuseMismatch' },
            ],
          },
        },
        // A label may be anywhere: on the next load unit, on the floor. A person looks for it.
        unverified: {
          entry: {
            type: 'raiseTask',
            params: ({ context }) => ({
              code: 'LABEL_UNKNOWN' as const,
              text: `Find the label ${context.label?.sscc}: on ${context.loadUnit}, elsewhere, or not printed at all (${context.refusal}).`,
              ...unitOf({ context }),
            }),
          },
          always: { target: '#induct.rejecting' },
        },
      },
    },
    labelVerified: {
      entry: {
        type: 'labelVerified',
        params: ({ context, event }) => ({
          ...unitOf({ context }),
          label: context.label?.label ?? '',
          sscc: context.label?.sscc as Sscc,
          proof: event.type === 'label.printed' ? (event.proof ?? 'sent') : ('scanned' as const),
        }),
      },
      always: 'placing',
    },
    placing: {
      entry: {
        type: 'chooseAisle',
        params: ({ context }) => ({
          ...unitOf({ context }),
          isRepeated: context.hasWaited,
        }),
      },
      on: {
        'location.chosen': { target: 'answered', actions: 'noteLocation' },
        'location.none': refuse,
        'unit.wanted': 'crossDocked',
        'lane.full': { target: 'accumulating', actions: 'noteWait' },
      },
    },
    // Nothing is wrong with it: what comes behind waits with it until a crane has made room.
    accumulating: { after: { roomPause: 'placing' } },
    answered: {
      entry: answer,
      ...leavingLate,
      on: {
        'point.confirmed': [
          { guard: 'isTarget', target: 'inducted' },
          { guard: 'isPlaced', target: 'diverted' },
          { target: 'lost' },
        ],
        'unit.lostTrack': 'lost',
        // Its aisle has failed: it was given another one on the way.
        'location.chosen': { actions: 'noteLocation' },
      },
    },
    rejecting: {
      entry: answer,
      ...leavingLate,
      on: {
        'point.confirmed': [{ guard: 'isPlaced', target: 'rejected' }, { target: 'lost' }],
        'unit.lostTrack': 'lost',
      },
    },
    inducted: {
      type: 'final',
      entry: [
        letGo,
        {
          type: 'startPutaway',
          params: ({ context }) => ({
            ...unitOf({ context }),
            pd: context.pd as LocationId,
            location: context.location as LocationId,
          }),
        },
      ],
    },
    /** Its retrieval has begun where it stands, and answers the point. */
    crossDocked: { type: 'final' },
    rejected: {
      type: 'final',
      entry: [
        free,
        letGo,
        clarify,
        {
          type: 'raiseTask',
          params: ({ context }) => ({
            code: 'REJECTED' as const,
            text: `${context.loadUnit} is in the reject lane: ${context.refusal}.`,
            ...unitOf({ context }),
            location: context.rejectLane,
          }),
        },
      ],
    },
    unseen: {
      type: 'final',
      entry: {
        type: 'raiseTask',
        params: ({ context, event }) => ({
          code: 'TRACKING_LOST' as const,
          text: `A load left ${context.device}/${context.point} before it was identified (${'outcome' in event ? event.outcome : ''}).`,
        }),
      },
    },
    // The PLC took the default exit by itself.
    diverted: {
      type: 'final',
      entry: [
        free,
        letGo,
        clarify,
        {
          type: 'raiseTask',
          params: ({ context, event }) => ({
            code: 'DIVERTED' as const,
            text: `${context.loadUnit} left by another exit (${'outcome' in event ? event.outcome : ''}).`,
            ...unitOf({ context }),
          }),
        },
      ],
    },
    lost: {
      type: 'final',
      entry: [
        free,
        letGo,
        clarify,
        {
          type: 'raiseTask',
          params: ({ context, event }) => ({
            code: 'TRACKING_LOST' as const,
            text: lostText(context, event),
            ...unitOf({ context }),
          }),
        },
      ],
    },
  },
});
