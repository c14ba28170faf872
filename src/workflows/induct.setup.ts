import { assign, setup } from 'xstate';
import type { DeviceId, LoadUnitId, LocationId, Sscc } from '../domain/ids.ts';
import { isProof, type LabelProof } from '../domain/label.ts';
import { intents } from './intents.ts';

/** Identifies, checks and labels one load unit at an identification point, and sends it on. */
export interface InductInput {
  readonly device: DeviceId;
  readonly point: number;
  readonly scanSeq: number;
  readonly rejectLane: LocationId;
  /** Whether our own scanner reads here; otherwise the PLC has told what it read. */
  readonly isReadByUs: boolean;
  readonly canLabel: boolean;
  /** How far a label has to be proved; absent: read back. */
  readonly labelProof?: LabelProof | undefined;
  readonly code: string | undefined;
  readonly readLimitMs: number;
  readonly labelLimitMs: number;
  readonly conveyorLimitMs: number;
}

export interface InductContext extends InductInput {
  readonly loadUnit: LoadUnitId | undefined;
  readonly label: { readonly label: string; readonly sscc: Sscc } | undefined;
  /** The P&D station of the aisle that was chosen, and the location that is kept for it there. */
  readonly pd: LocationId | undefined;
  readonly location: LocationId | undefined;
  /** It has waited for room before. */
  readonly hasWaited: boolean;
  readonly target: LocationId;
  readonly refusal: string | undefined;
}

export type InductEvent =
  | {
      readonly type: 'unit.read';
      readonly code: string | undefined;
      readonly aim: string | undefined;
    }
  | {
      readonly type: 'unit.identified';
      readonly loadUnit: LoadUnitId;
      readonly hasSscc: boolean;
    }
  /** Unknown, malformed, not read, too high, too heavy, booked elsewhere. */
  | { readonly type: 'unit.refused'; readonly loadUnit: LoadUnitId; readonly why: string }
  | { readonly type: 'label.queued'; readonly label: string; readonly sscc: Sscc }
  | { readonly type: 'label.printed'; readonly proof?: LabelProof | undefined }
  | { readonly type: 'label.notTaken'; readonly why: string }
  | { readonly type: 'label.unknown'; readonly why: string }
  | { readonly type: 'location.chosen'; readonly location: LocationId; readonly pd: LocationId }
  | { readonly type: 'location.none'; readonly why: string }
  /** An order gets it: another workflow brings it there from here. */
  | { readonly type: 'unit.wanted' }
  /** There is a location, and no room on the way to it, or no crane that works. */
  | { readonly type: 'lane.full' }
  /** A person says that it does not stand there any more. */
  | { readonly type: 'unit.lostTrack' }
  /** The conveyor says by which exit it has left; undefined: by none, or nobody knows. */
  | {
      readonly type: 'point.confirmed';
      readonly to: LocationId | undefined;
      readonly outcome: string;
    };

export const lostText = ({ loadUnit }: InductContext, event: InductEvent): string =>
  'outcome' in event
    ? `The conveyor has lost ${loadUnit} (${event.outcome}).`
    : `${loadUnit} is not on its way any more: it has to be looked for.`;

const isOwnLabel = ({ label }: InductContext, code = ''): boolean =>
  label !== undefined && code.endsWith(label.sscc);

/** Neither the code that it came in under nor that of its new label. */
const isOther = (context: InductContext, code: string | undefined): boolean =>
  code !== undefined && code !== context.code && !isOwnLabel(context, code);

/** Names, guards and delays of the chart, so that the chart itself can be read in one sitting. */
export const inductSetup = setup({
  types: { input: {} as InductInput, context: {} as InductContext, events: {} as InductEvent },
  actions: {
    ...intents,
    noteCode: assign(({ event }) => (event.type === 'unit.read' ? { code: event.code } : {})),
    noteUnit: assign(({ event }) => ('loadUnit' in event ? { loadUnit: event.loadUnit } : {})),
    noteLabel: assign(({ event }) =>
      event.type === 'label.queued' ? { label: { label: event.label, sscc: event.sscc } } : {},
    ),
    noteLocation: assign(({ event }) =>
      event.type === 'location.chosen'
        ? { location: event.location, pd: event.pd, target: event.pd }
        : {},
    ),
    noteWait: assign({ hasWaited: true }),
    noteRefusal: assign(({ event }) => ('why' in event ? { refusal: event.why } : {})),
    noteOtherCode: assign(({ context, event }) =>
      event.type === 'unit.read' && isOther(context, event.code)
        ? { refusal: `it was read as ${context.code} first, and as ${event.code} then` }
        : {},
    ),
    refuseMismatch: assign(({ context, event }) => ({
      refusal:
        context.refusal ??
        (event.type === 'unit.read' && event.code !== undefined
          ? `the label reads ${event.code}`
          : 'its label cannot be read'),
    })),
  },
  guards: {
    needsLabel: ({ context, event }) =>
      event.type === 'unit.identified' && !event.hasSscc && context.canLabel,
    isProved: ({ context, event }) =>
      context.refusal === undefined &&
      event.type === 'label.printed' &&
      isProof(event.proof ?? 'sent', context.labelProof),
    isLabelRead: ({ context, event }) =>
      event.type === 'unit.read' &&
      context.refusal === undefined &&
      isOwnLabel(context, event.code),
    /** What identified it, read once more: the label may be beside it. */
    isOldCode: ({ context, event }) =>
      event.type === 'unit.read' && event.code !== undefined && event.code === context.code,
    isTarget: ({ context, event }) =>
      event.type === 'point.confirmed' &&
      event.to === context.target &&
      event.outcome === 'asAnswered',
    isUnseen: ({ context }) => context.loadUnit === undefined,
    isPlaced: ({ event }) => event.type === 'point.confirmed' && event.to !== undefined,
  },
  delays: {
    readLimit: ({ context }) => context.readLimitMs,
    labelLimit: ({ context }) => context.labelLimitMs,
    conveyorLimit: ({ context }) => context.conveyorLimitMs,
    roomPause: 500,
  },
});
