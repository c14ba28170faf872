import type { Fields, InterfaceFile, Needs, Values } from '../lib/interface-file.ts';

const placeKinds = ['none', 'rackLeft', 'rackRight', 'station', 'lhd'] as const;

/** Written by Craneway, always whole, and read back with every poll. */
const command = {
  /** Bit of `control`. */
  start: 'flag',
  command: ['none', 'transfer', 'deposit'],
  fromKind: placeKinds,
  fromBay: 'number',
  fromLevel: 'number',
  fromDepth: 'number',
  toKind: placeKinds,
  toBay: 'number',
  toLevel: 'number',
  toDepth: 'number',
} as const satisfies Fields;

/** Written by the PLC. */
const status = {
  mode: ['off', 'manual', 'semiAuto', 'autoLocal', 'autoRemote', 'service', 'emergencyStop'],
  /** Bits of `flags`. */
  busy: 'flag',
  done: 'flag',
  fault: 'flag',
  loaded: 'flag',
  faultCode: 'number',
  travelMm: 'number',
  hoistMm: 'number',
} as const satisfies Fields;

/**
 * What this driver needs of a crane that keeps no numbers. An interface file says where each field stands.
 *
 * Source: `config/interfaces/crane-start-bit-v1.yaml`.
 */
export const startBitFields = { command, status } as const;

/** What a PLC that counts its commands has besides: both, or none of them. */
export const countingFields = {
  command: { seq: 'number' },
  status: { seqAnswered: 'number' },
} as const;

export type StartBitCommand = Values<typeof command> & { readonly seq?: number };
export type StartBitStatus = Values<typeof status> & { readonly seqAnswered?: number };

/** Whether a file says that its PLC counts the commands that it has taken. */
export const countsCommands = ({ blocks }: InterfaceFile): boolean =>
  blocks.some(({ fields }) => fields.some(({ name }) => name === 'seq' || name === 'seqAnswered'));

/** What this file has to hold: who counts in one block has to count in both. */
export const needsOf = (file: InterfaceFile): Needs =>
  countsCommands(file)
    ? {
        command: { ...startBitFields.command, ...countingFields.command },
        status: { ...startBitFields.status, ...countingFields.status },
      }
    : startBitFields;
