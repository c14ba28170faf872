import type { LoadMission } from '../../src/domain/crane-command.ts';
import { invariant } from '../../src/domain/errors.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import type { Topology } from '../../src/domain/topology.ts';
import type { CraneCommand, CraneOutput } from '../../src/ports/crane.ts';
import {
  fromRegisters as from,
  nowhere,
  onLhd,
  toRegisters as to,
  type WirePlace,
  wirePlace,
} from '../lib/crane-place.ts';
import type { CraneCommandBlock } from './fields.ts';

/** What a frame says apart from the command. */
interface FrameHead {
  readonly mapVersion: number;
  readonly wordOrderTest: number;
  readonly deviceNumber: number;
  readonly life: number;
  readonly bootId: number;
  readonly utcS: number;
}

/**
 * One command frame. The same output gives the same frame but for life and time.
 *
 * @param mayCommand  false until the claim has been read back, and for what moves while the crane may not: then
 *   the frame carries no command
 * @returns undefined without a claim: nothing may be written
 */
export function frameOf(
  { claim, enable, eventAck, seqHighest, command }: CraneOutput,
  head: FrameHead,
  { topology, aisle }: { readonly topology: Topology; readonly aisle: Aisle },
  mayCommand: boolean,
): CraneCommandBlock | undefined {
  if (claim === undefined) return undefined;
  const { mapVersion, wordOrderTest, deviceNumber, life, bootId, utcS } = head;
  return {
    ...{ mapVersion, wordOrderTest, deviceNumber, life, utcS },
    ...{ epoch: claim.epoch, claimNonce: claim.nonce, bootIdEcho: bootId },
    ...{ enable, selfTest: false, eventAck },
    ...noCommand,
    seq: seqHighest,
    ...(command === undefined || !mayCommand
      ? {}
      : wireCommand(command, (location) => wirePlace(topology, aisle, location))),
    commit: life,
  };
}

type CommandPart = Omit<
  CraneCommandBlock,
  | Exclude<keyof FrameHead, 'bootId'>
  | 'epoch'
  | 'claimNonce'
  | 'bootIdEcho'
  | 'enable'
  | 'selfTest'
  | 'eventAck'
  | 'commit'
>;

const noCommand: CommandPart = {
  ...{ seq: 0, command: 'none', missionId: 0, lhd: 0 },
  ...from(nowhere),
  ...to(nowhere),
  ...{ loadHandle: 0, loadType: 0, heightClass: 0, massKg: 0, loadCode: '' },
  ...{ verifyCode: false, probeDestination: false, sourceMayBeEmpty: false },
};

function wireCommand(
  command: CraneCommand,
  place: (location: LocationId) => WirePlace,
): Partial<CommandPart> {
  const { seq } = command;
  switch (command.command) {
    case 'transfer':
      return {
        ...{ seq, command: 'transfer', missionId: seq, lhd: command.lhd, ...load(command) },
        ...from(place(command.from)),
        ...to(place(command.to)),
      };
    case 'pick':
      return {
        ...{ seq, command: 'pick', missionId: seq, lhd: command.lhd, ...load(command) },
        ...from(place(command.from)),
      };
    case 'deposit':
      return {
        ...{ seq, command: 'deposit', missionId: seq, lhd: command.lhd, ...load(command) },
        ...from(onLhd(command.lhd)),
        ...to(place(command.to)),
      };
    case 'home':
      return { seq, command: 'home', missionId: seq, lhd: 1 };
    case 'check':
      return { seq, command: 'check', missionId: seq, lhd: 1, ...from(place(command.from)) };
    case 'cancel':
      return { seq, command: 'cancel', missionId: command.missionId };
    case 'changeDestination': {
      const { missionId } = command;
      return { seq, command: 'changeDestination', missionId, ...to(place(command.to)) };
    }
    case 'resetFault':
      return { seq, command: 'resetFault' };
    case 'resync':
      return { seq, command: 'resync', missionId: command.eventHead };
  }
}

/** What is not known is 0, or an empty code. */
function load(mission: LoadMission): Partial<CommandPart> {
  const { loadHandle, loadType = 0, heightClass = 0, massKg = 0, code: loadCode = '' } = mission;
  const { verifyCode = false, probeDestination = false, sourceMayBeEmpty = false } = mission;
  invariant(!verifyCode || loadCode !== '', `load ${loadHandle} has no code to be verified`);
  return {
    ...{ loadHandle, loadType, heightClass, loadCode },
    // Whole kilograms, upward: a load must not look lighter than it is.
    massKg: Math.ceil(massKg),
    ...{ verifyCode, probeDestination, sourceMayBeEmpty },
  };
}
