import { craneFields } from '../../devices/asrs-crane/fields.ts';
import { bind } from '../../devices/lib/codec.ts';
import { crc16OfRegisters } from '../../devices/lib/crc16.ts';
import type { Fields, InterfaceFile, Values } from '../../devices/lib/interface-file.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { RegisterBank } from '../lib/modbus-server.ts';
import type { PlcDevice } from '../lib/plc-device.ts';
import type { Crane, CranePlc, WirePlace } from './model.ts';

/** What programs of PLCs really get wrong. Each is one mistake in a PLC that is right otherwise. */
export type PlcMistake =
  | 'wordOrder'
  | 'mapVersion'
  | 'frozenLife'
  | 'crcSwapped'
  | 'crcUnchecked'
  | 'halfFrame'
  | 'epochUnchecked'
  | 'nonceUnchecked'
  | 'bootIdUnchecked'
  | 'lifeUnchecked'
  | 'sequenceUnchecked'
  | 'duplicateRun'
  | 'tornSnapshot'
  | 'resultAfterPhase'
  | 'eventsLost'
  | 'slowAnswer'
  | 'noWatchdog'
  | 'noSelfTest'
  | 'changeIgnored'
  | 'changeTooLate'
  | 'checkBlind'
  | 'oneLhdOnly';

const frameFields = {
  ...craneFields.command,
  command: 'open',
  fromKind: 'open',
  toKind: 'open',
} as const satisfies Fields;
type Frame = Values<typeof frameFields>;

/** The interface that a PLC with this mistake was programmed by. */
export function mistakenFile(file: InterfaceFile, mistake: PlcMistake | undefined): InterfaceFile {
  const { meta } = file;
  if (mistake === 'wordOrder') return { ...file, meta: { ...meta, wordOrder: 'lowFirst' } };
  if (mistake === 'mapVersion') return { ...file, meta: { ...meta, mapVersion: 0x0200 } };
  return file;
}

interface BankOptions {
  readonly crane: Crane;
  readonly device: PlcDevice;
  /** By which the device was built: `mistakenFile`. */
  readonly file: InterfaceFile;
  readonly mistake: PlcMistake | undefined;
  readonly clock: Clock;
  /** Brings the plant to now, before the registers are looked at. */
  readonly pass: () => void;
  readonly now: () => Parameters<PlcDevice['written']>[2];
}

const slowMs = 600;

/** The registers of one crane that is alone in its plant. Time passes when somebody looks or writes. */
export function craneBank(options: BankOptions): RegisterBank {
  const { device, mistake, pass, now, clock } = options;
  const image = device.registers;
  const status = statusView(options);
  const rewrite = frameRewriter(options);
  return {
    image,
    readable: device.readable,
    writable: device.writable,
    read(address, words) {
      pass();
      device.prepare(now());
      device.show();
      return status(address, words);
    },
    onWrite(address, words) {
      const take = () => {
        pass();
        rewrite();
        device.written(address, words, now());
        afterFrame(options);
      };
      if (mistake === 'slowAnswer') clock.after(slowMs, take);
      else take();
    },
  };
}

/** Changes a complete frame so that the PLC cannot see what was wrong with it. */
function frameRewriter({ crane, device, file, mistake }: BankOptions): () => void {
  const wire = bind(file, 'command', frameFields);
  const { base, length } = wire;
  const { plc } = crane.state;
  const image = device.registers;
  const crcAt = length - 2;
  return () => {
    const words = [...image.subarray(base, base + length)];
    const right = crc16OfRegisters(words, 0, crcAt - 1);
    if (mistake === 'crcSwapped') {
      const swapped = ((right & 0xff) << 8) | (right >> 8);
      image[base + crcAt] = words[crcAt] === swapped ? right : (right ^ 1) & 0xffff;
      return;
    }
    if (mistake === 'crcUnchecked') image[base + crcAt] = right;
    const frame = wire.decode(words);
    if (mistake === 'halfFrame' && frame.commit !== frame.life) {
      image.set(wire.encode({ ...frame, commit: frame.life }), base);
      return;
    }
    const change = unseen(mistake, frame, plc);
    if (change === undefined || !wire.crcHolds(words)) return;
    image.set(wire.encode({ ...frame, ...change }), base);
  };
}

function unseen(
  mistake: PlcMistake | undefined,
  frame: Frame,
  plc: CranePlc,
): Partial<Frame> | undefined {
  const isUnanswered = frame.command !== 'none';
  switch (mistake) {
    case 'epochUnchecked':
      return { epoch: Math.max(frame.epoch, plc.epochAccepted) };
    case 'nonceUnchecked':
      return frame.epoch === plc.epochAccepted ? { claimNonce: plc.nonceAccepted } : undefined;
    case 'bootIdUnchecked':
      return { bootIdEcho: plc.bootId };
    case 'lifeUnchecked':
      plc.isLifeKnown = false;
      return undefined;
    case 'sequenceUnchecked':
      if (isUnanswered) plc.seqAnswered = Math.min(plc.seqAnswered, frame.seq - 1);
      return undefined;
    case 'duplicateRun':
      if (isUnanswered && frame.seq === plc.seqAnswered) plc.seqAnswered--;
      return undefined;
    case 'noSelfTest':
      return { selfTest: false };
    case 'oneLhdOnly':
      return frame.lhd === 2 ? { lhd: 9 } : undefined;
    case 'changeIgnored':
      // Accepted, and then the old destination all the same.
      return frame.command === 'changeDestination' && plc.mission !== undefined
        ? toOf(plc.mission.to)
        : undefined;
    default:
      return undefined;
  }
}

function afterFrame({ crane, mistake }: BankOptions): void {
  const { plc } = crane.state;
  if (mistake === 'changeTooLate' && plc.answer === 'tooLate') plc.answer = 'accepted';
  if (mistake === 'noWatchdog' && plc.enabled) plc.frameAtMs = Number.MAX_SAFE_INTEGER;
}

const toOf = ({ kind, bay, level, depth }: WirePlace) => ({
  ...{ toKind: kind, toBay: bay, toLevel: level, toDepth: depth },
});

const resultLateMs = 80;

/** What a client reads of the registers. */
function statusView({ crane, device, file, mistake, clock }: BankOptions) {
  const { base, length } = bind(file, 'status', {});
  const image = device.registers;
  const { plc } = crane.state;
  const life = offsetOf(file, 'life');
  const [lastFrom, lastTo] = [offsetOf(file, 'lastMissionId'), offsetOf(file, 'lhd1Load')];
  let before = [...image.subarray(base, base + length)];
  let reads = 0;
  let shownLast: readonly number[] = before.slice(lastFrom, lastTo);
  let lateSinceMs: number | undefined;

  const resultLate = (words: number[]): number[] => {
    const last = words.slice(lastFrom, lastTo);
    const isNew = last.some((word, i) => word !== shownLast[i]);
    lateSinceMs = isNew ? (lateSinceMs ?? clock.monotonicMs()) : undefined;
    if (lateSinceMs !== undefined && clock.monotonicMs() - lateSinceMs < resultLateMs) {
      return [...words.slice(0, lastFrom), ...shownLast, ...words.slice(lastTo)];
    }
    shownLast = last;
    return words;
  };
  const torn = (words: number[]): number[] => {
    const mixed =
      reads % 3 === 0 ? [...words.slice(0, 5), ...before.slice(5, 50), ...words.slice(50)] : words;
    // Now and then only, so that the one before is another one.
    if (reads % 7 === 0) before = words;
    return mixed;
  };

  return (address: number, count: number): ArrayLike<number> => {
    if (mistake === 'checkBlind') plc.probes = 0;
    if (mistake === 'eventsLost')
      plc.events = plc.events.filter(({ eventSeq }) => eventSeq % 2 === 1);
    const words = [...image.subarray(address, address + count)];
    if (address !== base || count !== length) return words;
    reads++;
    if (mistake === 'frozenLife') return words.with(life, 7);
    if (mistake === 'tornSnapshot') return torn(words);
    return mistake === 'resultAfterPhase' ? resultLate(words) : words;
  };
}

function offsetOf(file: InterfaceFile, name: string): number {
  const block = file.blocks.find((candidate) => candidate.name === 'status');
  return block?.fields.find((field) => field.name === name)?.offset ?? 0;
}
