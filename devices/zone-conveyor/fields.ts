import type { Fields, Values } from '../lib/interface-file.ts';

/** Zones of one module, in the order of their numbers as decision points: 1 and 2. */
export const zoneNames = ['upstream', 'downstream'] as const;

/** Written by the module. Source: the interface file. */
const inputs = {
  upstreamZoneStatus: 'open',
  downstreamZoneStatus: 'open',
  upstreamArrivedCount: 'number',
  upstreamDepartedCount: 'number',
  downstreamArrivedCount: 'number',
  downstreamDepartedCount: 'number',
  upstreamLoadHandle: 'number',
  downstreamLoadHandle: 'number',
  upstreamReleaseEcho: 'number',
  downstreamReleaseEcho: 'number',
} as const satisfies Fields;

/** Written by Craneway, always whole. */
const outputs = {
  upstreamSetHandle: 'number',
  downstreamSetHandle: 'number',
  'upstreamControl.accumulate': 'flag',
  'downstreamControl.accumulate': 'flag',
  upstreamRelease: 'number',
  downstreamRelease: 'number',
} as const satisfies Fields;

export const zoneFields = { inputs, outputs } as const;

export type InputsBlock = Values<typeof inputs>;
export type OutputsBlock = Values<typeof outputs>;

/** One zone of the inputs. */
export interface ZoneInputs {
  readonly status: string;
  readonly arrivedCount: number;
  readonly departedCount: number;
  readonly releaseEcho: number;
}

/** One zone of the outputs. */
export interface ZoneOutputs {
  readonly setHandle: number;
  readonly accumulate: boolean;
  readonly release: number;
}

export const zonesOfInputs = (block: InputsBlock): readonly ZoneInputs[] => [
  {
    status: block.upstreamZoneStatus,
    arrivedCount: block.upstreamArrivedCount,
    departedCount: block.upstreamDepartedCount,
    releaseEcho: block.upstreamReleaseEcho,
  },
  {
    status: block.downstreamZoneStatus,
    arrivedCount: block.downstreamArrivedCount,
    departedCount: block.downstreamDepartedCount,
    releaseEcho: block.downstreamReleaseEcho,
  },
];

export const zonesOfOutputs = (block: OutputsBlock): readonly [ZoneOutputs, ZoneOutputs] => [
  {
    setHandle: block.upstreamSetHandle,
    accumulate: block['upstreamControl.accumulate'],
    release: block.upstreamRelease,
  },
  {
    setHandle: block.downstreamSetHandle,
    accumulate: block['downstreamControl.accumulate'],
    release: block.downstreamRelease,
  },
];

export const outputsOf = ([up, down]: readonly [ZoneOutputs, ZoneOutputs]): OutputsBlock => ({
  upstreamSetHandle: up.setHandle,
  downstreamSetHandle: down.setHandle,
  'upstreamControl.accumulate': up.accumulate,
  'downstreamControl.accumulate': down.accumulate,
  upstreamRelease: up.release,
  downstreamRelease: down.release,
});
