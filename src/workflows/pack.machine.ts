import type { LoadUnitId, LocationId, Sscc } from '../domain/ids.ts';
import type { StepKind } from '../domain/station-step.ts';
import { type PackContext, packSetup } from './pack.setup.ts';

type Args = { readonly context: PackContext };

/** Asks for one step as long as the chart stays in the state. */
const asks = (kind: StepKind) =>
  ({
    entry: {
      type: 'askStep',
      params: ({ context }: Args) => {
        const { station, order, sources, target, wanted, label, why } = context;
        const [loadUnit] = sources;
        return {
          ...{ station, kind, order, sources, loadUnit, why },
          ...{ target: target ?? wanted, sscc: label?.sscc },
        };
      },
    },
    exit: { type: 'clearStep', params: {} },
  }) as const;

const ofTarget = ({ context: { order, target } }: Args) => ({
  order,
  target: target as LoadUnitId,
});
const loadUnitOf = ({ context: { target } }: Args) => ({ loadUnit: target as LoadUnitId });
const letGo = { type: 'letGo', params: loadUnitOf } as const;
/** A label that has not come out yet would land on the next load unit. */
const withdraw = {
  type: 'withdrawLabel',
  params: ({ context: { label } }: Args) => ({ label: label?.label ?? '' }),
} as const;
const packed = {
  type: 'bookPack',
  params: ({ context: { order, sources, target } }: Args) => ({
    order,
    loadUnit: sources[0] as LoadUnitId,
    target: target as LoadUnitId,
  }),
} as const;

/** It stays out of the pack; where it is, is another question. */
const sourceTaken = {
  'unit.taken': {
    target: 'next',
    actions: [
      {
        type: 'letGo',
        params: ({ context: { sources } }: Args) => ({ loadUnit: sources[0] as LoadUnitId }),
      },
      'dropSource',
    ],
  },
} as const;

/** What was to be closed is nowhere to be found. */
const targetTaken = { 'unit.taken': 'kept' } as const;

/** People have carried it here. */
const brought = [
  'noteSource',
  {
    type: 'postMove',
    params: ({ context: { station, sources } }: Args) => ({
      loadUnit: sources[0] as LoadUnitId,
      to: station,
    }),
  },
  {
    type: 'reportMovement',
    params: ({ context: { order, sources } }: Args) =>
      ({ kind: 'relocated', loadUnit: sources[0] as LoadUnitId, order }) as const,
  },
] as const;

export const packMachine = packSetup.createMachine({
  id: 'pack',
  context: ({ input }) => ({ ...input, label: undefined, hasPacked: false, why: undefined }),
  initial: 'next',
  states: {
    next: {
      always: [
        { guard: 'hasSources', target: 'scanSource' },
        { guard: 'hasNothing', target: 'kept' },
        { guard: 'mayKeep', target: 'closing' },
        { guard: 'hasPrinter', target: 'printing' },
        { target: 'handingOver' },
      ],
    },
    scanSource: {
      ...asks('scanSource'),
      on: {
        'scan.loadUnit': [
          { guard: 'hasTarget', target: 'putAll', actions: brought },
          { target: 'scanTarget', actions: brought },
        ],
        'order.cancel': 'kept',
        ...sourceTaken,
      },
    },
    scanTarget: {
      ...asks('scanPackTarget'),
      on: {
        'scan.target': {
          target: 'putAll',
          actions: ['noteTarget', { type: 'holdTarget', params: ofTarget }],
        },
        'answer.same': {
          target: 'next',
          actions: ['noteSame', { type: 'holdTarget', params: ofTarget }],
        },
        'order.cancel': 'kept',
        ...sourceTaken,
      },
    },
    putAll: {
      ...asks('putAll'),
      on: {
        'scan.loadUnit': { target: 'next', actions: [packed, 'notePacked', 'dropSource'] },
        'answer.done': { target: 'next', actions: [packed, 'notePacked', 'dropSource'] },
        'order.cancel': 'kept',
        ...sourceTaken,
      },
    },
    // The tote of a pick: nobody but the people there know whether it goes as it is.
    closing: {
      ...asks('closeTote'),
      on: {
        'answer.close': [{ guard: 'hasPrinter', target: 'printing' }, { target: 'handingOver' }],
        'answer.keep': 'kept',
        ...targetTaken,
      },
    },
    printing: {
      entry: [
        asks('waitForLabel').entry,
        {
          type: 'printAtStation',
          params: ({ context: { station, order, target } }) => ({
            ...{ station, order },
            loadUnit: target as LoadUnitId,
          }),
        },
      ],
      exit: { type: 'clearStep', params: {} },
      on: {
        'label.queued': { actions: 'noteLabel' },
        'label.printed': 'applying',
        // Only its code can tell whether a label came out.
        'label.unknown': { target: 'applying', actions: 'noteWhy' },
        'label.notTaken': { target: 'noLabel', actions: 'noteWhy' },
        // The printer may be gone for good, and others wait for the station.
        'answer.noLabel': { target: 'handingOver', actions: withdraw },
        'unit.taken': { target: 'kept', actions: withdraw },
      },
    },
    noLabel: {
      ...asks('noLabel'),
      on: { 'answer.again': 'printing', 'answer.noLabel': 'handingOver', ...targetTaken },
    },
    applying: {
      ...asks('applyLabel'),
      on: {
        'scan.label': {
          target: 'handingOver',
          actions: {
            type: 'labelVerified',
            params: ({ context: { label, target } }) => ({
              label: label?.label ?? '',
              loadUnit: target as LoadUnitId,
              sscc: label?.sscc as Sscc,
              proof: 'scanned' as const,
            }),
          },
        },
        'answer.again': 'printing',
        ...targetTaken,
      },
    },
    handingOver: {
      ...asks('handOver'),
      on: { 'answer.ship': 'shipped', 'answer.keep': 'closed', ...targetTaken },
    },
    shipped: {
      type: 'final',
      entry: [
        {
          type: 'postMove',
          params: ({ context: { target } }) => ({
            loadUnit: target as LoadUnitId,
            to: 'OUTSIDE' as LocationId,
          }),
        },
        {
          type: 'reportMovement',
          params: ({ context: { order, target } }) =>
            ({ kind: 'shipped', loadUnit: target as LoadUnitId, order }) as const,
        },
        letGo,
        { type: 'endPack', params: ({ context: { order } }) => ({ order, isPacked: true }) },
      ],
    },
    closed: {
      type: 'final',
      entry: [
        { type: 'letGoAll', params: ({ context: { order } }) => ({ order }) },
        { type: 'endPack', params: ({ context: { order } }) => ({ order, isPacked: true }) },
      ],
    },
    /** Nothing more is done with it: it stays where it stands, with what is in it, or is looked for. */
    kept: {
      type: 'final',
      entry: [
        { type: 'letGoAll', params: ({ context: { order } }) => ({ order }) },
        { type: 'endPack', params: ({ context: { order } }) => ({ order, isPacked: false }) },
      ],
    },
  },
});
