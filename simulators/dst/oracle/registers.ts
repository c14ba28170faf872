import type { Site } from '../../../src/domain/site.ts';
import type { FrameSeen } from '../evidence.ts';

// The register map of the crane block and of the conveyor's link block, read once more from their
// documents and not through the codec that driver and simulator share: a mistake of that one shows here.

/** Registers that belong to the controller: first and last. Everything else is the PLC's. */
export const ownRegisters: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  'asrs-crane': [[1000, 1051]],
  conveyor: [
    [3000, 3019],
    ...Array.from({ length: 32 }, (_, i) => [3200 + 40 * i, 3233 + 40 * i] as const),
  ],
};

const commandNames: Readonly<Record<number, string>> = {
  ...{ 0: 'none', 1: 'transfer', 2: 'pick', 3: 'deposit', 4: 'move', 5: 'check', 6: 'home' },
  ...{ 10: 'cancel', 11: 'changeDestination', 12: 'resetFault', 20: 'resync' },
};
/** Commands that set steel in motion. */
export const motions: ReadonlySet<string> = new Set([
  ...['transfer', 'pick', 'deposit', 'move', 'check', 'home'],
]);
export const autoRemote = 4;
export const emergencyStop = 6;

/** 32 bits in two registers, the high word first. */
const long = (words: readonly number[], at: number): number =>
  (words[at] ?? 0) * 0x1_0000 + (words[at + 1] ?? 0);

export interface CraneFrame {
  readonly epoch: number;
  readonly nonce: number;
  readonly bootIdEcho: number;
  readonly eventAck: number;
  readonly utcS: number;
  readonly seq: number;
  readonly command: string;
  readonly missionId: number;
  readonly lhd: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly loadHandle: number;
  /** All that says what is to be done, from `command` to the code of the load. */
  readonly content: string;
}

const craneFrame = (words: readonly number[]): CraneFrame => ({
  ...{ epoch: long(words, 5), nonce: long(words, 7), bootIdEcho: long(words, 9) },
  ...{ eventAck: long(words, 12), utcS: long(words, 14), seq: long(words, 16) },
  ...{ command: commandNames[words[18] ?? -1] ?? `code ${words[18]}`, missionId: long(words, 19) },
  ...{ lhd: words[21] ?? 0, from: words.slice(22, 26), to: words.slice(26, 30) },
  ...{ loadHandle: long(words, 30), content: words.slice(18, 46).join(' ') },
});

export interface CraneStatus {
  readonly bootId: number;
  readonly epochAccepted: number;
  readonly seqAnswered: number;
  readonly mode: number;
  readonly isRetentive: boolean;
}

const craneStatus = (words: readonly number[]): CraneStatus => ({
  ...{ bootId: long(words, 7), epochAccepted: long(words, 9), seqAnswered: long(words, 13) },
  ...{ mode: words[16] ?? 0, isRetentive: ((words[18] ?? 0) & 1) === 1 },
});

export const typeOf = (site: Site, device: string): string | undefined =>
  site.devices.find((row) => row.device === device)?.type;

const [answersFrom, epochOfAnswers, epochOfHeader] = [3200, 2, 5];

/** Epoch of any frame: it stands earlier in the answers of a conveyor's point, which have no header. */
export function epochIn(
  site: Site,
  { device, address, words }: Pick<FrameSeen, 'device' | 'address' | 'words'>,
): number {
  const isAnswers = typeOf(site, device) === 'conveyor' && address >= answersFrom;
  return long(words, isAnswers ? epochOfAnswers : epochOfHeader);
}

type Seen<T> = FrameSeen & { readonly said: T };

/** Whole command frames to the cranes, in order. */
export const craneFrames = (site: Site, frames: readonly FrameSeen[]): Seen<CraneFrame>[] =>
  frames
    .filter(
      ({ device, kind, address }) =>
        typeOf(site, device) === 'asrs-crane' && kind === 'write' && address === 1000,
    )
    .map((frame) => ({ ...frame, said: craneFrame(frame.words) }));

/** Whole readings of the cranes' status, in order; torn ones are left out. */
export const craneStatuses = (site: Site, frames: readonly FrameSeen[]): Seen<CraneStatus>[] =>
  frames
    .filter(
      ({ device, kind, address, words }) =>
        typeOf(site, device) === 'asrs-crane' &&
        kind === 'read' &&
        address === 2000 &&
        words.length === 125,
    )
    .filter(({ words }) => words[0] === words[124])
    .map((frame) => ({ ...frame, said: craneStatus(frame.words) }));
